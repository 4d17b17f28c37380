/** Export records in the database. */
import { failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { migrateExport } from '../../core/schema/export-migrate.ts';
import { EXPORT_VERSION, type Export } from '../../core/schema/export.ts';
import type { ExportStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { chooseRows, rowFromKey, rowOf, type ExportRow } from './export-rows.ts';
import type { Problems } from './problems.ts';
import { readIn, writeIn, type ReadTransaction } from './transactions.ts';

/** Makes the export store. */
export function createExportStore(connection: Connection, problems: Problems): ExportStore {
  /** Records of older builds are brought up to date here, and written so when they are next written. */
  const read = (key: string, raw: unknown): Export | null => {
    const migrated = migrateExport(raw);
    if (migrated.ok && migrated.value.id === key) return migrated.value;
    const newer = !migrated.ok && migrated.error.reason === 'newer_version';
    const message = migrated.ok ? 'under the key of another record' : migrated.error.message;
    problems.add({ store: 'exports', key, reason: newer ? 'newer_version' : 'unreadable', message });
    return null;
  };

  return {
    put: (record) =>
      writeIn(connection, ['exports'], async (transaction) => {
        const store = transaction.objectStore('exports');
        const before = await store.get(record.id);
        const version = (before?.record as { readonly version?: unknown } | null | undefined)?.version;
        // A tab with older code must not write over what a newer build saved meanwhile.
        if (typeof version === 'number' && version > EXPORT_VERSION) {
          const message = 'A newer build of Reelkeep has saved this export.';
          return failure('storage_failed', 'newer_version', message, { version });
        }
        const newest = before === undefined ? await store.index('bySeq').openKeyCursor(null, 'prev') : null;
        const seq = before?.seq ?? (newest?.key ?? 0) + 1;
        await store.put({ ...rowOf(record, { id: record.id, seq }), record });
        problems.clear('exports', record.id);
        return null;
      }),

    async get(id) {
      const row = await readIn(connection, ['exports'], undefined, (transaction) =>
        transaction.objectStore('exports').get(id),
      );
      return row === undefined ? null : read(id, row.record);
    },

    list: (query = {}) =>
      readIn(connection, ['exports'], { exports: [], total: 0 }, async (transaction) => {
        const { ids, total } = chooseRows(await rowsIn(transaction), query);
        const store = transaction.objectStore('exports');
        const found = await Promise.all(ids.map((id) => store.get(id)));
        const exports = found.flatMap((row) => (row === undefined ? [] : (read(row.id, row.record) ?? [])));
        return { exports, total };
      }),

    remove: (id: ExportId) =>
      writeIn(connection, ['exports'], async (transaction) => {
        await transaction.objectStore('exports').delete(id);
        problems.clear('exports', id);
        return null;
      }),
  };
}

/** Keys only: the page of a list is chosen before any record is read. */
async function rowsIn(transaction: ReadTransaction): Promise<readonly ExportRow[]> {
  const store = transaction.objectStore('exports');
  // A newer build may have made its index otherwise.
  if (!store.indexNames.contains('byRow')) {
    return (await store.getAll()).map((row) => rowOf(row.record, row));
  }
  const rows: ExportRow[] = [];
  let cursor = await store.index('byRow').openKeyCursor();
  while (cursor !== null) {
    rows.push(rowFromKey(cursor.primaryKey, cursor.key));
    cursor = await cursor.continue();
  }
  return rows;
}
