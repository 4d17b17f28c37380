/**
 * LosslessCut projects (`.llc`, JSON5, versions 1 and 2). A segment with an end is a cut, one without is a marker, which is a comment here;
 * its author is a tag. Read is what the file says, selected or not; written is version 2.
 */
import JSON5 from 'json5';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { SECOND_US } from '../base/time.ts';
import { MAX_NAME } from '../schema/annotation.ts';
import { capped, commentOf, mediaNames, noteUnknown, readResult, taken } from './fields.ts';
import { headOf } from './lines.ts';
import { lossNotes, noteUncarried, type LossNotes } from './loss.ts';
import type {
  ExchangeComment,
  ExchangeCut,
  ExchangeMedia,
  ReadContext,
  ReadExchange,
  TextFormat,
  WriteInput,
  Written,
} from './model.ts';
import { mainMedia } from './place.ts';

/** Longest project that is parsed: far more than the most segments need, and little enough to be quick. */
const MAX_PROJECT = 8_000_000;
/** Most lists and objects: the parser takes long over millions of them, and the most segments with their tags are fewer. */
const MAX_PARTS = 100_000;
/** Most tags of one segment. */
const MAX_TAGS = 50;
/** The tag that holds the author of a marker. */
export const AUTHOR_TAG = 'author';

/** A segment as LosslessCut has it, in either of its formats. */
export interface Segment {
  /** Seconds; null for the start of the film. */
  readonly start: number | null;
  /** Seconds; null for a marker. */
  readonly end: number | null;
  readonly name: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

/** A tag in one text: `name=value`, or the name alone. */
function tagText([name, value]: readonly [string, string]): string {
  return value === '' ? name : `${name}=${value}`;
}

function tagFrom(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at <= 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Cuts and comments of segments. */
export interface ReadSegments {
  readonly cuts: readonly ExchangeCut[];
  readonly comments: readonly ExchangeComment[];
}

/** Turns segments into cuts and comments of a film; on the time line the cuts follow one another, as the program would join them. */
export function fromSegments(
  segments: Iterable<{ readonly segment: Segment; readonly line: number }>,
  media: ExchangeMedia,
  notes: LossNotes,
): ReadSegments {
  const cuts = taken<ExchangeCut>(notes);
  const comments = taken<ExchangeComment>(notes);
  let recordUs = 0;
  for (const { segment, line } of segments) {
    const startUs = Math.round((segment.start ?? 0) * SECOND_US);
    const endUs = segment.end === null ? null : Math.round(segment.end * SECOND_US);
    if (startUs < 0 || startUs >= media.durationUs) {
      notes.add('outside_media', { line });
    } else if (endUs === null) {
      const author = segment.tags.find(([name]) => name === AUTHOR_TAG)?.[1] ?? '';
      notes.notCarried('tags', segment.tags.filter(([name]) => name !== AUTHOR_TAG).length);
      comments.push(commentOf({ mediaId: media.id, timeUs: startUs, text: segment.name, author }, notes));
    } else if (endUs <= startUs) {
      notes.unreadable(line, segment.name);
    } else {
      if (endUs > media.durationUs) notes.add('outside_media', { line });
      const stopUs = Math.min(endUs, media.durationUs);
      cuts.push({
        mediaId: media.id,
        sourceName: media.name,
        label: capped(segment.name, MAX_NAME, notes),
        startUs,
        endUs: stopUs,
        recordUs,
        tags: segment.tags.slice(0, MAX_TAGS).map((tag) => capped(tagText(tag), MAX_NAME, notes)),
      });
      recordUs += stopUs - startUs;
    }
  }
  return { cuts: cuts.all, comments: comments.all };
}

/** The cuts and comments of the first film as segments; what is of other films, or on no frame, is noted. */
export function toSegments(input: WriteInput, notes: LossNotes): readonly Segment[] {
  const main = mainMedia(input);
  const { cuts, comments, cues } = input.exchange;
  const isOwn = (mediaId: string | null): boolean => (mediaId ?? main.id) === main.id;
  const ownCuts = cuts.filter(({ mediaId }) => isOwn(mediaId));
  notes.notCarried('cuts', cuts.length - ownCuts.length);
  const timed = comments.filter(({ timeUs }) => timeUs !== null);
  notes.add('legacy_left_out', {}, comments.length - timed.length);
  const ownComments = timed.filter(({ mediaId }) => isOwn(mediaId));
  notes.notCarried('comments', timed.length - ownComments.length);
  noteUncarried(notes, ownComments, [
    'duration',
    'shapes',
    'replies',
    'resolved',
    'color',
    'category',
    'created',
  ]);
  notes.notCarried('cues', cues.length);
  return [
    ...ownCuts.map(({ startUs, endUs, label, tags }): Segment => {
      // Two tags of one name are one.
      const named = new Map(tags.map(tagFrom));
      notes.notCarried('tags', tags.length - named.size);
      notes.add('text_changed', {}, tags.filter((tag) => tagText(tagFrom(tag)) !== tag).length);
      return { start: startUs / SECOND_US, end: endUs / SECOND_US, name: label, tags: [...named] };
    }),
    ...ownComments.map(({ timeUs, text, author }): Segment => {
      const tags = author === '' ? [] : [[AUTHOR_TAG, author] as const];
      return { start: (timeUs ?? 0) / SECOND_US, end: null, name: text, tags };
    }),
  ];
}

/** Line separators that JSON has in strings and JavaScript did not, escaped. */
function withoutSeparators(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** How many lists and objects a text may have, brackets in strings included. */
function partsOf(text: string): number {
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 91 || code === 123) parts += 1;
  }
  return parts;
}

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null;

/** A number, undefined for what is missing, and NaN for what is none. */
function numberOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

function segmentOf(raw: unknown): Segment | null {
  if (!isRaw(raw)) return null;
  const start = numberOf(raw['start']);
  const end = numberOf(raw['end']);
  if (Number.isNaN(start) || Number.isNaN(end)) return null;
  const tags = isRaw(raw['tags']) ? Object.entries(raw['tags']) : [];
  return {
    start: start ?? null,
    end: end ?? null,
    name: typeof raw['name'] === 'string' ? raw['name'] : '',
    tags: tags.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  };
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const broken = (why: string): Result<ReadExchange, Failure> =>
    err(failure('invalid_spec', 'broken_document', `The LosslessCut project cannot be read: ${why}`));
  if (text.length > MAX_PROJECT || partsOf(text) > MAX_PARTS) return broken('it is too large.');
  let document: unknown;
  try {
    // The parser warns of each of these on the console, and takes them escaped as they are meant.
    document = JSON5.parse(withoutSeparators(text));
  } catch {
    return broken('it is no JSON5.');
  }
  if (!isRaw(document) || !Array.isArray(document['cutSegments'])) return broken('it has no segments.');
  const notes = lossNotes();
  const name = typeof document['mediaFileName'] === 'string' ? document['mediaFileName'] : '';
  const found = name === '' ? null : mediaNames(context.all).find(name);
  if (found === null && name !== '') noteUnknown(notes, name);
  const raws: readonly unknown[] = document['cutSegments'];
  notes.notCarried('selection', raws.filter((raw) => isRaw(raw) && raw['selected'] === false).length);
  const segments = raws.flatMap((raw, at) => {
    const segment = segmentOf(raw);
    if (segment === null) notes.unreadable(at + 1, isRaw(raw) ? Object.keys(raw).join(' ') : String(raw));
    return segment === null ? [] : [{ segment, line: at + 1 }];
  });
  const read = fromSegments(segments, found ?? context.media, notes);
  return ok(readResult('losslesscut', notes, { title: name, ...read }));
}

function write(input: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const cutSegments = toSegments(input, notes).map(({ start, end, name, tags }) => ({
    start,
    ...(end === null ? {} : { end }),
    name,
    ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags) }),
    selected: true,
  }));
  const document = { version: 2, mediaFileName: mainMedia(input).name, cutSegments };
  return ok({
    // JSON is JSON5 too, and more programs read it.
    text: `${withoutSeparators(JSON.stringify(document, null, 2))}\n`,
    extension: '.llc',
    type: 'application/json5',
    losses: notes.list(),
  });
}

/** LosslessCut projects. */
export const losslesscut: TextFormat = {
  name: 'losslesscut',
  sniff: (text) => {
    const head = headOf(text);
    return /^\s*(?:\{|\/\/|\/\*)/.test(head) && /['"]?cutSegments['"]?\s{0,20}:/.test(head) ? 0.95 : 0;
  },
  read,
  write,
};
