/** What OTIO has no place for, kept under a name of our own in its metadata, and its marker colours. */
import { DEFAULT_COLOR, MAX_REPLIES, MAX_SHAPES, shapeSchema, type Shape } from '../schema/annotation.ts';
import type { ExchangeComment, ExchangeReply } from './model.ts';
import {
  isObject,
  objectAt,
  objectsAt,
  numberAt,
  stringAt,
  withoutLines,
  type JsonObject,
} from './otio-json.ts';
import { colorOrNull, commentOf, dateOrNull, nearestColor, type Palette } from './xml-comments.ts';

/** The name in metadata. */
export const NAMESPACE = 'reelkeep';
/** Version of what is kept there. */
export const META_VERSION = 1;

/** Colours that OTIO names; the values are ours, it gives none. */
export const OTIO_COLORS: Palette = {
  RED: '#ff0000',
  ORANGE: '#ffa500',
  YELLOW: '#ffff00',
  GREEN: '#00ff00',
  CYAN: '#00ffff',
  BLUE: '#0000ff',
  PURPLE: '#800080',
  MAGENTA: '#ff00ff',
  PINK: '#ffc0cb',
  BLACK: '#000000',
  WHITE: '#ffffff',
};

/** The name of a comment's colour. */
export function otioColor(color: string | null): string {
  return nearestColor(colorOrNull(color) ?? DEFAULT_COLOR, OTIO_COLORS);
}

/** Everything of a comment. */
export function metaOf(comment: ExchangeComment): Readonly<Record<string, unknown>> {
  const { id, timeUs, durationUs, text, author, color, category, shapes, replies, createdAt } = comment;
  const { resolved, resolvedBy, resolvedAt } = comment;
  return {
    version: META_VERSION,
    ...{ id, timeUs, durationUs, text, author, color, category },
    ...{ resolved, resolvedBy, resolvedAt, createdAt, shapes, replies },
  };
}

function shapesOf(meta: JsonObject): { readonly shapes: readonly Shape[]; readonly lost: number } {
  const shapes: Shape[] = [];
  const found = objectsAt(meta, 'shapes');
  for (const one of found.slice(0, MAX_SHAPES)) {
    const parsed = shapeSchema.safeParse(withoutLines(one));
    if (parsed.success) shapes.push(parsed.data);
  }
  return { shapes, lost: found.length - shapes.length };
}

function repliesOf(meta: JsonObject): readonly ExchangeReply[] {
  return objectsAt(meta, 'replies')
    .slice(0, MAX_REPLIES)
    .map((reply) => ({
      author: stringAt(reply, 'author') ?? '',
      text: stringAt(reply, 'text') ?? '',
      createdAt: dateOrNull(stringAt(reply, 'createdAt')),
    }));
}

/** Our part of an element's metadata. */
export function ourMeta(element: JsonObject | undefined): JsonObject | undefined {
  return objectAt(objectAt(element, 'metadata'), NAMESPACE);
}

const wholeTime = (value: number | undefined): number | null =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** A comment that was kept whole; the time is checked by whoever knows the film. */
export function fromMeta(meta: JsonObject): {
  readonly comment: ExchangeComment;
  readonly lostShapes: number;
} {
  const { shapes, lost } = shapesOf(meta);
  const id = stringAt(meta, 'id');
  const durationUs = wholeTime(numberAt(meta, 'durationUs'));
  const comment = commentOf({
    id: id !== undefined && id.length > 0 && id.length <= 200 ? id : null,
    timeUs: wholeTime(numberAt(meta, 'timeUs')),
    durationUs: durationUs === 0 ? null : durationUs,
    text: stringAt(meta, 'text') ?? '',
    author: stringAt(meta, 'author') ?? '',
    color: colorOrNull(stringAt(meta, 'color')),
    category: stringAt(meta, 'category') ?? null,
    shapes,
    replies: repliesOf(meta),
    resolved: meta['resolved'] === true,
    resolvedBy: stringAt(meta, 'resolvedBy') ?? null,
    resolvedAt: dateOrNull(stringAt(meta, 'resolvedAt')),
    createdAt: dateOrNull(stringAt(meta, 'createdAt')),
  });
  return { comment, lostShapes: lost };
}

/** The colour of a marker: a name, or (Marker.3) parts of red, green and blue. */
export function colorOfMarker(marker: JsonObject): string | null {
  const color = marker['color'];
  if (typeof color === 'string') return OTIO_COLORS[color.toUpperCase()] ?? null;
  if (!isObject(color)) return null;
  const parts = ['r', 'g', 'b'].map((key) => numberAt(color, key));
  if (parts.some((part) => part === undefined)) return null;
  const hex = parts.map((part) =>
    Math.round(Math.min(1, Math.max(0, part ?? 0)) * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}
