/** Reading and writing the database: every write all or nothing, every failure as data. */
import type { IDBPTransaction } from 'idb';
import { failure, FailureError, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { isClosed, type Connection } from './database.ts';
import { notAborted, storageFailure } from './failures.ts';
import type { ReelkeepSchema, StoreName } from './upgrades.ts';

/** A transaction that may write. */
export type WriteTransaction = IDBPTransaction<ReelkeepSchema, StoreName[], 'readwrite'>;
/** A transaction that only reads. */
export type ReadTransaction = IDBPTransaction<ReelkeepSchema, StoreName[]>;

/** What of a connection is used here. */
export type Reachable = Pick<Connection, 'db' | 'readOnly' | 'closedBy'>;

/**
 * Runs writes in one transaction, all or nothing, on disk when it resolves (`durability: strict`: Chromium's
 * default only promises that the operating system has it). A full disk or quota ends the transaction: nothing of it is left.
 */
export async function writeIn(
  connection: Reachable,
  stores: readonly StoreName[],
  work: (transaction: WriteTransaction) => Promise<Failure | null | undefined>,
  durability: IDBTransactionDurability = 'strict',
): Promise<Result<null, Failure>> {
  if (connection.readOnly) return err(readOnlyFailure());
  let transaction: WriteTransaction;
  try {
    transaction = connection.db.transaction([...stores], 'readwrite', { durability });
  } catch (error) {
    return err(isClosed(error) ? closedFailure(connection) : storageFailure(error));
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

/**
 * Reads in one transaction. In the database of a newer build a store may be missing or made otherwise: it then reads as
 * `empty`. Anything else that fails is thrown, as a `FailureError`: a database that cannot be read is not an empty one.
 */
export async function readIn<T>(
  connection: Reachable,
  stores: readonly StoreName[],
  empty: T,
  work: (transaction: ReadTransaction) => Promise<T>,
): Promise<T> {
  const { db, readOnly } = connection;
  if (readOnly && !stores.every((name) => db.objectStoreNames.contains(name))) return empty;
  try {
    return await work(db.transaction([...stores]));
  } catch (error) {
    if (isClosed(error)) throw new FailureError(closedFailure(connection));
    if (readOnly) return empty;
    throw error instanceof FailureError ? error : new FailureError(notAborted(storageFailure(error)));
  }
}

/** Why nothing is written into a database, or a folder of files, of a newer build. */
export function readOnlyFailure(): Failure {
  return failure(
    'storage_failed',
    'newer_version',
    'A newer build of Reelkeep has changed the database: this one can only read it.',
    { readOnly: true },
  );
}

function closedFailure({ closedBy }: Reachable): Failure {
  const by = closedBy();
  if (by === 'versionchange') {
    return failure(
      'storage_failed',
      'newer_version',
      'A newer build of Reelkeep has taken over the database in another tab.',
      { closed: true },
    );
  }
  return failure('storage_failed', 'storage_unavailable', 'The database is closed in this tab.', {
    closed: true,
    by: by ?? 'unknown',
  });
}
