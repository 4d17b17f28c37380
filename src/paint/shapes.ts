/** Draws the shapes of comments. Coordinates are 0..1 of the displayed picture. */
import { getStroke } from 'perfect-freehand';
import type { Shape } from '../core/schema/annotation.ts';
import { fontOf } from './fonts.ts';
import { rimOf } from './ink.ts';
import { boundsOf } from './places.ts';
import { wrapText } from './text.ts';
import type { Context2D, Size } from './types.ts';

/** Widths, in units of a thousand-and-eightieth of the picture's height. */
const STROKE = 5;
const RIM = 2.5;
const TEXT = 38;
const TEXT_LINES = 8;
const ARROW_HEAD = 26;

interface Pen {
  readonly ctx: Context2D;
  readonly size: Size;
  readonly color: string;
  /** Width of strokes and of the rim on each side of them, pixels. */
  readonly stroke: number;
  readonly rim: number;
  readonly unit: number;
}

/** A path in the comment's colour, with a rim about it. */
function stroked({ ctx, color, stroke, rim }: Pen, trace: () => void): void {
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  ctx.beginPath();
  trace();
  ctx.strokeStyle = rimOf(color);
  ctx.lineWidth = stroke + 2 * rim;
  ctx.stroke();
  ctx.strokeStyle = color;
  ctx.lineWidth = stroke;
  ctx.stroke();
}

/** An area in the comment's colour, with a rim about it. */
function filled({ ctx, color, rim }: Pen, trace: () => void): void {
  ctx.lineJoin = 'round';
  ctx.beginPath();
  trace();
  ctx.strokeStyle = rimOf(color);
  ctx.lineWidth = 2 * rim;
  ctx.stroke();
  ctx.fillStyle = color;
  ctx.fill();
}

function drawArrow(pen: Pen, shape: Extract<Shape, { kind: 'arrow' }>): void {
  const { ctx, size, unit, stroke } = pen;
  const [x1, y1] = [shape.x1 * size.width, shape.y1 * size.height];
  const [x2, y2] = [shape.x2 * size.width, shape.y2 * size.height];
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1e-6) {
    stroked(pen, () => {
      ctx.moveTo(x1, y1);
      ctx.lineTo(x1, y1);
    });
    return;
  }
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = Math.min(Math.max(ARROW_HEAD * unit, stroke * 3), length * 0.7);
  const wing = head * 0.55;
  // One outline of shaft and head, so that no rim runs between them.
  const half = stroke / 2;
  const [neckX, neckY] = [x2 - dx * head * 0.85, y2 - dy * head * 0.85];
  filled(pen, () => {
    ctx.moveTo(x1 - dy * half, y1 + dx * half);
    ctx.lineTo(neckX - dy * half, neckY + dx * half);
    ctx.lineTo(x2 - dx * head - dy * wing, y2 - dy * head + dx * wing);
    ctx.lineTo(x2, y2);
    ctx.lineTo(x2 - dx * head + dy * wing, y2 - dy * head - dx * wing);
    ctx.lineTo(neckX + dy * half, neckY - dx * half);
    ctx.lineTo(x1 + dy * half, y1 - dx * half);
    ctx.closePath();
  });
}

function drawFreehand(pen: Pen, shape: Extract<Shape, { kind: 'freehand' }>): void {
  const { ctx, size, stroke } = pen;
  const points = shape.points.map(([x, y]): [number, number] => [x * size.width, y * size.height]);
  const outline = getStroke(points, {
    size: stroke * 1.25,
    thinning: 0.15,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  });
  const [first] = outline;
  if (first === undefined) return;
  filled(pen, () => {
    ctx.moveTo(first[0], first[1]);
    for (const [position, [x, y]] of outline.entries()) {
      const [nextX, nextY] = outline[(position + 1) % outline.length] ?? first;
      ctx.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    ctx.closePath();
  });
}

function drawText(pen: Pen, shape: Extract<Shape, { kind: 'text' }>): void {
  const { ctx, size, color, unit } = pen;
  const fontSize = Math.max(10, TEXT * unit);
  const [x, y] = [shape.x * size.width, shape.y * size.height];
  ctx.font = fontOf(fontSize, 'bold');
  const room = Math.max(fontSize * 3, size.width - Math.max(0, x) - fontSize * 0.3);
  const lines = wrapText(shape.text, room, TEXT_LINES, (text) => ctx.measureText(text).width);
  ctx.lineJoin = 'round';
  ctx.strokeStyle = rimOf(color);
  ctx.lineWidth = fontSize * 0.17;
  ctx.fillStyle = color;
  for (const [row, line] of lines.entries()) {
    const base = y + fontSize * (0.9 + 1.2 * row);
    ctx.strokeText(line, x, base);
    ctx.fillText(line, x, base);
  }
}

/** Draws one shape; what lies beyond the picture's edge is not seen. */
export function drawShape(ctx: Context2D, size: Size, shape: Shape, color: string, unit: number): void {
  const stroke = Math.max(2, STROKE * unit);
  const pen: Pen = { ctx, size, color, stroke, rim: Math.max(1, RIM * unit), unit };
  switch (shape.kind) {
    case 'box': {
      const { x, y, w, h } = boundsOf(shape, size);
      stroked(pen, () => {
        ctx.rect(x, y, w, h);
      });
      return;
    }
    case 'ellipse': {
      const { x, y, w, h } = boundsOf(shape, size);
      stroked(pen, () => {
        ctx.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
      });
      return;
    }
    case 'arrow':
      drawArrow(pen, shape);
      return;
    case 'freehand':
      drawFreehand(pen, shape);
      return;
    case 'text':
      drawText(pen, shape);
  }
}
