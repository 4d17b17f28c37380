/** Whoever waits for something that happens now and then, and may give up. */

/** Makes a place to wait at. */
export function createWaiters(): {
  /** Resolves with the next `wake`, or when the signal fires. */
  wait(signal: AbortSignal): Promise<void>;
  /** Wakes all that wait now. */
  wake(): void;
} {
  const waiting = new Set<() => void>();
  return {
    wait: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        if (signal.aborted) {
          resolve();
          return;
        }
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      }),
    wake() {
      for (const done of [...waiting]) done();
    },
  };
}
