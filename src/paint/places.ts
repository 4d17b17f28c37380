/** Rectangles and places of shapes. Pure. */
import type { Shape } from '../core/schema/annotation.ts';
import type { PaintComment, Rect, Size } from './types.ts';

/**
 * The length that everything painted is measured in: a thousand-and-eightieth of the picture's height. Upright pictures are high and
 * narrow: there the width decides.
 */
export function unitOf({ width, height }: Size): number {
  return Math.min(height, width * 0.9) / 1080;
}

/** Whether two rectangles share a point, with a gap between them counted as theirs. */
export function overlap(a: Rect, b: Rect, gap = 0): boolean {
  return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;
}

/** Whether a rectangle lies in the picture. */
export function isInside(rect: Rect, { width, height }: Size): boolean {
  return rect.x >= 0 && rect.y >= 0 && rect.x + rect.w <= width && rect.y + rect.h <= height;
}

/** The rectangle around a shape; of a text its beginning only. */
export function boundsOf(shape: Shape, { width, height }: Size): Rect {
  switch (shape.kind) {
    case 'box':
    case 'ellipse':
      return {
        x: Math.min(shape.x, shape.x + shape.w) * width,
        y: Math.min(shape.y, shape.y + shape.h) * height,
        w: Math.abs(shape.w) * width,
        h: Math.abs(shape.h) * height,
      };
    case 'arrow':
      return {
        x: Math.min(shape.x1, shape.x2) * width,
        y: Math.min(shape.y1, shape.y2) * height,
        w: Math.abs(shape.x2 - shape.x1) * width,
        h: Math.abs(shape.y2 - shape.y1) * height,
      };
    case 'freehand': {
      let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const [x, y] of shape.points) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
      return { x: left * width, y: top * height, w: (right - left) * width, h: (bottom - top) * height };
    }
    case 'text':
      return { x: shape.x * width, y: shape.y * height, w: 0.1 * width, h: 0.05 * height };
  }
}

/** Where a comment's badge belongs: at the upper left of its first shape, at the tail of an arrow. Null without shapes. */
export function anchorOf(
  { shapes }: PaintComment,
  size: Size,
): { readonly x: number; readonly y: number } | null {
  const [shape] = shapes;
  if (shape === undefined) return null;
  if (shape.kind === 'arrow') return { x: shape.x1 * size.width, y: shape.y1 * size.height };
  if (shape.kind === 'freehand') {
    const [x, y] = shape.points[0] ?? [0, 0];
    return { x: x * size.width, y: y * size.height };
  }
  const { x, y, w, h } = boundsOf(shape, size);
  // On the outline itself, which in an ellipse's corner is not.
  const inset = shape.kind === 'ellipse' ? (1 - Math.SQRT1_2) / 2 : 0;
  return { x: x + w * inset, y: y + h * inset };
}
