/** What the list of all exports is asked for. Pure. */
import type { ExportQuery } from '../../core/schema/export.ts';

/** Rows of a page. */
export const PAGE = 10;

/** What the person chose above the list. */
export interface Filters {
  readonly text: string;
  readonly status: 'any' | 'unfinished' | 'completed' | 'partial' | 'failed' | 'cancelled';
  readonly type: 'any' | 'combined' | 'single' | 'clips' | 'bundle' | 'csv';
  readonly order: 'newest' | 'oldest' | 'name' | 'largest';
  /** From 0. */
  readonly page: number;
}

/** Everything, newest first. */
export const ALL: Filters = { text: '', status: 'any', type: 'any', order: 'newest', page: 0 };

/** Longest text that is looked for. */
export const MAX_TEXT = 200;

/** The query for one page; for those that lack clips, the query for all among which they are. */
export function queryOf({ text, status, type, order, page }: Filters): ExportQuery {
  const wanted = text.trim().slice(0, MAX_TEXT);
  return {
    ...(wanted === '' ? {} : { text: wanted }),
    ...(status === 'any'
      ? {}
      : {
          status:
            status === 'unfinished'
              ? (['pending', 'processing'] as const)
              : status === 'partial'
                ? 'completed'
                : status,
        }),
    ...(type === 'any' ? {} : { type }),
    order,
    ...(status === 'partial' ? {} : { limit: PAGE, offset: page * PAGE }),
  };
}

/** One page of what was found. */
export function pickPage<T>(
  found: readonly T[],
  page: number,
): { readonly exports: readonly T[]; readonly total: number } {
  return { exports: found.slice(page * PAGE, (page + 1) * PAGE), total: found.length };
}

/** Filters after a change: another question starts at its first page. */
export function changed(before: Filters, change: Partial<Filters>): Filters {
  return { ...before, page: 0, ...change };
}

/** Whether anything is left out. */
export function isNarrowed({ text, status, type }: Filters): boolean {
  return text.trim() !== '' || status !== 'any' || type !== 'any';
}

/** The pages of a list: where this one begins and ends, from 1, and whether there are others. */
export function pageOf(
  page: number,
  total: number,
): { readonly from: number; readonly to: number; readonly hasNext: boolean; readonly last: number } {
  const last = Math.max(0, Math.ceil(total / PAGE) - 1);
  return {
    from: total === 0 ? 0 : page * PAGE + 1,
    to: Math.min(total, (page + 1) * PAGE),
    hasNext: page < last,
    last,
  };
}
