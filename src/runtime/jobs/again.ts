/** The same again after a pause, as long as what went wrong can pass. */
import type { Failure } from '../../core/base/failure.ts';
import { err, type Result } from '../../core/base/result.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import { cancelled, pauseBefore, recoveryFor } from './recovery.ts';

/** Runs work until it succeeds, fails for good, or has had enough tries. */
export async function withRetries<T>(
  { ports, signal }: { readonly ports: Pick<JobPorts, 'clock' | 'random'>; readonly signal: AbortSignal },
  most: number,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  for (let failures = 1; ; failures += 1) {
    const result = await work();
    if (result.ok || recoveryFor(result.error) !== 'retry') return result;
    const pause = pauseBefore(failures, ports.random(), most);
    if (pause === null) return result;
    if (!(await ports.clock.sleep(pause, signal))) {
      return err(cancelled());
    }
  }
}
