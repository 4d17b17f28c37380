/** Collecting what was not carried over: by kind, so that a list of a million bad lines is one loss with its count. */
import { DEFAULT_COLOR } from '../schema/annotation.ts';
import { cutTo, oneLine } from './lines.ts';
import type { ExchangeComment, ExchangeCut, Loss, LOSS_CODES, LOSS_RULES, LOSS_THINGS } from './model.ts';

/** What kind of loss it is. */
export type LossCode = (typeof LOSS_CODES)[number];
/** What a format may have no place for. */
export type LossThing = (typeof LOSS_THINGS)[number];
/** A rule of a format. */
export type LossRule = (typeof LOSS_RULES)[number];

/** Losses as they are found. */
export interface LossNotes {
  add(code: LossCode, params?: Loss['params'], count?: number): void;
  /** `not_carried`, where there is any. */
  notCarried(what: LossThing, count?: number): void;
  ruleBroken(rule: LossRule, count?: number): void;
  /** `unreadable_line`. */
  unreadable(line: number, found: string): void;
  list(): readonly Loss[];
}

/** Names of films that are reported one by one; further ones count with the last. */
const MOST_KINDS = 100;
/** How much of a hostile text is shown. */
const SHOWN = 80;

/** A piece of hostile text for a sentence. */
export function shown(text: string): string {
  return cutTo(oneLine(text.slice(0, 10 * SHOWN)), SHOWN);
}

/** Starts an empty collection. */
export function lossNotes(): LossNotes {
  const found = new Map<string, { code: LossCode; count: number; params: Loss['params'] }>();
  const add = (code: LossCode, params: Loss['params'] = {}, count = 1): void => {
    if (count <= 0) return;
    // The first place is enough to look it up; every place would be a list without end.
    const kind = Object.entries(params).filter(([name]) => name !== 'line' && name !== 'found');
    const key = found.size < MOST_KINDS ? JSON.stringify([code, kind]) : code;
    const known = found.get(key);
    if (known === undefined) found.set(key, { code, count, params });
    else known.count += count;
  };
  return {
    add,
    notCarried: (what, count = 1) => {
      add('not_carried', { what }, count);
    },
    ruleBroken: (rule, count = 1) => {
      add('rule_broken', { rule }, count);
    },
    unreadable: (line, text) => {
      add('unreadable_line', { line, found: shown(text) });
    },
    list: () => [...found.values()],
  };
}

/** Which things of a comment a format may not hold. */
const HAS: Readonly<Partial<Record<LossThing, (comment: ExchangeComment) => boolean>>> = {
  shapes: ({ shapes }) => shapes.length > 0,
  replies: ({ replies }) => replies.length > 0,
  resolved: ({ resolved }) => resolved,
  resolved_by: ({ resolvedBy, resolvedAt }) => resolvedBy !== null || resolvedAt !== null,
  author: ({ author }) => author !== '',
  // A comment that names no colour gets this one, so it is no loss.
  color: ({ color }) => color !== null && color.toLowerCase() !== DEFAULT_COLOR,
  category: ({ category }) => category !== null,
  duration: ({ durationUs }) => durationUs !== null,
  created: ({ createdAt }) => createdAt !== null,
};

/** Notes what of these comments a format has no place for. */
export function noteUncarried(
  notes: LossNotes,
  comments: readonly ExchangeComment[],
  things: readonly LossThing[],
): void {
  for (const thing of things) {
    const has = HAS[thing];
    if (has !== undefined) notes.notCarried(thing, comments.filter(has).length);
  }
}

/** Notes what of these cuts a format has no place for. */
export function noteUncarriedCuts(
  notes: LossNotes,
  cuts: readonly ExchangeCut[],
  things: readonly ('labels' | 'tags' | 'cuts')[],
): void {
  if (things.includes('cuts')) notes.notCarried('cuts', cuts.length);
  if (things.includes('labels')) notes.notCarried('labels', cuts.filter(({ label }) => label !== '').length);
  if (things.includes('tags')) notes.notCarried('tags', cuts.filter(({ tags }) => tags.length > 0).length);
}
