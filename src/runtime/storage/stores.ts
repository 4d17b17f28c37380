/** All stores of one database. The only room that names IndexedDB or OPFS on the page's side. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import type { Stores } from '../contract/stores.ts';
import { createAnnotationStore } from './annotations.ts';
import { createAssetStore } from './assets.ts';
import { openDatabase } from './database.ts';
import { createDocumentStore } from './documents.ts';
import { createExportStore } from './exports.ts';
import { createFileStore } from './files.ts';
import { createLogStore } from './log.ts';
import { removeOrphans } from './orphans.ts';
import { Problems } from './problems.ts';
import { createSegmentStore } from './segments.ts';
import { createSettingsStore } from './settings.ts';

/** The stores, and what whoever opened them should know. */
export interface OpenStores extends Stores {
  /** Removes private copies and previews of assets that no record names, a day after they were last written. Bytes that went. */
  removeOrphans(nowMs?: number): Promise<number>;
}

/**
 * Opens the database and the folder of that name; read-only when a newer build has upgraded the database. Fails with
 * `storage_unavailable` where the page has no storage.
 */
export async function openStores(databaseName: string): Promise<Result<OpenStores, Failure>> {
  const opened = await openDatabase(databaseName);
  if (!opened.ok) return opened;
  const connection = opened.value;
  const problems = new Problems();
  const files = createFileStore(databaseName, privateStorage(), connection.readOnly);
  return ok({
    readOnly: connection.readOnly,
    assets: createAssetStore(connection, problems),
    documents: createDocumentStore(connection),
    annotations: createAnnotationStore(connection, problems),
    exports: createExportStore(connection, problems),
    segments: createSegmentStore(connection, problems),
    files,
    log: createLogStore(connection),
    settings: createSettingsStore(connection),
    problems: () => problems.list(),
    removeOrphans: (nowMs) => removeOrphans(connection, files, nowMs),
    whenClosed: connection.whenClosed,
    close: () => connection.close(),
  });
}

/** Undefined where there is none: old browsers, pages that are not a secure context. */
function privateStorage(): StorageManager | undefined {
  const storage = (navigator as { readonly storage?: StorageManager }).storage;
  return typeof storage?.getDirectory === 'function' ? storage : undefined;
}
