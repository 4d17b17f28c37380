/** A clock that stands still until a test moves it. */
import type { Clock } from '../../../src/runtime/contract/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly pauseMs: number;
  readonly wake: (slept: boolean) => void;
}

export interface FakeClock extends Clock {
  /** Moves time and the time of day; whoever sleeps until then wakes, in order. */
  advance(ms: number): Promise<void>;
  /** Sets the time of day without moving time: people and time servers do that. */
  setIso(iso: string): void;
  /** Pauses of those that sleep now. */
  pauses(): readonly number[];
}

/** Lets everything that can go on without time go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 25; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for a condition without moving time. Fails after a while that is long for a machine and short for a person. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 4000; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`It never came to this: ${what}`);
}

export function fakeClock(startIso = '2026-01-01T00:00:00.000Z'): FakeClock {
  let now = 1000;
  let day = Date.parse(startIso);
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    iso: () => new Date(day).toISOString(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve(false);
          return;
        }
        const sleeper: Sleeper = {
          dueMs: now + ms,
          pauseMs: ms,
          wake: (slept) => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', stop);
            resolve(slept);
          },
        };
        const stop = (): void => {
          sleeper.wake(false);
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const [next] = [...sleepers].filter((one) => one.dueMs <= end).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        day += next.dueMs - now;
        now = next.dueMs;
        next.wake(true);
      }
      day += end - now;
      now = end;
      await settle();
    },
    setIso(iso) {
      day = Date.parse(iso);
    },
    pauses: () => [...sleepers].map((sleeper) => sleeper.pauseMs),
  };
}
