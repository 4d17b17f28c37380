/** Reads OTIO time lines of all versions: nested ones brought down to one line of cuts, markers as comments on their films. */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { frameDuration } from '../base/time.ts';
import type { ExchangeMedia, ReadContext, ReadExchange } from './model.ts';
import { lineOf, objectAt, objectsAt, readJson, stringAt, type Json, type JsonObject } from './otio-json.ts';
import { colorOfMarker, fromMeta, otioColor, ourMeta } from './otio-meta.ts';
import { childrenOf, referenceOf, schemaOf, spanFinder, spanOf, type Span } from './otio-time.ts';
import { commentOf } from './xml-comments.ts';
import { keptText, lossList, shown, unreadable, type LossList } from './xml-loss.ts';
import { fileNameOf, fileNamesOr, mediaFinder } from './xml-media.ts';
import {
  commentSink,
  cutsOf,
  filmAt,
  flattened,
  readLine,
  type CommentSink,
  type RawCut,
} from './xml-tracks.ts';
import { compared, earlier, later, minus, ofFrames, plus, toUs, ZERO, type Ratio } from './xml-time.ts';

const MAX_TITLE = 200;
/** Most tags of a cut, and their longest. */
const MAX_TAGS = 50;

/** What a clip is of. */
interface Source {
  readonly media: ExchangeMedia | null;
  readonly name: string;
  /** Time of the film's first frame as the clip counts. */
  readonly head: Ratio;
}

/** Cuts by layer, the uppermost first. */
interface Layers {
  readonly video: RawCut[][];
  readonly audio: RawCut[][];
}

/** What one reading shares. */
interface Reading {
  readonly losses: LossList;
  readonly spanFor: (element: JsonObject) => Span;
  readonly sourceOf: (clip: JsonObject) => Source;
  /** Record time at which an element's own time is zero. */
  readonly zeroOf: Map<JsonObject, Ratio>;
}

function sourceFinder(
  context: ReadContext,
  spanFor: (element: JsonObject) => Span,
): (clip: JsonObject) => Source {
  const find = mediaFinder(context);
  return (clip) => {
    const reference = referenceOf(clip);
    const url = stringAt(reference, 'target_url');
    const files = [url === undefined ? undefined : fileNameOf(url), stringAt(reference, 'name')];
    const names = fileNamesOr(files, stringAt(clip, 'name'));
    const media = find(names);
    const available = spanOf(objectAt(reference, 'available_range'));
    const name = names.find((one) => one !== undefined && one !== '') ?? '';
    if (available || !media) return { media, name, head: available?.start ?? ZERO };
    // Without a range of the file, times past its end can only be its timecode.
    const past = toUs(spanFor(clip).start) >= media.durationUs && media.startFrame > 0;
    return { media, name, head: past ? ofFrames(media.startFrame, media.rate) : ZERO };
  };
}

function addLayers(to: RawCut[][], from: readonly RawCut[][]): void {
  for (const [at, cuts] of from.entries()) {
    const layer = to[at];
    if (layer) for (const cut of cuts) layer.push(cut);
    else to.push([...cuts]);
  }
}

/** Names of a clip that we wrote. */
function tagsOf(clip: JsonObject): readonly string[] {
  const tags = ourMeta(clip)?.['tags'];
  if (!Array.isArray(tags)) return [];
  return (tags as readonly Json[])
    .filter((tag) => typeof tag === 'string')
    .map((tag) => tag.slice(0, 200))
    .slice(0, MAX_TAGS);
}

/** Brings an element down to cuts: it begins at a record time, and is seen between two others. */
function lay(element: JsonObject, at: Ratio, from: Ratio, to: Ratio, reading: Reading): Layers {
  const { losses, spanFor, sourceOf, zeroOf } = reading;
  const layers: Layers = { video: [], audio: [] };
  const kind = schemaOf(element);
  losses.add('effect_left_out', {}, objectsAt(element, 'effects').length + (kind === 'Transition' ? 1 : 0));
  const span = spanFor(element);
  const zero = minus(at, span.start);
  zeroOf.set(element, zero);
  const [begin, end] = [later(from, at), earlier(to, plus(at, span.lasts))];
  if (element['enabled'] === false) {
    if (kind !== 'Gap') losses.notCarried('cuts');
    return layers;
  }
  if (kind === 'Clip') {
    if (compared(begin, end) >= 0) return layers;
    const source = sourceOf(element);
    const first = minus(minus(begin, zero), source.head);
    layers.video.push([
      {
        media: source.media,
        sourceName: source.name,
        label: stringAt(element, 'name') ?? '',
        recordUs: toUs(begin),
        recordEndUs: toUs(end),
        sourceUs: toUs(first),
        sourceEndUs: toUs(plus(first, minus(end, begin))),
        tags: tagsOf(element),
        line: lineOf(element),
      },
    ]);
    return layers;
  }
  if (kind !== 'Track' && kind !== 'Stack') {
    if (kind !== 'Gap' && kind !== 'Transition')
      losses.add('unreadable_line', { line: lineOf(element), found: shown(kind) });
    return layers;
  }
  let cursor = zero;
  // The last of a stack lies on top: it comes first.
  const children = kind === 'Track' ? childrenOf(element) : childrenOf(element).toReversed();
  for (const child of children) {
    const inner = schemaOf(child);
    if (kind === 'Track' && (inner === 'Track' || inner === 'Stack')) losses.notCarried('tracks');
    const below = lay(child, kind === 'Track' ? cursor : zero, begin, end, reading);
    if (kind === 'Track') {
      cursor = plus(cursor, spanFor(child).lasts);
      addLayers(layers.video, below.video);
      addLayers(layers.audio, below.audio);
    } else {
      for (const layer of below.video) layers.video.push(layer);
      for (const layer of below.audio) layers.audio.push(layer);
    }
  }
  if (kind === 'Track' && stringAt(element, 'kind') === 'Audio') {
    for (const layer of layers.video.splice(0)) layers.audio.push(layer);
  }
  return layers;
}

/** What both picture and sound show is one cut. */
const keyOf = ({ sourceName, recordUs, sourceUs }: RawCut): string =>
  JSON.stringify([sourceName, recordUs, sourceUs]);

/** All elements that may have markers. */
function* everyElement(element: JsonObject): Generator<JsonObject> {
  yield element;
  const tracks = objectAt(element, 'tracks');
  if (tracks) yield* everyElement(tracks);
  for (const child of childrenOf(element)) yield* everyElement(child);
}

/** A marker as a comment, without its time. */
function said(marker: JsonObject): ReturnType<typeof fromMeta> {
  const meta = ourMeta(marker);
  const color = colorOfMarker(marker);
  const [name, text] = [stringAt(marker, 'name') ?? '', stringAt(marker, 'comment') ?? ''];
  if (meta?.['version'] !== 1) {
    const both = name !== '' && text !== '' && name !== text;
    return { comment: commentOf({ text: both ? `${name}\n${text}` : text || name, color }), lostShapes: 0 };
  }
  const kept = fromMeta(meta);
  // Another program may have changed what it can see.
  const sameColor = stringAt(marker, 'color')?.toUpperCase() === otioColor(kept.comment.color);
  return { ...kept, comment: { ...kept.comment, text, color: sameColor ? kept.comment.color : color } };
}

/** Takes one marker. */
function takeMarker(
  marker: JsonObject,
  there: { readonly media: ExchangeMedia; readonly us: number },
  lastsUs: number,
  sink: CommentSink,
  losses: LossList,
): void {
  const { comment, lostShapes } = said(marker);
  losses.notCarried('shapes', lostShapes);
  const frameUs = frameDuration(there.media.rate);
  const { timeUs, durationUs } = comment;
  // What is kept is exact; it holds as long as the marker has not been moved.
  const unmoved =
    timeUs !== null && Math.abs(timeUs - there.us) <= frameUs && timeUs < there.media.durationUs;
  const point = lastsUs <= frameUs * 1.5;
  const unchanged = durationUs === null ? point : Math.abs(durationUs - lastsUs) <= frameUs;
  if (unmoved && unchanged) sink.keep({ ...comment, mediaId: there.media.id });
  else
    sink.place(there.media, { comment, us: there.us, lastsUs: point ? null : lastsUs, line: lineOf(marker) });
}

/** Comments that have no place on the time line, as we wrote them. */
function takeKept(
  timeline: JsonObject | undefined,
  context: ReadContext,
  sink: CommentSink,
  losses: LossList,
): void {
  const meta = ourMeta(timeline);
  if (meta?.['version'] !== 1) return;
  const find = mediaFinder(context);
  for (const one of objectsAt(meta, 'comments')) {
    const { comment, lostShapes } = fromMeta(one);
    losses.notCarried('shapes', lostShapes);
    const name = stringAt(one, 'film');
    const film = name === undefined ? context.media : find([name]);
    if (!film) losses.add('unknown_media', { name: shown(name ?? '') });
    else if (comment.timeUs !== null && comment.timeUs >= film.durationUs) {
      losses.add('outside_media', { line: lineOf(one) });
    } else sink.keep({ ...comment, mediaId: film.id });
  }
}

/** Whether cuts are whole films still: we said that they stand for no cuts. */
function areWhole(raw: readonly RawCut[]): boolean {
  return raw.every(
    ({ media, sourceUs, sourceEndUs }) =>
      media !== null &&
      Math.abs(sourceUs) <= frameDuration(media.rate) &&
      Math.abs(sourceEndUs - media.durationUs) <= 2 * frameDuration(media.rate),
  );
}

/** Reads the document. */
export function readOtio(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const document = readJson(text, 'OTIO');
  if (!document.ok) return document;
  const root = document.value;
  if (!['Timeline', 'SerializableCollection', 'Stack', 'Track', 'Clip'].includes(schemaOf(root))) {
    return unreadable('OTIO', 'the document is no time line');
  }
  const losses = lossList();
  const sink = commentSink(losses);
  const spanFor = spanFinder();
  const reading: Reading = { losses, spanFor, sourceOf: sourceFinder(context, spanFor), zeroOf: new Map() };

  const elements = [...everyElement(root)];
  const timelines = elements.filter((element) => schemaOf(element) === 'Timeline');
  const [timeline] = timelines;
  losses.notCarried('cuts', timelines.length - 1);
  const top = timeline
    ? objectAt(timeline, 'tracks')
    : schemaOf(root) === 'SerializableCollection'
      ? undefined
      : root;
  const layers: Layers = top
    ? lay(top, ZERO, ZERO, plus(ZERO, spanFor(top).lasts), reading)
    : { video: [], audio: [] };
  const pictures = layers.video.some((layer) => layer.length > 0);
  const keys = new Set(layers.video.flat().map(keyOf));
  const unlike = layers.audio.filter((layer) => layer.some((cut) => !keys.has(keyOf(cut))));
  if (pictures) losses.notCarried('tracks', unlike.length);
  const raw = flattened(pictures ? layers.video : layers.audio, losses);
  const shownLine = readLine(raw);

  for (const element of elements) {
    for (const marker of objectsAt(element, 'markers')) {
      const span = spanOf(objectAt(marker, 'marked_range') ?? objectAt(marker, 'range'));
      if (!span) {
        losses.add('unreadable_line', { line: lineOf(marker), found: shown(stringAt(marker, 'name') ?? '') });
        continue;
      }
      const source = schemaOf(element) === 'Clip' ? reading.sourceOf(element) : null;
      const recordUs = toUs(plus(reading.zeroOf.get(element) ?? ZERO, span.start));
      const there = source?.media
        ? { media: source.media, us: toUs(minus(span.start, source.head)) }
        : filmAt(shownLine, recordUs, context);
      if (there) takeMarker(marker, there, toUs(span.lasts), sink, losses);
      else losses.add('unknown_media', { name: shown(source?.name ?? stringAt(element, 'name') ?? '') });
    }
  }
  takeKept(timeline, context, sink, losses);
  const whole = ourMeta(timeline)?.['whole'] === true && areWhole(raw);
  const title = stringAt(timeline ?? root, 'name') ?? '';
  return ok({
    format: 'otio',
    exchange: {
      title: keptText(title, MAX_TITLE, losses),
      comments: sink.all(),
      cuts: whole ? [] : cutsOf(raw, losses),
      cues: [],
    },
    losses: losses.list(),
  });
}
