import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import type { HiddenExports } from '../../app/studio/types.ts';
import type { Failure } from '../../core/base/failure.ts';
import { asFailure, useExports, useSettled, useSurroundings } from '../workspace/context.tsx';
import { isPartial, standingOf } from '../exports/job-text.ts';
import { pageOf, pickPage, queryOf, type Filters } from './query.ts';

/** One page of the exports. */
export interface HistoryPage {
  readonly exports: readonly Export[];
  readonly total: number;
  /** What is on no page, since it cannot be read. */
  readonly hidden: HiddenExports;
}

/** The page that the filters ask for; the last one stays on display while the next is read. Null until the first one came. */
export function useHistory(
  filters: Filters,
  onBeyond: (lastPage: number) => void,
): {
  readonly page: HistoryPage | null;
  readonly loading: boolean;
  readonly failure: Failure | null;
} {
  const { studio } = useSurroundings();
  // What is typed is looked for when the person has stopped typing for a moment.
  const text = useSettled(filters.text, 200);
  const query = useMemo(() => queryOf({ ...filters, text }), [filters, text]);
  const part = filters.status === 'partial' ? filters.page : null;
  // Read again when an export comes, ends, goes, or is changed in what the list shows.
  const exports = useExports();
  const state = exports
    .map(({ record }) =>
      [record.id, standingOf(record), record.pinned, record.stale, record.files.length].join('/'),
    )
    .join(' ');
  const [answer, setAnswer] = useState<{
    readonly of: string;
    readonly page: HistoryPage | null;
    readonly failure: Failure | null;
  } | null>(null);
  const of = JSON.stringify([query, part, state]);
  const beyond = useEffectEvent(onBeyond);
  useEffect(() => {
    let current = true;
    studio.client.listExports(query).then(
      (listed) => {
        if (!current) return;
        // The list knows how a job ended, not what its file lacks: that is looked at here.
        const page = part === null ? listed : pickPage(listed.exports.filter(isPartial), part);
        setAnswer({ of, page: { ...page, hidden: studio.hiddenExports() }, failure: null });
        if (page.exports.length === 0 && page.total > 0) beyond(pageOf(0, page.total).last);
      },
      (error: unknown) => {
        if (current) setAnswer({ of, page: null, failure: asFailure(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [studio, query, part, of]);
  return {
    page: answer?.page ?? null,
    loading: answer?.of !== of || text !== filters.text,
    failure: answer?.failure ?? null,
  };
}
