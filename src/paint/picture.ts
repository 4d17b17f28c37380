/** A comment's shapes alone, for small pictures that stand beside its text: cards would only say the same again, and cover the frame. */
import type { Annotation } from '../core/schema/annotation.ts';
import { unitOf } from './places.ts';
import { drawShape } from './shapes.ts';
import type { Context2D, Size } from './types.ts';

/** Paints a comment's shapes over a picture of a size. Load the font first: a shape may be a text. */
export function paintShapes(
  ctx: Context2D,
  size: Size,
  { shapes, color }: Pick<Annotation, 'shapes' | 'color'>,
): void {
  const { width, height } = size;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.clip();
  ctx.globalAlpha = 1;
  ctx.globalCompositeOperation = 'source-over';
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.direction = 'ltr';
  for (const shape of shapes) drawShape(ctx, size, shape, color, unitOf(size));
  ctx.restore();
}
