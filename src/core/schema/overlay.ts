/**
 * What is painted over a picture: plain data that a step carries to whichever engine makes it. Says nothing of canvases; how it looks
 * is `src/paint`'s business.
 */
import type { Rational } from '../base/time.ts';
import type { Shape } from './annotation.ts';

/**
 * Version of the painter, part of the content key of every painted segment: change it whenever `src/paint` or the way in which engines
 * blend its pictures would give other pixels for the same data, so that old segments are not mixed with new ones.
 */
export const PAINTER_VERSION = 1;

/** A comment as it is painted. */
export interface PaintComment {
  /** Its number on the output, from 1: what its card and its badge say. */
  readonly number: number;
  readonly text: string;
  readonly author: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly category: string | null;
  /** In 0..1 of the displayed frame. */
  readonly shapes: readonly Shape[];
  /** How many answers it has. */
  readonly replies: number;
}

/** A comment and the frames that it is painted on: those with `fromUs <= time < untilUs`. */
export interface TimedComment {
  readonly comment: PaintComment;
  /** Asset time of the first frame, microseconds: the frame's own time. */
  readonly fromUs: number;
  /** Asset time of the first frame that it is no longer on, microseconds. */
  readonly untilUs: number;
}

/** What the strip along the lower edge says. */
export interface StripWish {
  /** Name of the file; null where it is not wanted. */
  readonly name: string | null;
  /** The source's timecode; null where it is not wanted. */
  readonly timecode: {
    /** Null: frames come at varying times, and the time itself is shown. */
    readonly rate: Rational | null;
    /** Asset times of the step's frames where their rate does not give them. */
    readonly timesUs?: readonly number[] | undefined;
  } | null;
}

/** What is painted on the pictures of one step. */
export interface StepOverlay {
  readonly painter: typeof PAINTER_VERSION;
  /**
   * Clockwise degrees that players turn the pictures by, because the file says so: pictures are then encoded as they are stored, and
   * what is painted is turned the other way.
   */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly comments: readonly TimedComment[];
  readonly strip: StripWish | null;
}

/** Where the painter's font lies: absolute addresses of our own files. */
export interface PaintFonts {
  readonly regular: string;
  readonly bold: string;
}
