/**
 * The marker list that Premiere exports (and does not read): tab-separated with a header in the language of the program, so columns count by
 * their place: name, description, in, out, duration, type. Premiere writes it as UTF-16. Read only.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { MAX_NAME } from '../schema/annotation.ts';
import { csvRows } from './csv.ts';
import { capped, commentOf, readResult, taken } from './fields.ts';
import { headOf } from './lines.ts';
import { lossNotes, type LossNotes } from './loss.ts';
import type { ExchangeComment, ReadContext, ReadExchange, TextFormat } from './model.ts';
import { guessStart } from './place.ts';
import { isLabel, mediaLine, readLabel } from './timecode-text.ts';

const NAME = 0;
const DESCRIPTION = 1;
const IN = 2;
const OUT = 3;
const DURATION = 4;
const TYPE = 5;

/** Whether a row has its timecodes where they belong. */
function isMarker(cells: readonly string[]): boolean {
  return cells.length > DURATION && [IN, OUT, DURATION].every((at) => isLabel((cells[at] ?? '').trim()));
}

interface ReadMarker {
  readonly frame: number;
  readonly length: number;
  readonly line: number;
  readonly comment: ExchangeComment;
}

function markerFrom(
  cells: readonly string[],
  line: number,
  context: ReadContext,
  notes: LossNotes,
): ReadMarker | null {
  const { rate } = context.media;
  const [from, , length] = [IN, OUT, DURATION].map((at) => readLabel(cells[at] ?? '', rate, false));
  if (from == null) return null;
  if (from.repaired) notes.add('timecode_repaired');
  const said = [cells[NAME] ?? '', cells[DESCRIPTION] ?? ''].map((part) => part.trim());
  const type = (cells[TYPE] ?? '').trim();
  const known = {
    text: [...new Set(said.filter((part) => part !== ''))].join('\n'),
    category: type === '' ? null : capped(type, MAX_NAME, notes),
  };
  return { frame: from.frame, length: length?.frame ?? 1, line, comment: commentOf(known, notes) };
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const { media } = context;
  const found = taken<ReadMarker>(notes);
  let first = true;
  for (const { cells, line } of csvRows(text, '\t')) {
    const header = first;
    first = false;
    if (cells.every((cell) => cell.trim() === '')) continue;
    const marker = isMarker(cells) ? markerFrom(cells, line, context, notes) : null;
    if (marker !== null) found.push(marker);
    else if (!header) notes.unreadable(line, cells.join(' '));
  }
  if (found.all.length === 0 && notes.list().length === 0) {
    return err(failure('invalid_spec', 'broken_document', 'There is no marker in the list.'));
  }
  const frames = found.all.map(({ frame }) => frame);
  const start = guessStart(frames, context, media.rate, notes);
  const line = mediaLine(media);
  const comments = found.all.flatMap((marker): ExchangeComment[] => {
    const timeUs = marker.frame < start ? Infinity : line.timeOf(marker.frame - start);
    if (timeUs >= media.durationUs) {
      notes.add('outside_media', { line: marker.line });
      return [];
    }
    const end = line.timeOf(marker.frame - start + marker.length);
    return [{ ...marker.comment, timeUs, durationUs: marker.length > 1 ? end - timeUs : null }];
  });
  return ok(readResult('premiere-markers', notes, { comments }));
}

/** Premiere's marker list. */
export const premiereMarkers: TextFormat = {
  name: 'premiere-markers',
  sniff: (text) => {
    const rows = csvRows(headOf(text), '\t');
    const header = rows.next().value?.cells ?? [];
    return header.length > DURATION && !isMarker(header) && isMarker(rows.next().value?.cells ?? [])
      ? 0.85
      : 0;
  },
  read,
  write: null,
};
