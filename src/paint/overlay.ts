/**
 * Paints comments and the strip over a picture: the same code for the preview, for both engines and for thumbnails, so that what is seen
 * in the player is what is in the file. Everything scales with the picture, so a small preview shows what a large file will.
 *
 * Load the font first (`loadPaintFonts`). The context's transform is kept: a caller may turn or scale it. Nothing is cleared.
 * The signatures of `paintOverlay`, `paintComments` and `paintStrip` are used by other rooms and stay as they are.
 */
import { fontOf } from './fonts.ts';
import { inkOn } from './ink.ts';
import { layOut, stripHeight, type Badge, type Card, type OverlayLayout } from './layout.ts';
import { unitOf } from './places.ts';
import { drawShape } from './shapes.ts';
import { cutLine, seenLine, type Measure } from './text.ts';
import type { Context2D, PaintComment, PaintStrip, Rect, Size } from './types.ts';

const CARD = 'rgba(17, 19, 24, 0.84)';
const CARD_EDGE = 'rgba(255, 255, 255, 0.14)';
const TEXT = '#f4f5f7';
const DIM = '#b6bcc8';
const STRIP = 'rgba(10, 11, 14, 0.72)';

/** Asks a canvas how wide texts are; lay-outs ask for the same ones again and again. */
export function measureWith(ctx: Context2D): Measure {
  const known = new Map<string, number>();
  return (text, size, weight) => {
    const font = fontOf(size, weight);
    const name = `${font}|${text}`;
    let width = known.get(name);
    if (width === undefined) {
      ctx.font = font;
      ({ width } = ctx.measureText(text));
      known.set(name, width);
    }
    return width;
  };
}

function roundRect(ctx: Context2D, { x, y, w, h }: Rect, radius: number): void {
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, Math.min(radius, w / 2, h / 2));
}

/** The line from a badge that had to stand aside to its shape. */
function drawLeader(ctx: Context2D, { rect, color, pointsTo }: Badge, unit: number): void {
  if (pointsTo === null) return;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(rect.x + rect.w / 2, rect.y + rect.h / 2);
  ctx.lineTo(pointsTo.x, pointsTo.y);
  ctx.strokeStyle = 'rgba(0, 0, 0, 0.6)';
  ctx.lineWidth = Math.max(2, 4 * unit);
  ctx.stroke();
  ctx.strokeStyle = color;
  ctx.lineWidth = Math.max(1, 2 * unit);
  ctx.stroke();
}

function drawBadge(ctx: Context2D, { rect, number, color, fontSize }: Badge): void {
  const { x, y, w, h } = rect;
  roundRect(ctx, rect, h / 2);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.strokeStyle = 'rgba(255, 255, 255, 0.92)';
  ctx.lineWidth = Math.max(1, h * 0.07);
  ctx.stroke();
  ctx.font = fontOf(fontSize, 'bold');
  ctx.fillStyle = inkOn(color);
  ctx.textAlign = 'center';
  ctx.fillText(String(number), x + w / 2, y + h / 2 + fontSize * 0.36);
  ctx.textAlign = 'left';
}

/** A speech bubble: how many answers there are needs no words. */
function drawBubble(ctx: Context2D, right: number, base: number, fontSize: number): void {
  const w = fontSize * 0.8;
  const h = fontSize * 0.56;
  const x = right - w;
  const y = base - fontSize * 0.66;
  roundRect(ctx, { x, y, w, h }, h * 0.35);
  ctx.moveTo(x + w * 0.22, y + h);
  ctx.lineTo(x + w * 0.22, y + h + fontSize * 0.2);
  ctx.lineTo(x + w * 0.5, y + h);
  ctx.fillStyle = DIM;
  ctx.fill();
}

function drawCard(ctx: Context2D, card: Card, unit: number): void {
  const { rect, fontSize, comment } = card;
  const radius = fontSize * 0.45;
  roundRect(ctx, rect, radius);
  ctx.fillStyle = CARD;
  ctx.fill();
  ctx.strokeStyle = CARD_EDGE;
  ctx.lineWidth = Math.max(1, unit);
  ctx.stroke();
  // The comment's colour along the left edge, inside the round corners.
  ctx.save();
  roundRect(ctx, rect, radius);
  ctx.clip();
  ctx.fillStyle = comment.color;
  ctx.fillRect(rect.x, rect.y, Math.max(2, fontSize * 0.2), rect.h);
  ctx.restore();
  drawBadge(ctx, card.badge);
  const write = (line: Card['author'], size: number, weight: 'regular' | 'bold', color: string): void => {
    if (line === null) return;
    ctx.font = fontOf(size, weight);
    ctx.fillStyle = color;
    ctx.fillText(line.text, line.x, line.y);
  };
  write(card.author, fontSize, 'bold', TEXT);
  write(card.category, fontSize * 0.85, 'regular', DIM);
  if (card.replies !== null) drawBubble(ctx, card.replies.x - fontSize * 0.16, card.replies.y, fontSize);
  write(card.replies, fontSize * 0.85, 'regular', DIM);
  for (const line of card.lines) write(line, fontSize, 'regular', TEXT);
}

function drawMore(ctx: Context2D, more: NonNullable<OverlayLayout['more']>, unit: number): void {
  roundRect(ctx, more.rect, more.rect.h / 2);
  ctx.fillStyle = CARD;
  ctx.fill();
  ctx.strokeStyle = CARD_EDGE;
  ctx.lineWidth = Math.max(1, unit);
  ctx.stroke();
  ctx.font = fontOf(more.fontSize, 'bold');
  ctx.fillStyle = TEXT;
  ctx.fillText(more.text.text, more.text.x, more.text.y);
}

function prepare(ctx: Context2D, { width, height }: Size): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.clip();
  ctx.globalAlpha = 1;
  ctx.globalCompositeOperation = 'source-over';
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.direction = 'ltr';
}

/**
 * Paints comments: shapes below, then the badges that number them, then the cards.
 *
 * @param visible those on the picture; their order does not matter
 * @param withStrip keep the place of the strip free
 */
export function paintComments(
  ctx: Context2D,
  size: Size,
  visible: readonly PaintComment[],
  withStrip: boolean,
): void {
  if (visible.length === 0) return;
  const ordered = [...visible].sort((a, b) => a.number - b.number);
  prepare(ctx, size);
  const layout = layOut(size, ordered, withStrip ? stripHeight(size) : 0, measureWith(ctx));
  for (const { shapes, color } of ordered) {
    for (const shape of shapes) drawShape(ctx, size, shape, color, layout.unit);
  }
  for (const badge of layout.badges) drawLeader(ctx, badge, layout.unit);
  for (const badge of layout.badges) drawBadge(ctx, badge);
  for (const card of layout.cards) drawCard(ctx, card, layout.unit);
  if (layout.more !== null) drawMore(ctx, layout.more, layout.unit);
  ctx.restore();
}

/** Paints the strip along the lower edge: the name on the left, the timecode on the right, its digits each in a place of its own. */
export function paintStrip(ctx: Context2D, size: Size, strip: PaintStrip): void {
  const height = stripHeight(size);
  const top = size.height - height;
  const fontSize = height * 0.56;
  const margin = Math.max(4, 24 * unitOf(size));
  const base = top + height / 2 + fontSize * 0.36;
  prepare(ctx, size);
  ctx.fillStyle = STRIP;
  ctx.fillRect(0, top, size.width, height);
  let right = size.width - margin;
  if (strip.timecode !== null) {
    ctx.font = fontOf(fontSize, 'bold');
    ctx.fillStyle = TEXT;
    ctx.textAlign = 'center';
    const digit = fontSize * 0.64;
    const cells = Array.from(strip.timecode, (letter) => ({
      letter,
      w: /\d/.test(letter) ? digit : digit * 0.5,
    }));
    right -= cells.reduce((sum, { w }) => sum + w, 0);
    let x = right;
    for (const { letter, w } of cells) {
      ctx.fillText(letter, x + w / 2, base);
      x += w;
    }
    ctx.textAlign = 'left';
    right -= margin;
  }
  if (strip.name !== null) {
    ctx.font = fontOf(fontSize, 'regular');
    ctx.fillStyle = DIM;
    const text = cutLine(seenLine(strip.name), right - margin, (part) => ctx.measureText(part).width);
    if (right > margin + fontSize) ctx.fillText(text, margin, base);
  }
  ctx.restore();
}

/** Paints all of it over a picture of a size. */
export function paintOverlay(
  ctx: Context2D,
  size: Size,
  visible: readonly PaintComment[],
  strip: PaintStrip | null,
): void {
  paintComments(ctx, size, visible, strip !== null);
  if (strip !== null) paintStrip(ctx, size, strip);
}
