/**
 * Our own CSV: everything of a comment, one row each, so that reading it again gives the same comments. Two profiles: for spreadsheets
 * (byte order mark, CRLF, a guard before what a spreadsheet would run) and for programs (as it is). Each row says which it is, because a
 * spreadsheet that saves the file again changes everything else that would tell.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { microsToDecimal, SECOND_US } from '../base/time.ts';
import {
  colorTextSchema,
  MAX_NAME,
  MAX_REPLIES,
  MAX_SHAPES,
  MAX_TEXT,
  shapeSchema,
  type Shape,
} from '../schema/annotation.ts';
import { csvRows, csvText, delimiterOf, firstRow, guarded, headerOf, unguarded } from './csv.ts';
import { capped, commentOf, dateOf, mediaNames, noteUnknown, readResult, taken } from './fields.ts';
import { headOf } from './lines.ts';
import { lossNotes, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type {
  ExchangeComment,
  ExchangeMedia,
  ExchangeReply,
  ReadContext,
  ReadExchange,
  TextFormat,
  WriteInput,
  Written,
} from './model.ts';
import { frameAt, labelOf, mediaLine, readLabel, timeOf } from './timecode-text.ts';

const COLUMNS = [
  'id',
  'asset',
  'asset_id',
  'frame',
  'timecode_in',
  'timecode_out',
  'seconds',
  'duration_seconds',
  'author',
  'text',
  'replies',
  'resolved',
  'resolved_by',
  'resolved_at',
  'category',
  'color',
  'shapes',
  'created',
  'legacy_comment',
  'profile',
] as const;
type Column = (typeof COLUMNS)[number];
/** Written by us from numbers and closed lists: nothing in them can be hostile. */
const SAFE: ReadonlySet<Column> = new Set<Column>([
  'frame',
  'timecode_in',
  'timecode_out',
  'seconds',
  'duration_seconds',
  'resolved',
  'legacy_comment',
  'profile',
]);
/** Without these it is another program's. */
const NEEDED = ['text', 'author', 'seconds', 'legacy_comment'] as const;
/** What the common spreadsheet holds in one cell; what is longer it cuts when it saves. */
const CELL_LENGTH = 32_767;

type Cells = Readonly<Record<Column, string>>;

function timeCells(
  comment: ExchangeComment,
  media: ExchangeMedia | undefined,
): Pick<Cells, 'frame' | 'timecode_in' | 'timecode_out' | 'seconds' | 'duration_seconds'> {
  const { timeUs, durationUs } = comment;
  const seconds = timeUs === null ? '' : microsToDecimal(timeUs);
  const length = durationUs === null ? '' : microsToDecimal(durationUs);
  if (timeUs === null || media === undefined) {
    return { frame: '', timecode_in: '', timecode_out: '', seconds, duration_seconds: length };
  }
  const line = mediaLine(media);
  const label = (us: number): string => labelOf(media.startFrame + line.frameAt(us), media.rate);
  return {
    frame: String(frameAt(media, timeUs)),
    timecode_in: label(timeUs),
    timecode_out: durationUs === null ? '' : label(timeUs + durationUs),
    seconds,
    duration_seconds: length,
  };
}

function cellsOf(
  comment: ExchangeComment,
  media: ExchangeMedia | undefined,
  profile: 'spreadsheet' | 'interchange',
): Cells {
  return {
    id: comment.id ?? '',
    // A comment of no film in particular names none, and comes back so.
    asset: comment.mediaId === null ? '' : (media?.name ?? ''),
    asset_id: comment.mediaId ?? '',
    ...timeCells(comment, media),
    author: comment.author,
    text: comment.text,
    replies: comment.replies.length === 0 ? '' : JSON.stringify(comment.replies),
    resolved: String(comment.resolved),
    resolved_by: comment.resolvedBy ?? '',
    resolved_at: comment.resolvedAt ?? '',
    category: comment.category ?? '',
    color: comment.color ?? '',
    shapes: comment.shapes.length === 0 ? '' : JSON.stringify(comment.shapes),
    created: comment.createdAt ?? '',
    legacy_comment: String(comment.timeUs === null),
    profile,
  };
}

function write({ exchange, media, options }: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const profile = options.profile ?? 'spreadsheet';
  const forSpreadsheet = profile === 'spreadsheet';
  const byId = new Map(media.map((one) => [one.id, one]));
  const rows = exchange.comments.map((comment) => {
    const film = comment.mediaId === null ? media[0] : byId.get(comment.mediaId);
    const cells = cellsOf(comment, film, profile);
    return COLUMNS.map((column) => {
      if (cells[column].length > CELL_LENGTH && forSpreadsheet) notes.ruleBroken('cell_length');
      return forSpreadsheet && !SAFE.has(column) ? guarded(cells[column]) : cells[column];
    });
  });
  noteUncarriedCuts(notes, exchange.cuts, ['cuts']);
  notes.notCarried('cues', exchange.cues.length);
  return ok({
    text: (forSpreadsheet ? '\uFEFF' : '') + csvText([[...COLUMNS], ...rows], forSpreadsheet ? '\r\n' : '\n'),
    extension: '.csv',
    type: 'text/csv',
    losses: notes.list(),
  });
}

/** A list in a cell; null where it is none. */
function listOf(cell: string): readonly unknown[] | null {
  if (cell === '') return [];
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function replyOf(raw: unknown, notes: LossNotes): ExchangeReply | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { author, text, createdAt } = raw as Readonly<Record<string, unknown>>;
  if (typeof author !== 'string' || typeof text !== 'string') return null;
  return {
    author: capped(author, MAX_NAME, notes),
    text: capped(text, MAX_TEXT, notes),
    createdAt: typeof createdAt === 'string' ? dateOf(createdAt) : null,
  };
}

function shapeOf(raw: unknown): Shape | null {
  const parsed = shapeSchema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}

/** The things of a cell's list; what is none of them is noted. */
function things<T>(
  cell: string,
  limit: number,
  what: 'replies' | 'shapes',
  read: (raw: unknown) => T | null,
  notes: LossNotes,
): readonly T[] {
  const list = listOf(cell);
  if (list === null) {
    notes.notCarried(what, 1);
    return [];
  }
  const found = list.slice(0, limit).flatMap((raw) => read(raw) ?? []);
  notes.notCarried(what, list.length - found.length);
  return found;
}

/** Seconds as microseconds; null for an empty cell, undefined for what is no time. */
function microsOf(cell: string): number | null | undefined {
  const clean = cell.trim().replace(',', '.');
  if (clean === '') return null;
  if (!/^\d{1,9}(?:\.\d{0,12})?$/.test(clean)) return undefined;
  return Math.round(Number(clean) * SECOND_US);
}

/** When a row's comment is; undefined where that cannot be read. */
function timeFrom(cell: (column: Column) => string, media: ExchangeMedia): number | null | undefined {
  const seconds = microsOf(cell('seconds'));
  if (seconds !== null) return seconds;
  const frame = cell('frame').trim();
  if (/^\d{1,9}$/.test(frame)) return timeOf(media, Number(frame));
  if (frame !== '') return undefined;
  const label = cell('timecode_in').trim();
  if (label === '') return null;
  const read = readLabel(label, media.rate, true);
  return read === null ? undefined : mediaLine(media).timeOf(Math.max(0, read.frame - media.startFrame));
}

function isTrue(cell: string): boolean {
  return /^(?:true|yes|1)$/i.test(cell.trim());
}

interface Reading {
  readonly context: ReadContext;
  readonly names: ReturnType<typeof mediaNames>;
  readonly notes: LossNotes;
}

/** The film of a row: null for the one that the text is read for. */
function mediaOf(id: string, name: string, { names, notes }: Reading): ExchangeMedia | null {
  if (id === '' && name === '') return null;
  const known = names.byId(id) ?? names.find(name);
  if (known === null) noteUnknown(notes, name === '' ? id : name);
  return known;
}

function commentFrom(
  cell: (column: Column) => string,
  line: number,
  reading: Reading,
): ExchangeComment | null {
  const { context, notes } = reading;
  const media = mediaOf(cell('asset_id'), cell('asset'), reading);
  const film = media ?? context.media;
  const timeUs = timeFrom(cell, film);
  const durationUs = microsOf(cell('duration_seconds'));
  if (timeUs === undefined || durationUs === undefined) {
    notes.unreadable(line, cell('seconds') || cell('frame') || cell('timecode_in'));
    return null;
  }
  if (timeUs !== null && timeUs >= film.durationUs) {
    notes.add('outside_media', { line });
    return null;
  }
  const date = (column: 'created' | 'resolved_at'): string | null => {
    const read = dateOf(cell(column).trim());
    if (read === null && cell(column) !== '') notes.notCarried('created', 1);
    return read;
  };
  const color = cell('color').trim();
  if (color !== '' && !colorTextSchema.safeParse(color).success) notes.notCarried('color', 1);
  return commentOf(
    {
      id: cell('id') === '' ? null : capped(cell('id'), MAX_NAME, notes),
      mediaId: media?.id ?? null,
      timeUs,
      durationUs: durationUs === 0 ? null : durationUs,
      text: cell('text'),
      author: cell('author'),
      color: colorTextSchema.safeParse(color).success ? color : null,
      category: cell('category') === '' ? null : capped(cell('category'), MAX_NAME, notes),
      shapes: things(cell('shapes'), MAX_SHAPES, 'shapes', shapeOf, notes),
      replies: things(cell('replies'), MAX_REPLIES, 'replies', (raw) => replyOf(raw, notes), notes),
      resolved: isTrue(cell('resolved')),
      resolvedBy: cell('resolved_by') === '' ? null : capped(cell('resolved_by'), MAX_NAME, notes),
      resolvedAt: date('resolved_at'),
      createdAt: date('created'),
    },
    notes,
  );
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const rows = csvRows(text, delimiterOf(headOf(text)));
  const header = headerOf(rows.next().value?.cells ?? [], NEEDED);
  if (header === null) {
    return err(failure('invalid_spec', 'broken_document', 'The CSV has not the columns of a Reelkeep CSV.'));
  }
  const notes = lossNotes();
  const reading: Reading = { context, notes, names: mediaNames(context.all) };
  const comments = taken<ExchangeComment>(notes);
  for (const { cells, line } of rows) {
    if (cells.every((cell) => cell === '') || comments.skips()) continue;
    const raw = (column: Column): string => cells[header.get(column) ?? -1] ?? '';
    const guard = raw('profile').trim().toLowerCase() === 'spreadsheet';
    const cell = (column: Column): string =>
      guard && !SAFE.has(column) ? unguarded(raw(column)) : raw(column);
    const comment = commentFrom(cell, line, reading);
    if (comment !== null) comments.push(comment);
  }
  return ok(readResult('reelkeep-csv', notes, { comments: comments.all }));
}

/** Our own CSV. */
export const reelkeepCsv = {
  name: 'reelkeep-csv',
  sniff: (text) => (headerOf(firstRow(headOf(text)), NEEDED) === null ? 0 : 1),
  read,
  write,
} satisfies TextFormat;
