import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfCounts, fitCosts, weightedMedian, type Sample } from '../../../src/core/plan/fit.ts';
import { makespan } from '../../../src/core/plan/lanes.ts';
import { seeded } from './machine.ts';

const samples = (truth: readonly number[], count: number, noise: number, seed = 1): Sample[] => {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const x = truth.map(() => 1 + Math.floor(random() * 40));
    return { x, y: costOfCounts(truth, x) * (1 + noise * (2 * random() - 1)) };
  });
};

describe('fitted costs', () => {
  it('are what is expected while nothing was measured', () => {
    expect(fitCosts([], [3, 4])).toEqual([3, 4]);
    expect(fitCosts([{ x: [1, 1], y: 0 }], [3, 4])).toEqual([3, 4]);
  });

  it('take the whole from one sample and their shape from what is expected', () => {
    const [a = 0, b = 0] = fitCosts([{ x: [1, 2], y: 80 }], [10, 5]);
    expect(a + 2 * b).toBeCloseTo(80, 6);
    expect(a / b).toBeCloseTo(2, 6);
  });

  it('find the truth among samples that agree, however wrong the expectation', () => {
    const [a = 0, b = 0] = fitCosts(samples([30, 12], 20, 0), [5, 5]);
    expect(Math.abs(a / 30 - 1)).toBeLessThan(0.1);
    expect(Math.abs(b / 12 - 1)).toBeLessThan(0.2);
  });

  it('are hardly moved by outliers', () => {
    const clean = samples([30, 20], 20, 0.05);
    const dirty = clean.map((sample, i) => (i % 6 === 2 ? { ...sample, y: sample.y * 15 } : sample));
    const x = [20, 20];
    const ratio = costOfCounts(fitCosts(dirty, [20, 20]), x) / costOfCounts(fitCosts(clean, [20, 20]), x);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  it('are never nothing and never wild', () => {
    const list = fc.array(
      fc.record({
        x: fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })),
        y: fc.double({ min: 0.001, max: 1e9, noNaN: true }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(list, (given) => {
        for (const cost of fitCosts(given, [7, 3])) {
          expect(Number.isFinite(cost)).toBe(true);
          expect(cost).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('the weighted median', () => {
  it('lies where half of the weight is', () => {
    expect(weightedMedian([])).toBeNull();
    expect(weightedMedian([[5, 0]])).toBeNull();
    expect(
      weightedMedian([
        [9, 1],
        [1, 1],
        [2, 1],
      ]),
    ).toBe(2);
    expect(
      weightedMedian([
        [1, 1],
        [2, 5],
        [9, 1],
      ]),
    ).toBe(2);
    expect(
      weightedMedian([
        [1, 1],
        [3, 1],
      ]),
    ).toBe(2);
  });
});

describe('work on lanes', () => {
  const pictures = (...list: number[]) => ({ sound: [], encodeSound: 0, pictures: list });

  it('runs the longest first, side by side', () => {
    expect(makespan(pictures(), 4, 0)).toBe(0);
    expect(makespan(pictures(10, 10, 10, 10), 2, 0)).toBe(20);
    // In their order it would be 5 + 9.
    expect(makespan(pictures(3, 5, 9), 2, 0)).toBe(9);
    expect(makespan(pictures(7), 8, 0.5)).toBe(7);
  });

  it('takes as long as one after the other where all lanes share one core', () => {
    expect(makespan(pictures(10, 10), 2, 1)).toBe(20);
    // Side by side for ten units of each, then alone.
    expect(makespan(pictures(10, 30), 2, 0.5)).toBe(10 * 1.5 + 20);
  });

  it('encodes the sound once, when all of it is there', () => {
    expect(makespan({ sound: [5, 5], encodeSound: 40, pictures: [10] }, 2, 0)).toBe(45);
    expect(makespan({ sound: [], encodeSound: 40, pictures: [] }, 2, 0)).toBe(40);
    expect(makespan({ sound: [5, 5, 5], encodeSound: 10, pictures: [100] }, 1, 0)).toBe(125);
  });

  it('lies between the longest part and everything one after the other', () => {
    const ms = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(ms, { minLength: 1, maxLength: 40 }),
        fc.array(ms, { maxLength: 5 }),
        fc.integer({ min: 1, max: 16 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, sound, lanes, drag) => {
          const all = [...list, ...sound].reduce((sum, each) => sum + each, 0) + 3;
          const took = makespan({ sound, encodeSound: 3, pictures: list }, lanes, drag);
          expect(took).toBeGreaterThanOrEqual(Math.max(...list, all / lanes) - 1e-6);
          expect(took).toBeLessThanOrEqual(all * (1 + drag * (lanes - 1)) + 1e-6);
        },
      ),
    );
  });
});
