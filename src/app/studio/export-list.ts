/** The exports that the panel shows, with live progress: all that have not ended, and the newest of those that have. */
import type { ExportId } from '../../core/base/ids.ts';
import { ENDED, hasEnded, UNFINISHED, type Export } from '../../core/schema/export.ts';
import { progressOfRecord } from '../../runtime/jobs/manager.ts';
import { browserClock } from '../clock.ts';
import type { Runtime } from '../runtime.ts';
import { cell } from './cell.ts';
import type { ExportView, Watchable } from './types.ts';

/** How many ended exports are kept at hand; the history reads pages of all of them. */
const ENDED_SHOWN = 50;

/** Whether a job is still to be done, or being done. */
export function isUnfinished(record: Pick<Export, 'status'>): boolean {
  return !hasEnded(record);
}

/** Unfinished ones in the order of the queue, then ended ones, newest first. The ids settle what is equal. */
export function inPanelOrder(views: readonly ExportView[]): readonly ExportView[] {
  return [...views].sort(({ record: a }, { record: b }) => {
    const unfinished = isUnfinished(a);
    if (unfinished !== isUnfinished(b)) return unfinished ? -1 : 1;
    const byPlace = unfinished ? a.order - b.order : endOf(b) - endOf(a);
    return byPlace !== 0 ? byPlace : a.id < b.id ? -1 : 1;
  });
}

function endOf({ completedAt, createdAt }: Export): number {
  return Date.parse(completedAt ?? createdAt);
}

/** Loads the list and keeps it up to date. */
export async function openExportList(
  runtime: Runtime,
): Promise<Watchable<readonly ExportView[]> & { dispose(): void }> {
  const viewOf = (record: Export): ExportView => ({
    record,
    progress: progressOfRecord(record, browserClock.iso()),
  });
  const [open, ended] = await Promise.all([
    runtime.jobs.list({ status: UNFINISHED, order: 'queue' }),
    runtime.jobs.list({ status: ENDED, limit: ENDED_SHOWN }),
  ]);
  const list = cell(inPanelOrder([...open.exports, ...ended.exports].map(viewOf)));

  const replace = (id: ExportId, next: (before: ExportView | undefined) => ExportView | null): void => {
    const known = list.get();
    const before = known.find((view) => view.record.id === id);
    const after = next(before);
    const others = known.filter((view) => view !== before);
    if (after === null) list.set(others);
    else if (before !== undefined && samePlace(before.record, after.record))
      list.set(known.map((view) => (view === before ? after : view)));
    else list.set(inPanelOrder([...others, after]));
  };
  const read = async (id: ExportId): Promise<void> => {
    const result = await runtime.jobs.get(id);
    const { progress } = list.get().find((view) => view.record.id === id) ?? { progress: null };
    if (result.ok) {
      const record = result.value;
      replace(id, () => (progress?.status === record.status ? { record, progress } : viewOf(record)));
    }
  };

  const stop = runtime.bus.listen(({ id, record, progress, removed }) => {
    if (removed) {
      replace(id, () => null);
      return;
    }
    if (record !== null) {
      replace(id, () => ({ record, progress }));
      return;
    }
    // Progress of another tab: its record is read when the state changes, not for every per cent.
    const before = list.get().find((view) => view.record.id === id);
    if (before !== undefined && progress !== null && before.record.status === progress.status) {
      replace(id, () => ({ record: before.record, progress }));
      if (before.record.stage === progress.stage && before.progress?.percent !== progress.percent) return;
    }
    // Closed meanwhile: nothing to show it in.
    read(id).catch(() => undefined);
  });
  return { get: () => list.get(), subscribe: (listener) => list.subscribe(listener), dispose: stop };
}

function samePlace(a: Export, b: Export): boolean {
  return a.status === b.status && a.order === b.order && a.completedAt === b.completedAt;
}
