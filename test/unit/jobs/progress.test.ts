import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProgressMeter } from '../../../src/runtime/jobs/progress.ts';

const parts = (): Map<string, number> =>
  new Map([
    ['a', 1000],
    ['b', 3000],
    ['verify', 500],
  ]);

describe('progress', () => {
  it('weighs parts by their cost and stays below 100 until the job has ended', () => {
    const meter = createProgressMeter(parts(), 0, 4500);
    expect(meter.percent()).toBe(0);
    meter.set('a', 1);
    expect(meter.percent()).toBeCloseTo(22.2, 1);
    meter.set('b', 1);
    meter.set('verify', 1);
    expect(meter.percent()).toBe(99);
    expect(meter.done()).toBe(3);
  });

  it('never goes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'verify'), fc.double({ min: -1, max: 2, noNaN: true }))),
        (moves) => {
          const meter = createProgressMeter(parts(), 0, 4500);
          let before = 0;
          for (const [part, fraction] of moves) {
            meter.set(part, fraction);
            expect(meter.percent()).toBeGreaterThanOrEqual(before);
            before = meter.percent();
          }
        },
      ),
    );
  });

  it('estimates the time left from what was measured, not counting what was there already', () => {
    const meter = createProgressMeter(parts(), 0, 4500);
    expect(meter.etaMs(0)).toBe(4500);
    meter.skip('b');
    meter.set('a', 0.5);
    // 500 of 1500 units of real work in 2 s: 4 s are left.
    expect(meter.etaMs(2000)).toBe(4000);
  });
});
