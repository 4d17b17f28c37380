import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import {
  closedAtOrAfter,
  frameOnDisplay,
  isClosedBefore,
  keyFrameAtOrBefore,
  snapRange,
} from '../../../src/core/timeline/frames.ts';

function indexOf(timesUs: readonly number[], endUs: number, flags: readonly number[] = []): FrameIndex {
  return {
    version: 1,
    timesUs: Float64Array.from(timesUs),
    flags: Uint8Array.from({ length: timesUs.length }, (_, i) => flags[i] ?? 0),
    endUs,
    complete: true,
  };
}

const NTSC = { num: 30000, den: 1001 };

describe('frames of a range', () => {
  it('runs from the frame on display at the start up to the one on display at the end', () => {
    const index = indexOf([0, 40_000, 80_000, 120_000], 160_000);
    expect(snapRange(index, 40_000, 120_000, true)).toEqual({
      first: 1,
      stop: 3,
      startUs: 40_000,
      endUs: 120_000,
    });
    expect(snapRange(index, 50_000, 130_000, true)).toEqual({
      first: 1,
      stop: 3,
      startUs: 40_000,
      endUs: 120_000,
    });
    expect(snapRange(index, 41_000, 42_000, true)).toEqual({
      first: 1,
      stop: 2,
      startUs: 40_000,
      endUs: 80_000,
    });
    expect(snapRange(index, 0, 160_000, true)).toEqual({ first: 0, stop: 4, startUs: 0, endUs: 160_000 });
  });

  it('keeps sound that goes on after the last frame, and forgives an end a rounding before it', () => {
    const index = indexOf([0, 40_000, 80_000, 120_000], 160_000);
    expect(snapRange(index, 0, 175_000, true)).toMatchObject({ stop: 4, endUs: 175_000 });
    expect(snapRange(index, 0, 159_999, true)).toMatchObject({ stop: 4, endUs: 160_000 });
  });

  it('forgives the rounding of millisecond containers on both sides', () => {
    // Matroska at 29.97: 0, 33, 67, 100 ms for 0, 33.367, 66.733, 100.1 ms.
    const index = indexOf([0, 33_000, 67_000, 100_000, 133_000], 167_000);
    const exact = (frame: number): number => frameToMicros(frame, NTSC);
    for (let first = 0; first < 4; first += 1) {
      expect(snapRange(index, exact(first), exact(first + 1), true)).toMatchObject({
        first,
        stop: first + 1,
      });
    }
  });

  it('cuts through held pictures of a variable rate, and of no other', () => {
    const index = indexOf([0, 40_000, 1_540_000, 1_580_000], 1_620_000);
    expect(snapRange(index, 500_000, 1_580_000, false)).toEqual({
      first: 1,
      stop: 3,
      startUs: 500_000,
      endUs: 1_580_000,
    });
    expect(snapRange(index, 0, 500_000, false)).toEqual({ first: 0, stop: 2, startUs: 0, endUs: 500_000 });
    expect(snapRange(index, 500_000, 1_580_000, true)).toMatchObject({ first: 1, startUs: 40_000 });
  });

  it('gives every frame to exactly one of two ranges that meet anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 5_000, max: 99_000 }), { minLength: 3, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (gaps, where, constantRate) => {
          const times = [0];
          for (const gap of gaps) times.push((times.at(-1) ?? 0) + gap);
          const endUs = times.pop() ?? 0;
          const index = indexOf(times, endUs);
          const second = times[1] ?? 0;
          const last = times.at(-1) ?? 0;
          const at = Math.round(second + where * (last - second));
          const left = snapRange(index, 0, at, constantRate);
          const right = snapRange(index, at, endUs, constantRate);
          expect(left?.first).toBe(0);
          expect(left?.stop).toBe(right?.first);
          expect(left?.endUs).toBe(right?.startUs);
          expect(right?.stop).toBe(times.length);
        },
      ),
    );
  });

  it('shows the same frame as the player at any time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        (frame, part) => {
          const times = Array.from({ length: 1000 }, (_, i) => frameToMicros(i, NTSC));
          const index = indexOf(times, frameToMicros(1000, NTSC));
          expect(frameOnDisplay(index, Math.round((times[frame] ?? 0) + part * 33_366))).toBe(frame);
        },
      ),
    );
  });

  it('has no frames for a range inside nothing', () => {
    expect(snapRange(indexOf([], 0), 0, 10, true)).toBeNull();
    expect(snapRange(indexOf([0, 40_000], 80_000), 40_000, 40_000, true)).toBeNull();
  });

  it('finds key frames before and closed places after', () => {
    const flags = [FRAME_KEY | FRAME_CLOSED, 0, 0, FRAME_CLOSED, FRAME_KEY | FRAME_CLOSED, 0];
    const index = indexOf(
      [0, 1, 2, 3, 4, 5].map((i) => i * 40_000),
      240_000,
      flags,
    );
    expect(keyFrameAtOrBefore(index, 3)).toBe(0);
    expect(keyFrameAtOrBefore(index, 5)).toBe(4);
    expect(closedAtOrAfter(index, 1)).toBe(3);
    expect(closedAtOrAfter(index, 5)).toBe(6);
    expect(isClosedBefore(index, 6)).toBe(true);
  });
});
