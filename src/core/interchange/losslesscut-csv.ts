/**
 * LosslessCut's CSV: `Start,End,Name` in seconds, with a header and columns of tags in newer versions, without one in older ones. No start is the
 * beginning, no end is a marker. In the spreadsheet profile cells that a spreadsheet would run are guarded; its lines end with CRLF, LosslessCut's own with LF, which
 * tells on reading whether an apostrophe is a guard.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { csvRows, csvText, delimiterOf, guarded, headerOf, unguarded } from './csv.ts';
import { readResult } from './fields.ts';
import { headOf } from './lines.ts';
import { lossNotes, type LossNotes } from './loss.ts';
import { fromSegments, toSegments, type Segment } from './losslesscut.ts';
import type { ReadContext, ReadExchange, TextFormat, WriteInput, Written } from './model.ts';

const COLUMNS = ['Start', 'End', 'Name'] as const;
const NEEDED = COLUMNS.map((name) => name.toLowerCase());
const SECONDS = /^\d{1,9}(?:\.\d{0,12})?$/;
/** Most columns of tags. */
const MAX_TAG_COLUMNS = 50;

/** Whether a row without a header above it is a segment. */
function isSegment(cells: readonly string[]): boolean {
  const [start = '', end = ''] = cells.map((cell) => cell.trim());
  const good = (cell: string): boolean => cell === '' || SECONDS.test(cell);
  return cells.length >= 2 && good(start) && good(end) && (start !== '' || end !== '');
}

function hasHeader(cells: readonly string[]): boolean {
  return headerOf(cells.slice(0, NEEDED.length), NEEDED) !== null;
}

function* segmentsOf(
  text: string,
  notes: LossNotes,
): Generator<{ readonly segment: Segment; readonly line: number }> {
  const bare = /^[^\r\n]{0,10000}\r\n/.test(text) ? unguarded : (cell: string) => cell;
  let names: readonly string[] | null = null;
  for (const { cells, line } of csvRows(text, delimiterOf(headOf(text)))) {
    if (names === null) {
      names = hasHeader(cells) ? cells : [];
      if (names.length > 0) continue;
    }
    if (cells.every((cell) => cell === '')) continue;
    if (!isSegment(cells)) {
      notes.unreadable(line, cells.join(','));
      continue;
    }
    const [start = '', end = '', name = '', ...rest] = cells;
    const columns = names;
    const tags = rest.flatMap((value, at) => {
      const column = columns[at + COLUMNS.length];
      if (column === undefined || value === '') return [];
      // A tag without a value stands there with its own name.
      const [tag, said] = [bare(column), bare(value)];
      return [[tag, said === tag ? '' : said] as const];
    });
    const seconds = (cell: string): number | null => (cell.trim() === '' ? null : Number(cell));
    yield { segment: { start: seconds(start), end: seconds(end), name: bare(name), tags }, line };
  }
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const read = fromSegments(segmentsOf(text, notes), context.media, notes);
  return ok(readResult('losslesscut-csv', notes, read));
}

function write(input: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const segments = toSegments(input, notes);
  const names = [...new Set(segments.flatMap(({ tags }) => tags.map(([name]) => name)))];
  const columns = names.slice(0, MAX_TAG_COLUMNS);
  notes.notCarried('tags', names.length - columns.length);
  const forSpreadsheet = input.options.profile !== 'interchange';
  const safe = (cell: string): string => {
    const written = forSpreadsheet ? guarded(cell) : cell;
    if (written !== cell) notes.add('text_changed');
    return written;
  };
  const rows = segments.map(({ start, end, name, tags }) => {
    const values = new Map(tags);
    notes.add('text_changed', {}, tags.filter(([tag, value]) => tag === value).length);
    return [
      start === null ? '' : start.toFixed(6),
      end === null ? '' : end.toFixed(6),
      safe(name),
      ...columns.map((column) => (values.has(column) ? safe(values.get(column) || column) : '')),
    ];
  });
  return ok({
    text: csvText([[...COLUMNS, ...columns.map(safe)], ...rows], forSpreadsheet ? '\r\n' : '\n'),
    extension: '.csv',
    type: 'text/csv',
    losses: notes.list(),
  });
}

/** LosslessCut's CSV. */
export const losslesscutCsv: TextFormat = {
  name: 'losslesscut-csv',
  sniff: (text) => {
    const head = headOf(text);
    const rows = csvRows(head, delimiterOf(head));
    const first = rows.next().value?.cells ?? [];
    if (hasHeader(first)) return 0.9;
    const second = rows.next().value?.cells;
    return isSegment(first) && (second === undefined || isSegment(second) || second.length === 1) ? 0.5 : 0;
  },
  read,
  write,
};
