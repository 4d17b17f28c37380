/** A moment of one version found in another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findMoment,
  findMoments,
  LOOK_HEIGHT,
  LOOK_STEP_US,
  LOOK_WIDTH,
  reelOf,
  refine,
  type Look,
} from '../../../src/core/project/carry.ts';

/** A picture of a shot: waves of its own that move with time. */
function picture(shot: number, phase: number, gain = 1, lift = 0): Uint8Array {
  const luma = new Uint8Array(LOOK_WIDTH * LOOK_HEIGHT);
  for (let y = 0; y < LOOK_HEIGHT; y += 1) {
    for (let x = 0; x < LOOK_WIDTH; x += 1) {
      const wave =
        Math.sin(x * (0.3 + 0.17 * (shot % 5)) + shot * 1.7 + phase) +
        Math.cos(y * (0.4 + 0.13 * (shot % 7)) + shot * 0.9 - phase * 0.6);
      luma[y * LOOK_WIDTH + x] = Math.max(0, Math.min(255, Math.round(125 + 45 * wave * gain + lift)));
    }
  }
  return luma;
}

type Shot = { readonly shot: number; readonly looks: number; readonly still?: boolean };

/** A film of shots, looked at four times a second. */
function film(shots: readonly Shot[], gain = 1, lift = 0): Look[] {
  const looks: Look[] = [];
  for (const { shot, looks: count, still = false } of shots) {
    for (let at = 0; at < count; at += 1) {
      looks.push({
        timeUs: looks.length * LOOK_STEP_US,
        luma: picture(shot, still ? 0 : at * 0.12, gain, lift),
      });
    }
  }
  return looks;
}

const START = [1, 2, 3, 4, 5].map((shot) => ({ shot, looks: 16 }));
const timeOf = (look: number): number => look * LOOK_STEP_US;

describe('a moment', () => {
  it('is found where nothing has changed but grade and encode', () => {
    const from = reelOf(film(START));
    const to = reelOf(film(START, 0.8, 12));
    for (const look of [0, 7, 16, 40, 79]) {
      expect(findMoment(from, to, timeOf(look), null)).toMatchObject({ found: true, timeUs: timeOf(look) });
    }
  });

  it('moves with what was put in and cut out before it, and with a shot that changed its place', () => {
    const from = reelOf(film(START));
    const to = reelOf(film([{ shot: 9, looks: 10 }, START[1]!, START[4]!, START[2]!]));
    const [a, b, c] = findMoments(() => from, to, [timeOf(16 + 5), timeOf(64 + 3), timeOf(32 + 9)]);
    expect(a).toMatchObject({ found: true, timeUs: timeOf(10 + 5) });
    expect(b).toMatchObject({ found: true, timeUs: timeOf(26 + 3) });
    expect(c).toMatchObject({ found: true, timeUs: timeOf(42 + 9) });
  });

  it('of a shot that is gone is not found, and is put nowhere', () => {
    const to = reelOf(film([START[1]!, START[2]!]));
    expect(findMoment(reelOf(film(START)), to, timeOf(3), null)).toEqual({
      found: false,
      reason: 'not_found',
    });
  });

  it('of black is not found: there is nothing to know it by', () => {
    const black = (count: number): Look[] =>
      Array.from({ length: count }, (_, at) => ({
        timeUs: timeOf(at),
        luma: new Uint8Array(LOOK_WIDTH * LOOK_HEIGHT).fill(16),
      }));
    expect(findMoment(reelOf(black(20)), reelOf(black(20)), timeOf(5), null)).toEqual({
      found: false,
      reason: 'no_detail',
    });
  });

  it('that is there twice is decided by its neighbours, or left open', () => {
    const from = reelOf(film([START[0]!, START[1]!, START[0]!, START[3]!]));
    const twice = reelOf(
      film([START[0]!, { shot: 8, looks: 12 }, START[0]!, { shot: 8, looks: 12 }, START[0]!]),
    );
    expect(findMoment(from, twice, timeOf(5), null)).toEqual({ found: false, reason: 'ambiguous' });
    expect(findMoment(from, twice, timeOf(5), timeOf(28))).toMatchObject({ found: true, timeUs: timeOf(33) });
  });

  it('is never put at a picture that is clearly another one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 79 }),
        (others, look) => {
          const to = reelOf(film(others.map((shot) => ({ shot: shot * 3 + 1, looks: 9 }))));
          const found = findMoment(reelOf(film(START)), to, timeOf(look), null);
          if (found.found) expect(found.distance).toBeLessThanOrEqual(10);
        },
      ),
    );
  });

  it('is the very frame, where every frame around the place is looked at', () => {
    const frameUs = 40_000;
    const frame = (at: number, gain = 1): Look => ({
      timeUs: at * frameUs,
      luma: picture(2, at * 0.05, gain),
    });
    const wanted = [-2, -1, 0, 1, 2].map((by) => ({ offsetUs: by * frameUs, luma: frame(50 + by).luma }));
    const candidates = Array.from({ length: 25 }, (_, at) => {
      const { luma } = frame(38 + at, 0.9);
      return { timeUs: (38 + at + 7) * frameUs, luma };
    });
    expect(refine(wanted, candidates, 54 * frameUs)).toBe(57 * frameUs);
  });
});
