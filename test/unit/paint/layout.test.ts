import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/core/schema/annotation.ts';
import type { PaintComment } from '../../../src/core/schema/overlay.ts';
import { layOut, stripHeight, type OverlayLayout } from '../../../src/paint/layout.ts';
import { isInside, overlap } from '../../../src/paint/places.ts';
import type { Measure } from '../../../src/paint/text.ts';
import type { Rect, Size } from '../../../src/paint/types.ts';

/** Korean letters are as wide as they are high, Latin ones a bit over half as wide. */
const measure: Measure = (text, size) =>
  Array.from(text).reduce((sum, letter) => sum + (letter > '\u1100' ? 0.92 : 0.55) * size, 0);

const HD: Size = { width: 1920, height: 1080 };

const comment = (number: number, more: Partial<PaintComment> = {}): PaintComment => ({
  number,
  text: 'Please look at this again.',
  author: 'Dana',
  color: '#ff4d4f',
  category: null,
  shapes: [],
  replies: 0,
  ...more,
});

const box = (x: number, y: number): Shape => ({ kind: 'box', x, y, w: 0.1, h: 0.1 });

function rectsOf(layout: OverlayLayout): Rect[] {
  return [
    ...layout.cards.map((card) => card.rect),
    ...layout.badges.map((badge) => badge.rect),
    ...(layout.more === null ? [] : [layout.more.rect]),
  ];
}

const part = fc.double({ min: -1, max: 2, noNaN: true });
const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constantFrom('box', 'ellipse'), x: part, y: part, w: part, h: part }),
  fc.record({ kind: fc.constant('arrow'), x1: part, y1: part, x2: part, y2: part }),
  fc.record({
    kind: fc.constant('freehand'),
    points: fc.array(fc.tuple(part, part), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('text'), x: part, y: part, text: fc.string() }),
);
const words = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc
    .array(
      fc.constantFrom('하늘', '색이', '이상합니다.', 'the', 'sky', 'aVeryLongWordWithoutAnySpaces'.repeat(4)),
      {
        maxLength: 60,
      },
    )
    .map((all) => all.join(' ')),
);
const anyComment = fc.record({
  text: words,
  author: fc.oneof(fc.constant(''), fc.string({ maxLength: 200 })),
  color: fc.constant('#36a3ff'),
  category: fc.option(fc.string({ maxLength: 200 })),
  shapes: fc.array(shape, { maxLength: 3 }),
  replies: fc.nat(1000),
});
const size = fc.record({
  width: fc.integer({ min: 64, max: 3840 }),
  height: fc.integer({ min: 64, max: 2160 }),
});

describe('lay-out of comments', () => {
  it('never lets cards and badges leave the picture, nor cover each other or the strip', () => {
    fc.assert(
      fc.property(
        size,
        fc.array(anyComment, { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        (frame, all, strip) => {
          const comments = all.map((one, position) => ({ ...one, number: position + 1 }));
          const below = strip ? stripHeight(frame) : 0;
          const layout = layOut(frame, comments, below, measure);
          const rects = rectsOf(layout);
          const free = { width: frame.width, height: frame.height - below };
          for (const [i, rect] of rects.entries()) {
            expect(isInside(rect, free)).toBe(true);
            for (const other of rects.slice(i + 1)) expect(overlap(rect, other)).toBe(false);
          }
          for (const card of layout.cards) {
            const right = card.rect.x + card.rect.w + 0.01;
            for (const line of card.lines) {
              expect(line.x + measure(line.text, card.fontSize, 'regular')).toBeLessThanOrEqual(right);
              expect(line.y).toBeLessThan(card.rect.y + card.rect.h);
            }
            if (card.author !== null)
              expect(card.author.x + measure(card.author.text, card.fontSize, 'bold')).toBeLessThanOrEqual(
                right,
              );
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives every comment with something to read a card, or counts it', () => {
    for (const count of [1, 5, 20, 40, 100, 500]) {
      const comments = Array.from({ length: count }, (_, i) => comment(i + 1));
      const { cards, more } = layOut(HD, comments, 0, measure);
      expect(cards.length + (more?.count ?? 0)).toBe(count);
      expect(cards.map((card) => card.comment.number)).toEqual(cards.map((_, i) => i + 1));
    }
    expect(
      layOut(
        HD,
        Array.from({ length: 40 }, (_, i) => comment(i + 1)),
        0,
        measure,
      ).more,
    ).toBeNull();
  });

  it('shrinks cards only when there are many', () => {
    const few = layOut(HD, [comment(1), comment(2)], 0, measure).cards;
    const many = layOut(
      HD,
      Array.from({ length: 40 }, (_, i) => comment(i + 1)),
      0,
      measure,
    ).cards;
    expect(few.every((card) => card.rect.x > HD.width / 2)).toBe(true);
    expect(many[0]?.fontSize).toBeLessThan(few[0]?.fontSize ?? 0);
    expect(new Set(many.map((card) => card.rect.x)).size).toBeGreaterThan(1);
  });

  it('begins on the side that the shapes leave free', () => {
    const [card] = layOut(HD, [comment(1, { shapes: [box(0.8, 0.2)] })], 0, measure).cards;
    expect(card?.rect.x).toBeLessThan(HD.width / 2);
  });

  it('makes no card of a shape without a word, but numbers it', () => {
    const { cards, badges } = layOut(
      HD,
      [comment(7, { text: ' \n', author: '', shapes: [box(0.2, 0.2)] })],
      0,
      measure,
    );
    expect(cards).toEqual([]);
    expect(badges.map((badge) => badge.number)).toEqual([7]);
  });

  it('puts a badge at its shape, and aside with a line to it where another stands there', () => {
    const shapes = [box(0.3, 0.4)];
    const { badges } = layOut(
      HD,
      [1, 2, 3].map((n) => comment(n, { shapes })),
      0,
      measure,
    );
    const [first, ...others] = badges;
    expect(first?.pointsTo).toBeNull();
    const { x = 0, y = 0, w = 0, h = 0 } = first?.rect ?? {};
    expect([x + w / 2, y + h / 2]).toEqual([0.3 * 1920, 0.4 * 1080]);
    expect(others.map((badge) => badge.pointsTo)).toEqual([
      { x: 0.3 * 1920, y: 0.4 * 1080 },
      { x: 0.3 * 1920, y: 0.4 * 1080 },
    ]);
  });

  it('looks the same at every size', () => {
    const comments = [
      comment(1, { text: '하늘 색이 이상합니다. 다시 봐 주세요. '.repeat(4), shapes: [box(0.3, 0.3)] }),
    ];
    const large = rectsOf(layOut({ width: 3840, height: 2160 }, comments, 0, measure));
    const small = rectsOf(layOut(HD, comments, 0, measure));
    for (const [i, rect] of small.entries()) {
      expect(rect.x * 2).toBeCloseTo(large[i]?.x ?? NaN, 3);
      expect(rect.h * 2).toBeCloseTo(large[i]?.h ?? NaN, 3);
    }
  });
});
