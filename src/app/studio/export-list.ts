/** The list of exports with live progress. */
import type { ExportId } from '../../core/base/ids.ts';
import type { Export } from '../../core/schema/export.ts';
import { progressOfRecord } from '../../runtime/jobs/manager.ts';
import { browserClock } from '../clock.ts';
import type { Runtime } from '../runtime.ts';
import { cell } from './cell.ts';
import type { ExportView, Watchable } from './types.ts';

/** How many exports the panel shows; all of them are in the database. */
const SHOWN = 50;

/** Loads the list and keeps it up to date. */
export async function openExportList(
  runtime: Runtime,
): Promise<Watchable<readonly ExportView[]> & { dispose(): void }> {
  const viewOf = (record: Export): ExportView => ({
    record,
    progress: progressOfRecord(record, browserClock.iso()),
  });
  const { exports } = await runtime.jobs.list({ limit: SHOWN });
  const list = cell<readonly ExportView[]>(exports.map(viewOf));

  const replace = (id: ExportId, next: (before: ExportView | undefined) => ExportView | null): void => {
    const known = list.get();
    const before = known.find((view) => view.record.id === id);
    const after = next(before);
    if (after === null) list.set(known.filter((view) => view.record.id !== id));
    else if (before === undefined) list.set([after, ...known]);
    else list.set(known.map((view) => (view.record.id === id ? after : view)));
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
      return;
    }
    void runtime.jobs.get(id).then((result) => {
      if (result.ok) replace(id, () => ({ record: result.value, progress }));
    });
  });
  return { get: () => list.get(), subscribe: (listener) => list.subscribe(listener), dispose: stop };
}
