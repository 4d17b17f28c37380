/** Ends a stage that makes no progress: whatever hangs below it, the job does not. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, type Result } from '../../core/base/result.ts';
import type { Clock } from '../contract/clock.ts';
import type { Beat, CallLimits } from '../contract/supervised.ts';

/** A pause that took this much longer than it should: the machine slept, and so did what is watched. */
const OVERSLEPT_MS = 30_000;

/** What is watched, and by whose time. */
export interface Watched {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits: CallLimits;
  /** For the message. */
  readonly what: string;
}

/**
 * Runs work under limits. It gets a signal that also fires when it is stuck, and `beat` for its progress; a number that is the
 * same as the last one is none. `engine_failed`/`worker_stuck` when it is stuck, however the work itself then ends.
 */
export async function watched<T>(
  { clock, signal, limits, what }: Watched,
  work: (signal: AbortSignal, beat: Beat) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const stuck = new AbortController();
  const ended = new AbortController();
  let startedMs = clock.now();
  let movedMs = startedMs;
  let last: number | undefined;
  const beat: Beat = (progress) => {
    if (progress !== undefined && progress === last) return;
    last = progress;
    movedMs = clock.now();
  };
  const watch = async (): Promise<Result<T, Failure>> => {
    for (;;) {
      const before = clock.now();
      const left = Math.min(limits.stallMs - (before - movedMs), limits.totalMs - (before - startedMs));
      if (left <= 0) {
        stuck.abort();
        return err(
          failure('engine_failed', 'worker_stuck', `${what} made no progress and was ended.`, { what }),
        );
      }
      if (!(await clock.sleep(left, ended.signal))) return new Promise(() => undefined);
      const overslept = clock.now() - before - left;
      if (overslept > OVERSLEPT_MS) {
        startedMs += overslept;
        movedMs = clock.now();
      }
    }
  };
  try {
    return await Promise.race([work(AbortSignal.any([signal, stuck.signal]), beat), watch()]);
  } finally {
    ended.abort();
  }
}
