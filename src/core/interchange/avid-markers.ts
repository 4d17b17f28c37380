/**
 * Avid's marker list: tab-separated lines without a header, `author · timecode · track · colour · text · frames`. Comments on no frame lie on
 * track TC1 at the first frames in magenta, where Frame.io keeps them; others on V1.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { commentOf, noteColors, readResult, singleLine, taken } from './fields.ts';
import { firstLines, linesOf } from './lines.ts';
import { lossNotes, noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type { ExchangeComment, ReadContext, ReadExchange, TextFormat, WriteInput, Written } from './model.ts';
import { avidPalette } from './palettes.ts';
import { guessStart, noteRounded, placeOnLine } from './place.ts';
import { framesOf, hourFrames, isLabel, labelOf, mediaLine, readLabel } from './timecode-text.ts';

const TRACK = /^(?:V|A|TC|D|DF|ANC)\d{0,3}$/i;
const LEGACY_TRACK = 'TC1';
const LEGACY_COLOR = 'magenta';

/** The fields of a line; null for another line. */
function fieldsOf(line: string): readonly string[] | null {
  const fields = line.split('\t', 8);
  const [, label = '', track = ''] = fields;
  return fields.length >= 5 && isLabel(label.trim()) && TRACK.test(track.trim()) ? fields : null;
}

function write(input: WriteInput): Result<Written, Failure> {
  const { exchange, rate, options } = input;
  const notes = lossNotes();
  const { line, timed, legacy } = placeOnLine(input, notes);
  noteRounded(notes, line, timed);
  const start = options.startFrame ?? hourFrames(rate);
  const withLegacy = options.withLegacy === true;
  notes.add(withLegacy ? 'legacy_placed' : 'legacy_left_out', {}, legacy.length);
  const row = (
    { author, text }: ExchangeComment,
    frame: number,
    track: string,
    color: string,
    length: number,
  ): string =>
    [
      singleLine(author, notes),
      labelOf(start + frame, rate),
      track,
      color,
      singleLine(text, notes),
      String(length),
    ].join('\t');
  const rows = timed.map(({ comment, us, durationUs }) => {
    const length = durationUs === null ? 1 : framesOf(line, us, durationUs);
    // A length of one frame is that of a marker without one.
    if (durationUs !== null && length === 1) notes.notCarried('duration', 1);
    return row(comment, line.frameAt(us), 'V1', avidPalette.nameOf(comment.color), length);
  });
  const placed = withLegacy ? legacy : [];
  const last = placed.map((comment, at) => row(comment, at, LEGACY_TRACK, LEGACY_COLOR, 1));
  const written = [...timed.map(({ comment }) => comment), ...placed];
  noteUncarried(notes, written, ['shapes', 'replies', 'resolved', 'category', 'created']);
  noteUncarried(notes, placed, ['duration']);
  noteColors(
    notes,
    timed.map(({ comment }) => comment),
    avidPalette,
  );
  noteUncarried(notes, placed, ['color']);
  noteUncarriedCuts(notes, exchange.cuts, ['cuts']);
  notes.notCarried('cues', exchange.cues.length);
  return ok({
    text: [...rows, ...last].map((one) => `${one}\r\n`).join(''),
    extension: '.txt',
    type: 'text/plain',
    losses: notes.list(),
  });
}

/** A marker, before the start of the time line is known. */
interface ReadMarker {
  readonly frame: number;
  readonly line: number;
  readonly length: number;
  /** Where Frame.io and we keep comments on no frame. */
  readonly apart: boolean;
  readonly comment: ExchangeComment;
}

function collect(text: string, context: ReadContext, notes: LossNotes): readonly ReadMarker[] {
  const found = taken<ReadMarker>(notes);
  for (const { text: line, number, tooLong } of linesOf(text)) {
    if (!tooLong && line.trim() === '') continue;
    const [author = '', stamp = '', track = '', color = '', said = '', length = ''] = fieldsOf(line) ?? [];
    const label = readLabel(stamp, context.media.rate, false);
    if (label === null) {
      notes.unreadable(number, line);
      continue;
    }
    if (label.repaired) notes.add('timecode_repaired');
    const tint = color.trim().toLowerCase();
    const apart = track.trim().toUpperCase() === LEGACY_TRACK && tint === LEGACY_COLOR;
    found.push({
      frame: label.frame,
      line: number,
      length: /^\d{1,9}$/.test(length.trim()) ? Number(length) : 1,
      apart,
      comment: commentOf(
        { author: author.trim(), text: said.trim(), color: apart ? null : avidPalette.colorOf(tint) },
        notes,
      ),
    });
  }
  return found.all;
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const { media } = context;
  const found = collect(text, context, notes);
  const line = mediaLine(media);
  const timed = found.filter(({ apart }) => !apart);
  const apart = found.filter((marker) => marker.apart);
  const from = (timed.length > 0 ? timed : apart).map(({ frame }) => frame);
  const start = guessStart(from, context, media.rate, notes);
  // Comments on no frame stand at the first frames, one after another; anything else on that track is a marker as any other.
  const first = Math.min(...apart.slice(0, 1).map(({ frame }) => frame));
  const legacy = new Set(apart.filter(({ frame }, at) => frame === first + at));
  const comments = found.flatMap((marker): ExchangeComment[] => {
    const { frame, length, comment } = marker;
    if (legacy.has(marker)) return [comment];
    const timeUs = frame < start ? Infinity : line.timeOf(frame - start);
    if (timeUs >= media.durationUs) {
      notes.add('outside_media', { line: marker.line });
      return [];
    }
    const durationUs = length > 1 ? line.timeOf(frame - start + length) - timeUs : null;
    return [{ ...comment, timeUs, durationUs }];
  });
  return comments.length === 0 && text.trim() !== '' && found.length === 0
    ? err(failure('invalid_spec', 'broken_document', 'There is no line of an Avid marker list.'))
    : ok(readResult('avid-markers', notes, { comments }));
}

/** Avid's marker list. */
export const avidMarkers: TextFormat = {
  name: 'avid-markers',
  sniff: (text) => {
    const lines = firstLines(text, 5);
    return lines.length > 0 && lines.every((line) => fieldsOf(line) !== null) ? 0.9 : 0;
  },
  read,
  write,
};
