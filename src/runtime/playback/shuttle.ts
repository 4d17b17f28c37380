/** The rates that J and L go through. Pure. */

/** Forward rates, slowest first; backward the same with a minus. */
export const SHUTTLE_RATES = [1, 2, 4, 8] as const;

/**
 * The rate after another press of L (`direction` 1) or J (-1): faster in the same direction, and from standing or
 * from the other direction the slowest. 0 is standing.
 */
export function nextShuttleRate(rate: number, direction: 1 | -1): number {
  if (rate * direction <= 0) return direction;
  const faster =
    SHUTTLE_RATES.find((one) => one > Math.abs(rate)) ?? SHUTTLE_RATES[SHUTTLE_RATES.length - 1] ?? 1;
  return faster * direction;
}

/** Up to this rate every frame is decoded in a row; faster, and backward, frames are asked for by time. */
export const FASTEST_STREAM = 2;

/** Sound is heard at these rates. */
export function hasSoundAt(rate: number): boolean {
  return rate === 1 || rate === 2;
}
