/** Opening the database among other tabs and other builds. */
import { openDB, type OpenDBCallbacks } from 'idb';
import { assert } from '../../core/base/assert.ts';
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { ClosedBy } from '../contract/stores.ts';
import { errorName, notAborted, storageFailure } from './failures.ts';
import { UPGRADE_STEPS, type Database, type ReelkeepSchema, type UpgradeStep } from './upgrades.ts';

/** An open connection and how it ends. */
export interface Connection {
  readonly db: Database;
  /** A newer build has upgraded the database: nothing may be written. */
  readonly readOnly: boolean;
  /** Null while it is open. */
  closedBy(): ClosedBy | null;
  /** Resolves once. */
  readonly whenClosed: Promise<ClosedBy>;
  close(): void;
}

/** How long a tab that does not let go of an older database may hold up the opening. */
const BLOCKED_LIMIT_MS = 10_000;

/**
 * Opens the database and upgrades it; one that a newer build has upgraded is opened read-only. Fails with reason
 * `storage_unavailable` where the browser has no storage for the page (private windows of some browsers, blocked site data)
 * or another tab does not let go.
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
  const current = await openVersion(name, steps, blockedLimitMs);
  if (current.ok || current.error.reason !== 'newer_version') return current;
  return openVersion(name, null, blockedLimitMs);
}

/** @param steps null: whatever version the database has, read-only */
async function openVersion(
  name: string,
  steps: readonly UpgradeStep[] | null,
  blockedLimitMs: number,
): Promise<Result<Connection, Failure>> {
  let closedBy: ClosedBy | null = null;
  let resolveClosed: (by: ClosedBy) => void = () => undefined;
  const whenClosed = new Promise<ClosedBy>((resolve) => {
    resolveClosed = resolve;
  });
  const close = (by: ClosedBy): void => {
    closedBy ??= by;
    resolveClosed(closedBy);
  };
  let blockedTimer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: (value: 'blocked') => void = () => undefined;
  const blocked = new Promise<'blocked'>((resolve) => {
    giveUp = resolve;
  });
  const callbacks: OpenDBCallbacks<ReelkeepSchema> = {
    upgrade(db, oldVersion, _newVersion, transaction) {
      // A step that fails must not leave a database that calls itself upgraded; nor may a database that was deleted a
      // moment ago come back without any store.
      const missing = steps?.filter((step) => step.to > oldVersion) ?? [nothingToRead];
      runSteps(missing, db, transaction).catch(() => {
        try {
          transaction.abort();
        } catch {
          // The browser has ended it already.
        }
      });
      // How it ended is what `openDB` answers.
      transaction.done.catch(() => undefined);
    },
    blocked() {
      blockedTimer = setTimeout(giveUp, blockedLimitMs, 'blocked');
    },
    // A newer build waits in another tab: its work is worth more than this tab's old code. Transactions that run are
    // finished first; what comes later fails as data.
    blocking(_current, blockedVersion, event) {
      close(blockedVersion === null ? 'deleted' : 'versionchange');
      (event.target as IDBDatabase).close();
    },
    terminated() {
      close('terminated');
    },
  };
  // Async, so that an `indexedDB` that is missing rejects and does not throw.
  const open = async () => openDB<ReelkeepSchema>(name, steps?.length, callbacks);
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
      readOnly: steps === null,
      closedBy: () => closedBy,
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

/** A database that is opened to be read only has been made by another build. */
const nothingToRead: UpgradeStep = {
  to: 1,
  run() {
    throw new Error('The database was deleted while it was opened.');
  },
};

async function runSteps(
  steps: readonly UpgradeStep[],
  ...[db, transaction]: Parameters<UpgradeStep['run']>
): Promise<void> {
  for (const step of steps) await step.run(db, transaction);
}

/** Whether an error says that the connection has been closed. */
export function isClosed(error: unknown): boolean {
  return errorName(error) === 'InvalidStateError';
}
