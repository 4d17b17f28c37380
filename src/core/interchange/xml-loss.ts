/**
 * What the XML and JSON formats share about losses and hostile text: one collector that adds up what could not be carried over,
 * and the only place where their text is cleaned and cut to what a comment may hold.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err } from '../base/result.ts';
import type { Loss, LOSS_CODES, LOSS_THINGS } from './model.ts';

type LossCode = (typeof LOSS_CODES)[number];
type LossThing = (typeof LOSS_THINGS)[number];

/** Most sentences of one code: a hostile text names a thousand films, the report need not. */
const MAX_KINDS = 50;
/** Longest piece of the text that a report repeats. */
const MAX_SHOWN = 80;

/** What no format of ours holds: control characters but tab and line ends, and what Unicode keeps for no character. */
const NOT_TEXT = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;
/** Halves of a character. */
const LONE = /\p{Surrogate}/gu;

/** Adds up losses: one entry for each kind, however often it happens. */
export interface LossList {
  readonly add: (code: LossCode, params?: Loss['params'], count?: number) => void;
  readonly notCarried: (what: LossThing, count?: number) => void;
  readonly list: () => readonly Loss[];
}

/** An empty collector. */
export function lossList(): LossList {
  const kinds = new Map<string, { code: LossCode; count: number; params: Loss['params'] }>();
  const perCode = new Map<LossCode, number>();
  const add = (code: LossCode, params: Loss['params'] = {}, count = 1): void => {
    if (count <= 0) return;
    const key = `${code}:${String(params['what'] ?? params['name'] ?? params['rule'] ?? params['found'] ?? '')}`;
    const aside = code === 'unreadable_line' ? code : key;
    const known = kinds.get(aside);
    if (known) {
      known.count += count;
      return;
    }
    const used = perCode.get(code) ?? 0;
    if (used >= MAX_KINDS) {
      // The last kind stands for the rest: the number stays right.
      const last = [...kinds.values()].findLast((kind) => kind.code === code);
      if (last) last.count += count;
      return;
    }
    perCode.set(code, used + 1);
    kinds.set(aside, { code, count, params });
  };
  return {
    add,
    notCarried: (what, count) => {
      add('not_carried', { what }, count);
    },
    list: () => [...kinds.values()],
  };
}

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
  return err(
    failure('unsupported_media', 'unreadable_file', `Not readable as ${format}: ${message}`, { format }),
  );
}
