/**
 * Time of the formats that count in fractions of a second. Fractions are exact (FCPXML has 64-bit numerators over 32-bit
 * denominators, more than a number holds); frames of a film are those that the player shows.
 */
import { frameToMicros, SECOND_US, type Rational } from '../base/time.ts';
import type { ExchangeMedia } from './model.ts';

/** Seconds as a fraction in lowest terms, `d` positive. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

/** Denominators above this are no rate's: sums of many would only grow. Nanoseconds do from there on. */
const MAX_DENOMINATOR = 10n ** 15n;
const NANO = 1_000_000_000n;
/** How far a time may lie from a frame's and still mean it, microseconds: containers round to milliseconds. */
const SNAP_US = 1000;

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Division to the nearest whole number; halves go up. */
function rounded(n: bigint, d: bigint): bigint {
  const twice = 2n * n + d;
  const floor = twice / (2n * d);
  return twice < 0n && floor * 2n * d !== twice ? floor - 1n : floor;
}

/** A fraction. */
export function ratio(n: bigint, d = 1n): Ratio {
  const divisor = gcd(n, d) || 1n;
  const lowest = { n: n / divisor, d: d / divisor };
  if (lowest.d <= MAX_DENOMINATOR) return lowest;
  return ratio(rounded(lowest.n * NANO, lowest.d), NANO);
}

/** No time. */
export const ZERO: Ratio = { n: 0n, d: 1n };

/** The sum. */
export function plus(a: Ratio, b: Ratio): Ratio {
  return ratio(a.n * b.d + b.n * a.d, a.d * b.d);
}

/** The difference. */
export function minus(a: Ratio, b: Ratio): Ratio {
  return ratio(a.n * b.d - b.n * a.d, a.d * b.d);
}

/** Below zero, zero or above it, as the first is before, at or after the second. */
export function compared(a: Ratio, b: Ratio): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The later one. */
export function later(a: Ratio, b: Ratio): Ratio {
  return compared(a, b) < 0 ? b : a;
}

/** The earlier one. */
export function earlier(a: Ratio, b: Ratio): Ratio {
  return compared(a, b) > 0 ? b : a;
}

/** The time of so many frames. */
export function ofFrames(frames: number, rate: Rational): Ratio {
  return ratio(BigInt(frames) * BigInt(rate.den), BigInt(rate.num));
}

/** Whole microseconds, the nearest. */
export function toUs(time: Ratio): number {
  return Number(rounded(time.n * BigInt(SECOND_US), time.d));
}

/** `1001/30000s`, `5s`, `12.5s`; null for anything else. */
export function parseSeconds(text: string | undefined): Ratio | null {
  const match = /^(-?)(\d{1,20})(?:\/(\d{1,20})|\.(\d{1,12})\d{0,20})?s$/.exec(text?.trim() ?? '');
  if (!match) return null;
  const [, sign = '', whole = '0', under, fraction = ''] = match;
  const d = under === undefined ? 10n ** BigInt(fraction.length) : BigInt(under);
  if (d === 0n) return null;
  const n = BigInt(under === undefined ? whole + fraction : whole);
  return ratio(sign === '-' ? -n : n, d);
}

/** As FCPXML writes it. */
export function formatSeconds({ n, d }: Ratio): string {
  return d === 1n ? `${String(n)}s` : `${String(n)}/${String(d)}s`;
}

/** A frame, and whether the time was a frame's own. */
export interface FrameSpot {
  readonly frame: number;
  readonly exact: boolean;
}

/** How many frames a film has. */
export function frameCount({ timesUs, variable, durationUs, rate }: ExchangeMedia): number {
  if (timesUs && !variable && timesUs.length > 0) return timesUs.length;
  return Math.max(1, Math.round((durationUs * rate.num) / (rate.den * SECOND_US)));
}

/** When a frame is shown; the film's end for those past it. */
export function timeOfFrame(media: ExchangeMedia, frame: number): number {
  if (frame >= frameCount(media)) return media.durationUs;
  const known = media.variable ? undefined : media.timesUs?.[frame];
  return known ?? Math.min(frameToMicros(frame, media.rate), media.durationUs);
}

/** The frame of a constant rate that is on display. */
function byRate(us: number, rate: Rational): FrameSpot {
  const nearest = Math.round((us * rate.num) / (rate.den * SECOND_US));
  const away = us - frameToMicros(nearest, rate);
  const exact = Math.abs(away) <= Math.min(SNAP_US, (SECOND_US * rate.den) / rate.num / 4);
  return { frame: exact || away > 0 ? nearest : nearest - 1, exact };
}

/** Position of the last time that is not above the limit; -1 when all are. */
function lastAtOrBefore(times: Float64Array, limitUs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= limitUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The frame on display in a list of times. */
function byTimes(us: number, times: Float64Array): FrameSpot {
  const at = lastAtOrBefore(times, us);
  const [time, next] = [times[at] ?? -Infinity, times[at + 1] ?? Infinity];
  const tolerance = Math.min(SNAP_US, (next - time) / 4);
  if (next - us <= tolerance) return { frame: at + 1, exact: true };
  return { frame: Math.max(0, at), exact: us - time <= tolerance };
}

/**
 * The frame on display at a time, as an editing program counts. Films of varying rate are conformed by such programs: the nearest
 * frame of the average rate. The end of the film is the frame after the last.
 */
export function frameAt(media: ExchangeMedia, us: number): FrameSpot {
  const count = frameCount(media);
  if (us >= media.durationUs) return { frame: count, exact: true };
  if (media.variable) {
    const frame = Math.min(count - 1, Math.round((us * media.rate.num) / (media.rate.den * SECOND_US)));
    return { frame, exact: Math.abs(frameToMicros(frame, media.rate) - us) <= 1 };
  }
  const { frame, exact } = media.timesUs ? byTimes(us, media.timesUs) : byRate(us, media.rate);
  const inside = Math.min(Math.max(0, frame), count - 1);
  return { frame: inside, exact: exact && inside === frame };
}

/** A time that was read. */
export interface ReadTime {
  readonly us: number;
  readonly exact: boolean;
}

/** A time on an editing program's grid as the film's own: that of the frame it means. Sound has no frames: as it stands. */
export function assetTime(media: ExchangeMedia, us: number): ReadTime {
  if (!media.size) return { us: Math.min(us, media.durationUs), exact: true };
  const spot = byRate(us, media.rate);
  if (!media.variable) return { us: timeOfFrame(media, Math.max(0, spot.frame)), exact: spot.exact };
  const times = media.timesUs;
  if (!times) return { us: Math.min(us, media.durationUs), exact: true };
  const at = lastAtOrBefore(times, us);
  const [before, after] = [times[at] ?? times[0] ?? us, times[at + 1] ?? media.durationUs];
  const nearest = us - before <= after - us ? before : after;
  return { us: nearest, exact: Math.abs(nearest - us) <= SNAP_US };
}
