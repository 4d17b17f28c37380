/** Rendered segments under content keys: the same step is never computed twice. */
import { canonicalJson } from '../../core/base/canonical.ts';
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { sha256Plain, utf8 } from '../../core/base/sha256.ts';
import type { Clock } from '../contract/clock.ts';
import type { SegmentCache } from '../contract/segment-cache.ts';
import type { SegmentRecord, SegmentStore } from '../contract/stores.ts';
import { digestOf } from './digest.ts';
import { bytesOf, toEvict, toSweep } from './eviction.ts';

/** Makes the cache. */
export function createSegmentCache(store: SegmentStore, clock: Clock): SegmentCache {
  /**
   * Who found a segment that could not be marked as used: on a full disk marking fails, and that is just when segments are
   * evicted. It must not hit those that the job that waits for room has found already.
   */
  const unmarked = new Map<string, Set<ExportId>>();

  const list = async (): Promise<readonly SegmentRecord[]> =>
    (await store.list()).map((record) => {
      const users = unmarked.get(record.key);
      return users === undefined ? record : { ...record, usedBy: [...record.usedBy, ...users] };
    });

  return {
    keyOf: (material) => sha256Plain(utf8(canonicalJson(material))),

    async find(key, usedBy) {
      const found = await store.get(key);
      if (found === null) return null;
      // Rendering once more costs time; a file with a hole in it costs the person's trust.
      if (!(await isWhole(found))) {
        await store.remove(key);
        return null;
      }
      const marked = await store.touch(key, usedBy, clock.iso());
      if (!marked.ok) {
        // Removed in another tab since it was read: what is not in storage is no checkpoint.
        if (marked.error.code === 'not_found') return null;
        unmarked.set(key, (unmarked.get(key) ?? new Set()).add(usedBy));
      }
      const { frames, complaints, references } = found.record;
      return { data: found.data, frames, complaints: complaints ?? 0, references: references ?? [] };
    },

    sizeOf: (key) => store.sizeOf(key),
    isEmpty: () => store.isEmpty(),

    async put(key, kind, { data, frames, complaints, references }, usedBy): Promise<Result<Blob, Failure>> {
      const digest = await digestOf(data).catch(() => null);
      // Browsers keep large blobs on disk, too: one that cannot be read was never made.
      if (digest === null)
        return err(failure('storage_failed', 'storage_unavailable', 'What was rendered cannot be read.'));
      const now = clock.iso();
      const record: SegmentRecord = {
        key,
        kind,
        bytes: data.size,
        digest,
        frames,
        complaints,
        references,
        createdAt: now,
        usedAt: now,
        usedBy: [usedBy],
      };
      const stored = await store.put(record, data);
      return stored.ok ? ok((await store.get(key))?.data ?? data) : stored;
    },

    release(usedBy) {
      for (const [key, users] of unmarked) {
        users.delete(usedBy);
        if (users.size === 0) unmarked.delete(key);
      }
      return store.releaseExport(usedBy);
    },

    async sweep(keep, budgetBytes) {
      return removed(store, toSweep(await list(), keep, budgetBytes));
    },

    async evict(bytes, keep) {
      return removed(store, toEvict(await list(), bytes, keep));
    },

    bytes: async () => bytesOf(await store.list()),
  };
}

/** Whether the bytes are those that were stored. Those of older builds have no checksum: that they can be read is all that is known. */
async function isWhole({
  record,
  data,
}: {
  readonly record: SegmentRecord;
  readonly data: Blob;
}): Promise<boolean> {
  if (data.size !== record.bytes) return false;
  try {
    const digest = await digestOf(data);
    return record.digest === undefined || record.digest === digest;
  } catch {
    // The browser keeps the bytes in a file of its own, which is gone or cut off.
    return false;
  }
}

function removed(store: SegmentStore, records: readonly SegmentRecord[]): Promise<number> {
  return records.length === 0 ? Promise.resolve(0) : store.removeUnused(records);
}
