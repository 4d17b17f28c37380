/** Rendered segments under content keys: the same step is never computed twice. */
import { canonicalJson } from '../../core/base/canonical.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import { sha256Plain, utf8 } from '../../core/base/sha256.ts';
import type { Clock } from '../contract/clock.ts';
import type { SegmentCache } from '../contract/segment-cache.ts';
import type { SegmentRecord, SegmentStore } from '../contract/stores.ts';

/** Segments that no running export needs are kept up to this size, the least recently used leave first. */
const BUDGET_BYTES = 2 * 1024 ** 3;

/** Makes the cache. */
export function createSegmentCache(store: SegmentStore, clock: Clock): SegmentCache {
  return {
    keyOf: (material) => sha256Plain(utf8(canonicalJson(material))),

    async find(key, usedBy) {
      const found = await store.get(key);
      if (found === null) return null;
      await store.touch(key, usedBy, clock.iso());
      const { frames, complaints, references } = found.record;
      return { data: found.data, frames, complaints: complaints ?? 0, references: references ?? [] };
    },

    put(key, kind, { data, frames, complaints, references }, usedBy): Promise<Result<null, Failure>> {
      const now = clock.iso();
      const record: SegmentRecord = {
        key,
        kind,
        bytes: data.size,
        frames,
        complaints,
        references,
        createdAt: now,
        usedAt: now,
        usedBy: [usedBy],
      };
      return store.put(record, data);
    },

    release: (usedBy) => store.releaseExport(usedBy),

    async sweep(running: ReadonlySet<ExportId>) {
      const all = [...(await store.list())].sort((a, b) => (a.usedAt < b.usedAt ? -1 : 1));
      let total = all.reduce((sum, record) => sum + record.bytes, 0);
      for (const record of all) {
        if (record.usedBy.some((id) => running.has(id))) continue;
        // PCM is large and quickly made again; encoded segments are what a second export saves time with.
        if (record.kind !== 'pcm' && total <= BUDGET_BYTES) continue;
        await store.remove(record.key);
        total -= record.bytes;
      }
    },
  };
}
