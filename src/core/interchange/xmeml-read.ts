/** Reads xmeml 4 and 5: the first sequence as cuts, markers of clips, generators and sequences as comments. */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { SECOND_US, type Rational } from '../base/time.ts';
import { nominalRate } from '../base/timecode.ts';
import type { ExchangeComment, ExchangeMedia, ReadContext, ReadExchange } from './model.ts';
import { commentOf, splitNote } from './xml-comments.ts';
import { rateText } from './xml-layout.ts';
import { keptText, lossList, shown, unreadable, type LossList } from './xml-loss.ts';
import { fileNameOf, fileNamesOr, mediaFinder } from './xml-media.ts';
import { childOf, childrenOf, everyNode, numberOf, readXml, textOf, type XmlNode } from './xml-read.ts';
import {
  commentSink,
  cutsOf,
  filmAt,
  flattened,
  readLine,
  type CommentSink,
  type RawCut,
} from './xml-tracks.ts';
import { rateOf, colorOfPpro } from './xmeml-rate.ts';

const MAX_TITLE = 200;
/** What sequences and clips without a rate are counted in. */
const NO_RATE: Rational = { num: 25, den: 1 };

const toUs = (frames: number, rate: Rational): number =>
  Math.round((frames * SECOND_US * rate.den) / rate.num);

/** What a clip is of. */
interface Source {
  readonly media: ExchangeMedia | null;
  readonly name: string;
  readonly rate: Rational | null;
}

/** What one reading shares. */
interface Reading {
  readonly context: ReadContext;
  readonly losses: LossList;
  readonly sink: CommentSink;
  readonly sourceOf: (clip: XmlNode) => Source;
  /** Markers that were taken, by film and text: programs repeat a clip's on each of its parts and on the sequence. */
  readonly taken: Map<string, { readonly us: number; readonly holders: Set<XmlNode> }[]>;
}

/** Finds what clips are of: a file is described once and named by its id from there on. */
function sourceFinder(root: XmlNode, context: ReadContext, losses: LossList): (clip: XmlNode) => Source {
  const files = new Map<string, XmlNode>();
  for (const node of everyNode(root)) {
    const { id } = node.attributes;
    if (node.name === 'file' && id !== undefined && node.children.length > 0 && !files.has(id))
      files.set(id, node);
  }
  const find = mediaFinder(context);
  const told = new Set<ExchangeMedia>();
  return (clip) => {
    const own =
      childOf(clip, 'file') ??
      clip.children.flatMap((child) => [...everyNode(child)]).find(({ name }) => name === 'file');
    const file = files.get(own?.attributes['id'] ?? '') ?? own;
    const named = [textOf(file, 'name'), fileNameOf(textOf(file, 'pathurl')?.trim() ?? '')];
    const names = fileNamesOr(named, textOf(clip, 'name'));
    const media = find(names);
    const rate = rateOf(file);
    if (media?.size && rate && !media.variable && !told.has(media)) {
      told.add(media);
      if (Math.abs(rate.num / rate.den / (media.rate.num / media.rate.den) - 1) > 0.0005) {
        losses.add('rate_differs', { found: rateText(rate), expected: rateText(media.rate) });
      }
    }
    return { media, name: names.find((name) => name !== undefined && name !== '') ?? '', rate };
  };
}

/** What a marker says, without its time. */
function markerText(node: XmlNode): ExchangeComment {
  const { text, note } = splitNote(textOf(node, 'comment') ?? '');
  const name = textOf(node, 'name') ?? '';
  const color = colorOfPpro(textOf(node, 'pproColor'));
  // Markers without a comment have only their name to say.
  if (text === '' && note === null) return commentOf({ text: name, color });
  return commentOf({ text, author: name, color }, note ?? {});
}

/** Takes the markers of an element. */
function takeMarkers(
  holder: XmlNode,
  rate: Rational,
  reading: Reading,
  place: (us: number) => { readonly media: ExchangeMedia; readonly us: number } | null,
  name: string,
): void {
  const { losses, sink, taken } = reading;
  for (const node of childrenOf(holder, 'marker')) {
    const start = numberOf(node, 'in');
    if (start === undefined || start < 0) {
      losses.add('unreadable_line', { line: node.line, found: shown(textOf(node, 'in') ?? '') });
      continue;
    }
    const comment = markerText(node);
    const end = numberOf(node, 'out') ?? -1;
    if (comment.timeUs === null && splitNote(textOf(node, 'comment') ?? '').note?.untimed === true) {
      sink.keep({ ...comment, mediaId: null });
      continue;
    }
    const there = place(toUs(start, rate));
    if (!there) {
      losses.add('unknown_media', { name: shown(name) });
      continue;
    }
    const key = JSON.stringify([there.media.id, comment.text, comment.author]);
    const same = taken.get(key) ?? [];
    taken.set(key, same);
    const tolerance = (1.5 * SECOND_US * rate.den) / rate.num;
    const known = same.find(({ us, holders }) => Math.abs(us - there.us) < tolerance && !holders.has(holder));
    if (known) known.holders.add(holder);
    else {
      same.push({ us: there.us, holders: new Set([holder]) });
      const lastsUs = end > start ? toUs(end, rate) - toUs(start, rate) : null;
      sink.place(there.media, { comment, us: there.us, lastsUs, line: node.line });
    }
  }
}

/** A clip's place: where an end lies under a transition, the cut is taken instead. */
interface Edges {
  readonly start: number;
  readonly end: number;
  readonly trimIn: number;
  readonly trimOut: number;
}

/** Where a transition cuts from one clip to the next. */
function cutPoint(
  transition: XmlNode,
): { readonly from: number; readonly at: number; readonly to: number } | null {
  const [from, to] = [numberOf(transition, 'start'), numberOf(transition, 'end')];
  if (from === undefined || to === undefined) return null;
  const alignment = textOf(transition, 'alignment')?.trim() ?? 'center';
  const at = alignment.startsWith('start')
    ? from
    : alignment.startsWith('end')
      ? to
      : Math.round((from + to) / 2);
  return { from, at, to };
}

function edgesOf(clip: XmlNode, before: XmlNode | undefined, after: XmlNode | undefined): Edges | null {
  const start = numberOf(clip, 'start') ?? -1;
  const end = numberOf(clip, 'end') ?? -1;
  const head = start < 0 && before?.name === 'transitionitem' ? cutPoint(before) : null;
  const tail = end < 0 && after?.name === 'transitionitem' ? cutPoint(after) : null;
  if ((start < 0 && !head) || (end < 0 && !tail)) return null;
  return {
    start: head?.at ?? start,
    end: tail?.at ?? end,
    trimIn: head ? head.at - head.from : 0,
    trimOut: tail ? tail.to - tail.at : 0,
  };
}

/** The cuts of a track, and the record time at which each of its items begins. */
function readTrack(
  track: XmlNode,
  rate: Rational,
  reading: Reading,
  startOf: Map<XmlNode, number>,
): readonly RawCut[] {
  const { losses } = reading;
  const cuts: RawCut[] = [];
  const trackOff = textOf(track, 'enabled')?.trim().toUpperCase() === 'FALSE';
  const items = track.children.filter(({ name }) =>
    ['clipitem', 'generatoritem', 'transitionitem'].includes(name),
  );
  for (const [at, item] of items.entries()) {
    losses.add('effect_left_out', {}, childrenOf(item, 'filter').length);
    if (item.name === 'transitionitem') {
      losses.add('effect_left_out');
      continue;
    }
    const edges = edgesOf(item, items[at - 1], items[at + 1]);
    if (edges) startOf.set(item, toUs(edges.start, rate));
    if (item.name === 'generatoritem') continue;
    if (trackOff || textOf(item, 'enabled')?.trim().toUpperCase() === 'FALSE') {
      losses.notCarried('cuts');
      continue;
    }
    const [first, last] = [numberOf(item, 'in'), numberOf(item, 'out')];
    if (childOf(item, 'sequence')) {
      losses.notCarried('tracks');
      continue;
    }
    if (!edges || first === undefined || last === undefined || first < 0) {
      losses.add('unreadable_line', { line: item.line, found: shown(textOf(item, 'name') ?? '') });
      continue;
    }
    const source = reading.sourceOf(item);
    const own = rateOf(item) ?? source.rate ?? rate;
    const scale = (own.num * rate.den) / (own.den * rate.num);
    cuts.push({
      media: source.media,
      sourceName: source.name,
      label: textOf(item, 'name') ?? '',
      recordUs: toUs(edges.start, rate),
      recordEndUs: toUs(edges.end, rate),
      sourceUs: toUs(first + Math.round(edges.trimIn * scale), own),
      sourceEndUs: toUs(last - Math.round(edges.trimOut * scale), own),
      line: item.line,
    });
  }
  return cuts;
}

/**
 * The rate that a sequence counts in. One without clips stands for the film that it is read for, and programs that write such
 * sequences call 23.976 plainly 24 while they count the film's own frames: then frames are believed, not the rate.
 */
function sequenceRate(
  sequence: XmlNode | undefined,
  generated: boolean,
  { media }: ReadContext,
  losses: LossList,
): Rational {
  const found = rateOf(sequence);
  if (!found) return generated && media.size ? media.rate : NO_RATE;
  if (!generated || !media.size || media.variable) return found;
  if (Math.abs(found.num / found.den / (media.rate.num / media.rate.den) - 1) <= 0.0005) return media.rate;
  losses.add('rate_differs', { found: rateText(found), expected: rateText(media.rate) });
  return nominalRate(found) === nominalRate(media.rate) ? media.rate : found;
}

/** What both picture and sound show is one cut. */
const keyOf = ({ sourceName, recordUs, sourceUs }: RawCut): string =>
  JSON.stringify([sourceName, recordUs, sourceUs]);

/** Reads the document. */
export function readXmeml(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const document = readXml(text, 'xmeml');
  if (!document.ok) return document;
  const { root, cleaned } = document.value;
  if (root.name !== 'xmeml') return unreadable('xmeml', 'the root element is another one');
  const losses = lossList();
  if (cleaned) losses.add('text_changed');
  const sink = commentSink(losses);
  const reading: Reading = {
    context,
    losses,
    sink,
    sourceOf: sourceFinder(root, context, losses),
    taken: new Map(),
  };

  const sequences: XmlNode[] = [];
  const clips: XmlNode[] = [];
  const look = (node: XmlNode): void => {
    if (node.name === 'sequence' && node.children.length > 0) sequences.push(node);
    else if (node.name === 'clip') clips.push(node);
    else for (const child of node.children) look(child);
  };
  look(root);
  const [sequence] = sequences;
  losses.notCarried('cuts', sequences.length - 1);
  const items = sequence
    ? [...everyNode(sequence)].filter(({ name }) => name === 'clipitem' || name === 'generatoritem')
    : [];
  const generated = items.every(({ name }) => name === 'generatoritem');
  const rate = sequenceRate(sequence, generated, context, losses);
  const media = childOf(sequence, 'media');
  const startOf = new Map<XmlNode, number>();
  const tracksOf = (type: string): (readonly RawCut[])[] =>
    childrenOf(childOf(media, type), 'track').map((track) => readTrack(track, rate, reading, startOf));
  // The last track is the uppermost.
  const video = tracksOf('video').toReversed();
  const audio = tracksOf('audio');
  const pictures = video.some((track) => track.length > 0);
  const keys = new Set(video.flat().map(keyOf));
  if (pictures)
    losses.notCarried('tracks', audio.filter((track) => track.some((cut) => !keys.has(keyOf(cut)))).length);
  const heard = new Set<string>();
  const sounds = audio.map((track) =>
    track.filter((cut) => {
      const known = heard.has(keyOf(cut));
      heard.add(keyOf(cut));
      return !known;
    }),
  );
  const raw = flattened(pictures ? video : sounds, losses);
  const shownLine = readLine(raw);

  for (const item of [...items, ...clips]) {
    const source =
      item.name === 'generatoritem' ? { media: null, name: '', rate: null } : reading.sourceOf(item);
    const own = generated ? rate : (rateOf(item) ?? source.rate ?? rate);
    const first = numberOf(item, 'in') ?? 0;
    const record = startOf.get(item) ?? 0;
    const { media: film } = source;
    takeMarkers(
      item,
      own,
      reading,
      (us) =>
        film ? { media: film, us } : filmAt(shownLine, record + us - toUs(Math.max(0, first), own), context),
      source.name || (textOf(item, 'name') ?? ''),
    );
  }
  for (const one of sequences) {
    const own = one === sequence ? rate : (rateOf(one) ?? NO_RATE);
    takeMarkers(
      one,
      own,
      reading,
      (us) => (one === sequence ? filmAt(shownLine, us, context) : null),
      textOf(one, 'name') ?? '',
    );
  }
  const title = textOf(sequence, 'name') ?? textOf(clips[0], 'name') ?? '';
  return ok({
    format: 'xmeml',
    exchange: {
      title: keptText(title, MAX_TITLE, losses),
      comments: sink.all(),
      cuts: cutsOf(raw, losses),
      cues: [],
    },
    losses: losses.list(),
  });
}
