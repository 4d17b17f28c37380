/** Where there is room for what jobs write: the browser's quota, the person's budget, and what can be freed. */
import type { Failure } from '../core/base/failure.ts';
import type { ExportId } from '../core/base/ids.ts';
import type { Result } from '../core/base/result.ts';
import type { Export } from '../core/schema/export.ts';
import type { LogNews } from '../core/schema/log.ts';
import { STORAGE_POLICY_KEY, storagePolicyOf, type StoragePolicy } from '../core/schema/storage-policy.ts';
import type { Clock } from '../runtime/contract/clock.ts';
import type { Room } from '../runtime/contract/job-ports.ts';
import type { SegmentCache } from '../runtime/contract/segment-cache.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import { hasExpired, keptSegments, removeFiles } from '../runtime/jobs/housekeeping.ts';
import { createWaiters } from './waiters.ts';

/** How often whoever waits for room looks by itself: the person may empty the disk elsewhere. Milliseconds. */
const LOOK_AGAIN_MS = 10_000;
/**
 * Where the browser's numbers do not tell why a write failed (some give every page the same free space, whatever the disk has),
 * only another try can: after this long, then twice as long each time, up to the most. Milliseconds.
 */
const TRY_AGAIN_MS = 30_000;
const TRY_AGAIN_MOST_MS = 300_000;
/** What is free moves by itself by a little; only more than this is a change. Bytes. */
const NOTICEABLE_BYTES = 1_000_000;

/** What the room is made of. */
export interface RoomPorts {
  readonly stores: Pick<Stores, 'exports' | 'files' | 'settings' | 'readOnly'>;
  readonly cache: Pick<SegmentCache, 'evict'>;
  readonly clock: Clock;
  readonly log: (news: LogNews) => void;
  /** Tells this tab and others that the file of an expired export is gone. */
  readonly changed: (record: Export) => void;
  /** Tells other tabs that something was freed. */
  readonly freed: () => void;
}

/** The room, and what the settings and the bus do to it. */
export interface OwnedRoom extends Room {
  policy(): Promise<StoragePolicy>;
  setPolicy(change: Partial<StoragePolicy>): Promise<Result<StoragePolicy, Failure>>;
  /** Exports whose segments are never evicted: those that have not ended, and pinned ones. */
  keep(): Promise<ReadonlySet<ExportId>>;
  /** Removes segments that nothing needs, the least recently used first. Answers the bytes that went. */
  evict(bytes: number): Promise<number>;
  /** Removes the files of finished exports, oldest first, never pinned ones. Answers the bytes that went. */
  dropResults(which: 'expired' | 'oldest', bytes: number): Promise<number>;
  /** Something was deleted here: whoever waits looks again, in other tabs too. */
  noteFreed(): void;
  /** The same, told by another tab. */
  noteFreedElsewhere(): void;
}

/** Makes the room. */
export function createRoom(ports: RoomPorts): OwnedRoom {
  const { stores, cache, clock } = ports;
  const waiters = createWaiters();
  /** What was last asked for in vain: as soon as that much is free, waiting is over. */
  let wanted: number | null = null;
  let patienceMs = TRY_AGAIN_MS;

  const wake = (): void => {
    patienceMs = TRY_AGAIN_MS;
    waiters.wake();
  };
  const policy = async (): Promise<StoragePolicy> =>
    storagePolicyOf(await stores.settings.get(STORAGE_POLICY_KEY));

  const free = async (): Promise<number | null> => {
    const [browser, used, { hardBytes }] = await Promise.all([
      stores.files.free(),
      stores.files.used(),
      policy(),
    ]);
    if (used === null) return browser;
    const budget = Math.max(0, hardBytes - used);
    return browser === null ? budget : Math.min(browser, budget);
  };

  const freedHere = (bytes: number, what: string): void => {
    if (bytes <= 0) return;
    ports.log({ event: 'storage_freed', data: { bytes, what } });
    wake();
    ports.freed();
  };

  const keep = async (): Promise<ReadonlySet<ExportId>> => {
    const { exports } = await stores.exports.list();
    return keptSegments(exports, await stores.exports.unreadable());
  };

  const evict = async (bytes: number): Promise<number> => {
    if (stores.readOnly || bytes <= 0) return 0;
    const went = await cache.evict(bytes, await keep());
    freedHere(went, 'segments');
    return went;
  };

  const dropResults: OwnedRoom['dropResults'] = async (which, bytes) => {
    if (stores.readOnly) return 0;
    const { exports } = await stores.exports.list({ status: 'completed', order: 'oldest' });
    const now = clock.iso();
    const gone = resultsToDrop(exports, which, bytes, now);
    let went = 0;
    for (const { id } of gone) {
      // Read once more: it may have been pinned meanwhile, or the rest of it be made.
      const record = await stores.exports.get(id);
      if (record?.status !== 'completed' || record.pinned || record.files.length === 0) continue;
      // One that cannot be removed now frees nothing.
      if (!(await removeFiles(stores.files, id)).ok) continue;
      went += bytesOf(record);
      const without: Export = { ...record, files: [] };
      // A record that cannot be written now still lists its file: opening it says that it is gone.
      if ((await stores.exports.put(without)).ok) ports.changed(without);
    }
    freedHere(went, 'results');
    return went;
  };

  return {
    policy,
    keep,
    evict,
    dropResults,
    free,
    keepDays: async () => (await policy()).keepDays,
    cacheBytes: async () => (await policy()).cacheBytes,
    async setPolicy(change) {
      const next = storagePolicyOf({ ...(await policy()), ...change });
      const saved = await stores.settings.set(STORAGE_POLICY_KEY, next);
      if (!saved.ok) return saved;
      wake();
      return { ok: true, value: next };
    },
    async make(bytes) {
      const before = await free();
      // Where the browser refuses a write although it says that there is room, as much as was asked for has to go.
      const missing = before === null || before >= bytes ? bytes : bytes - before;
      let went = await dropResults('expired', missing);
      if (went < missing) went += await evict(missing - went);
      const after = await free();
      // Freed space may be counted late by the browser: what went counts, too.
      const enough = went >= missing || (before !== null && before < bytes && (after ?? 0) >= bytes);
      wanted = enough ? null : bytes;
      return enough;
    },
    async changes(signal) {
      const over = new AbortController();
      const bounded = AbortSignal.any([signal, over.signal]);
      const look = async (): Promise<void> => {
        const first = await free();
        for (let waitedMs = LOOK_AGAIN_MS; await clock.sleep(LOOK_AGAIN_MS, bounded);) {
          const now = await free();
          if (isRoomNow(first, now, wanted)) over.abort();
          else if (waitedMs >= patienceMs && !(now !== null && wanted !== null && now < wanted)) {
            patienceMs = Math.min(TRY_AGAIN_MOST_MS, patienceMs * 2);
            over.abort();
          }
          waitedMs += LOOK_AGAIN_MS;
        }
      };
      const waited = waiters.wait(bounded);
      // Closed meanwhile: the signal ends the wait.
      if (!bounded.aborted) look().catch(() => undefined);
      await waited;
      over.abort();
    },
    noteFreed() {
      wake();
      ports.freed();
    },
    noteFreedElsewhere: wake,
  };
}

/** Whether it is worth looking again: noticeably more is free, or as much as was wanted. */
export function isRoomNow(first: number | null, now: number | null, wanted: number | null): boolean {
  if (now === null) return first !== null;
  if (first === null) return true;
  return now >= first + NOTICEABLE_BYTES || (wanted !== null && first < wanted && now >= wanted);
}

/** Which finished exports lose their files, oldest first: all expired ones, or the oldest until enough bytes went. */
export function resultsToDrop(
  oldestFirst: readonly Export[],
  which: 'expired' | 'oldest',
  bytes: number,
  nowIso: string,
): readonly Export[] {
  const gone: Export[] = [];
  let went = 0;
  for (const record of oldestFirst) {
    if (record.pinned || record.files.length === 0) continue;
    if (which === 'expired' && !hasExpired(record, nowIso)) continue;
    if (which === 'oldest' && went >= bytes) break;
    gone.push(record);
    went += bytesOf(record);
  }
  return gone;
}

function bytesOf({ files }: Export): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
