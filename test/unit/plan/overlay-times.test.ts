import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { commentTimes, stripAt, stripTimes } from '../../../src/core/plan/overlay-times.ts';
import { shownFrames } from '../../../src/core/plan/overlays.ts';
import { makeSource } from './helpers.ts';

describe('frames that a comment is shown on', () => {
  const at = (rate: { num: number; den: number }) => makeSource({ rate, frames: 300 }).index;

  it.each([
    [{ num: 25, den: 1 }],
    [{ num: 30_000, den: 1001 }],
    [{ num: 60_000, den: 1001 }],
    [{ num: 24_000, den: 1001 }],
  ])('begins with the frame that is on display, and ends before the first one at its end: %o', (rate) => {
    const index = at(rate);
    const us = (frame: number): number => frameToMicros(frame, rate);
    expect(shownFrames(index, us(30), us(45) - us(30))).toEqual({ first: 30, stop: 45 });
    const inside = Math.round((us(30) + us(31)) / 2);
    expect(shownFrames(index, inside, us(45) - inside)).toEqual({ first: 30, stop: 45 });
    // A frame that begins before the end still is shown.
    expect(shownFrames(index, us(30), us(45) - us(30) + 5000)).toEqual({ first: 30, stop: 46 });
    expect(shownFrames(index, us(30), 1)).toEqual({ first: 30, stop: 31 });
    expect(shownFrames(index, us(299), 3_000_000)).toEqual({ first: 299, stop: 300 });
    expect(shownFrames(index, 0, 1e12)).toEqual({ first: 0, stop: 300 });
  });

  it('goes by the frames’ own times where they come at varying ones', () => {
    const timesUs = Float64Array.from([0, 33_000, 90_000, 2_000_000, 2_010_000, 2_200_000]);
    const index = {
      version: 1,
      timesUs,
      flags: new Uint8Array(6),
      endUs: 2_300_000,
      complete: true,
    } as const;
    expect(shownFrames(index, 33_000, 57_000)).toEqual({ first: 1, stop: 2 });
    expect(shownFrames(index, 100_000, 100_000)).toEqual({ first: 2, stop: 3 });
    expect(shownFrames(index, 1_999_500, 10_000)).toEqual({ first: 3, stop: 4 });
    expect(shownFrames(index, 90_000, 1_915_000)).toEqual({ first: 2, stop: 4 });
    // A millisecond is what containers round by: the end means the frame.
    expect(shownFrames(index, 90_000, 1_910_900)).toEqual({ first: 2, stop: 3 });
  });

  it('is never empty, and grows with the duration', () => {
    const index = at({ num: 30_000, den: 1001 });
    fc.assert(
      fc.property(
        fc.nat(9_999_999),
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.nat(5_000_000),
        (time, length, more) => {
          const short = shownFrames(index, time, length);
          const long = shownFrames(index, time, length + more);
          expect(short.stop).toBeGreaterThan(short.first);
          expect(long.first).toBe(short.first);
          expect(long.stop).toBeGreaterThanOrEqual(short.stop);
        },
      ),
    );
  });
});

describe('when the painted picture of a step changes', () => {
  const step = { firstFrameUs: 1_000_000, stopFrameUs: 2_000_000, frames: 25 };

  it('is at the ends of windows', () => {
    const timed = (fromUs: number, untilUs: number) => ({ fromUs, untilUs, comment: {} as never });
    const comments = [timed(1_000_000, 1_400_000), timed(1_200_000, 2_000_000), timed(1_400_000, 1_600_000)];
    expect(commentTimes(step, { comments })).toEqual([1_000_000, 1_200_000, 1_400_000, 1_600_000]);
  });

  it('is at every frame for a timecode, once for a name', () => {
    const rate = { num: 25, den: 1 };
    const times = stripTimes(step, { name: null, timecode: { rate } });
    expect(times).toHaveLength(25);
    expect(times.slice(0, 2)).toEqual([1_000_000, 1_040_000]);
    expect(stripTimes(step, { name: 'a.mp4', timecode: null })).toEqual([1_000_000]);
    const timesUs = [900_000, 1_000_000, 1_333_000, 2_000_000];
    expect(stripTimes(step, { name: null, timecode: { rate: null, timesUs } })).toEqual([
      1_000_000, 1_333_000,
    ]);
  });

  it('counts frames in the source’s own timecode', () => {
    const rate = { num: 30_000, den: 1001 };
    const at = (frame: number): string | null =>
      stripAt({ name: null, timecode: { rate } }, frameToMicros(frame, rate)).timecode;
    expect([0, 29, 30, 1799, 1800].map(at)).toEqual([
      '00:00:00;00',
      '00:00:00;29',
      '00:00:01;00',
      '00:00:59;29',
      '00:01:00;02',
    ]);
    // Containers that round to milliseconds.
    expect(stripAt({ name: null, timecode: { rate } }, 33_000).timecode).toBe('00:00:00;01');
    expect(stripAt({ name: 'a', timecode: { rate: null } }, 3_723_004_000)).toEqual({
      name: 'a',
      timecode: '01:02:03.004',
    });
  });
});
