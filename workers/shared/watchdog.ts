/** Ends a wait for something that gives no sign of life any more: codecs of browsers can get stuck for good. */

/** Rejects `silence` when no beat comes for so long. Stop it when the work is done. */
export interface Watchdog {
  beat(): void;
  readonly silence: Promise<never>;
  stop(): void;
}

/** Starts a watchdog; `problem` is the message of its rejection. */
export function watchdog(limitMs: number, problem: string): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reject: (reason: Error) => void = () => undefined;
  const silence = new Promise<never>((_, no) => {
    reject = no;
  });
  // Nobody may be waiting any more when it fires.
  silence.catch(() => undefined);
  const beat = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reject(new Error(problem));
    }, limitMs);
  };
  beat();
  return {
    beat,
    silence,
    stop: () => {
      clearTimeout(timer);
    },
  };
}
