/** All stores of one database. The only room that names IndexedDB or OPFS on the page's side. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import type { Stores } from '../contract/stores.ts';
import { createAssetStore } from './assets.ts';
import { openDatabase, writeIn, type ClosedBy } from './database.ts';
import { createDocumentStore } from './documents.ts';
import { createExportStore } from './exports.ts';
import { createFileStore } from './files.ts';
import { Problems, type StoreProblem } from './problems.ts';
import { createSegmentStore } from './segments.ts';

export type { ClosedBy } from './database.ts';
export type { StoreProblem } from './problems.ts';

/** The stores, and what whoever opened them should know. */
export interface OpenStores extends Stores {
  /** Records that could not be read so far: skipped, kept on disk. */
  problems(): readonly StoreProblem[];
  /** Resolves when the connection ends: by `close`, for a newer build in another tab, or by the browser. */
  readonly whenClosed: Promise<ClosedBy>;
}

/**
 * Opens the database and the folder of that name. Fails with reason `newer_version` when a newer build has
 * upgraded the database, and `storage_unavailable` where the page has no storage.
 */
export async function openStores(databaseName: string): Promise<Result<OpenStores, Failure>> {
  const connection = await openDatabase(databaseName);
  if (!connection.ok) return connection;
  const { db, whenClosed } = connection.value;
  const problems = new Problems();
  return ok({
    assets: createAssetStore(db, problems),
    documents: createDocumentStore(db),
    exports: createExportStore(db, problems),
    segments: createSegmentStore(db, problems),
    files: createFileStore(databaseName, privateStorage()),
    settings: {
      get: (key) => db.get('settings', key),
      set: (key, value) =>
        writeIn(db, ['settings'], async (transaction) => {
          await transaction.objectStore('settings').put(value, key);
          return null;
        }),
    },
    problems: () => problems.list(),
    whenClosed,
    close: () => connection.value.close(),
  });
}

/** Undefined where there is none: old browsers, pages that are not a secure context. */
function privateStorage(): StorageManager | undefined {
  const storage = (navigator as { readonly storage?: StorageManager }).storage;
  return typeof storage?.getDirectory === 'function' ? storage : undefined;
}
