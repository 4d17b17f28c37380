/**
 * The marker list of DaVinci Resolve: an edit list of one-frame events, each followed by a line `note |C:colour |M:name |D:frames`. Resolve
 * keeps one marker a frame, takes `|` as the end of the note and loses its place where a note begins with a digit, so comments on one
 * frame are put together and both are changed. The marker's name holds the author.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { isDropFrame } from '../base/timecode.ts';
import { countingLine, dropFrameOf, eventOf, titleOf } from './edl.ts';
import { commentOf, noteColors, readResult, singleLine, taken } from './fields.ts';
import { firstLines, headOf, linesOf, oneLine } from './lines.ts';
import { lossNotes, noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type { ExchangeComment, ReadContext, ReadExchange, TextFormat, WriteInput, Written } from './model.ts';
import { resolvePalette } from './palettes.ts';
import { guessStart, noteRounded, placeOnLine } from './place.ts';
import { framesOf, hourFrames, labelOf, mediaLine, readLabel } from './timecode-text.ts';

/** Names that Resolve gives by itself, which say nothing. */
const UNNAMED = /^Marker \d+$/;

/** Several comments on one frame. */
interface Marker {
  readonly frame: number;
  readonly length: number;
  readonly comments: readonly ExchangeComment[];
}

function markers(
  frames: readonly Omit<Marker, 'comments'>[],
  comments: readonly ExchangeComment[],
): Marker[] {
  const byFrame = new Map<number, { frame: number; length: number; comments: ExchangeComment[] }>();
  for (const [at, { frame, length }] of frames.entries()) {
    const comment = comments[at];
    if (comment === undefined) continue;
    const known = byFrame.get(frame);
    if (known === undefined) byFrame.set(frame, { frame, length, comments: [comment] });
    else {
      known.comments.push(comment);
      known.length = Math.max(known.length, length);
    }
  }
  return [...byFrame.values()];
}

/** A note as Resolve reads it whole. It is never empty: the marker's name would be taken for it. */
function noteText(text: string, notes: LossNotes): string {
  const line = singleLine(text, notes);
  const safe = line.replaceAll('|', '/');
  const led = safe === '' ? '-' : /^\d/.test(safe) ? `- ${safe}` : safe;
  if (led !== line) notes.add('text_changed');
  return led;
}

function noteOf({ comments }: Marker, notes: LossNotes): { readonly note: string; readonly name: string } {
  const [first] = comments;
  if (comments.length === 1 && first !== undefined) {
    return { note: noteText(first.text, notes), name: noteName(first.author, notes) };
  }
  notes.add('merged_same_frame', {}, comments.length);
  const said = comments.map(({ author, text }) => (author === '' ? text : `${author}: ${text}`));
  const authors = [...new Set(comments.map(({ author }) => author).filter((author) => author !== ''))];
  return { note: noteText(said.join(' / '), notes), name: noteName(authors.join(', '), notes) };
}

function noteName(author: string, notes: LossNotes): string {
  const line = singleLine(author, notes);
  if (line.includes('|')) notes.add('text_changed');
  return line.replaceAll('|', '/');
}

function write(input: WriteInput): Result<Written, Failure> {
  const { exchange, rate, options } = input;
  const notes = lossNotes();
  const { line, timed, legacy } = placeOnLine(input, notes);
  noteRounded(notes, line, timed);
  const start = options.startFrame ?? hourFrames(rate);
  const frames = timed.map(({ us, durationUs }) => ({
    frame: start + line.frameAt(us),
    length: durationUs === null ? 1 : framesOf(line, us, durationUs),
  }));
  const withLegacy = options.withLegacy === true;
  notes.add(withLegacy ? 'legacy_placed' : 'legacy_left_out', {}, legacy.length);
  const written = [...timed.map(({ comment }) => comment), ...(withLegacy ? legacy : [])];
  // A length of one frame is that of a marker without one.
  notes.notCarried(
    'duration',
    timed.filter(({ durationUs }, at) => durationUs !== null && frames[at]?.length === 1).length,
  );
  const all = [
    ...markers(frames, written),
    // Frame.io's place for comments on no frame, and last, so that others keep their numbers.
    ...(withLegacy
      ? markers(
          legacy.map(() => ({ frame: 0, length: 1 })),
          legacy,
        )
      : []),
  ];
  const lines = all.flatMap((marker, at) => {
    const number = String(at + 1).padStart(3, '0');
    const { note, name } = noteOf(marker, notes);
    const from = labelOf(marker.frame, rate);
    const to = labelOf(marker.frame + 1, rate);
    const color = resolvePalette.nameOf(marker.comments[0]?.color ?? null);
    return [
      `${number}  001      V     C        ${from} ${to} ${from} ${to}  `,
      `${note} |C:ResolveColor${color} |M:${name} |D:${String(marker.length)}`,
      '',
    ];
  });
  noteUncarried(notes, written, ['shapes', 'replies', 'resolved', 'category', 'created']);
  noteColors(notes, written, resolvePalette);
  noteUncarriedCuts(notes, exchange.cuts, ['cuts']);
  notes.notCarried('cues', exchange.cues.length);
  return ok({
    text: [`TITLE: ${oneLine(exchange.title)}`, countingLine(rate), '', ...lines].join('\n'),
    extension: '.edl',
    type: 'text/plain',
    losses: notes.list(),
  });
}

/** A marker line: its note and its tags. */
function markerOf(
  line: string,
): { readonly note: string; readonly tags: ReadonlyMap<string, string> } | null {
  const at = line.indexOf('|C:');
  if (at < 0) return null;
  const tags = new Map<string, string>();
  for (const part of line.slice(at + 1).split('|', 10)) {
    const colon = part.indexOf(':');
    if (colon > 0) tags.set(part.slice(0, colon).trim(), part.slice(colon + 1).trim());
  }
  return { note: line.slice(0, at).trim(), tags };
}

/** A marker with its frame, before the start of the time line is known. */
interface ReadMarker {
  readonly frame: number;
  readonly line: number;
  readonly length: number;
  readonly comment: ExchangeComment;
}

function collect(
  text: string,
  context: ReadContext,
  notes: LossNotes,
): { readonly title: string; readonly markers: readonly ReadMarker[] } {
  const { rate } = context.media;
  const found = taken<ReadMarker>(notes);
  let title = '';
  let drop = false;
  let frame: number | null = null;
  for (const line of linesOf(text)) {
    if (line.tooLong) notes.unreadable(line.number, '');
    const event = eventOf(line.text);
    const counting = dropFrameOf(line.text);
    const marker = markerOf(line.text);
    if (event !== null) {
      const label = readLabel(event.labels[2], rate, drop);
      frame = label?.frame ?? null;
      if (label === null) notes.unreadable(line.number, line.text);
      else if (label.repaired) notes.add('timecode_repaired');
    } else if (marker !== null && frame !== null) {
      const name = marker.tags.get('M') ?? '';
      const author = UNNAMED.test(name) ? '' : name;
      const length = Number(/^\d{1,9}$/.exec(marker.tags.get('D') ?? '')?.[0] ?? 1);
      const color = resolvePalette.colorOf((marker.tags.get('C') ?? '').replace(/^ResolveColor/, ''));
      // A marker with a name and no note says what it says in its name.
      const said = marker.note === '' ? { text: name, author: '' } : { text: marker.note, author };
      found.push({ frame, line: line.number, length, comment: commentOf({ ...said, color }, notes) });
      frame = null;
    } else if (counting !== null) {
      drop = counting;
      if (drop && !isDropFrame(rate))
        notes.add('rate_differs', { found: 'DROP FRAME', expected: rateText(rate) });
    } else {
      title = titleOf(line.text) ?? title;
    }
  }
  return { title, markers: found.all };
}

const rateText = ({ num, den }: { readonly num: number; readonly den: number }): string =>
  String(Math.round((num / den) * 1000) / 1000);

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const { media } = context;
  const { title, markers: found } = collect(text, context, notes);
  const line = mediaLine(media);
  // Where a time line starts later, zero is where comments on no frame are kept.
  const start = guessStart(
    found.map(({ frame }) => frame).filter((frame) => frame > 0),
    context,
    media.rate,
    notes,
  );
  const comments = found.flatMap(({ frame, length, comment, line: number }): ExchangeComment[] => {
    if (frame === 0 && start > 0) return [comment];
    const timeUs = frame < start ? Infinity : line.timeOf(frame - start);
    if (timeUs >= media.durationUs) {
      notes.add('outside_media', { line: number });
      return [];
    }
    const durationUs = length > 1 ? line.timeOf(frame - start + length) - timeUs : null;
    return [{ ...comment, timeUs, durationUs }];
  });
  return ok(readResult('resolve-edl', notes, { title, comments }));
}

/** Resolve's marker list. */
export const resolveEdl: TextFormat = {
  name: 'resolve-edl',
  sniff: (text) =>
    headOf(text).includes('|C:ResolveColor') && firstLines(text, 10).some((line) => eventOf(line) !== null)
      ? 1
      : 0,
  read,
  write,
};
