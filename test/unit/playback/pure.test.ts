import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import { positionAt, StallWatch } from '../../../src/runtime/playback/clock.ts';
import { canvasSize, uprightTransform } from '../../../src/runtime/playback/draw.ts';
import {
  frameAtTime,
  frameEndUs,
  frameOfDecoded,
  frameStartUs,
  insideFrameUs,
} from '../../../src/runtime/playback/lookup.ts';
import { hasSoundAt, nextShuttleRate } from '../../../src/runtime/playback/shuttle.ts';

const indexOf = (times: readonly number[], endUs: number): FrameIndex => ({
  version: 1,
  timesUs: Float64Array.from(times),
  flags: new Uint8Array(times.length),
  endUs,
  complete: true,
});

/** Variable rates: frames of 1 µs to 200 ms. */
const indexes = fc
  .record({
    first: fc.integer({ min: -50_000, max: 50_000 }),
    lengths: fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 60 }),
  })
  .map(({ first, lengths }) => {
    const times = lengths.map((_, at) => first + lengths.slice(0, at).reduce((sum, one) => sum + one, 0));
    return indexOf(times, first + lengths.reduce((sum, one) => sum + one, 0));
  });

describe('lookup', () => {
  it('finds the last frame that appears at or before a time', () => {
    fc.assert(
      fc.property(indexes, fc.integer({ min: -100_000, max: 5_000_000 }), (index, us) => {
        const slow = index.timesUs.findLastIndex((time) => time <= us);
        expect(frameAtTime(index, us)).toBe(Math.max(0, slow));
      }),
    );
  });

  it('a time inside a frame, and every microsecond of it, is that frame', () => {
    fc.assert(
      fc.property(indexes, fc.nat(), (index, pick) => {
        const frame = pick % index.timesUs.length;
        const [start, end] = [frameStartUs(index, frame), frameEndUs(index, frame)];
        for (const us of [start, insideFrameUs(index, frame), end - 1])
          expect(frameAtTime(index, us)).toBe(frame);
        expect(frameOfDecoded(index, { timeUs: start, durationUs: end - start })).toBe(frame);
      }),
    );
  });

  it('knows a decoded frame although a container rounded its time', () => {
    const index = indexOf([0, 33_367, 66_733, 100_100], 133_467);
    for (const [frame, rounded] of [0, 33_000, 67_000, 100_000].entries()) {
      expect(frameOfDecoded(index, { timeUs: rounded, durationUs: 33_000 })).toBe(frame);
    }
  });

  it('no frames, and a last frame without a length', () => {
    expect(frameAtTime(indexOf([], 0), 5)).toBe(-1);
    const index = indexOf([0, 10], 10);
    expect(frameEndUs(index, 1)).toBe(11);
    expect(insideFrameUs(index, 1)).toBe(10);
  });
});

describe('clock', () => {
  it('moves at its rate from its anchor', () => {
    expect(positionAt({ mediaUs: 1000, hostMs: 50, rate: 1 }, 60)).toBe(11_000);
    expect(positionAt({ mediaUs: 1000, hostMs: 50, rate: -2 }, 60)).toBe(-19_000);
  });

  it('a clock that stands still is noticed, one that moves is not', () => {
    const watch = new StallWatch();
    expect(watch.stalled(1, 0, 1000)).toBe(false);
    expect(watch.stalled(1, 1000, 1000)).toBe(false);
    expect(watch.stalled(1, 1001, 1000)).toBe(true);
    expect(watch.stalled(2, 5000, 1000)).toBe(false);
  });
});

describe('shuttle', () => {
  it('goes up the ladder and turns at its slowest', () => {
    const presses = (start: number, ...directions: (1 | -1)[]) => directions.reduce(nextShuttleRate, start);
    expect(presses(0, 1)).toBe(1);
    expect(presses(0, 1, 1, 1, 1, 1)).toBe(8);
    expect(presses(8, -1)).toBe(-1);
    expect(presses(0, -1, -1, -1)).toBe(-4);
    expect(presses(0.5, 1)).toBe(1);
    expect([-1, 0.5, 1, 2, 4].map(hasSoundAt)).toEqual([false, false, true, true, false]);
  });
});

describe('drawing', () => {
  it('sizes the canvas to the displayed picture, at most 1920', () => {
    expect(canvasSize(640, 360, 0)).toEqual({ width: 640, height: 360 });
    expect(canvasSize(640, 360, 90)).toEqual({ width: 360, height: 640 });
    expect(canvasSize(3840, 2160, 0)).toEqual({ width: 1920, height: 1080 });
    expect(canvasSize(3840, 2160, 270)).toEqual({ width: 1080, height: 1920 });
    expect(canvasSize(10_000, 1, 180)).toEqual({ width: 1920, height: 1 });
  });

  it('turns clockwise: where the corners of the stored picture go', () => {
    const [width, height] = [200, 100];
    const corner = (rotation: 0 | 90 | 180 | 270, flip: boolean, x: number, y: number) => {
      const [a, b, c, d, e, f] = uprightTransform(rotation, flip, width, height);
      const [w, h] = rotation % 180 === 0 ? [width, height] : [height, width];
      return [a * x * w + c * y * h + e, b * x * w + d * y * h + f].map((one) => one + 0);
    };
    // The top left corner of the stored picture.
    expect(corner(0, false, 0, 0)).toEqual([0, 0]);
    expect(corner(90, false, 0, 0)).toEqual([200, 0]);
    expect(corner(180, false, 0, 0)).toEqual([200, 100]);
    expect(corner(270, false, 0, 0)).toEqual([0, 100]);
    // Its top right corner.
    expect(corner(90, false, 1, 0)).toEqual([200, 100]);
    expect(corner(270, false, 1, 0)).toEqual([0, 0]);
    // Mirrored afterwards.
    expect(corner(0, true, 0, 0)).toEqual([200, 0]);
    expect(corner(90, true, 0, 0)).toEqual([0, 0]);
  });
});
