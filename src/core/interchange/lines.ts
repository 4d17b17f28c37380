/** Lines and lengths of text that may be hostile: read one by one, never all at once, and never a pattern over a line without end. */
import { MAX_LINE } from './model.ts';

/** A line without its end. */
export interface Line {
  /** Empty where the line is longer than what is looked at. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Longer than `MAX_LINE`. */
  readonly tooLong: boolean;
}

/** Most lines that are looked at; more are no list that anybody made. */
export const MAX_LINES = 2_000_000;
const LF = 10;
const CR = 13;

/** Where the line that starts at a position ends, and where the next one starts. */
function endOfLine(text: string, from: number): { readonly end: number; readonly next: number } {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF) return { end: at, next: at + 1 };
    if (code === CR) return { end: at, next: text.charCodeAt(at + 1) === LF ? at + 2 : at + 1 };
  }
  return { end: text.length, next: text.length };
}

/**
 * The lines of a text, ended by LF, CRLF or a lone CR. An end at the very end starts no further line. What follows the most lines that
 * are looked at is one line that is too long.
 */
export function* linesOf(text: string): Generator<Line, void> {
  let from = 0;
  for (let number = 1; from < text.length; number += 1) {
    if (number > MAX_LINES) {
      yield { text: '', number, tooLong: true };
      return;
    }
    const { end, next } = endOfLine(text, from);
    const tooLong = end - from > MAX_LINE;
    yield { text: tooLong ? '' : text.slice(from, end), number, tooLong };
    from = next;
  }
}

/** How much of a text is looked at to recognise its format. */
const HEAD_LENGTH = 65_536;

/** The start of a text, without a byte order mark. */
export function headOf(text: string): string {
  return text.slice(text.startsWith('\uFEFF') ? 1 : 0, HEAD_LENGTH);
}

/** The first lines that are not blank. */
export function firstLines(text: string, count: number): readonly string[] {
  const found: string[] = [];
  for (const line of linesOf(headOf(text))) {
    if (line.text.trim() !== '') found.push(line.text);
    if (found.length === count) break;
  }
  return found;
}

/** Cut to a length, never inside a character that is written as two. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

// eslint-disable-next-line no-control-regex -- what lines of other programs cannot hold
const BREAKS = /[\0-\x1f\x7f\u0085\u2028\u2029]+/g;

/** Text on one line: breaks, tabs and control characters become spaces, and none stands at an end. */
export function oneLine(text: string): string {
  return text.replace(BREAKS, ' ').trim();
}
