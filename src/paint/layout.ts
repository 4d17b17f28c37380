/**
 * Where everything that is not a shape goes: the cards that hold the comments' text, and the badges that number the shapes. Nothing
 * covers anything else of these, and nothing leaves the picture. Pure: the widths of texts are asked for.
 */
import { anchorOf, boundsOf, isInside, overlap, unitOf } from './places.ts';
import { cutLine, seenLine, wrapText, type Measure } from './text.ts';
import type { PaintComment, Rect, Size } from './types.ts';

/** A number on a coloured ground. */
export interface Badge {
  readonly rect: Rect;
  readonly number: number;
  readonly color: string;
  readonly fontSize: number;
  /** The point that it belongs to, where it had to be put away from it. */
  readonly pointsTo: { readonly x: number; readonly y: number } | null;
}

/** A line of text: where its left end stands and its base line. */
export interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A comment's card. */
export interface Card {
  readonly rect: Rect;
  readonly comment: PaintComment;
  readonly badge: Badge;
  readonly author: Line | null;
  readonly category: Line | null;
  /** How many answers, behind a sign for them. */
  readonly replies: Line | null;
  readonly lines: readonly Line[];
  readonly fontSize: number;
}

/** Where everything goes. */
export interface OverlayLayout {
  /** A thousand-and-eightieth of the picture's height: what widths of lines are counted in. */
  readonly unit: number;
  readonly cards: readonly Card[];
  /** How many comments have no card, and where that is said; null when all have one, or where there is no room even for it. */
  readonly more: {
    readonly rect: Rect;
    readonly count: number;
    readonly text: Line;
    readonly fontSize: number;
  } | null;
  readonly badges: readonly Badge[];
}

/** Cards that are tried to be laid out: no picture has room for more. */
const MOST_CARDS = 120;
/** Badges that are kept apart from each other. */
const MOST_BADGES = 300;

/** How cards are made when there are many: smaller, shorter, and in more columns. */
interface Density {
  readonly scale: number;
  readonly lines: number;
  readonly columns: 1 | 2 | 3;
  /** Widest card, as a part of the picture's width. */
  readonly width: number;
}

const DENSITIES: readonly Density[] = [
  { scale: 1, lines: 6, columns: 1, width: 0.3 },
  { scale: 1, lines: 3, columns: 1, width: 0.3 },
  { scale: 1, lines: 3, columns: 2, width: 0.28 },
  { scale: 0.84, lines: 2, columns: 2, width: 0.27 },
  { scale: 0.7, lines: 1, columns: 2, width: 0.25 },
  { scale: 0.7, lines: 1, columns: 3, width: 0.25 },
];

/** Smallest letters that can be read at all, pixels. */
const LEAST_FONT = 9;

/** Height of the strip, pixels. */
export function stripHeight(size: Size): number {
  return Math.min(size.height, Math.max(14, Math.round(46 * unitOf(size))));
}

interface Made {
  readonly card: Card;
  readonly width: number;
}

function badgeAt(
  comment: Pick<PaintComment, 'number' | 'color'>,
  x: number,
  y: number,
  height: number,
  measure: Measure,
): Badge {
  const fontSize = height * 0.6;
  const text = String(comment.number);
  const w = Math.max(height, measure(text, fontSize, 'bold') + height * 0.55);
  return {
    rect: { x, y, w, h: height },
    number: comment.number,
    color: comment.color,
    fontSize,
    pointsTo: null,
  };
}

/** A card at the origin: it is moved to its place afterwards. Null where a comment has nothing to read. */
function makeCard(comment: PaintComment, size: Size, density: Density, measure: Measure): Made | null {
  const unit = unitOf(size);
  const fontSize = Math.max(LEAST_FONT, 25 * unit * density.scale);
  const pad = fontSize * 0.65;
  const padY = fontSize * 0.5;
  const widest = Math.max(size.width * density.width, fontSize * 5);
  const room = widest - 2 * pad;
  const badge = badgeAt(comment, pad, padY, fontSize * 1.2, measure);
  const authorText = seenLine(comment.author);
  const categoryText = seenLine(comment.category ?? '');
  const body = wrapText(comment.text, room, density.lines, (text) => measure(text, fontSize, 'regular'));
  if (authorText === '' && body.length === 0) return null;

  const headBase = padY + badge.rect.h * 0.5 + fontSize * 0.36;
  const gap = fontSize * 0.4;
  let x = badge.rect.x + badge.rect.w + gap;
  const repliesText = comment.replies > 0 ? String(comment.replies) : '';
  const sign = fontSize * 0.85;
  const repliesWidth =
    repliesText === '' ? 0 : sign + gap * 0.4 + measure(repliesText, fontSize * 0.85, 'regular') + gap;
  const author = cutLine(authorText, Math.max(0, pad + room - x - repliesWidth), (text) =>
    measure(text, fontSize, 'bold'),
  );
  const authorLine = authorText === '' ? null : { text: author, x, y: headBase };
  if (authorLine !== null) x += measure(author, fontSize, 'bold') + gap;
  const forCategory = pad + room - x - repliesWidth;
  const small = (text: string): number => measure(text, fontSize * 0.85, 'regular');
  // Some letters of it or nothing: an ellipsis alone says nothing.
  const category =
    categoryText === '' || forCategory < fontSize * 3 ? '' : cutLine(categoryText, forCategory, small);
  const categoryLine = category === '' ? null : { text: category, x, y: headBase };
  if (categoryLine !== null) x += small(category) + gap;
  const repliesLine = repliesText === '' ? null : { text: repliesText, x: x + sign + gap * 0.4, y: headBase };
  if (repliesLine !== null) x += repliesWidth;

  const lineHeight = fontSize * 1.34;
  const firstBase = padY + badge.rect.h + fontSize * 1.12;
  const lines = body.map((text, row) => ({ text, x: pad, y: firstBase + row * lineHeight }));
  const longest = Math.max(0, ...body.map((text) => measure(text, fontSize, 'regular')));
  const width = Math.min(widest, Math.max(x - gap + pad, longest + 2 * pad));
  const height =
    2 * padY + badge.rect.h + (body.length === 0 ? 0 : fontSize * 0.12 + body.length * lineHeight);
  return {
    width,
    card: {
      rect: { x: 0, y: 0, w: width, h: height },
      comment,
      badge,
      author: authorLine,
      category: categoryLine,
      replies: repliesLine,
      lines,
      fontSize,
    },
  };
}

function moved<T extends { readonly x: number; readonly y: number }>(line: T, x: number, y: number): T {
  return { ...line, x: line.x + x, y: line.y + y };
}

function cardAt(card: Card, x: number, y: number, w: number): Card {
  return {
    ...card,
    rect: { ...card.rect, x, y, w },
    badge: { ...card.badge, rect: moved(card.badge.rect, x, y) },
    author: card.author && moved(card.author, x, y),
    category: card.category && moved(card.category, x, y),
    replies: card.replies && moved(card.replies, x, y),
    lines: card.lines.map((line) => moved(line, x, y)),
  };
}

/** Whether more of the shapes lies in the right half than in the left: cards then begin on the left. */
function leansRight(comments: readonly PaintComment[], size: Size): boolean {
  let weight = 0;
  for (const shape of comments.flatMap((comment) => comment.shapes)) {
    const { x, w } = boundsOf(shape, size);
    weight += Math.sign(x + w / 2 - size.width / 2);
  }
  return weight > 0;
}

interface Stacked {
  readonly cards: readonly Card[];
  /** Room below the last card, for the number of those left out. */
  readonly rest: Rect;
}

/** Stacks cards in columns from the sides; those that find no room are left out. */
function stack(
  made: readonly Made[],
  area: Rect,
  density: Density,
  fromLeft: boolean,
  gap: number,
  keep: number,
): Stacked {
  const cards: Card[] = [];
  let next = 0;
  let rest: Rect = { ...area, h: 0 };
  // The middle column only when both sides are full.
  const sides = fromLeft ? (['left', 'right', 'middle'] as const) : (['right', 'left', 'middle'] as const);
  const widest = Math.max(...made.map(({ width }) => width));
  const most = Math.max(1, Math.floor((area.w + gap) / (widest + gap)));
  const columns = sides.slice(0, Math.min(density.columns, most));
  for (const [position, side] of columns.entries()) {
    const isLast = position === columns.length - 1;
    const column: Made[] = [];
    let height = 0;
    for (;;) {
      const one = made[next];
      if (one === undefined) break;
      const after = height + (column.length === 0 ? 0 : gap) + one.card.rect.h;
      // In the last column there must be room to say how many are left out, where some will be.
      const below = isLast && next + 1 < made.length ? keep : 0;
      if (after + below > area.h) break;
      height = after;
      column.push(one);
      next += 1;
    }
    const width = Math.min(area.w, Math.max(0, ...column.map((one) => one.width)));
    const x =
      side === 'left' ? area.x : side === 'right' ? area.x + area.w - width : area.x + (area.w - width) / 2;
    let y = area.y;
    for (const one of column) {
      cards.push(cardAt(one.card, x, y, width));
      y += one.card.rect.h + gap;
    }
    if (column.length > 0 || isLast) rest = { x, y, w: width, h: area.y + area.h - y };
  }
  return { cards, rest };
}

interface Cards {
  readonly cards: readonly Card[];
  readonly more: OverlayLayout['more'];
}

function layCards(comments: readonly PaintComment[], size: Size, below: number, measure: Measure): Cards {
  const unit = unitOf(size);
  const margin = Math.max(2, 20 * unit);
  const gap = Math.max(2, 9 * unit);
  const area: Rect = {
    x: margin,
    y: margin,
    w: Math.max(0, size.width - 2 * margin),
    h: Math.max(0, size.height - below - 2 * margin),
  };
  const fromLeft = leansRight(comments, size);
  const tried = comments.slice(0, MOST_CARDS);
  const beyond = comments.slice(MOST_CARDS).length;
  const last = DENSITIES.length - 1;
  for (const [position, density] of DENSITIES.entries()) {
    const made = tried.flatMap((comment) => makeCard(comment, size, density, measure) ?? []);
    if (made.length === 0) return { cards: [], more: null };
    const fits = made.every(({ width }) => width <= area.w);
    const fontSize = Math.max(LEAST_FONT, 25 * unit * density.scale);
    const chip = fontSize * 1.7;
    const { cards, rest } = fits
      ? stack(made, area, density, fromLeft, gap, chip + gap)
      : { cards: [], rest: area };
    const left = made.length - cards.length + beyond;
    if (left === 0) return { cards, more: null };
    if (position < last) continue;
    const text = `+${String(left)}`;
    const width = measure(text, fontSize, 'bold') + fontSize * 1.2;
    const rect = {
      x: Math.max(area.x, Math.min(rest.x, area.x + area.w - width)),
      y: rest.y,
      w: width,
      h: chip,
    };
    const isIn = rect.h <= rest.h && width <= area.w;
    const line = { text, x: rect.x + fontSize * 0.6, y: rect.y + chip / 2 + fontSize * 0.36 };
    return { cards, more: isIn ? { rect, count: left, text: line, fontSize } : null };
  }
  return { cards: [], more: null };
}

/** Places around a point, the nearest first: the place itself, then rings about it. */
function* placesAround(step: number, rings: number): Generator<readonly [dx: number, dy: number]> {
  yield [0, 0];
  for (let ring = 1; ring <= rings; ring += 1) {
    const count = 8 * ring;
    for (let n = 0; n < count; n += 1) {
      const angle = (2 * Math.PI * n) / count - Math.PI / 2;
      yield [Math.cos(angle) * step * ring, Math.sin(angle) * step * ring];
    }
  }
}

/** Badges at the shapes, none on another, none on a card. One that finds no place is left out: its card has the number too. */
function layBadges(
  comments: readonly PaintComment[],
  size: Size,
  taken: readonly Rect[],
  below: number,
  measure: Measure,
): Badge[] {
  const height = Math.max(12, 32 * unitOf(size));
  const gap = Math.max(1, height * 0.08);
  const free = { width: size.width, height: size.height - below };
  const badges: Badge[] = [];
  for (const comment of comments.slice(0, MOST_BADGES)) {
    const anchor = anchorOf(comment, size);
    if (anchor === null) continue;
    const own = badgeAt(comment, 0, 0, height, measure);
    const { w, h } = own.rect;
    // A shape may begin beyond the edge: its badge stands at the edge.
    const x = Math.min(Math.max(anchor.x - w / 2, 0), free.width - w);
    const y = Math.min(Math.max(anchor.y - h / 2, 0), free.height - h);
    for (const [dx, dy] of placesAround(h * 0.75, 12)) {
      const rect = { x: x + dx, y: y + dy, w, h };
      if (!isInside(rect, free)) continue;
      if (
        badges.some((other) => overlap(rect, other.rect, gap)) ||
        taken.some((card) => overlap(rect, card, gap))
      )
        continue;
      const isAway = Math.hypot(dx, dy) > h * 0.9;
      badges.push({ ...own, rect, pointsTo: isAway ? anchor : null });
      break;
    }
  }
  return badges;
}

/**
 * Lays out what belongs to the comments that are visible at once.
 *
 * @param below height that is kept free along the lower edge, for the strip
 */
export function layOut(
  size: Size,
  visible: readonly PaintComment[],
  below: number,
  measure: Measure,
): OverlayLayout {
  const { cards, more } = layCards(visible, size, below, measure);
  const taken = [...cards.map((card) => card.rect), ...(more === null ? [] : [more.rect])];
  return { unit: unitOf(size), cards, more, badges: layBadges(visible, size, taken, below, measure) };
}
