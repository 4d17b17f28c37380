import { describe, expect, it } from 'vitest';
import { canResample, Resampler } from '../../../workers/webcodecs/sound/resample.ts';

/** A tone through the resampler in blocks of 1000 samples; its samples from the start of the grid on. */
function resampled(from: number, to: number, hertz: number, seconds = 0.5, start = 0): Float32Array {
  const resampler = new Resampler(from, to, 1, start);
  const total = Math.round(seconds * from);
  const out = new Float32Array(Math.ceil(seconds * to) + 10);
  const put = ({ at, planes }: ReturnType<Resampler['push']>): void => {
    planes[0]?.forEach((value, n) => {
      if (at + n >= 0) out[at + n] = value;
    });
  };
  for (let at = 0; at < total; at += 1000) {
    const count = Math.min(1000, total - at);
    put(
      resampler.push([
        Float32Array.from(
          { length: count },
          (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * (at + n)) / from),
        ),
      ]),
    );
  }
  put(resampler.end());
  return out;
}

/** Decibels of what differs from the ideal tone, to the tone; away from the ends. */
function errorDb(from: number, to: number, hertz: number, start = 0): number {
  const got = resampled(from, to, hertz, 0.5, start);
  let error = 0;
  let tone = 0;
  for (let n = 2000; n < to * 0.5 - 2000; n += 1) {
    const ideal = 0.5 * Math.sin((2 * Math.PI * hertz * (n - start)) / to);
    error += ((got[n] ?? 0) - ideal) ** 2;
    tone += ideal ** 2;
  }
  return 10 * Math.log10(error / tone);
}

describe('resampler', () => {
  const pairs = [
    [44_100, 48_000],
    [48_000, 44_100],
    [32_000, 48_000],
    [96_000, 48_000],
    [22_050, 48_000],
  ] as const;

  it.each(pairs)('%i to %i Hz keeps tones as they are and where they are', (from, to) => {
    const nyquist = Math.min(from, to) / 2;
    for (const hertz of [100, 1000, nyquist * 0.5, nyquist * 0.75]) {
      expect(errorDb(from, to, hertz), `${String(hertz)} Hz`).toBeLessThan(-70);
    }
  });

  it('leaves nothing of what the output cannot hold', () => {
    const got = resampled(96_000, 48_000, 30_000);
    const loudest = got.slice(2000, 20_000).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(20 * Math.log10(loudest / 0.5)).toBeLessThan(-70);
  });

  it('a run that begins between two samples, or before the stretch, keeps its place', () => {
    expect(errorDb(44_100, 48_000, 997, 0.25)).toBeLessThan(-55);
    expect(errorDb(44_100, 48_000, 997, -480.5)).toBeLessThan(-55);
  });

  it('gives as much sound as there was', () => {
    const resampler = new Resampler(44_100, 48_000, 2, 0);
    let count = 0;
    for (let n = 0; n < 100; n += 1) {
      count += resampler.push([new Float32Array(441), new Float32Array(441)]).planes[0]?.length ?? 0;
    }
    count += resampler.end().planes[1]?.length ?? 0;
    expect(count).toBe(48_000);
  });

  it('says what it cannot do', () => {
    expect(canResample(44_100, 48_000)).toBe(true);
    expect(canResample(44_101, 48_000)).toBe(false);
    expect(canResample(0, 48_000)).toBe(false);
    expect(() => new Resampler(44_101, 48_000, 1, 0)).toThrow(RangeError);
  });
});
