/** Drawings of Frame.io's export as our shapes. Both count in parts of the frame, 0 to 1. */
import { MAX_POINTS, MAX_SHAPES, shapeSchema, type Shape } from '../schema/annotation.ts';
import {
  numberAt,
  objectsAt,
  readJson,
  stringAt,
  withoutLines,
  type Json,
  type JsonObject,
} from './otio-json.ts';
import { colorOrNull } from './xml-comments.ts';

/** What was drawn. */
export interface Drawing {
  readonly shapes: readonly Shape[];
  /** The colour of the first shape: ours is the comment's. */
  readonly color: string | null;
  /** How many shapes could not be read, or are of a kind that we do not have. */
  readonly lost: number;
}

/** Numbers of a list. */
function numbers(drawn: JsonObject, key: string): readonly number[] {
  const found = drawn[key];
  return Array.isArray(found) ? (found as readonly Json[]).filter((one) => typeof one === 'number') : [];
}

/** A stroke as points; long ones are thinned out evenly, ends kept. */
function pointsOf(drawn: JsonObject): readonly (readonly [number, number])[] {
  const [xs, ys] = [numbers(drawn, 'xs'), numbers(drawn, 'ys')];
  const count = Math.min(xs.length, ys.length);
  const kept = Math.min(count, MAX_POINTS);
  return Array.from({ length: kept }, (_, at) => {
    const from = kept < count ? Math.round((at * (count - 1)) / (kept - 1)) : at;
    return [xs[from] ?? 0, ys[from] ?? 0] as const;
  });
}

/** Both ends of a line: named, as a stroke, or as a box with the corner that was put down first (`ix`, `iy`). */
function endsOf(drawn: JsonObject): readonly [number, number, number, number] | null {
  const named = ['x1', 'y1', 'x2', 'y2'].map((key) => numberAt(drawn, key));
  if (named.every((one) => one !== undefined))
    return named as unknown as readonly [number, number, number, number];
  const points = pointsOf(drawn);
  const [first, last] = [points[0], points.at(-1)];
  if (first && last && points.length > 1) return [...first, ...last];
  const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((key) => numberAt(drawn, key));
  if (x === undefined || y === undefined || w === undefined || h === undefined) return null;
  const [startX, startY] = [numberAt(drawn, 'ix') ?? x, numberAt(drawn, 'iy') ?? y];
  // It ends in the corner that is the farther one from where it began.
  const far = (start: number, low: number, size: number): number =>
    Math.abs(start - low) <= Math.abs(start - (low + size)) ? low + size : low;
  return [startX, startY, far(startX, x, w), far(startY, y, h)];
}

function shapeOf(drawn: JsonObject): unknown {
  const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((key) => numberAt(drawn, key));
  switch (stringAt(drawn, 'tool')) {
    case 'rect':
    case 'rectangle':
    case 'box':
      return { kind: 'box', x, y, w, h };
    case 'ellipse':
    case 'circle':
    case 'oval':
      return { kind: 'ellipse', x, y, w, h };
    case 'pen':
    case 'pencil':
    case 'freehand':
      return { kind: 'freehand', points: pointsOf(drawn) };
    case 'arrow': {
      const ends = endsOf(drawn);
      return ends && { kind: 'arrow', x1: ends[0], y1: ends[1], x2: ends[2], y2: ends[3] };
    }
    case 'line': {
      const ends = endsOf(drawn);
      return ends && { kind: 'freehand', points: [ends.slice(0, 2), ends.slice(2)] };
    }
    case 'text':
      return { kind: 'text', x, y, text: stringAt(drawn, 'text') };
    default:
      return null;
  }
}

/** The drawing of a comment: a list, or the text of one. */
export function drawingOf(annotation: Json | undefined): Drawing {
  const none = { shapes: [], color: null, lost: 0 };
  if (annotation === null || annotation === undefined || annotation === '') return none;
  // It is JSON inside of JSON: as hostile as the outer one.
  const read = typeof annotation === 'string' ? readJson(`{"shapes":${annotation}}`, 'Frame.io') : null;
  if (read && !read.ok) return { ...none, lost: 1 };
  const drawn = objectsAt(read ? read.value : { shapes: annotation }, 'shapes');
  const shapes: Shape[] = [];
  for (const one of drawn.slice(0, MAX_SHAPES)) {
    const parsed = shapeSchema.safeParse(withoutLines(shapeOf(one) as Json));
    if (parsed.success) shapes.push(parsed.data);
  }
  const color = drawn.map((one) => colorOrNull(stringAt(one, 'color'))).find((one) => one !== null) ?? null;
  return { shapes, color, lost: drawn.length - shapes.length };
}
