/** Rendered intermediates in the database, by content key. Records apart from data. */
import { z } from 'zod';
import type { ExportId } from '../../core/base/ids.ts';
import { failure } from '../../core/base/failure.ts';
import type { SegmentRecord, SegmentStore } from '../contract/stores.ts';
import { writeIn, type Database } from './database.ts';
import type { Problems } from './problems.ts';

const recordSchema = z.object({
  key: z.string(),
  kind: z.enum(['video', 'pcm', 'audio']),
  bytes: z.number().int().nonnegative(),
  frames: z.number().int().nonnegative(),
  complaints: z.number().int().nonnegative().optional(),
  references: z.array(z.object({ offsetUs: z.number(), luma: z.instanceof(Uint8Array) })).optional(),
  createdAt: z.string(),
  usedAt: z.string(),
  usedBy: z.array(z.string().transform((id) => id as ExportId)),
});

const BOTH = ['segments', 'segmentData'] as const;

/** Makes the segment store. */
export function createSegmentStore(db: Database, problems: Problems): SegmentStore {
  const read = (raw: SegmentRecord): SegmentRecord | null => {
    const parsed = recordSchema.safeParse(raw);
    if (parsed.success) return parsed.data;
    problems.add({ store: 'segments', key: raw.key, reason: 'unreadable', message: parsed.error.message });
    return null;
  };

  return {
    async get(key) {
      const transaction = db.transaction(BOTH);
      const [raw, data] = await Promise.all([
        transaction.objectStore('segments').get(key),
        transaction.objectStore('segmentData').get(key),
      ]);
      if (raw === undefined || data === undefined) return null;
      const record = read(raw);
      return record === null ? null : { record, data };
    },

    put: (record, data) =>
      writeIn(db, BOTH, async (transaction) => {
        const segments = transaction.objectStore('segments');
        const before = await segments.get(record.key);
        // Two exports may have rendered the same thing side by side: neither may lose its claim on it.
        const usedBy = [...new Set([...(before?.usedBy ?? []), ...record.usedBy])];
        await segments.put({ ...record, usedBy });
        await transaction.objectStore('segmentData').put(data, record.key);
        problems.clear('segments', record.key);
        return null;
      }),

    touch: (key, usedBy, at) =>
      writeIn(db, ['segments'], async (transaction) => {
        const segments = transaction.objectStore('segments');
        const before = await segments.get(key);
        if (before === undefined)
          return failure('not_found', 'unexpected', 'There is no such segment.', { key });
        await segments.put({ ...before, usedAt: at, usedBy: [...new Set([...before.usedBy, usedBy])] });
        return null;
      }),

    async releaseExport(id) {
      let removed = 0;
      const result = await writeIn(db, BOTH, async (transaction) => {
        const segments = transaction.objectStore('segments');
        for (const record of await segments.index('byUser').getAll(id)) {
          const usedBy = record.usedBy.filter((user) => user !== id);
          if (usedBy.length > 0) {
            await segments.put({ ...record, usedBy });
            continue;
          }
          await segments.delete(record.key);
          await transaction.objectStore('segmentData').delete(record.key);
          removed += 1;
        }
        return null;
      });
      return result.ok ? removed : 0;
    },

    async list() {
      return (await db.getAll('segments')).flatMap((raw) => read(raw) ?? []);
    },

    remove: (key) =>
      writeIn(db, BOTH, async (transaction) => {
        await transaction.objectStore('segments').delete(key);
        await transaction.objectStore('segmentData').delete(key);
        problems.clear('segments', key);
        return null;
      }),
  };
}
