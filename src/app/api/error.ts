/** The error that the public API rejects with. */
import { FailureError, type Failure, type FailureCode, type FailureReason } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';

/** An expected failure: `code` says what kind, `reason` precisely why, `message` is an English sentence. */
export class ReelkeepError extends Error {
  override readonly name = 'ReelkeepError';
  readonly code: FailureCode;
  readonly reason: FailureReason;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(failure: Failure) {
    super(failure.message);
    this.code = failure.code;
    this.reason = failure.reason;
    this.details = failure.details ?? {};
  }

  /** The failure as plain data. */
  toFailure(): Failure {
    return { code: this.code, reason: this.reason, message: this.message, details: this.details };
  }
}

/** The value of a result; rejects with `ReelkeepError` where the API's callers expect that. */
export function unwrap<T>(result: Result<T, Failure>): T {
  if (result.ok) return result.value;
  throw new ReelkeepError(result.error);
}

/** What was thrown, as a failure: expected ones as they are, anything else as a bug. */
export function failureOf(cause: unknown): Failure {
  if (cause instanceof ReelkeepError) return cause.toFailure();
  if (cause instanceof FailureError) return cause.failure;
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: 'internal', reason: 'unexpected', message: `Unexpected: ${text}`, details: { cause: text } };
}
