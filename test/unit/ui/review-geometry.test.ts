import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/core/schema/annotation.ts';
import {
  boundsOf,
  draggedBy,
  drawn,
  extended,
  fittedTo,
  handlesOf,
  inTheMiddle,
  isTiny,
  movedBy,
  partOf,
  pictureBox,
} from '../../../src/ui/review/geometry.ts';
import { numbersOf } from '../../../src/ui/review/ShapeNumbers.tsx';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const point = fc.record({ x: part, y: part });
const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc
    .tuple(fc.constantFrom('box' as const, 'ellipse' as const, 'arrow' as const), point, point)
    .map(([kind, from, to]) => drawn(kind, from, to, '')),
  fc
    .array(fc.tuple(part, part), { minLength: 1, maxLength: 20 })
    .map((points): Shape => ({ kind: 'freehand', points })),
  point.map(({ x, y }): Shape => ({ kind: 'text', x, y, text: 'Text' })),
);

describe('where the picture lies', () => {
  it('leaves bars above and below of a wide one, at the sides of a high one', () => {
    expect(pictureBox({ width: 800, height: 800 }, { width: 1920, height: 1080 })).toEqual({
      ...{ x: 0, y: 175, w: 800, h: 450 },
    });
    expect(pictureBox({ width: 800, height: 400 }, { width: 1080, height: 1920 })).toEqual({
      ...{ x: 287.5, y: 0, w: 225, h: 400 },
    });
    expect(pictureBox({ width: 10, height: 10 }, { width: 0, height: 0 }).w).toBe(0);
  });

  it('takes points as parts of the picture, not of the player', () => {
    const box = { x: 100, y: 50, w: 400, h: 200 };
    expect(partOf({ x: 300, y: 150 }, box)).toEqual({ x: 0.5, y: 0.5 });
    expect(partOf({ x: 100, y: 250 }, box)).toEqual({ x: 0, y: 1 });
    // In the bars: the nearest point of the picture.
    expect(partOf({ x: 20, y: 400 }, box)).toEqual({ x: 0, y: 1 });
  });

  it('holds the whole picture and no more, whatever the sizes', () => {
    const size = fc.record({
      width: fc.integer({ min: 1, max: 4000 }),
      height: fc.integer({ min: 1, max: 4000 }),
    });
    fc.assert(
      fc.property(size, size, (room, picture) => {
        const { x, y, w, h } = pictureBox(room, picture);
        expect(w / h / (picture.width / picture.height)).toBeCloseTo(1, 6);
        expect(x).toBeGreaterThanOrEqual(-1e-9);
        expect(y).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.min(room.width - w, room.height - h)).toBeCloseTo(0, 6);
      }),
    );
  });
});

describe('shapes', () => {
  it('are the same whichever corner was drawn first', () => {
    const from = { x: 0.6, y: 0.7 };
    const to = { x: 0.2, y: 0.3 };
    expect(drawn('box', from, to, '')).toEqual({ kind: 'box', x: 0.2, y: 0.3, w: 0.4, h: 0.4 });
    expect(drawn('arrow', from, to, '')).toEqual({ kind: 'arrow', x1: 0.6, y1: 0.7, x2: 0.2, y2: 0.3 });
  });

  it('are not made by a click, but for texts', () => {
    const at = { x: 0.5, y: 0.5 };
    expect(isTiny(drawn('box', at, { x: 0.502, y: 0.501 }, ''))).toBe(true);
    expect(isTiny(drawn('arrow', at, { x: 0.5, y: 0.6 }, ''))).toBe(false);
    expect(isTiny(drawn('text', at, at, 'a'))).toBe(false);
  });

  it('stay in the picture when they are moved', () => {
    fc.assert(
      fc.property(
        shape,
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (one, x, y) => {
          const { x: left, y: top, w, h } = boundsOf(movedBy(one, { x, y }));
          expect(left).toBeGreaterThan(-0.001);
          expect(top).toBeGreaterThan(-0.001);
          expect(left + w).toBeLessThan(1.001);
          expect(top + h).toBeLessThan(1.001);
        },
      ),
    );
  });

  it('keep their size when they are moved', () => {
    fc.assert(
      fc.property(shape, point, (one, by) => {
        const before = boundsOf(one);
        const after = boundsOf(movedBy(one, { x: by.x - 0.5, y: by.y - 0.5 }));
        expect(after.w).toBeCloseTo(before.w, 3);
        expect(after.h).toBeCloseTo(before.h, 3);
      }),
    );
  });

  it('have their corner where a handle is dragged to, and the corner across where it was', () => {
    const one: Shape = { kind: 'box', x: 0.2, y: 0.2, w: 0.4, h: 0.4 };
    expect(draggedBy(one, 'se', { x: 0.9, y: 0.8 })).toEqual({ kind: 'box', x: 0.2, y: 0.2, w: 0.7, h: 0.6 });
    expect(draggedBy(one, 'nw', { x: 0.1, y: 0.3 })).toEqual({ kind: 'box', x: 0.1, y: 0.3, w: 0.5, h: 0.3 });
    // Past the corner across.
    expect(draggedBy(one, 'se', { x: 0.1, y: 0.1 })).toEqual({ kind: 'box', x: 0.1, y: 0.1, w: 0.1, h: 0.1 });
    expect(draggedBy({ kind: 'arrow', x1: 0, y1: 0, x2: 1, y2: 1 }, 'head', { x: 0.5, y: 0.4 })).toEqual({
      ...{ kind: 'arrow', x1: 0, y1: 0, x2: 0.5, y2: 0.4 },
    });
  });

  it('stretch with all their points', () => {
    const stroke: Shape = { kind: 'freehand', points: [[0.1, 0.1], [0.2, 0.3], [0.3, 0.1]] }; // prettier-ignore
    const wide = fittedTo(stroke, { x: 0.1, y: 0.5, w: 0.4, h: 0.1 });
    expect(wide).toEqual({ kind: 'freehand', points: [[0.1, 0.5], [0.3, 0.6], [0.5, 0.5]] }); // prettier-ignore
  });

  it('have a handle at each corner, an arrow at both ends, a text none', () => {
    expect(handlesOf({ kind: 'ellipse', x: 0.1, y: 0.2, w: 0.3, h: 0.4 }).map(({ name }) => name)).toEqual([
      'nw',
      'ne',
      'sw',
      'se',
    ]);
    expect(handlesOf({ kind: 'arrow', x1: 0, y1: 0, x2: 1, y2: 1 }).map(({ name }) => name)).toEqual([
      'tail',
      'head',
    ]);
    expect(handlesOf({ kind: 'text', x: 0, y: 0, text: '' })).toEqual([]);
  });

  it('can be typed as numbers', () => {
    fc.assert(
      fc.property(shape, part, (one, value) => {
        for (const { name, set } of numbersOf(one)) {
          const now = numbersOf(set(value)).find((number) => number.name === name)?.value;
          const flat =
            one.kind === 'freehand' && (name === 'w' || name === 'h') && boundsOf(one)[name] < 0.001;
          if (!flat) expect(now, name).toBeCloseTo(value, 2);
        }
      }),
    );
  });

  it('begin in the middle when they are made with the keyboard', () => {
    for (const kind of ['box', 'ellipse', 'arrow', 'freehand', 'text'] as const) {
      const { x, y, w, h } = boundsOf(inTheMiddle(kind, ''));
      expect(Math.hypot(x + w / 2 - 0.5, y + h / 2 - 0.5)).toBeLessThan(0.1);
    }
  });

  it('take no more points than they may, and none where the pen rests', () => {
    expect(extended([[0.5, 0.5]], { x: 0.5, y: 0.5 }, 10)).toHaveLength(1);
    expect(extended([[0.5, 0.5]], { x: 0.6, y: 0.5 }, 10)).toHaveLength(2);
    expect(extended([[0.5, 0.5]], { x: 0.6, y: 0.5 }, 1)).toHaveLength(1);
  });
});
