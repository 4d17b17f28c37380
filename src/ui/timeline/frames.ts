/** Frame times: finding the frame of a time and the nearest cut between two frames. Pure. */
import type { Rational } from '../../core/base/time.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import { FRAME_KEY, frameToMicros } from '../core.ts';

/** Number of values below or equal to `value` in an ascending list. */
export function countUpTo(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The frame on display at a time; the first one before it begins, -1 when there is none. */
export function frameAt(index: FrameIndex, us: number): number {
  if (index.timesUs.length === 0) return -1;
  return Math.max(0, countUpTo(index.timesUs, us) - 1);
}

/** What a cut can be placed on: frame times where they are known, else the grid of a rate. */
export interface CutGrid {
  readonly index: FrameIndex | null;
  readonly rate: Rational;
  readonly durationUs: number;
}

/** The earliest and the latest place of a cut. */
export function cutLimits(grid: CutGrid): { readonly firstUs: number; readonly lastUs: number } {
  const firstUs = Math.max(0, grid.index?.timesUs[0] ?? 0);
  const lastUs =
    grid.index === null ? grid.durationUs : Math.min(grid.index.endUs, Math.max(grid.durationUs, 1));
  return { firstUs, lastUs: Math.max(firstUs + 1, lastUs) };
}

/** The nearest place where a frame starts or the last one ends. */
export function nearestCut(grid: CutGrid, us: number): number {
  const { firstUs, lastUs } = cutLimits(grid);
  if (us <= firstUs) return firstUs;
  if (us >= lastUs) return lastUs;
  const { index, rate } = grid;
  if (index === null || index.timesUs.length === 0) {
    const frame = Math.round((us * rate.num) / (1_000_000 * rate.den));
    return Math.min(lastUs, frameToMicros(frame, rate));
  }
  const count = countUpTo(index.timesUs, us);
  const before = index.timesUs[count - 1] ?? firstUs;
  const after = index.timesUs[count] ?? index.endUs;
  return Math.max(firstUs, Math.min(lastUs, us - before <= after - us ? before : after));
}

/** The cut after (or before) a cut. */
export function neighbourCut(grid: CutGrid, us: number, direction: 1 | -1): number {
  const { firstUs, lastUs } = cutLimits(grid);
  const { index, rate } = grid;
  if (index === null || index.timesUs.length === 0) {
    const frame = Math.round((us * rate.num) / (1_000_000 * rate.den)) + direction;
    return Math.min(lastUs, Math.max(firstUs, frameToMicros(Math.max(0, frame), rate)));
  }
  const count = countUpTo(index.timesUs, us);
  const exact = index.timesUs[count - 1] === us;
  const found =
    direction === 1
      ? (index.timesUs[count] ?? index.endUs)
      : (index.timesUs[exact ? count - 2 : count - 1] ?? firstUs);
  return Math.min(lastUs, Math.max(firstUs, found));
}

const keyTimes = new WeakMap<FrameIndex, Float64Array>();

/** Times of the key frames of an index. Computed once for each index. */
export function keyFrameTimes(index: FrameIndex): Float64Array {
  const known = keyTimes.get(index);
  if (known !== undefined) return known;
  const { timesUs, flags } = index;
  const times = timesUs.filter((_, frame) => ((flags[frame] ?? 0) & FRAME_KEY) !== 0);
  keyTimes.set(index, times);
  return times;
}

/**
 * Ascending times of a stretch, thinned to about one in `gapUs`: every second, fourth ... of them, counted from the
 * start of the file, so that marks do not flicker while the view moves.
 */
export function thinned(
  times: Float64Array,
  startUs: number,
  endUs: number,
  gapUs: number,
): readonly number[] {
  const first = Math.max(0, countUpTo(times, startUs) - 1);
  const last = countUpTo(times, endUs);
  const most = Math.max(1, (endUs - startUs) / gapUs);
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2((last - first) / most)));
  const kept: number[] = [];
  for (let position = Math.ceil(first / stride) * stride; position < last; position += stride) {
    kept.push(times[position] ?? 0);
  }
  return kept;
}
