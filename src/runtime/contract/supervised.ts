/**
 * Every call into a worker goes through a supervisor: a call into a worker that died would otherwise stay pending
 * for ever, and an error that crosses would lose its code.
 */
import type { Remote } from 'comlink';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';

/** How long a call may take. Milliseconds of a worker's time: waiting for a free worker does not count. */
export interface CallLimits {
  /** Longest without progress (see `beat`); the worker is ended then and the call fails with `worker_stuck`. */
  readonly stallMs: number;
  /** Longest in all, progress or not. */
  readonly totalMs: number;
}

/** What bounds a call. */
export interface CallOptions extends Partial<CallLimits> {
  /** Ends the worker at once when it fires; the call fails with `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the worker after the call: what reading a long file leaves behind in a small heap is not collected soon. */
  readonly endAfter?: boolean;
}

/** Tells the supervisor that work goes on. */
export type Beat = (progress?: number) => void;

/** A worker, or a pool of equal workers, started when first needed and ended when idle. */
export interface Supervised<Api> {
  /**
   * Runs `work` with a worker's API. The worker's methods answer with Result values; a worker that dies, stalls or
   * throws becomes a failure with `engine_failed`. `beat` tells the supervisor that work goes on; with a number (frames,
   * a time, a fraction) only one that differs from the last: a worker that says the same again and again is stuck.
   */
  call<T>(
    work: (api: Remote<Api>, beat: Beat) => Promise<Result<T, Failure>>,
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
