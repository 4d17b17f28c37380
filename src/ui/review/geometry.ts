/** Where the picture lies in the player, and how shapes are drawn, taken hold of, moved and resized. Coordinates 0..1 of the picture. Pure. */
import type { Shape } from '../../core/schema/annotation.ts';

/** A point of the picture, 0..1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle: pixels of the page, or 0..1 of the picture. */
export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

/** The part of a box that a picture fills when it is fitted into it: the rest is letterbox. */
export function pictureBox(
  box: { readonly width: number; readonly height: number },
  picture: { readonly width: number; readonly height: number },
): Box {
  if (picture.width <= 0 || picture.height <= 0) return { x: 0, y: 0, w: 0, h: 0 };
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const w = picture.width * scale;
  const h = picture.height * scale;
  return { x: (box.width - w) / 2, y: (box.height - h) / 2, w, h };
}

/** Four places after the point: a tenth of a pixel of the largest picture. */
export const rounded = (part: number): number => Math.round(part * 10_000) / 10_000;

const within = (part: number): number => Math.min(1, Math.max(0, part));

/** A point of the page as a part of the picture; outside of it, the nearest one inside. */
export function partOf(point: Point, picture: Box): Point {
  return {
    x: rounded(within((point.x - picture.x) / picture.w)),
    y: rounded(within((point.y - picture.y) / picture.h)),
  };
}

/** What a tool draws between two points; for freehand and text, what it begins with. */
export function drawn(kind: Shape['kind'], from: Point, to: Point, text: string): Shape {
  switch (kind) {
    case 'box':
    case 'ellipse':
      return {
        kind,
        x: rounded(Math.min(from.x, to.x)),
        y: rounded(Math.min(from.y, to.y)),
        w: rounded(Math.abs(to.x - from.x)),
        h: rounded(Math.abs(to.y - from.y)),
      };
    case 'arrow':
      return { kind, x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    case 'freehand':
      return { kind, points: [[from.x, from.y]] };
    case 'text':
      return { kind, x: from.x, y: from.y, text };
  }
}

/** A shape in the middle of the picture, for those who draw with the keyboard. */
export function inTheMiddle(kind: Shape['kind'], text: string): Shape {
  if (kind === 'freehand') {
    // A wave: what can be moved and resized like everything else.
    const points = Array.from({ length: 25 }, (_, n): [number, number] => [
      rounded(0.38 + n * 0.01),
      rounded(0.5 + 0.04 * Math.sin((n / 24) * Math.PI * 4)),
    ]);
    return { kind, points };
  }
  if (kind === 'text') return { kind, x: 0.45, y: 0.45, text };
  return drawn(kind, { x: 0.38, y: 0.38 }, { x: 0.62, y: 0.62 }, text);
}

/** Whether something is too small to have been meant: a click without a drag. */
export function isTiny(shape: Shape): boolean {
  if (shape.kind === 'text') return false;
  const { w, h } = boundsOf(shape);
  return w < 0.006 && h < 0.006;
}

/** Adds a point to a stroke, unless it is where the last one is. */
export function extended(
  points: readonly (readonly [number, number])[],
  to: Point,
  most: number,
): readonly (readonly [number, number])[] {
  const last = points.at(-1);
  const near = last !== undefined && Math.hypot(to.x - last[0], to.y - last[1]) < 0.0015;
  return near || points.length >= most ? points : [...points, [to.x, to.y] as const];
}

/** The rectangle around a shape; that of a text is its beginning. */
export function boundsOf(shape: Shape): Box {
  switch (shape.kind) {
    case 'box':
    case 'ellipse': {
      const x = Math.min(shape.x, shape.x + shape.w);
      const y = Math.min(shape.y, shape.y + shape.h);
      return { x, y, w: Math.abs(shape.w), h: Math.abs(shape.h) };
    }
    case 'arrow': {
      const x = Math.min(shape.x1, shape.x2);
      const y = Math.min(shape.y1, shape.y2);
      return { x, y, w: Math.abs(shape.x2 - shape.x1), h: Math.abs(shape.y2 - shape.y1) };
    }
    case 'freehand': {
      const xs = shape.points.map(([x]) => x);
      const ys = shape.points.map(([, y]) => y);
      // Not spread into Math.min: a stroke may have thousands of points.
      const low = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b), Infinity);
      const high = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b), -Infinity);
      return { x: low(xs), y: low(ys), w: high(xs) - low(xs), h: high(ys) - low(ys) };
    }
    case 'text':
      return { x: shape.x, y: shape.y, w: 0, h: 0 };
  }
}

/** The same shape in another place; it stays inside the picture. */
export function movedBy(shape: Shape, by: Point): Shape {
  const { x, y, w, h } = boundsOf(shape);
  const dx = Math.min(Math.max(by.x, -x), 1 - x - w);
  const dy = Math.min(Math.max(by.y, -y), 1 - y - h);
  // What is larger than the picture, or already beyond its edge, is moved as wished.
  return mapped(shape, (point) => ({
    x: rounded(point.x + (w <= 1 && x >= 0 && x + w <= 1 ? dx : by.x)),
    y: rounded(point.y + (h <= 1 && y >= 0 && y + h <= 1 ? dy : by.y)),
  }));
}

function mapped(shape: Shape, to: (point: Point) => Point): Shape {
  switch (shape.kind) {
    case 'box':
    case 'ellipse':
      return { ...shape, ...to({ x: shape.x, y: shape.y }) };
    case 'arrow': {
      const tail = to({ x: shape.x1, y: shape.y1 });
      const head = to({ x: shape.x2, y: shape.y2 });
      return { ...shape, x1: tail.x, y1: tail.y, x2: head.x, y2: head.y };
    }
    case 'freehand':
      return {
        ...shape,
        points: shape.points.map(([x, y]) => {
          const point = to({ x, y });
          return [point.x, point.y] as const;
        }),
      };
    case 'text':
      return { ...shape, ...to({ x: shape.x, y: shape.y }) };
  }
}

/** The same shape filling another rectangle. A text only takes its place. */
export function fittedTo(shape: Shape, box: Box): Shape {
  const from = boundsOf(shape);
  if (shape.kind === 'box' || shape.kind === 'ellipse') {
    return { kind: shape.kind, x: rounded(box.x), y: rounded(box.y), w: rounded(box.w), h: rounded(box.h) };
  }
  const scale = (value: number, start: number, length: number, to: number, size: number): number =>
    rounded(
      length < 1e-6 ? to + (shape.kind === 'text' ? 0 : size / 2) : to + ((value - start) / length) * size,
    );
  return mapped(shape, (point) => ({
    x: scale(point.x, from.x, from.w, box.x, box.w),
    y: scale(point.y, from.y, from.h, box.y, box.h),
  }));
}

/** What a shape can be taken by. */
export type HandleName = 'nw' | 'ne' | 'sw' | 'se' | 'tail' | 'head';

/** The handles of a shape and where they are. */
export function handlesOf(shape: Shape): readonly (Point & { readonly name: HandleName })[] {
  if (shape.kind === 'text') return [];
  if (shape.kind === 'arrow') {
    return [
      { name: 'tail', x: shape.x1, y: shape.y1 },
      { name: 'head', x: shape.x2, y: shape.y2 },
    ];
  }
  const { x, y, w, h } = boundsOf(shape);
  return [
    { name: 'nw', x, y },
    { name: 'ne', x: x + w, y },
    { name: 'sw', x, y: y + h },
    { name: 'se', x: x + w, y: y + h },
  ];
}

/** The shape after a handle was dragged to a point. */
export function draggedBy(shape: Shape, handle: HandleName, to: Point): Shape {
  if (shape.kind === 'arrow') {
    if (handle === 'tail') return { ...shape, x1: to.x, y1: to.y };
    return handle === 'head' ? { ...shape, x2: to.x, y2: to.y } : shape;
  }
  const { x, y, w, h } = boundsOf(shape);
  // The corner across stays where it is.
  const fixed = {
    x: handle === 'nw' || handle === 'sw' ? x + w : x,
    y: handle === 'nw' || handle === 'ne' ? y + h : y,
  };
  return fittedTo(shape, {
    x: Math.min(fixed.x, to.x),
    y: Math.min(fixed.y, to.y),
    w: Math.abs(to.x - fixed.x),
    h: Math.abs(to.y - fixed.y),
  });
}
