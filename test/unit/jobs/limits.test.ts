/** How long things may take, and what happens to those that take longer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../src/core/base/result.ts';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { Beat } from '../../../src/runtime/contract/supervised.ts';
import { expectedMs, limitsFor, MOST_SILENT_MS } from '../../../src/runtime/jobs/limits.ts';
import { watched } from '../../../src/runtime/jobs/watchdog.ts';
import { fakeClock, settle, type FakeClock } from './fake-clock.ts';

describe('limits', () => {
  it('of a step: ten times what it should take, a minute at least, a quarter of an hour at most', () => {
    const stall = (expected: number): number => limitsFor({ part: 'step', expectedMs: expected }).stallMs;
    expect(stall(100)).toBe(60_000);
    expect(stall(20_000)).toBe(200_000);
    expect(stall(10_000_000)).toBe(MOST_SILENT_MS);
  });

  it('of stages grow with what they work on', () => {
    const assembling = (bytes: number): number => limitsFor({ part: 'assembling', bytes }).stallMs;
    // A worker that is silent is noticed sooner than one that is waited for.
    expect(limitsFor({ part: 'writing', bytes: 1000 }).stallMs).toBe(60_000);
    expect(assembling(1000)).toBe(300_000);
    expect(assembling(3e9)).toBe(600_000);
    expect(assembling(1e12)).toBe(MOST_SILENT_MS);
    const verifying = (joins: number): number => limitsFor({ part: 'verifying', bytes: 0, joins }).stallMs;
    expect(verifying(150)).toBeGreaterThan(verifying(2));
    expect(limitsFor({ part: 'preparing', clips: 1 }).stallMs).toBe(300_000);
  });

  it('never allow more than a quarter of an hour without progress, and always some time in all', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (expected) => {
        const limits = limitsFor({ part: 'step', expectedMs: expected });
        expect(limits.stallMs).toBeLessThanOrEqual(MOST_SILENT_MS);
        expect(limits.stallMs).toBeGreaterThanOrEqual(60_000);
        expect(limits.totalMs).toBeGreaterThanOrEqual(limits.stallMs);
      }),
    );
  });

  it('what was measured in this job counts, once there is enough of it', () => {
    expect(expectedMs(10_000, null)).toBe(10_000);
    expect(expectedMs(10_000, { costMs: 100, wallMs: 5_000 })).toBe(10_000);
    expect(expectedMs(10_000, { costMs: 5_000, wallMs: 15_000 })).toBe(30_000);
    expect(expectedMs(10_000, { costMs: 5_000, wallMs: 500 })).toBe(1_000);
  });
});

function watch(
  clock: FakeClock,
  work: (signal: AbortSignal, beat: Beat) => Promise<Result<string, Failure>>,
): { readonly outcome: () => string; readonly abort: AbortController } {
  const abort = new AbortController();
  let outcome = 'none';
  const limits = { stallMs: 60_000, totalMs: 600_000 };
  void watched({ clock, signal: abort.signal, limits, what: 'It' }, work).then((result) => {
    outcome = result.ok ? result.value : result.error.reason;
  });
  return { outcome: () => outcome, abort };
}

const never = (): Promise<Result<string, Failure>> => new Promise(() => undefined);

describe('the watchdog', () => {
  it('ends what is silent, and tells it so', async () => {
    const clock = fakeClock();
    let told = false;
    const { outcome } = watch(clock, (signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return never();
    });
    await clock.advance(59_000);
    expect([outcome(), told]).toEqual(['none', false]);
    await clock.advance(2_000);
    expect([outcome(), told]).toEqual(['worker_stuck', true]);
  });

  it('is kept off by progress, not by the same number again and again', async () => {
    const clock = fakeClock();
    let beat: Beat = () => undefined;
    const { outcome } = watch(clock, (_signal, tell) => {
      beat = tell;
      return never();
    });
    for (let i = 0; i < 4; i += 1) {
      await clock.advance(40_000);
      beat(i);
    }
    expect(outcome()).toBe('none');
    await clock.advance(40_000);
    beat(3);
    await clock.advance(40_000);
    expect(outcome()).toBe('worker_stuck');
  });

  it('ends what goes on for too long in all', async () => {
    const clock = fakeClock();
    let beat: Beat = () => undefined;
    const { outcome } = watch(clock, (_signal, tell) => {
      beat = tell;
      return never();
    });
    for (let i = 0; i < 19; i += 1) {
      await clock.advance(30_000);
      beat(i);
    }
    expect(outcome()).toBe('none');
    await clock.advance(30_000);
    expect(outcome()).toBe('worker_stuck');
  });

  it('hands on what came of the work, and leaves nothing that sleeps', async () => {
    const clock = fakeClock();
    const { outcome } = watch(clock, () => Promise.resolve(ok('done')));
    await settle();
    expect([outcome(), clock.pauses().length]).toEqual(['done', 0]);
  });

  it('a machine that slept gets the time again', async () => {
    const clock = fakeClock();
    let asleepMs = 0;
    const slow = { ...clock, now: () => clock.now() + asleepMs };
    const { outcome } = watch(slow, never);
    await settle();
    // An hour passed while nothing ran: the timer comes, but it is no sign of anything.
    asleepMs = 3_600_000;
    await clock.advance(60_000);
    expect(outcome()).toBe('none');
    await clock.advance(61_000);
    expect(outcome()).toBe('worker_stuck');
  });
});
