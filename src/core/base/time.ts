/**
 * Time in Reelkeep is integer microseconds (DESIGN.md, section 3). A frame's time is computed from its index and
 * a rational rate, never accumulated, so that it does not drift.
 */

declare const microsBrand: unique symbol;

/** Integer microseconds. */
export type Micros = number & { readonly [microsBrand]: true };

/** A frame rate or other ratio as a fraction of positive integers, e.g. 30000/1001. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** One second in microseconds. */
export const SECOND_US = 1_000_000;

/** Rounds a number of microseconds to the branded integer type. */
export function micros(value: number): Micros {
  return Math.round(value) as Micros;
}

/** Seconds (as media libraries speak) to microseconds. */
export function secondsToMicros(seconds: number): Micros {
  return Math.round(seconds * SECOND_US) as Micros;
}

/** Microseconds to seconds. */
export function microsToSeconds(us: number): number {
  return us / SECOND_US;
}

/** Microseconds as the decimal seconds that ffmpeg's options take: exact, without exponent. */
export function microsToDecimal(us: number): string {
  const sign = us < 0 ? '-' : '';
  const absolute = Math.abs(Math.round(us));
  const whole = Math.floor(absolute / SECOND_US);
  const rest = absolute - whole * SECOND_US;
  return `${sign}${String(whole)}.${String(rest).padStart(6, '0')}`;
}

/** The presentation time of a frame of a constant-rate stream that starts at 0. */
export function frameToMicros(frame: number, rate: Rational): Micros {
  return Math.round((frame * SECOND_US * rate.den) / rate.num) as Micros;
}

/** The frame on display at a time, for a constant-rate stream that starts at 0. */
export function microsToFrame(us: number, rate: Rational): number {
  // A frame's own time is rounded to a microsecond, so look half a microsecond ahead.
  return Math.floor(((us + 0.5) * rate.num) / (SECOND_US * rate.den) + 1e-9);
}

/** Length of one frame in microseconds, not rounded. */
export function frameDuration(rate: Rational): number {
  return (SECOND_US * rate.den) / rate.num;
}

/** Greatest common divisor of two non-negative integers. */
export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** A fraction in lowest terms. */
export function reduceRational({ num, den }: Rational): Rational {
  const divisor = gcd(num, den) || 1;
  return { num: num / divisor, den: den / divisor };
}

const STANDARD_RATES: readonly Rational[] = [
  ...[8, 10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 72, 90, 100, 120, 144, 240].map((fps) =>
    reduceRational({ num: fps * 2, den: 2 }),
  ),
  ...[24, 30, 48, 60, 120].map((fps) => ({ num: fps * 1000, den: 1001 })),
];

/**
 * The rate that a measured average stands for: the nearest standard rate when it is within 0.05 %, else the
 * value as thousandths.
 */
export function toRational(fps: number): Rational {
  let best: Rational | null = null;
  for (const rate of STANDARD_RATES) {
    const distance = Math.abs(rate.num / rate.den - fps);
    if (best === null || distance < Math.abs(best.num / best.den - fps)) best = rate;
  }
  if (best !== null && Math.abs(best.num / best.den - fps) / fps < 0.0005) return best;
  return reduceRational({ num: Math.max(1, Math.round(fps * 1000)), den: 1000 });
}
