/** Position in the asset as a function of a clock that only goes forward. Pure. */

/** At clock time `hostMs` the position is `mediaUs`; from there it moves at `rate`. */
export interface Anchor {
  readonly mediaUs: number;
  readonly hostMs: number;
  readonly rate: number;
}

/** The position at a clock time, microseconds. */
export function positionAt(anchor: Anchor, hostMs: number): number {
  return anchor.mediaUs + (hostMs - anchor.hostMs) * 1000 * anchor.rate;
}

/** Tells a clock that stands still (a sound device that went away) from one that runs. */
export class StallWatch {
  #value = NaN;
  #movedMs = 0;

  /** Whether the value has been the same for longer than the limit. */
  stalled(value: number, nowMs: number, limitMs: number): boolean {
    if (value !== this.#value) {
      this.#value = value;
      this.#movedMs = nowMs;
    }
    return nowMs - this.#movedMs > limitMs;
  }
}
