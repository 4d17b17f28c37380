/**
 * The CSV of Frame.io's older exports. Its text cells carry a pair of quotes of their own (which also keeps a spreadsheet from running
 * them), its frames count from 0, and answers are rows of their own after the comment they answer. The frame is trusted over the
 * timecode: the latter is rounded by whoever wrote it.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { MAX_NAME, MAX_REPLIES, MAX_TEXT } from '../schema/annotation.ts';
import { csvRows, csvText, delimiterOf, firstRow, headerOf } from './csv.ts';
import { capped, commentOf, mediaNames, noteUnknown, readResult, taken } from './fields.ts';
import { headOf } from './lines.ts';
import { lossNotes, noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
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
import { bareMedia } from './place.ts';
import { frameAt, framesOf, isOnFrame, labelOf, mediaLine, readLabel, timeOf } from './timecode-text.ts';

const COLUMNS = [
  'Team',
  'Project',
  'File',
  'File URL',
  'Version',
  'Commenter',
  'Comment ID',
  'Comment',
  'Reply',
  'Commented At',
  'Complete',
  'Annotation',
  'Frame',
  'Duration',
  'Timecode',
  'Timecode In',
  'Timecode Out',
  'Timecode Source',
  'Timecode Source In',
  'Timecode Source Out',
] as const;
type Column = (typeof COLUMNS)[number];

const NEEDED = ['comment', 'commenter'] as const;

function headerIn(cells: readonly string[]): ReadonlyMap<string, number> | null {
  const header = headerOf(cells, NEEDED);
  return header !== null && (header.has('frame') || header.has('timecode')) ? header : null;
}

/** A cell as Frame.io writes text: in quotes of its own. */
const quoted = (text: string): string => (text === '' ? '' : `"${text}"`);

function unquoted(cell: string): string {
  return cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1) : cell;
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');
const isYes = (cell: string): boolean => /^(?:yes|true)$/i.test(cell.trim());

/** `2021-04-22 03:08:34 AM`, which is in UTC. */
function dateFrom(cell: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2}):(\d{2})(?: ?(AM|PM))?$/i.exec(
    unquoted(cell.trim()),
  );
  if (match === null) return null;
  const [, day = '', hour = '', minute = '', second = '', half] = match;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  const date = new Date(`${day}T${String(hours).padStart(2, '0')}:${minute}:${second}.000Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function dateText(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const hour = date.getUTCHours();
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0');
  const utc = date.toISOString();
  return `${utc.slice(0, 10)} ${twelve}${utc.slice(13, 19)} ${hour < 12 ? 'AM' : 'PM'}`;
}

type Cells = Readonly<Partial<Record<Column, string>>>;

function timeCells({ timeUs, durationUs }: ExchangeComment, media: ExchangeMedia): Cells {
  if (timeUs === null) return {};
  const line = mediaLine(media);
  const first = line.frameAt(timeUs);
  const length = durationUs === null ? 0 : framesOf(line, timeUs, durationUs);
  const label = (frame: number): string => labelOf(frame, media.rate);
  return {
    Frame: String(frameAt(media, timeUs)),
    Duration: String(length),
    Timecode: label(first),
    'Timecode In': label(first),
    'Timecode Out': label(first + length),
    'Timecode Source': label(media.startFrame + first),
    'Timecode Source In': label(media.startFrame + first),
    'Timecode Source Out': label(media.startFrame + first + length),
  };
}

function write(input: WriteInput): Result<Written, Failure> {
  const { exchange, media } = input;
  const notes = lossNotes();
  const byId = new Map(media.map((one) => [one.id, one]));
  const rows = exchange.comments.flatMap((comment) => {
    const film = (comment.mediaId === null ? media[0] : byId.get(comment.mediaId)) ?? bareMedia(input.rate);
    const { timeUs, durationUs } = comment;
    const line = mediaLine(film);
    if (timeUs !== null && (!isOnFrame(line, timeUs) || !isOnFrame(line, timeUs + (durationUs ?? 0)))) {
      notes.add('time_rounded');
    }
    const shared = { File: quoted(film.name), Version: '1', ...timeCells(comment, film) };
    const row = (said: ExchangeReply, own: Cells): readonly string[] => {
      const cells: Cells = {
        ...shared,
        Commenter: quoted(said.author),
        Comment: quoted(said.text),
        'Commented At': dateText(said.createdAt),
        Complete: yesNo(comment.resolved),
        Annotation: yesNo(comment.shapes.length > 0),
        ...own,
      };
      return COLUMNS.map((column) => cells[column] ?? '');
    };
    return [
      row(comment, { 'Comment ID': comment.id ?? '', Reply: 'no' }),
      ...comment.replies.map((reply) => row(reply, { Reply: 'yes' })),
    ];
  });
  noteUncarried(notes, exchange.comments, ['shapes', 'color', 'category', 'resolved_by']);
  noteUncarriedCuts(notes, exchange.cuts, ['cuts']);
  notes.notCarried('cues', exchange.cues.length);
  return ok({
    text: csvText([[...COLUMNS], ...rows], '\n'),
    extension: '.csv',
    type: 'text/csv',
    losses: notes.list(),
  });
}

/** When a row's comment is; undefined where that cannot be read. */
function timeFrom(
  cell: (column: Column) => string,
  media: ExchangeMedia,
  hasFrames: boolean,
): number | null | undefined {
  const frame = cell('Frame').trim();
  if (/^\d{1,9}$/.test(frame)) return timeOf(media, Number(frame));
  if (frame !== '' && frame !== 'null') return undefined;
  const label = cell('Timecode').trim();
  if (label === '') return null;
  const read = readLabel(label, media.rate, true);
  // A comment without a frame among others that have one is on none: its timecode is zero.
  if (read === null || (hasFrames && read.frame === 0)) return read === null ? undefined : null;
  return mediaLine(media).timeOf(read.frame);
}

function durationFrom(cell: string, timeUs: number | null, media: ExchangeMedia): number | null {
  if (timeUs === null || !/^\d{1,9}$/.test(cell.trim()) || Number(cell) === 0) return null;
  const line = mediaLine(media);
  const end = line.timeOf(line.frameAt(timeUs) + Number(cell));
  return end > timeUs ? end - timeUs : null;
}

/** A comment whose answers are still being collected. */
interface Thread {
  readonly comment: ExchangeComment;
  readonly replies: ExchangeReply[];
}

interface Reading {
  readonly context: ReadContext;
  readonly names: ReturnType<typeof mediaNames>;
  readonly notes: LossNotes;
  readonly hasFrames: boolean;
}

function threadOf(cell: (column: Column) => string, row: number, reading: Reading): Thread | null {
  const { context, names, notes, hasFrames } = reading;
  const name = unquoted(cell('File'));
  const media = name === '' ? null : names.find(name);
  if (media === null && name !== '') noteUnknown(notes, name);
  const film = media ?? context.media;
  const timeUs = timeFrom(cell, film, hasFrames);
  if (timeUs === undefined) {
    notes.unreadable(row, cell('Frame') || cell('Timecode'));
    return null;
  }
  if (timeUs !== null && timeUs >= film.durationUs) {
    notes.add('outside_media', { line: row });
    return null;
  }
  if (isYes(cell('Annotation'))) notes.notCarried('shapes', 1);
  const id = cell('Comment ID');
  const replies: ExchangeReply[] = [];
  const known = {
    id: id === '' ? null : capped(id, MAX_NAME, notes),
    mediaId: media?.id ?? null,
    timeUs,
    durationUs: durationFrom(cell('Duration'), timeUs, film),
    text: unquoted(cell('Comment')),
    author: unquoted(cell('Commenter')),
    resolved: isYes(cell('Complete')),
    createdAt: dateFrom(cell('Commented At')),
    replies,
  };
  return { comment: commentOf(known, notes), replies };
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const rows = csvRows(text, delimiterOf(headOf(text)));
  const header = headerIn(rows.next().value?.cells ?? []);
  if (header === null) {
    return err(failure('invalid_spec', 'broken_document', 'The CSV has not the columns of a Frame.io CSV.'));
  }
  const notes = lossNotes();
  const reading: Reading = { context, notes, names: mediaNames(context.all), hasFrames: header.has('frame') };
  const comments = taken<ExchangeComment>(notes);
  let thread: Thread | null = null;
  for (const { cells, line } of rows) {
    if (cells.every((cell) => cell === '')) continue;
    const cell = (column: Column): string => cells[header.get(column.toLowerCase()) ?? -1] ?? '';
    if (isYes(cell('Reply')) && thread !== null && thread.replies.length < MAX_REPLIES) {
      thread.replies.push({
        author: capped(unquoted(cell('Commenter')), MAX_NAME, notes),
        text: capped(unquoted(cell('Comment')), MAX_TEXT, notes),
        createdAt: dateFrom(cell('Commented At')),
      });
      continue;
    }
    // Answers to what is left out are left out with it.
    thread = comments.skips() ? null : threadOf(cell, line, reading);
    if (thread !== null) comments.push(thread.comment);
  }
  return ok(readResult('frameio-csv', notes, { comments: comments.all }));
}

/** Frame.io's older CSV, and what reads it. */
export const frameioCsv: TextFormat = {
  name: 'frameio-csv',
  sniff: (text) => (headerIn(firstRow(headOf(text))) === null ? 0 : 0.95),
  read,
  write,
};
