/**
 * The frame index of an asset's picture track: when each frame is shown, and where packets may be cut. Made once
 * by reading packet headers (not pictures), saved as typed arrays.
 */

/** Set in `flags`: decoding can start here (a key frame). */
export const FRAME_KEY = 1;
/**
 * Set in `flags`: every earlier-shown frame is also stored earlier, so a copy may end right before this frame
 * (no earlier frame needs a packet at or after it).
 */
export const FRAME_CLOSED = 2;

/** When each frame is shown. Times are asset time (file time minus the probe's originUs), ascending. */
export interface FrameIndex {
  readonly version: 1;
  /** Microseconds at which frame i appears; integers. The first may be below 0 when an edit list cuts into it. */
  readonly timesUs: Float64Array;
  /** FRAME_KEY and FRAME_CLOSED of frame i. */
  readonly flags: Uint8Array;
  /** When the last frame ends, microseconds. */
  readonly endUs: number;
  /** False when the file could not be read to its end: the index stops where reading did. */
  readonly complete: boolean;
}
