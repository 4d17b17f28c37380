/** The database: its stores, its versions, and opening it among other tabs and other builds. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { assert } from '../../core/base/assert.ts';
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Export } from '../../core/schema/export.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { SegmentRecord, SourceRef } from '../contract/stores.ts';
import { storageFailure } from './failures.ts';

/**
 * Names of stores and indexes. People's work lies under these names: a name that changes without an upgrade step
 * below that copies its records leaves them behind, which for the person is the same as having wiped
 *   documents: their project; assets, sources: their media list and the permission to read it again;
 *   exports: their finished jobs; segments, segmentData: what is rendered already; settings: their choices.
 * (posters, frameIndexes and proxies could be made again from the files.)
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
  /** Export records. The index alone answers which exports a list shows: records hold whole plans. */
  exports: {
    key: string;
    value: {
      readonly id: string;
      readonly seq: number;
      readonly createdAt: string;
      readonly status: string;
      readonly record: Export;
    };
    indexes: { byNewest: [string, number, string]; bySeq: number };
  };
  /** Apart from their data, so that listing them reads no blobs. */
  segments: { key: string; value: SegmentRecord; indexes: { byUser: string } };
  /** Chromium and Firefox keep these as files: a blob that is read back is backed by disk. */
  segmentData: { key: string; value: Blob };
  settings: { key: string; value: unknown };
}

/** An open connection. */
export type Database = IDBPDatabase<ReelkeepSchema>;
/** A store of the database. */
export type StoreName = StoreNames<ReelkeepSchema>;
/** A transaction that may write. */
export type WriteTransaction = IDBPTransaction<ReelkeepSchema, StoreName[], 'readwrite'>;

/** Brings the database from version `to - 1` to `to`. Only IndexedDB may be waited for in it. */
export interface UpgradeStep {
  readonly to: number;
  readonly run: (
    db: Database,
    transaction: IDBPTransaction<ReelkeepSchema, StoreName[], 'versionchange'>,
  ) => void | Promise<void>;
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
      exports.createIndex('byNewest', ['createdAt', 'seq', 'status']);
      exports.createIndex('bySeq', 'seq');
      db.createObjectStore('segments', { keyPath: 'key' }).createIndex('byUser', 'usedBy', {
        multiEntry: true,
      });
    },
  },
];

/** Why a connection ended: another tab upgrades, the browser took it, or we closed it. */
export type ClosedBy = 'versionchange' | 'terminated' | 'closed';

/** An open connection and how it ends. */
export interface Connection {
  readonly db: Database;
  /** Resolves once. */
  readonly whenClosed: Promise<ClosedBy>;
  close(): void;
}

/** How long a tab that does not let go of an older database may hold up the opening. */
const BLOCKED_LIMIT_MS = 10_000;

/**
 * Opens the database and upgrades it. Fails with reason `newer_version` when a newer build has upgraded it,
 * `storage_unavailable` where the browser has no storage for the page (private windows of some browsers, blocked
 * site data) or another tab does not let go.
 */
export async function openDatabase(
  name: string,
  steps: readonly UpgradeStep[] = UPGRADE_STEPS,
  blockedLimitMs: number = BLOCKED_LIMIT_MS,
): Promise<Result<Connection, Failure>> {
  steps.forEach((step, position) => {
    assert(
      step.to === position + 1,
      `upgrade step ${String(position)} leads to version ${String(position + 1)}`,
    );
  });
  let close: (by: ClosedBy) => void = () => undefined;
  const whenClosed = new Promise<ClosedBy>((resolve) => {
    close = resolve;
  });
  let blockedTimer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: (value: 'blocked') => void = () => undefined;
  const blocked = new Promise<'blocked'>((resolve) => {
    giveUp = resolve;
  });
  // Async, so that an `indexedDB` that is missing rejects and does not throw.
  const open = async () =>
    openDB<ReelkeepSchema>(name, steps.length, {
      upgrade(db, oldVersion, _newVersion, transaction) {
        const missing = steps.filter((step) => step.to > oldVersion);
        // A step that fails must not leave a database that calls itself upgraded.
        runSteps(missing, db, transaction).catch(() => transaction.abort());
        // How it ended is what `openDB` answers.
        transaction.done.catch(() => undefined);
      },
      blocked() {
        blockedTimer = setTimeout(giveUp, blockedLimitMs, 'blocked');
      },
      // A newer build waits in another tab: its work is worth more than this tab's old code.
      blocking(_current, _blocked, event) {
        close('versionchange');
        (event.target as IDBDatabase).close();
      },
      terminated() {
        close('terminated');
      },
    });
  try {
    const opening = open();
    const db = await Promise.race([opening, blocked]);
    if (db === 'blocked') {
      // Should the other tab let go later, nobody here waits for the connection any more.
      opening.then(
        (late) => late.close(),
        () => undefined,
      );
      return err(
        failure('storage_failed', 'storage_unavailable', 'Another tab holds an older database open.', {
          blocked: true,
        }),
      );
    }
    return ok({
      db,
      whenClosed,
      close() {
        close('closed');
        db.close();
      },
    });
  } catch (error) {
    return err(notAborted(storageFailure(error, { database: name })));
  } finally {
    clearTimeout(blockedTimer);
  }
}

/**
 * Runs writes in one transaction, all or nothing, on disk when it resolves (`durability: strict`: Chromium's
 * default only promises that the operating system has it).
 */
export async function writeIn(
  db: Database,
  stores: readonly StoreName[],
  work: (transaction: WriteTransaction) => Promise<Failure | null | undefined>,
): Promise<Result<null, Failure>> {
  let transaction: WriteTransaction;
  try {
    transaction = db.transaction([...stores], 'readwrite', { durability: 'strict' });
  } catch (error) {
    return err(closedFailure(error));
  }
  // A transaction that fails rejects its requests with AbortError and only itself with the reason (a full disk),
  // so both are looked at.
  const ending = transaction.done.then(
    () => null,
    (error: unknown) => ({ error: transaction.error ?? error }),
  );
  let problem: { readonly error: unknown } | null = null;
  let refused: Failure | null = null;
  try {
    refused = (await work(transaction)) ?? null;
  } catch (error) {
    problem = { error };
  }
  if (problem !== null || refused !== null) {
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
  }
  const ended = await ending;
  if (refused !== null) return err(refused);
  const errors = [ended?.error, problem?.error].filter((error) => error !== undefined && error !== null);
  if (ended === null && problem === null) return ok(null);
  const telling = errors.find((error) => error instanceof Error && error.name !== 'AbortError') ?? errors[0];
  return err(notAborted(storageFailure(telling)));
}

/** Nobody stops a transaction but the browser or this file: an abort without a reason is a failure of storage. */
function notAborted(found: Failure): Failure {
  return found.code === 'aborted'
    ? { ...found, code: 'storage_failed', reason: 'storage_unavailable' }
    : found;
}

async function runSteps(
  steps: readonly UpgradeStep[],
  ...[db, transaction]: Parameters<UpgradeStep['run']>
): Promise<void> {
  for (const step of steps) await step.run(db, transaction);
}

function closedFailure(error: unknown): Failure {
  if (error instanceof Error && error.name === 'InvalidStateError') {
    return failure('storage_failed', 'storage_unavailable', 'The database is closed in this tab.', {
      closed: true,
    });
  }
  return storageFailure(error);
}
