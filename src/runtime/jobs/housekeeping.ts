/** What is removed without anybody asking: expired results, files that belong to no export, segments that nobody needs. */
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { ok, type Result } from '../../core/base/result.ts';
import { hasEnded, type Export } from '../../core/schema/export.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { Records } from './records.ts';
import { exportFolder } from './run-context.ts';

/**
 * Removes the files of an export, but for some, and the folders that are empty then. Answers what kept one of them from being
 * removed; all others are. Where no record names the one that stays, the next sweep takes it.
 */
export async function removeFiles(
  files: JobPorts['files'],
  id: ExportId,
  keep: Export['files'] = [],
): Promise<Result<null, Failure>> {
  const kept = new Set(keep.map(({ path }) => path));
  let result: Result<null, Failure> = ok(null);
  for (const { path } of await files.list(exportFolder(id))) {
    const removed = kept.has(path) ? ok(null) : await files.remove(path);
    if (!removed.ok) result = removed;
  }
  // The folder of one that stays would only be waited for once more.
  if (kept.size === 0 && result.ok) return files.remove(exportFolder(id));
  await files.removeEmptyFolders(exportFolder(id));
  return result;
}

/** Removes everything that an export made: its files (as `removeFiles`), but for some, and the segments that only it used. */
export async function removeMade(
  { files, cache }: Pick<JobPorts, 'files' | 'cache'>,
  id: ExportId,
  keep: Export['files'] = [],
): Promise<Result<null, Failure>> {
  const removed = await removeFiles(files, id, keep);
  await cache.release(id);
  return removed;
}

/** Whether a result has outlived its time. */
export function hasExpired(record: Export, nowIso: string): boolean {
  const { pinned, expiresAt, files } = record;
  return !pinned && expiresAt !== null && files.length > 0 && Date.parse(expiresAt) < Date.parse(nowIso);
}

/** Exports whose segments are kept: those that have not ended, those that are kept for ever, and those of which nobody here knows. */
export function keptSegments(
  exports: readonly Export[],
  unreadable: readonly ExportId[],
): ReadonlySet<ExportId> {
  const kept = exports.filter((record) => record.pinned || !hasEnded(record)).map((record) => record.id);
  return new Set([...kept, ...unreadable]);
}

/** Whether a finished export's files are not all there: removed by hand, or by the browser. */
export async function isLost(files: Pick<JobPorts['files'], 'open'>, record: Export): Promise<boolean> {
  if (record.status !== 'completed') return false;
  for (const { path } of record.files) if ((await files.open(path)) === null) return true;
  return false;
}

/**
 * Sweeps. Does nothing in a database that a newer build owns.
 *
 * @param change changes a record and lets everybody know
 */
export async function sweep(ports: JobPorts, change: Records['update']): Promise<void> {
  if (ports.readOnly) return;
  const startedMs = ports.clock.now();
  // Files first: what is made while this goes on has its record before its file, and is not among them.
  const found = await ports.files.list('exports');
  const { exports } = await ports.exports.list();
  const unreadable = await ports.exports.unreadable();
  const there = new Set(found.map(({ path }) => path));
  let bytes = 0;
  for (const record of exports) {
    // One that was finished since the files were listed is there all the same.
    const lost = record.files.some(({ path }) => !there.has(path)) && (await isLost(ports.files, record));
    if (!lost && !hasExpired(record, ports.clock.iso())) continue;
    const gone = await change(record.id, (stored) =>
      lost || hasExpired(stored, ports.clock.iso()) ? { ...stored, files: [] } : null,
    );
    if (!gone.ok || gone.value.files.length > 0) continue;
    const removed = await removeFiles(ports.files, record.id);
    if (!lost && removed.ok) bytes += record.bytes;
  }
  const owned = new Set(exports.flatMap((record) => record.files.map((file) => file.path)));
  // Of an export of a newer build nobody here knows which files are its own.
  const spared = new Set([
    ...exports.filter((record) => !hasEnded(record)).map(({ id }) => id),
    ...unreadable,
  ]);
  for (const file of found) {
    const id = file.path.split('/')[1] as ExportId | undefined;
    if (owned.has(file.path) || (id !== undefined && spared.has(id))) continue;
    if ((await ports.files.remove(file.path)).ok) bytes += file.bytes;
  }
  bytes += await ports.cache.sweep(keptSegments(exports, unreadable), await ports.room.cacheBytes());
  ports.log({ event: 'swept', durationMs: Math.round(ports.clock.now() - startedMs), data: { bytes } });
}
