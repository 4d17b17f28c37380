/**
 * Every call into a worker goes through a supervisor: a call into a worker that died would otherwise stay pending
 * for ever, and an error that crosses would lose its code.
 */
import type { Remote } from 'comlink';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';

/** What bounds a call. */
export interface CallOptions {
  /** Ends the worker at once when it fires; the call fails with `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Without a sign of life (see `beat`) for this long the worker is ended and the call fails. Milliseconds. */
  readonly stallMs?: number | undefined;
  /** Ends the worker after the call: what reading a long file leaves behind in a small heap is not collected soon. */
  readonly endAfter?: boolean;
}

/** A worker, or a pool of equal workers, started when first needed and ended when idle. */
export interface Supervised<Api> {
  /**
   * Runs `work` with a worker's API. The worker's methods answer with Result values; a worker that dies, stalls or
   * throws becomes a failure with `engine_failed`. `beat` tells the supervisor that work goes on.
   */
  call<T>(
    work: (api: Remote<Api>, beat: () => void) => Promise<Result<T, Failure>>,
    options?: CallOptions,
  ): Promise<Result<T, Failure>>;
  /** Number of workers alive. */
  readonly alive: number;
  /** Ends all workers. Calls under way fail with `closed`. */
  dispose(): void;
}

/** Every worker answers this first, so that a start that failed is told apart from slow work. */
export interface BaseWorkerApi {
  /** Resolves when the worker's code has run. */
  ping(): Promise<'pong'>;
}
