/** Rendered intermediates in the database, by content key. Records apart from data. */
import { z } from 'zod';
import type { ExportId } from '../../core/base/ids.ts';
import { failure } from '../../core/base/failure.ts';
import type { SegmentRecord, SegmentStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import type { Problems } from './problems.ts';
import { readIn, writeIn, type WriteTransaction } from './transactions.ts';

const recordSchema = z.object({
  key: z.string(),
  kind: z.enum(['video', 'pcm', 'audio']),
  bytes: z.number().int().nonnegative(),
  digest: z.string().optional(),
  frames: z.number().int().nonnegative(),
  complaints: z.number().int().nonnegative().optional(),
  references: z.array(z.object({ offsetUs: z.number(), luma: z.instanceof(Uint8Array) })).optional(),
  createdAt: z.string(),
  usedAt: z.string(),
  use: z.number().optional(),
  usedBy: z.array(z.string().transform((id) => id as ExportId)),
});

const BOTH = ['segments', 'segmentData'] as const;

/** Makes the segment store. */
export function createSegmentStore(connection: Connection, problems: Problems): SegmentStore {
  const read = (raw: SegmentRecord): SegmentRecord | null => {
    const parsed = recordSchema.safeParse(raw);
    if (parsed.success) return parsed.data;
    problems.add({ store: 'segments', key: raw.key, reason: 'unreadable', message: parsed.error.message });
    return null;
  };

  return {
    async get(key) {
      const [raw, data] = await readIn<readonly [(SegmentRecord | undefined)?, (Blob | undefined)?]>(
        connection,
        BOTH,
        [],
        (transaction) =>
          Promise.all([
            transaction.objectStore('segments').get(key),
            transaction.objectStore('segmentData').get(key),
          ]),
      );
      if (raw === undefined || data === undefined) return null;
      const record = read(raw);
      // Whatever stands there: this is the boundary.
      return record === null || !((data as unknown) instanceof Blob) ? null : { record, data };
    },

    async sizeOf(key) {
      const raw = await readIn<SegmentRecord | undefined>(
        connection,
        ['segments'],
        undefined,
        (transaction) => transaction.objectStore('segments').get(key),
      );
      return raw === undefined ? null : (read(raw)?.bytes ?? null);
    },

    async isEmpty() {
      const count = await readIn(connection, ['segments'], 0, (transaction) =>
        transaction.objectStore('segments').count(),
      );
      return count === 0;
    },

    put: (record, data) =>
      writeIn(connection, BOTH, async (transaction) => {
        const segments = transaction.objectStore('segments');
        const before = await segments.get(record.key);
        // Two exports may have rendered the same thing side by side: neither may lose its claim on it.
        const usedBy = [...new Set([...(before?.usedBy ?? []), ...record.usedBy])];
        await segments.put({ ...record, usedBy, use: await nextUse(transaction) });
        await transaction.objectStore('segmentData').put(data, record.key);
        problems.clear('segments', record.key);
        return null;
      }),

    touch: (key, usedBy, at) =>
      writeIn(connection, ['segments'], async (transaction) => {
        const segments = transaction.objectStore('segments');
        const before = await segments.get(key);
        if (before === undefined)
          return failure('not_found', 'unexpected', 'There is no such segment.', { key });
        const users = [...new Set([...before.usedBy, usedBy])];
        await segments.put({ ...before, usedAt: at, usedBy: users, use: await nextUse(transaction) });
        return null;
      }),

    async releaseExport(id) {
      let removed = 0;
      const result = await writeIn(connection, BOTH, async (transaction) => {
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
      const all = await readIn(connection, ['segments'], [], (transaction) =>
        transaction.objectStore('segments').getAll(),
      );
      return all.flatMap((raw) => read(raw) ?? []);
    },

    remove: (key) =>
      writeIn(connection, BOTH, async (transaction) => {
        await transaction.objectStore('segments').delete(key);
        await transaction.objectStore('segmentData').delete(key);
        problems.clear('segments', key);
        return null;
      }),

    async removeUnused(records) {
      let bytes = 0;
      const result = await writeIn(connection, BOTH, async (transaction) => {
        const segments = transaction.objectStore('segments');
        for (const { key, use } of records) {
          const now = await segments.get(key);
          // Another tab may have found it for a job of its own since the list was read.
          if (now === undefined || now.use !== use) continue;
          await segments.delete(key);
          await transaction.objectStore('segmentData').delete(key);
          bytes += now.bytes;
        }
        return null;
      });
      return result.ok ? bytes : 0;
    },
  };
}

/**
 * The number of a use: larger than that of every segment before. The order in which segments were used is what eviction
 * goes by, and the time of day does not tell it: a clock that is set back by an hour would make what was used last look
 * the oldest. In a transaction that may write, so that two tabs never take the same number.
 */
async function nextUse(transaction: WriteTransaction): Promise<number> {
  const newest = await transaction.objectStore('segments').index('byUse').openKeyCursor(null, 'prev');
  return (newest?.key ?? 0) + 1;
}
