/** What the painter's parts speak of. */
import type { PaintComment } from '../core/schema/overlay.ts';

export type { PaintComment };

/** A picture's size as displayed, pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle, pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What the strip says on one picture. */
export interface PaintStrip {
  readonly timecode: string | null;
  readonly name: string | null;
}

/** What is used of a canvas: a page's and a worker's both have it. */
export type Context2D = Pick<
  OffscreenCanvasRenderingContext2D,
  | 'beginPath'
  | 'clip'
  | 'closePath'
  | 'direction'
  | 'ellipse'
  | 'fill'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'globalAlpha'
  | 'globalCompositeOperation'
  | 'lineCap'
  | 'lineJoin'
  | 'lineTo'
  | 'lineWidth'
  | 'measureText'
  | 'moveTo'
  | 'quadraticCurveTo'
  | 'rect'
  | 'restore'
  | 'roundRect'
  | 'save'
  | 'stroke'
  | 'strokeStyle'
  | 'strokeText'
  | 'textAlign'
  | 'textBaseline'
>;
