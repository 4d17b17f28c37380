/** The stores of the database, and the steps that bring an older one up to date. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { LogEntry } from '../../core/schema/log.ts';
import type { SegmentRecord, SourceRef } from '../contract/stores.ts';
import { ROW_KEY, rowOf, type ExportRow, type RowKey } from './export-rows.ts';

/**
 * Names of stores and indexes. People's work lies under these names: a name that changes without an upgrade step
 * below that copies its records leaves them behind, which for the person is the same as having wiped
 *   documents: their project; annotations: their comments; assets, sources: their media list and the permission to read it again;
 *   exports: their finished jobs; segments, segmentData: what is rendered already; settings: their choices.
 * (posters, frameIndexes and proxies could be made again from the files; the log is nobody's work.)
 */
export interface ReelkeepSchema extends DBSchema {
  /** Asset records. `seq` is the order of import. The record itself is checked when it is read. */
  assets: {
    key: string;
    value: {
      readonly id: string;
      readonly seq: number;
      readonly fingerprint: string;
      readonly record: unknown;
    };
    indexes: { byFingerprint: string; bySeq: number };
  };
  sources: { key: string; value: SourceRef };
  posters: { key: string; value: Blob };
  frameIndexes: { key: string; value: FrameIndex };
  proxies: { key: string; value: string };
  documents: { key: string; value: unknown };
  /**
   * Export records, of whatever version. What lists ask for lies beside the record and in the index: records hold whole
   * plans, and the index alone answers which of them a page of a list shows.
   */
  exports: {
    key: string;
    value: ExportRow & { readonly record: unknown };
    indexes: { byRow: RowKey; bySeq: number };
  };
  /** Apart from their data, so that listing them reads no blobs. `use` counts up with every use of any of them. */
  segments: { key: string; value: SegmentRecord; indexes: { byUser: string; byUse: number } };
  /** Chromium and Firefox keep these as files: a blob that is read back is backed by disk. */
  segmentData: { key: string; value: Blob };
  /** Comments: a record each, of whatever version. The record itself is checked when it is read. */
  annotations: {
    key: string;
    value: { readonly id: string; readonly assetId: string; readonly record: unknown };
    indexes: { byAsset: string };
  };
  settings: { key: string; value: unknown };
  /** Keys count up: the smallest is the oldest. */
  log: { key: number; value: LogEntry };
}

/** An open database. */
export type Database = IDBPDatabase<ReelkeepSchema>;
/** A store of the database. */
export type StoreName = StoreNames<ReelkeepSchema>;
/** A transaction that upgrades. */
export type UpgradeTransaction = IDBPTransaction<ReelkeepSchema, StoreName[], 'versionchange'>;

/** Brings the database from version `to - 1` to `to`. Only IndexedDB may be waited for in it. */
export interface UpgradeStep {
  readonly to: number;
  readonly run: (db: Database, transaction: UpgradeTransaction) => void | Promise<void>;
}

/** One step for each version, without gaps. Never change a step that has shipped: add the next one. */
export const UPGRADE_STEPS: readonly UpgradeStep[] = [
  {
    to: 1,
    run(db) {
      const assets = db.createObjectStore('assets', { keyPath: 'id' });
      assets.createIndex('byFingerprint', 'fingerprint');
      assets.createIndex('bySeq', 'seq');
      for (const name of [
        'sources',
        'posters',
        'frameIndexes',
        'proxies',
        'documents',
        'segmentData',
        'settings',
      ] as const) {
        db.createObjectStore(name);
      }
      const exports = db.createObjectStore('exports', { keyPath: 'id' });
      exports.createIndex('byNewest' as 'byRow', ['createdAt', 'seq', 'status']);
      exports.createIndex('bySeq', 'seq');
      db.createObjectStore('segments', { keyPath: 'key' }).createIndex('byUser', 'usedBy', {
        multiEntry: true,
      });
    },
  },
  {
    // The log; lists of exports by name, type, size and place in the queue; segments in the order of their use.
    to: 2,
    async run(db, transaction) {
      db.createObjectStore('log', { autoIncrement: true });
      await rewriteExportRows(transaction);
      await countUses(transaction);
    },
  },
  {
    // Comments.
    to: 3,
    run(db) {
      db.createObjectStore('annotations', { keyPath: 'id' }).createIndex('byAsset', 'assetId');
    },
  },
];

async function rewriteExportRows(transaction: UpgradeTransaction): Promise<void> {
  const exports = transaction.objectStore('exports');
  exports.deleteIndex('byNewest');
  exports.createIndex('byRow', [...ROW_KEY]);
  // Records stay as they are: they are migrated when they are read, and written in the new shape when they change.
  for (let cursor = await exports.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const { id, seq, record } = cursor.value;
    await cursor.update({ ...rowOf(record, { id, seq }), record });
  }
}

async function countUses(transaction: UpgradeTransaction): Promise<void> {
  const segments = transaction.objectStore('segments');
  segments.createIndex('byUse', 'use');
  const all = (await segments.getAll()).sort((a, b) =>
    a.usedAt < b.usedAt ? -1 : a.usedAt > b.usedAt ? 1 : 0,
  );
  let use = 0;
  for (const record of all) {
    use += 1;
    await segments.put({ ...record, use });
  }
}
