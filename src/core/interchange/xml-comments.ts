/**
 * Comments where a format has room for a text only: what else is known of them is put into lines that a person can read in the
 * other program and that are read back here. And the marker colours of other programs, which have eight or a dozen.
 */
import { DEFAULT_COLOR, MAX_NAME, MAX_REPLIES, MAX_TEXT } from '../schema/annotation.ts';
import { isoDateSchema } from '../schema/iso-date.ts';
import type { ExchangeComment, ExchangeReply } from './model.ts';
import { keptText, type LossList } from './xml-loss.ts';

/** What a note says of a comment. */
export interface NoteFields {
  readonly author?: string;
  readonly category?: string;
  readonly color?: string;
  readonly createdAt?: string;
  readonly resolved?: boolean;
  readonly resolvedBy?: string;
  readonly resolvedAt?: string;
  /** True for a comment on no frame. */
  readonly untimed?: boolean;
  readonly replies?: readonly ExchangeReply[];
}

const LABELS = [
  ['author', 'Author'],
  ['category', 'Category'],
  ['color', 'Color'],
  ['createdAt', 'Created'],
  ['resolvedBy', 'Resolved by'],
  ['resolvedAt', 'Resolved at'],
] as const;
const RESOLVED = 'Resolved: yes';
const UNTIMED = 'Time: none';
/** Says nothing, so that a text whose own end looks like a note is not read as one. */
const NOTHING = 'Notes: none';
const REPLY = /^Reply from (.*?)(?:, (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)))?:$/;

/** A name as one line. */
function oneLine(text: string, losses: LossList): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line !== text) losses.add('text_changed');
  return line;
}

/** The lines of a note; empty where there is nothing to say. No line is empty, so that a note is one paragraph. */
export function noteOf(fields: NoteFields, losses: LossList): string {
  const lines: string[] = [];
  for (const [key, label] of LABELS) {
    const value = oneLine(fields[key] ?? '', losses);
    if (value !== '') lines.push(`${label}: ${value}`);
  }
  if (fields.resolved === true) lines.push(RESOLVED);
  if (fields.untimed === true) lines.push(UNTIMED);
  for (const reply of fields.replies ?? []) {
    const date = reply.createdAt === null ? '' : `, ${reply.createdAt}`;
    lines.push(`Reply from ${oneLine(reply.author, losses)}${date}:`);
    for (const line of reply.text.replace(/\r\n?/g, '\n').split('\n')) lines.push(`  ${line}`);
  }
  return lines.join('\n');
}

/** Reads a note; null where any line is not one of ours: then it is somebody else's text. */
export function parseNote(text: string): NoteFields | null {
  const fields: { -readonly [K in keyof NoteFields]?: NoteFields[K] } = {};
  const replies: { author: string; createdAt: string | null; lines: string[] }[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const reply = REPLY.exec(line);
    const open = replies.at(-1);
    if (reply) replies.push({ author: reply[1] ?? '', createdAt: reply[2] ?? null, lines: [] });
    else if (open) {
      if (line !== '' && !line.startsWith('  ')) return null;
      open.lines.push(line.slice(2));
    } else if (line === NOTHING) continue;
    else if (line === RESOLVED) fields.resolved = true;
    else if (line === UNTIMED) fields.untimed = true;
    else {
      const known = LABELS.find(([, label]) => line.startsWith(`${label}: `));
      if (!known || fields[known[0]] !== undefined) return null;
      fields[known[0]] = line.slice(known[1].length + 2);
    }
  }
  return {
    ...fields,
    replies: replies.map(({ author, createdAt, lines }) => ({ author, createdAt, text: lines.join('\n') })),
  };
}

/** Text and note as one text: the note is the last paragraph. */
export function withNote(text: string, note: string): string {
  if (note !== '') return `${text}\n\n${note}`;
  // Of a comment without text, readers would take the author for what it says.
  return text !== '' && splitNote(text).note === null ? text : `${text}\n\n${NOTHING}`;
}

/** A text without its last paragraph where that is a note. */
export function splitNote(text: string): { readonly text: string; readonly note: NoteFields | null } {
  const lines = text.replace(/\r\n?/g, '\n');
  const at = lines.lastIndexOf('\n\n');
  const note = at < 0 ? null : parseNote(lines.slice(at + 2));
  return note === null ? { text: lines, note } : { text: lines.slice(0, at), note };
}

/** A date as records keep it; null for anything else. */
export function dateOrNull(value: unknown): string | null {
  const parsed = isoDateSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** A colour as `#rrggbb`; null for anything else. */
export function colorOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : null;
}

/** The colour that has to be told: the default one is what a comment without a colour gets. */
export function toldColor(color: string | null): string | null {
  return color === null || color.toLowerCase() === DEFAULT_COLOR ? null : color.toLowerCase();
}

/** Texts of a comment cut to what one may hold, with what that changed. */
export function finished(comment: ExchangeComment, losses: LossList): ExchangeComment {
  if (comment.replies.length > MAX_REPLIES) {
    losses.add('too_many', { limit: MAX_REPLIES }, comment.replies.length - MAX_REPLIES);
  }
  return {
    ...comment,
    text: keptText(comment.text, MAX_TEXT, losses),
    author: keptText(comment.author, MAX_NAME, losses),
    category: comment.category === null ? null : keptText(comment.category, MAX_NAME, losses),
    resolvedBy: comment.resolvedBy === null ? null : keptText(comment.resolvedBy, MAX_NAME, losses),
    replies: comment.replies.slice(0, MAX_REPLIES).map((reply) => ({
      author: keptText(reply.author, MAX_NAME, losses),
      text: keptText(reply.text, MAX_TEXT, losses),
      createdAt: reply.createdAt,
    })),
  };
}

/** A comment of which only some is known. */
export function commentOf(known: Partial<ExchangeComment>, note: NoteFields = {}): ExchangeComment {
  const resolved = known.resolved === true || note.resolved === true;
  return {
    id: known.id ?? null,
    mediaId: known.mediaId ?? null,
    timeUs: note.untimed === true ? null : (known.timeUs ?? null),
    durationUs: note.untimed === true ? null : (known.durationUs ?? null),
    text: known.text ?? '',
    author: note.author ?? known.author ?? '',
    color: colorOrNull(note.color) ?? known.color ?? null,
    category: note.category ?? known.category ?? null,
    shapes: known.shapes ?? [],
    replies:
      note.replies?.map((reply) => ({ ...reply, createdAt: dateOrNull(reply.createdAt) })) ??
      known.replies ??
      [],
    resolved,
    resolvedBy: resolved ? (note.resolvedBy ?? known.resolvedBy ?? null) : null,
    resolvedAt: resolved ? (dateOrNull(note.resolvedAt) ?? known.resolvedAt ?? null) : null,
    createdAt: dateOrNull(note.createdAt) ?? known.createdAt ?? null,
  };
}

/** The note's fields of a comment; the writer leaves out what its format has an own place for. */
export function noteFieldsOf(comment: ExchangeComment): NoteFields {
  return {
    author: comment.author,
    ...(comment.category !== null && { category: comment.category }),
    ...(comment.createdAt !== null && { createdAt: comment.createdAt }),
    ...(comment.resolvedBy !== null && { resolvedBy: comment.resolvedBy }),
    ...(comment.resolvedAt !== null && { resolvedAt: comment.resolvedAt }),
    replies: comment.replies,
  };
}

/** Colours of markers by name: a program shows only these. */
export type Palette = Readonly<Record<string, string>>;

const channels = (color: string): readonly number[] =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** The name of the nearest colour of a palette. */
export function nearestColor(color: string, palette: Palette): string {
  const wanted = channels(color);
  let best = '';
  let least = Infinity;
  for (const [name, value] of Object.entries(palette)) {
    const away = channels(value).reduce((sum, channel, at) => sum + (channel - (wanted[at] ?? 0)) ** 2, 0);
    if (away < least) [best, least] = [name, away];
  }
  return best;
}
