/**
 * What a thrown value means. A throw inside a worker is a bug or the platform saying no: both must cross as data,
 * because an error that crosses Comlink keeps only its name, message and stack.
 */
import { isOutOfMemory } from '../../src/core/base/out-of-memory.ts';
import { failure, type Failure } from '../../src/core/base/failure.ts';

/** Names of DOMExceptions that say: the bytes behind this Blob cannot be read (moved, deleted, permission gone). */
const UNREADABLE = new Set(['NotReadableError', 'NotFoundError', 'NotAllowedError', 'SecurityError']);

/** The name of a thrown value, '' where it has none. */
export function nameOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : '';
}

/** The message of a thrown value. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.message : String(cause);
}

/** The file's bytes cannot be read any more. */
export function unreadable(cause: unknown): Failure {
  return failure(
    'unsupported_media',
    'unreadable_file',
    'The file cannot be read: it was moved, deleted or changed.',
    {
      cause: messageOf(cause),
    },
  );
}

/** Maps a thrown value to a failure. */
export function failureOf(cause: unknown): Failure {
  const name = nameOf(cause);
  const details = { name, cause: messageOf(cause) };
  if (UNREADABLE.has(name)) return unreadable(cause);
  if (name === 'QuotaExceededError') {
    return failure('quota_exceeded', 'no_space', 'There is not enough storage left.', details);
  }
  if (isOutOfMemory(messageOf(cause))) {
    return failure(
      'engine_failed',
      'out_of_memory',
      `The worker ran out of memory: ${messageOf(cause)}`,
      details,
    );
  }
  // Traps say that the engine broke; a retry on a fresh worker may pass.
  if (name === 'RangeError' || name === 'RuntimeError' || name === 'CompileError') {
    return failure('engine_failed', 'unexpected', `The worker broke: ${messageOf(cause)}`, details);
  }
  return failure(
    'internal',
    'unexpected',
    `Something unexpected happened in a worker: ${messageOf(cause)}`,
    details,
  );
}
