/** Drawing a decoded frame upright. */
import type { PlaybackFrame } from '../contract/playback.ts';

/** Longest side of the canvas: more pixels than a player shows cost time at every frame. */
export const MAX_SIDE = 1920;

/** Size of the canvas for a picture: displayed size, rotation applied, at most `maxSide` long. */
export function canvasSize(
  width: number,
  height: number,
  rotation: PlaybackFrame['rotation'],
  maxSide: number = MAX_SIDE,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height, 1));
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  return { width: Math.max(1, Math.round(across * scale)), height: Math.max(1, Math.round(down * scale)) };
}

/** A canvas transform: a, b, c, d, e, f of `setTransform`. */
export type Transform = readonly [number, number, number, number, number, number];

/** Turns clockwise, then mirrors about the vertical axis, and fills a canvas of that size. */
export function uprightTransform(
  rotation: PlaybackFrame['rotation'],
  flip: boolean,
  width: number,
  height: number,
): Transform {
  const turned: Record<PlaybackFrame['rotation'], Transform> = {
    0: [1, 0, 0, 1, 0, 0],
    90: [0, 1, -1, 0, width, 0],
    180: [-1, 0, 0, -1, width, height],
    270: [0, -1, 1, 0, 0, height],
  };
  const [a, b, c, d, e, f] = turned[rotation];
  return flip ? [-a, b, -c, d, width - e, f] : [a, b, c, d, e, f];
}

/** Draws a frame over the whole canvas, which takes the picture's size. */
export function drawFrame(
  canvas: HTMLCanvasElement,
  { frame, rotation }: PlaybackFrame,
  flip: boolean,
): void {
  const { width, height } = canvasSize(frame.displayWidth, frame.displayHeight, rotation);
  // Setting a size clears the canvas, also to the same size.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return;
  context.setTransform(...uprightTransform(rotation, flip, width, height));
  if (rotation % 180 === 0) context.drawImage(frame, 0, 0, width, height);
  else context.drawImage(frame, 0, 0, height, width);
}

/** The canvas and the one frame that is on it. */
export class Stage {
  readonly #flip: boolean;
  #canvas: HTMLCanvasElement | null = null;
  #shown: PlaybackFrame | null = null;

  constructor(flip: boolean) {
    this.#flip = flip;
  }

  /** Draws here from now on, at once what is shown. */
  attach(canvas: HTMLCanvasElement | null): void {
    this.#canvas = canvas;
    this.#draw();
  }

  /** Shows a frame and owns it. */
  show(frame: PlaybackFrame): void {
    this.#shown?.frame.close();
    this.#shown = frame;
    this.#draw();
  }

  clear(): void {
    this.#shown?.frame.close();
    this.#shown = null;
    this.#canvas = null;
  }

  #draw(): void {
    if (this.#canvas !== null && this.#shown !== null) drawFrame(this.#canvas, this.#shown, this.#flip);
  }
}
