/**
 * Writes an OTIO time line: Clip.2 and Marker.2, which all readers know. Each marker carries the whole comment in its metadata, so
 * that reading it again loses nothing; comments without a place on the time line are kept in the time line's own metadata.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { SECOND_US, type Rational } from '../base/time.ts';
import type { ExchangeComment, ExchangeMedia, WriteInput, Written } from './model.ts';
import { META_VERSION, metaOf, NAMESPACE, otioColor } from './otio-meta.ts';
import { layout, type PlacedComment, type PlacedCut } from './xml-layout.ts';
import { lossList } from './xml-loss.ts';
import { frameCount, minus, ofFrames, plus, toUs, ZERO } from './xml-time.ts';

/** Most cuts and comments that are written for people's eyes too. */
const READABLE = 2000;

type Element = Readonly<Record<string, unknown>>;

/** Options of a writer that puts the media beside the text, as bundles do. */
export interface OtioTargets {
  /** The URL under which a film is found. */
  readonly urlOf: (media: ExchangeMedia) => string;
}

const time = (frames: number, { num, den }: Rational): Element => ({
  OTIO_SCHEMA: 'RationalTime.1',
  rate: num / den,
  value: frames,
});

const range = (start: number, frames: number, rate: Rational): Element => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: time(start, rate),
  duration: time(frames, rate),
});

/** What every item of a time line has. */
const item = (schema: string, name: string, more: Element): Element => ({
  OTIO_SCHEMA: schema,
  metadata: {},
  name,
  source_range: null,
  effects: [],
  markers: [],
  enabled: true,
  ...more,
});

function marker({ comment, frame, frames }: PlacedComment, film: ExchangeMedia): Element {
  return {
    OTIO_SCHEMA: 'Marker.2',
    metadata: { [NAMESPACE]: metaOf(comment) },
    name: comment.author,
    color: otioColor(comment.color),
    comment: comment.text,
    marked_range: range(film.startFrame + frame, frames ?? 1, film.rate),
  };
}

/** URL of a film that lies beside the text. */
const beside = ({ name }: ExchangeMedia): string =>
  encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Writes the document. */
export function writeOtio(
  input: WriteInput,
  targets: OtioTargets = { urlOf: beside },
): Result<Written, Failure> {
  const losses = lossList();
  const plan = layout(input, (rate) => rate, losses);
  const reference = (film: ExchangeMedia): Element =>
    film.id.startsWith('offline:')
      ? {
          OTIO_SCHEMA: 'MissingReference.1',
          metadata: {},
          name: film.name,
          available_range: null,
          available_image_bounds: null,
        }
      : {
          OTIO_SCHEMA: 'ExternalReference.1',
          metadata: {},
          name: film.name,
          available_range: range(film.startFrame, frameCount(film), film.rate),
          available_image_bounds: null,
          target_url: targets.urlOf(film),
        };
  const clip = (
    { cut, media: film, sourceStart, sourceEnd, comments }: PlacedCut,
    marked: boolean,
  ): Element =>
    item('Clip.2', cut.label || film.name, {
      metadata:
        marked && cut.tags.length > 0 ? { [NAMESPACE]: { version: META_VERSION, tags: cut.tags } } : {},
      source_range: range(film.startFrame + sourceStart, sourceEnd - sourceStart, film.rate),
      markers: marked ? comments.map((comment) => marker(comment, film)) : [],
      media_references: { DEFAULT_MEDIA: reference(film) },
      active_media_reference_key: 'DEFAULT_MEDIA',
    });
  /** One lane as a track; null where it shows nothing of the kind. */
  const track = (cuts: readonly PlacedCut[], kind: 'Video' | 'Audio', name: string): Element | null => {
    const wanted = cuts.filter(({ media: film }) =>
      kind === 'Video' ? film.size !== null : film.sound !== null || !film.size,
    );
    if (wanted.length === 0) return null;
    const children: Element[] = [];
    // Items last as long as their films do, which may be no whole number of the time line's frames: gaps make up for it.
    let elapsed = ZERO;
    let frame = 0;
    for (const cut of wanted) {
      const missing = toUs(minus(ofFrames(cut.start, plan.rate), elapsed));
      const frames =
        cut.start > frame ? Math.round((missing * plan.rate.num) / (plan.rate.den * SECOND_US)) : 0;
      if (frames > 0) {
        children.push(item('Gap.1', '', { source_range: range(0, frames, plan.rate) }));
        elapsed = plus(elapsed, ofFrames(frames, plan.rate));
      }
      children.push(clip(cut, kind === 'Video' || !cut.media.size));
      elapsed = plus(elapsed, ofFrames(cut.sourceEnd - cut.sourceStart, cut.media.rate));
      frame = cut.end;
    }
    return item('Track.1', name, { kind, children });
  };
  const tracks = [
    ...plan.lanes.map((cuts, at) => track(cuts, 'Video', `V${String(at + 1)}`)),
    ...plan.lanes.map((cuts, at) => track(cuts, 'Audio', `A${String(at + 1)}`)),
  ].filter((one) => one !== null);

  const unshown = plan.unshown.flatMap(({ media: film, comments }) =>
    comments.map(({ comment }) => ({ ...metaOf(comment), film: film.name })),
  );
  losses.notCarried('comments', unshown.length);
  const nameOf = ({ mediaId }: ExchangeComment): string | undefined =>
    (mediaId === null ? input.media[0] : input.media.find(({ id }) => id === mediaId))?.name;
  const legacy = plan.legacy.map((comment) => ({ ...metaOf(comment), film: nameOf(comment) }));
  losses.add('legacy_placed', {}, legacy.length);
  const { startFrame } = input.options;
  const document = {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: {
      [NAMESPACE]: {
        version: META_VERSION,
        whole: input.exchange.cuts.length === 0,
        comments: [...unshown, ...legacy],
      },
    },
    name: plan.title,
    global_start_time: startFrame === undefined || startFrame === 0 ? null : time(startFrame, plan.rate),
    tracks: item('Stack.1', 'tracks', { children: tracks }),
  };
  let changed = 0;
  const text = JSON.stringify(
    document,
    (_, value: unknown) => {
      if (typeof value !== 'string') return value;
      const whole = value.replace(/\p{Surrogate}/gu, '\ufffd');
      if (whole !== value) changed += 1;
      return whole;
    },
    // Spaces would be most of a long one.
    plan.lanes.flat().length + input.exchange.comments.length > READABLE ? 0 : 2,
  );
  losses.add('text_changed', {}, changed);
  return ok({ text: `${text}\n`, extension: '.otio', type: 'application/json', losses: losses.list() });
}
