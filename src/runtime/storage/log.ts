/** The local log in the database: a ring of entries. */
import { LOG_LIMIT, logEntrySchema, type LogEntry } from '../../core/schema/log.ts';
import type { LogStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { readIn, writeIn } from './transactions.ts';

/** Makes the log store. `limit`: entries that are kept. */
export function createLogStore(connection: Connection, limit: number = LOG_LIMIT): LogStore {
  return {
    async append(entries) {
      // What does not fit is left out, not cut to fit: the shape is what keeps names and texts out of the log.
      const fitting = entries.flatMap((entry) => readEntry(entry) ?? []).slice(-limit);
      if (fitting.length === 0) return;
      // Relaxed: an entry that a crash loses is no loss, and a log must not cost a sync of the disk.
      await writeIn(
        connection,
        ['log'],
        async (transaction) => {
          const store = transaction.objectStore('log');
          let newest = 0;
          for (const entry of fitting) newest = await store.add(entry);
          // Keys count up without gaps: a transaction that fails takes its keys back.
          if (newest > limit) await store.delete(IDBKeyRange.upperBound(newest - limit));
          return null;
        },
        'relaxed',
      ).catch(() => undefined);
    },

    async list() {
      try {
        const all = await readIn(connection, ['log'], [], (transaction) =>
          transaction.objectStore('log').getAll(),
        );
        return all.flatMap((entry) => readEntry(entry) ?? []);
      } catch {
        return [];
      }
    },

    async clear() {
      await writeIn(connection, ['log'], async (transaction) => {
        await transaction.objectStore('log').clear();
        return null;
      });
    },
  };
}

function readEntry(raw: unknown): LogEntry | null {
  const parsed = logEntrySchema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}
