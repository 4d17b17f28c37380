/** The clock, so that tests can put in their own. */
export interface Clock {
  /** Milliseconds that never go back (not the time of day). */
  now(): number;
  /** The time of day, ISO-8601 UTC. */
  iso(): string;
  /** Resolves after the pause, or at once with false when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}
