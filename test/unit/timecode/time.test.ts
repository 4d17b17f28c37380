import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  frameDuration,
  frameToMicros,
  microsToDecimal,
  microsToFrame,
  microsToSeconds,
  reduceRational,
  secondsToMicros,
  toRational,
  type Rational,
} from '../../../src/core/base/time.ts';

const rates = fc.constantFrom<Rational>(
  { num: 24000, den: 1001 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 25, den: 2 },
  { num: 60000, den: 1001 },
  { num: 120000, den: 1001 },
  { num: 240, den: 1 },
);
/** Ten hours at 240 frames a second. */
const frames = fc.nat({ max: 8_640_000 });

describe('frames and microseconds', () => {
  it('a frame is on display at its own time, and the one before it a microsecond earlier', () => {
    fc.assert(
      fc.property(rates, frames, (rate, frame) => {
        expect(microsToFrame(frameToMicros(frame, rate), rate)).toBe(frame);
        expect(microsToFrame(frameToMicros(frame + 1, rate) - 1, rate)).toBe(frame);
      }),
      { numRuns: 5000 },
    );
  });

  it('is computed and not accumulated: exact against whole-number arithmetic', () => {
    fc.assert(
      fc.property(rates, frames, (rate, frame) => {
        const doubled = (2n * BigInt(frame) * 1_000_000n * BigInt(rate.den)) / BigInt(rate.num);
        expect(frameToMicros(frame, rate)).toBe(Number((doubled + 1n) / 2n));
      }),
    );
  });

  it('knows the length of a frame', () => {
    expect(frameDuration({ num: 25, den: 1 })).toBe(40_000);
    expect(frameDuration({ num: 30000, den: 1001 })).toBeCloseTo(33_366.667, 3);
  });
});

describe('seconds', () => {
  it('writes decimal seconds that read back to the same microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (us) => {
        const text = microsToDecimal(us);
        expect(text).toMatch(/^-?\d+\.\d{6}$/);
        expect(secondsToMicros(Number(text))).toBe(us);
        expect(secondsToMicros(microsToSeconds(us))).toBe(us);
      }),
    );
  });

  it.each([
    [0, '0.000000'],
    [1, '0.000001'],
    [-1, '-0.000001'],
    [-1_500_000, '-1.500000'],
    [3_600_000_000, '3600.000000'],
  ])('writes %i as %s', (us, text) => {
    expect(microsToDecimal(us)).toBe(text);
  });
});

describe('toRational', () => {
  it.each([
    [29.97, { num: 30000, den: 1001 }],
    [29.97002997, { num: 30000, den: 1001 }],
    [30, { num: 30, den: 1 }],
    [23.976, { num: 24000, den: 1001 }],
    [24, { num: 24, den: 1 }],
    [59.94, { num: 60000, den: 1001 }],
    [12.5, { num: 25, den: 2 }],
    [27.02, { num: 1351, den: 50 }],
    [0.2, { num: 1, den: 5 }],
  ])('takes %d for %o', (fps, rate) => {
    expect(toRational(fps)).toEqual(rate);
  });

  it('never has a part that is not a positive whole number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (fps) => {
        const { num, den } = toRational(fps);
        expect(Number.isInteger(num) && num > 0).toBe(true);
        expect(Number.isInteger(den) && den > 0).toBe(true);
      }),
    );
  });

  it('reduces', () => {
    expect(reduceRational({ num: 60, den: 2 })).toEqual({ num: 30, den: 1 });
  });
});
