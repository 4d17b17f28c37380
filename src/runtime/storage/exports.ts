/** Export records in the database. */
import type { ExportId } from '../../core/base/ids.ts';
import { EXPORT_VERSION, type Export, type ExportQuery } from '../../core/schema/export.ts';
import type { ExportStore } from '../contract/stores.ts';
import { writeIn, type Database } from './database.ts';
import type { Problems } from './problems.ts';

/** Makes the export store. */
export function createExportStore(db: Database, problems: Problems): ExportStore {
  const read = (key: string, record: Partial<Export> | null | undefined): Export | null => {
    const version: unknown = record?.version;
    if (version === EXPORT_VERSION && record?.id === key) return record as Export;
    const newer = typeof version === 'number' && version > EXPORT_VERSION;
    const message = newer ? `version ${String(version)}` : 'not an export record';
    problems.add({ store: 'exports', key, reason: newer ? 'newer_version' : 'unreadable', message });
    return null;
  };

  return {
    put: (record) =>
      writeIn(db, ['exports'], async (transaction) => {
        const store = transaction.objectStore('exports');
        const before = await store.get(record.id);
        const newest = before === undefined ? await store.index('bySeq').openKeyCursor(null, 'prev') : null;
        // Two exports may be made in the same millisecond: `seq` keeps their order.
        const seq = before?.seq ?? (newest?.key ?? 0) + 1;
        await store.put({ id: record.id, seq, createdAt: record.createdAt, status: record.status, record });
        problems.clear('exports', record.id);
        return null;
      }),

    async get(id) {
      const row = await db.get('exports', id);
      return row === undefined ? null : read(id, row.record);
    },

    async list(query = {}) {
      const wanted = statusFilter(query);
      const transaction = db.transaction('exports');
      const ids: string[] = [];
      // Keys only: the page of the list is chosen before any record is read.
      let cursor = await transaction.store.index('byNewest').openKeyCursor(null, 'prev');
      while (cursor !== null) {
        if (wanted(cursor.key[2])) ids.push(cursor.primaryKey);
        cursor = await cursor.continue();
      }
      const offset = Math.max(0, query.offset ?? 0);
      const page = ids.slice(
        offset,
        query.limit === undefined ? undefined : offset + Math.max(0, query.limit),
      );
      const rows = await Promise.all(page.map((id) => transaction.store.get(id)));
      const exports = rows.flatMap((row) => (row === undefined ? [] : (read(row.id, row.record) ?? [])));
      return { exports, total: ids.length };
    },

    remove: (id: ExportId) =>
      writeIn(db, ['exports'], async (transaction) => {
        await transaction.objectStore('exports').delete(id);
        problems.clear('exports', id);
        return null;
      }),
  };
}

function statusFilter({ status }: ExportQuery): (status: string) => boolean {
  if (status === undefined) return () => true;
  const wanted: readonly string[] = typeof status === 'string' ? [status] : status;
  return (one) => wanted.includes(one);
}
