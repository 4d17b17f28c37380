/**
 * Which frames a stretch of time means. A frame is on display from its own time until the next frame's; a cut means
 * the frame that is on display there, as in the player (docs/decisions/0006-what-a-range-shows.md).
 */
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../schema/frame-index.ts';

/** Frames `first` (inclusive) to `stop` (exclusive) of an index. */
export interface FrameSpan {
  readonly first: number;
  readonly stop: number;
}

/**
 * How far a cut may lie from a frame's time and still mean that frame, microseconds. Containers round times to
 * milliseconds (Matroska) and people round to microseconds; a quarter of a frame keeps fast streams apart.
 */
const SNAP_US = 1000;

function tolerance(times: Float64Array, frame: number): number {
  const before = frame > 0 ? (times[frame] ?? 0) - (times[frame - 1] ?? 0) : Infinity;
  const after = frame + 1 < times.length ? (times[frame + 1] ?? 0) - (times[frame] ?? 0) : Infinity;
  const gap = Math.min(before, after);
  return Math.min(SNAP_US, gap / 4);
}

/** Position of the last time that is not above the limit; -1 when all are. */
export function lastAtOrBefore(times: Float64Array, limitUs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= limitUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The frame on display at a time; the first frame before it appears. */
export function frameOnDisplay(index: FrameIndex, timeUs: number): number {
  const at = lastAtOrBefore(index.timesUs, timeUs);
  const next = at + 1;
  const nextTime = index.timesUs[next];
  if (nextTime !== undefined && nextTime - timeUs <= tolerance(index.timesUs, next)) return next;
  return Math.max(0, at);
}

/**
 * Frames longer than this are held pictures (a screen recording in which nothing moves): a cut may go through one.
 * A cut inside a shorter frame means that frame.
 */
const HELD_US = 100_000;

/** A range as it can be cut: whole frames, but for held pictures, which may be cut through. */
export interface SnappedRange extends FrameSpan {
  readonly startUs: number;
  readonly endUs: number;
}

/** When a frame stops being shown. */
function endOfFrame(index: FrameIndex, frame: number): number {
  return index.timesUs[frame + 1] ?? index.endUs;
}

function isHeld(index: FrameIndex, frame: number, constantRate: boolean): boolean {
  return !constantRate && endOfFrame(index, frame) - timeOfFrame(index, frame) > HELD_US;
}

/**
 * The frames that a range means, and the range that is exactly these frames: from the frame on display at the start up
 * to, and without, the frame on display at the end. Two ranges that meet never share a frame and never leave one out.
 * The end of the last frame (or later) takes the last frame in. Null when the range means no frame at all.
 *
 * @param constantRate frames of a constant-rate film are never cut through, however long they are
 */
export function snapRange(
  index: FrameIndex,
  startUs: number,
  endUs: number,
  constantRate: boolean,
): SnappedRange | null {
  const { timesUs } = index;
  if (timesUs.length === 0 || endUs <= startUs) return null;
  const first = frameOnDisplay(index, startUs);
  const snappedStart =
    isHeld(index, first, constantRate) && startUs > timeOfFrame(index, first)
      ? startUs
      : Math.max(0, timeOfFrame(index, first));
  const at = frameOnDisplay(index, endUs);
  const lastEnd = index.endUs - tolerance(timesUs, timesUs.length - 1);
  if (endUs >= lastEnd) {
    return { first, stop: timesUs.length, startUs: snappedStart, endUs: Math.max(endUs, index.endUs) };
  }
  const reachesIn = endUs - timeOfFrame(index, at);
  if (isHeld(index, at, constantRate) && reachesIn > tolerance(timesUs, at)) {
    return { first, stop: at + 1, startUs: snappedStart, endUs };
  }
  // A range inside one frame is that frame.
  const stop = Math.max(at, first + 1);
  return { first, stop, startUs: snappedStart, endUs: timeOfFrame(index, stop) };
}

/** Whether a time is a frame's own time (within rounding). */
export function isFrameTime(index: FrameIndex, frame: number, timeUs: number): boolean {
  const time = index.timesUs[frame];
  return time !== undefined && Math.abs(time - timeUs) <= tolerance(index.timesUs, frame);
}

/** Whether decoding can start at a frame. */
export function isKeyFrame(index: FrameIndex, frame: number): boolean {
  return ((index.flags[frame] ?? 0) & FRAME_KEY) !== 0;
}

/** Whether a copy of packets may end right before a frame (always at the end of the index). */
export function isClosedBefore(index: FrameIndex, frame: number): boolean {
  return frame >= index.timesUs.length || ((index.flags[frame] ?? 0) & FRAME_CLOSED) !== 0;
}

/** The key frame at or before a frame; 0 when there is none. */
export function keyFrameAtOrBefore(index: FrameIndex, frame: number): number {
  for (let at = Math.min(frame, index.timesUs.length - 1); at > 0; at -= 1) {
    if (isKeyFrame(index, at)) return at;
  }
  return 0;
}

/** The nearest position at or after a frame before which a copy may end. */
export function closedAtOrAfter(index: FrameIndex, frame: number): number {
  let at = frame;
  while (!isClosedBefore(index, at)) at += 1;
  return at;
}

/** The nearest position at or before a frame before which a copy may end; 0 when there is none. */
export function closedAtOrBefore(index: FrameIndex, frame: number): number {
  let at = frame;
  while (at > 0 && !isClosedBefore(index, at)) at -= 1;
  return at;
}

/** When a frame appears; the end of the index for the position after the last frame. */
export function timeOfFrame(index: FrameIndex, frame: number): number {
  return index.timesUs[frame] ?? index.endUs;
}
