/** What the browser's storage throws, as failures. Here and nowhere else the names of its errors are known. */
import { failure, type Failure } from '../../core/base/failure.ts';

/** The name of an error (`QuotaExceededError` ...), empty for what is none. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What an error of IndexedDB or of private storage means. */
export function storageFailure(error: unknown, details: Failure['details'] = {}): Failure {
  const name = errorName(error);
  const more = { ...details, error: name, message: messageOf(error) };
  switch (name) {
    case 'QuotaExceededError':
      return failure('quota_exceeded', 'no_space', 'The browser has no more storage for this page.', more);
    case 'VersionError':
      return failure(
        'storage_failed',
        'newer_version',
        'A newer build of Reelkeep has changed the database.',
        more,
      );
    case 'AbortError':
      return failure('aborted', 'cancelled', 'Writing was stopped.', more);
    default:
      return failure(
        'storage_failed',
        'storage_unavailable',
        `The browser's storage failed: ${messageOf(error)}`,
        more,
      );
  }
}

/** Nobody stops a transaction but the browser or this room: an abort without a reason is a failure of storage. */
export function notAborted(found: Failure): Failure {
  return found.code === 'aborted'
    ? { ...found, code: 'storage_failed', reason: 'storage_unavailable' }
    : found;
}
