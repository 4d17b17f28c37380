/** Frame rate from frame times: exact where the times lie on a lattice, the average where they do not. Pure. */
import { toRational, type Rational } from '../../src/core/base/time.ts';
import type { FrameRate } from '../../src/core/schema/asset.ts';

/** What is known of the whole track, to catch a file that only begins regularly. */
export interface WholeTrack {
  readonly frames: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Rates that a measured average may stand for. */
function candidates(fps: number): readonly Rational[] {
  const whole = Math.max(1, Math.round(fps));
  const half = Math.max(1, Math.round(fps * 2));
  const all: Rational[] = [toRational(fps), { num: whole, den: 1 }, { num: whole * 1000, den: 1001 }];
  if (half % 2 === 1) all.push({ num: half, den: 2 });
  return all.filter((rate) => Math.abs(rate.num / rate.den / fps - 1) < 0.02);
}

/** Half the spread of the distances to the lattice of this rate, microseconds. */
function misfit(timesUs: readonly number[], rate: Rational): number {
  const step = (1e6 * rate.den) / rate.num;
  const start = timesUs[0] ?? 0;
  let low = Infinity;
  let high = -Infinity;
  timesUs.forEach((time, i) => {
    const off = time - start - i * step;
    low = Math.min(low, off);
    high = Math.max(high, off);
  });
  return (high - low) / 2;
}

/**
 * The rate of frames that follow one another.
 *
 * @param timesUs presentation times in display order, without a hole from reordering at its end
 * @param tickUs the container's resolution: 1000 for milliseconds (Matroska), 11.1 for 90 kHz
 * @param whole count and ends of the whole track, where known without reading it
 */
export function detectRate(timesUs: readonly number[], tickUs: number, whole?: WholeTrack): FrameRate {
  const first = timesUs[0];
  const last = timesUs.at(-1);
  if (first === undefined || last === undefined || timesUs.length < 2 || last <= first) {
    const fps =
      whole !== undefined && whole.frames > 1 && whole.lastUs > whole.firstUs
        ? ((whole.frames - 1) * 1e6) / (whole.lastUs - whole.firstUs)
        : 25;
    return { kind: 'variable', average: toRational(fps) };
  }
  const fps = ((timesUs.length - 1) * 1e6) / (last - first);
  const step = 1e6 / fps;
  // Rounding moves a time by up to one tick; a camera's clock by a little of a frame. A quarter of a frame is a gap.
  const tolerance = Math.min(Math.max(tickUs * 1.01, step * 0.02, 2), step / 4);
  let best: Rational | null = null;
  let bestMisfit = Infinity;
  for (const rate of candidates(fps)) {
    const off = misfit(timesUs, rate);
    if (off < bestMisfit - 1e-6) {
      best = rate;
      bestMisfit = off;
    }
  }
  const averageFps =
    whole !== undefined && whole.frames > 1 && whole.lastUs > whole.firstUs
      ? ((whole.frames - 1) * 1e6) / (whole.lastUs - whole.firstUs)
      : fps;
  const variable: FrameRate = { kind: 'variable', average: toRational(averageFps) };
  if (best === null || bestMisfit > tolerance) return variable;
  if (whole !== undefined && whole.frames > 1) {
    const expected = ((whole.frames - 1) * 1e6 * best.den) / best.num;
    // A clock that drifts by less than a frame in an hour is still that rate; a lost frame is not.
    if (Math.abs(whole.lastUs - whole.firstUs - expected) > Math.max(step / 2, tolerance * 2))
      return variable;
  }
  return { kind: 'constant', rate: best };
}
