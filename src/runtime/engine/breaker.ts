/**
 * One circuit breaker: counts failures in a row, is open for a while when there were too many, and then lets exactly one try
 * through; its outcome closes it or opens it again, for twice as long.
 */

/** For how long at first, milliseconds. */
const OPEN_MS = 5 * 60_000;
/** For how long at most. */
const MOST_OPEN_MS = 30 * 60_000;

/** A breaker. Time is passed in. */
export interface Breaker {
  /** Whether a try may be made now. */
  admits(nowMs: number): boolean;
  /** A try begins. True where it is the one that finds out whether the breaker may close again. */
  enter(nowMs: number): boolean;
  /** A try that says nothing (cancelled, source gone): if it was to find out, the next one does. */
  leave(wasProbe: boolean): void;
  /** It works. */
  close(): void;
  /** It failed. Answers for how long the breaker is open from now on; null when nothing changed. */
  fail(nowMs: number, wasProbe: boolean): number | null;
}

/** Makes a closed breaker that opens after so many failures in a row. */
export function createBreaker(mostFailures: number): Breaker {
  let failures = 0;
  let openUntilMs: number | null = null;
  let openMs = 0;
  let probing = false;
  return {
    admits: (nowMs) => openUntilMs === null || (nowMs >= openUntilMs && !probing),
    enter(nowMs) {
      const isProbe = openUntilMs !== null && nowMs >= openUntilMs && !probing;
      probing ||= isProbe;
      return isProbe;
    },
    leave(wasProbe) {
      if (wasProbe) probing = false;
    },
    close() {
      failures = 0;
      openUntilMs = null;
      openMs = 0;
      probing = false;
    },
    fail(nowMs, wasProbe) {
      failures += 1;
      if (wasProbe) probing = false;
      // Tries that began before it opened come back failed as well: they are the same news, not more of it.
      if (openUntilMs !== null && !wasProbe) return null;
      if (failures < mostFailures) return null;
      openMs = openMs === 0 ? OPEN_MS : Math.min(MOST_OPEN_MS, openMs * 2);
      openUntilMs = nowMs + openMs;
      return openMs;
    },
  };
}
