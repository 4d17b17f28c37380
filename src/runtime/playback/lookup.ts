/** Which frame is on display at a time, by the frame index. Pure. Times in microseconds of the asset. */
import type { FrameIndex } from '../../core/schema/frame-index.ts';

/**
 * The frame on display at a time: the last one that appears at or before it. Before the first frame it is the
 * first one, after the end the last one; -1 only where there are no frames.
 */
export function frameAtTime(index: FrameIndex, us: number): number {
  const { timesUs } = index;
  let low = 0;
  let high = timesUs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((timesUs[middle] ?? Infinity) <= us) low = middle;
    else high = middle - 1;
  }
  return timesUs.length === 0 ? -1 : low;
}

/** When a frame appears. */
export function frameStartUs(index: FrameIndex, frame: number): number {
  return index.timesUs[frame] ?? 0;
}

/** When a frame ends: at the next one, or where the track ends. */
export function frameEndUs(index: FrameIndex, frame: number): number {
  return index.timesUs[frame + 1] ?? Math.max(index.endUs, frameStartUs(index, frame) + 1);
}

/**
 * A time well inside a frame, to ask a decoder for it. A preview proxy has the same frames with times that its
 * container rounded, so the frame's own time may be a hair before the proxy's frame.
 */
export function insideFrameUs(index: FrameIndex, frame: number): number {
  const start = frameStartUs(index, frame);
  return start + Math.min(5000, Math.floor((frameEndUs(index, frame) - start) / 2));
}

/** The frame of the index that a decoded frame is; its times may be off by a container's rounding. */
export function frameOfDecoded(
  index: FrameIndex,
  decoded: { readonly timeUs: number; readonly durationUs: number },
): number {
  return frameAtTime(index, decoded.timeUs + Math.min(decoded.durationUs / 2, 1000));
}
