/**
 * Writes FCPXML 1.10: the films as assets, a project with their cuts, and comments as to-do markers of the clips that show them.
 * A comment that no cut shows is a marker of the whole film, as a clip of the event.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Rational } from '../base/time.ts';
import { isDropFrame } from '../base/timecode.ts';
import type { ExchangeMedia, WriteInput, Written } from './model.ts';
import { noteFieldsOf, noteOf, toldColor } from './xml-comments.ts';
import { layout, type Layout, type PlacedComment, type PlacedCut } from './xml-layout.ts';
import { lossList, withoutControls, type LossList } from './xml-loss.ts';
import { formatSeconds, frameCount, ofFrames, plus, ZERO, type Ratio } from './xml-time.ts';
import { xmlWriter, type Xml, type XmlWriter } from './xml-write.ts';

/** Rates that the document type knows for sources that differ from the project. */
const SOURCE_RATES = ['23.98', '24', '25', '29.97', '30', '60', '47.95', '48', '50', '59.94'];

const inSeconds = (frames: number, rate: Rational): string => formatSeconds(ofFrames(frames, rate));
const tcFormat = (rate: Rational): string => (isDropFrame(rate) ? 'DF' : 'NDF');
const sameRate = (a: Rational, b: Rational): boolean => a.num * b.den === b.num * a.den;

/** Names of resources: one format for each rate and size, one asset for each film. */
interface Resources {
  readonly elements: readonly Xml[];
  readonly sequenceFormat: string;
  readonly assetOf: ReadonlyMap<string, string>;
  readonly formatOf: ReadonlyMap<string, string | undefined>;
}

function resources(plan: Layout, xml: XmlWriter): Resources {
  const formats = new Map<string, { readonly id: string; readonly element: Xml }>();
  const size = plan.media.find((film) => film.size)?.size ?? { width: 1920, height: 1080 };
  const formatFor = (
    rate: Rational,
    { width, height }: { readonly width: number; readonly height: number },
  ): string => {
    const key = [rate.num, rate.den, width, height].join(':');
    const known = formats.get(key);
    if (known) return known.id;
    const id = `f${String(formats.size + 1)}`;
    const frameDuration = inSeconds(1, rate);
    formats.set(key, { id, element: xml.element('format', { id, frameDuration, width, height }) });
    return id;
  };
  const sequenceFormat = formatFor(plan.rate, size);
  const assetOf = new Map<string, string>();
  const formatOf = new Map<string, string | undefined>();
  const assets = plan.media.map((film, at) => {
    const id = `a${String(at + 1)}`;
    const format = film.size ? formatFor(film.rate, film.size) : undefined;
    assetOf.set(film.id, id);
    formatOf.set(film.id, format);
    const src = `./${encodeURIComponent(withoutControls(film.name))}`;
    return xml.element(
      'asset',
      {
        id,
        name: film.name,
        start: inSeconds(film.startFrame, film.rate),
        duration: inSeconds(frameCount(film), film.rate),
        hasVideo: film.size ? 1 : undefined,
        format,
        hasAudio: film.sound ? 1 : undefined,
        videoSources: film.size ? 1 : undefined,
        audioSources: film.sound ? 1 : undefined,
        audioChannels: film.sound?.channels,
        audioRate: film.sound?.sampleRate,
      },
      [xml.element('media-rep', { kind: 'original-media', src })],
    );
  });
  const elements = [...[...formats.values()].map(({ element }) => element), ...assets];
  return { elements, sequenceFormat, assetOf, formatOf };
}

function marker(
  { comment, frame, frames }: PlacedComment,
  film: ExchangeMedia,
  xml: XmlWriter,
  losses: LossList,
): Xml {
  if (comment.shapes.length > 0) losses.notCarried('shapes');
  // A marker has a length always: one frame stands for none.
  if (frames === 1) losses.notCarried('duration');
  const color = toldColor(comment.color);
  const note = noteOf({ ...noteFieldsOf(comment), ...(color !== null && { color }) }, losses);
  return xml.element('marker', {
    start: inSeconds(film.startFrame + frame, film.rate),
    duration: inSeconds(frames ?? 1, film.rate),
    value: comment.text,
    completed: comment.resolved ? 1 : 0,
    note: note === '' ? undefined : note,
  });
}

/** Writes the document. */
export function writeFcpxml(input: WriteInput): Result<Written, Failure> {
  const losses = lossList();
  const xml = xmlWriter(losses);
  const plan = layout(input, (rate) => rate, losses);
  const { elements, sequenceFormat, assetOf, formatOf } = resources(plan, xml);
  const tcStart = ofFrames(input.options.startFrame ?? 0, plan.rate);
  losses.add('legacy_left_out', {}, plan.legacy.length);

  const about = (film: ExchangeMedia): Readonly<Record<string, string | undefined>> => ({
    format: formatOf.get(film.id),
    tcFormat: tcFormat(film.rate),
    audioRole: film.sound ? 'dialogue' : undefined,
  });
  const markers = (film: ExchangeMedia, comments: readonly PlacedComment[]): Xml[] =>
    comments.map((comment) => marker(comment, film, xml, losses));
  const startOf = ({ media, sourceStart }: PlacedCut): Ratio =>
    ofFrames(media.startFrame + sourceStart, media.rate);
  const clip = (cut: PlacedCut, offset: Ratio, lane: number, above: readonly Xml[]): Xml => {
    const { media: film } = cut;
    if (cut.cut.tags.length > 0) losses.notCarried('tags');
    const srcFrameRate = (Math.round((film.rate.num / film.rate.den) * 100) / 100).toString();
    const conform =
      sameRate(film.rate, plan.rate) || !SOURCE_RATES.includes(srcFrameRate)
        ? []
        : [xml.element('conform-rate', { scaleEnabled: 0, srcFrameRate })];
    return xml.element(
      'asset-clip',
      {
        ref: assetOf.get(film.id),
        lane: lane === 0 ? undefined : lane,
        offset: formatSeconds(offset),
        name: cut.cut.label || film.name,
        start: formatSeconds(startOf(cut)),
        duration: inSeconds(cut.end - cut.start, plan.rate),
        ...about(film),
      },
      [...conform, ...above, ...markers(film, cut.comments)],
    );
  };

  const [main = [], ...upper] = plan.lanes;
  // What begins over a part of the main story line is attached to it, in the time of that part.
  const over = upper.flatMap((cuts, at) => cuts.map((cut) => ({ cut, lane: at + 1 })));
  over.sort((a, b) => a.cut.start - b.cut.start);
  const attached = (until: number, from: number, local: Ratio): Xml[] => {
    const stop = over.findIndex(({ cut }) => cut.start >= until);
    return over
      .splice(0, stop < 0 ? over.length : stop)
      .map(({ cut, lane }) => clip(cut, plus(local, ofFrames(cut.start - from, plan.rate)), lane, []));
  };
  const story: Xml[] = [];
  let frame = 0;
  for (const [at, cut] of main.entries()) {
    if (cut.start > frame) {
      story.push(
        xml.element(
          'gap',
          {
            name: 'Gap',
            offset: formatSeconds(plus(tcStart, ofFrames(frame, plan.rate))),
            start: '0s',
            duration: inSeconds(cut.start - frame, plan.rate),
          },
          attached(cut.start, frame, ZERO),
        ),
      );
    }
    const until = at + 1 < main.length ? cut.end : Infinity;
    const offset = plus(tcStart, ofFrames(cut.start, plan.rate));
    story.push(clip(cut, offset, 0, attached(until, cut.start, startOf(cut))));
    frame = cut.end;
  }

  const sequence = xml.element(
    'sequence',
    {
      format: sequenceFormat,
      duration: inSeconds(frame, plan.rate),
      tcStart: formatSeconds(tcStart),
      tcFormat: tcFormat(plan.rate),
      audioLayout: 'stereo',
      audioRate: '48k',
    },
    [xml.element('spine', {}, story)],
  );
  const whole = plan.unshown.map(({ media: film, comments }) =>
    xml.element(
      'asset-clip',
      {
        ref: assetOf.get(film.id),
        name: film.name,
        start: inSeconds(film.startFrame, film.rate),
        duration: inSeconds(frameCount(film), film.rate),
        ...about(film),
      },
      markers(film, comments),
    ),
  );
  const root = xml.element('fcpxml', { version: '1.10' }, [
    xml.element('resources', {}, elements),
    xml.element('library', {}, [
      xml.element('event', { name: plan.title }, [
        ...whole,
        xml.element('project', { name: plan.title }, [sequence]),
      ]),
    ]),
  ]);
  return ok({
    text: xml.document(root),
    extension: '.fcpxml',
    type: 'application/xml',
    losses: losses.list(),
  });
}
