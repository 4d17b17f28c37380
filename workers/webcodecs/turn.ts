/** Waiting for a codec without waiting for ever: a call to one that hangs would stay pending. */

/** A codec that gives no sign of life for so long is stuck. Software codecs of 4K give a picture in well under a second. */
const SILENCE_MS = 30_000;

/** A place to wait at; whoever has news calls `wake`. */
export class Turn {
  #wake: () => void = () => undefined;

  /** Lets the one who waits look again. */
  readonly wake = (): void => {
    this.#wake();
  };

  /** Resolves at the next `wake`; rejects when none comes for too long. Look at the state before, without a pause. */
  wait(limitMs = SILENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`The codec gave nothing for ${String(limitMs / 1000)} seconds.`));
      }, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
