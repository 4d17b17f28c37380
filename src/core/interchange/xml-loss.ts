/**
 * What the XML and JSON formats share about losses and hostile text: one collector that adds up what could not be carried over,
 * and the only place where their text is cleaned and cut to what a comment may hold.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err } from '../base/result.ts';
import { lossNotes, type LossNotes } from './loss.ts';

/** Longest piece of the text that a report repeats. */
const MAX_SHOWN = 80;

/** What no format of ours holds: control characters but tab and line ends, and what Unicode keeps for no character. */
const NOT_TEXT = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;
/** Halves of a character. */
const LONE = /\p{Surrogate}/gu;

/** Losses as they are found. */
export type LossList = LossNotes;

/** An empty collection. */
export const lossList = lossNotes;

/** A piece of hostile text as a report may show it. */
export function shown(text: string): string {
  const clean = text
    .slice(0, MAX_SHOWN * 2)
    .replace(NOT_TEXT, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > MAX_SHOWN ? `${cutText(clean, MAX_SHOWN - 1)}…` : clean;
}

/** Text without what XML may not hold; halves of a character become the sign for an unknown one. */
export function withoutControls(text: string): string {
  return text.replace(NOT_TEXT, '').replace(LONE, '\ufffd');
}

/** The start of a text, never half a character. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}

/** Hostile text as a comment may keep it, with what that changed. Line ends become one. */
export function keptText(text: string, longest: number, losses: LossList): string {
  const clean = withoutControls(text);
  if (clean !== text) losses.add('text_changed');
  const lines = clean.replace(/\r\n?/g, '\n');
  if (lines.length <= longest) return lines;
  losses.add('text_cut');
  return cutText(lines, longest);
}

/** A text that is not what the format says, or that is made to harm. */
export function unreadable(format: string, message: string): { readonly ok: false; readonly error: Failure } {
  return err(failure('invalid_spec', 'broken_document', `Not readable as ${format}: ${message}`, { format }));
}
