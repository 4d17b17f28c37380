/** Export records in the database. */
import { failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { migrateExport } from '../../core/schema/export-migrate.ts';
import { EXPORT_VERSION, type Export, type ExportQuery } from '../../core/schema/export.ts';
import type { ExportStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { chooseRows, rowFromKey, rowOf, stampOf, type ExportRow } from './export-rows.ts';
import type { Problems } from './problems.ts';
import { readIn, writeIn, type ReadTransaction } from './transactions.ts';

type Listed = Awaited<ReturnType<ExportStore['list']>>;

/** Records that are read at a time only to learn whether they can be: whole plans are in them. */
const BATCH = 50;

/** Makes the export store. */
export function createExportStore(connection: Connection, problems: Problems): ExportStore {
  /** Records of older builds are brought up to date here, and written so when they are next written. */
  const read = (key: string, raw: unknown): Export | null => {
    const migrated = migrateExport(raw);
    if (migrated.ok && migrated.value.id === key) {
      problems.clear('exports', key);
      return migrated.value;
    }
    const newer = !migrated.ok && migrated.error.reason === 'newer_version';
    const message = migrated.ok ? 'under the key of another record' : migrated.error.message;
    problems.add({ store: 'exports', key, reason: newer ? 'newer_version' : 'unreadable', message });
    return null;
  };

  /**
   * Which records could be read, by id, with the stamp of their rows. Records are large and rows do not tell, so each is looked
   * at once, and again when its row has changed.
   */
  const judged = new Map<string, { readonly stamp: string; readonly readable: boolean }>();
  const verdictOn = (row: ExportRow): boolean | null => {
    const known = judged.get(row.id);
    return known?.stamp === stampOf(row) ? known.readable : null;
  };

  /** The rows as a transaction sees them, and reading their records. */
  const viewOf = async (transaction: ReadTransaction) => {
    const rows = await rowsIn(transaction);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of judged.keys()) if (!byId.has(id)) judged.delete(id);
    problems.keep('exports', (id) => byId.has(id));
    const store = transaction.objectStore('exports');
    const readAll = (ids: readonly string[]): Promise<readonly (Export | null)[]> =>
      Promise.all(
        ids.map(async (id) => {
          const record = read(id, (await store.get(id))?.record);
          const row = byId.get(id);
          if (row !== undefined) judged.set(id, { stamp: stampOf(row), readable: record !== null });
          return record;
        }),
      );
    /** Reads what nobody has looked at yet of what fits a query. */
    const judge = async (query: ExportQuery): Promise<void> => {
      const { ids } = chooseRows(rows, query, (row) => verdictOn(row) === null);
      for (let at = 0; at < ids.length; at += BATCH) await readAll(ids.slice(at, at + BATCH));
    };
    return { rows, readAll, judge };
  };

  const listIn = async (transaction: ReadTransaction, query: ExportQuery): Promise<Listed> => {
    const { rows, readAll, judge } = await viewOf(transaction);
    const { limit, offset, ...whole } = query;
    // A page alone does not tell how many there are that can be read.
    if (limit !== undefined || offset !== undefined) await judge(whole);
    const found = new Map<string, Export>();
    for (;;) {
      const { ids, total } = chooseRows(rows, query, (row) => verdictOn(row) !== false);
      const missing = ids.filter((id) => !found.has(id));
      const records = await readAll(missing);
      for (const record of records) if (record !== null) found.set(record.id, record);
      // Those that turned out to be unreadable leave their places to others.
      if (records.includes(null)) continue;
      return { exports: ids.flatMap((id) => found.get(id) ?? []), total };
    }
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
        judged.delete(record.id);
        problems.clear('exports', record.id);
        return null;
      }),

    async get(id) {
      const row = await readIn(connection, ['exports'], undefined, (transaction) =>
        transaction.objectStore('exports').get(id),
      );
      if (row === undefined) return null;
      const record = read(id, row.record);
      judged.set(id, { stamp: stampOf(row), readable: record !== null });
      return record;
    },

    list: (query = {}) =>
      readIn(connection, ['exports'], { exports: [], total: 0 }, (transaction) => listIn(transaction, query)),

    unreadable: () =>
      readIn(connection, ['exports'], [], async (transaction) => {
        const { rows, judge } = await viewOf(transaction);
        await judge({});
        return rows.filter((row) => verdictOn(row) === false).map(({ id }) => id as ExportId);
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
