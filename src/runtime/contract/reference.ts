/** Very small pictures of what a segment should show, taken while it is made, to hold the finished file against. */

/** Size of a reference, pixels. */
export const REFERENCE_WIDTH = 32;
/** Size of a reference, pixels. */
export const REFERENCE_HEIGHT = 18;

/** Luma (0..255) of a picture as it was handed to the encoder, averaged over a grid of 32x18, row by row. */
export interface PictureReference {
  /** When it appears in the segment, microseconds from the segment's start. */
  readonly offsetUs: number;
  readonly luma: Uint8Array;
}
