import { describe, expect, it } from 'vitest';
import { SampleGrid, type GridOptions } from '../../../workers/webcodecs/sound/grid.ts';
import { mix, mixMatrix } from '../../../workers/webcodecs/sound/mix.ts';
import { SoundPlacer, UnfitSoundError } from '../../../workers/webcodecs/sound/placer.ts';
import { opusPreSkip, unrounded, withoutPreSkip } from '../../../workers/webcodecs/sound/times.ts';

function grid(options: Partial<GridOptions> = {}): { grid: SampleGrid; samples: () => number[] } {
  const parts: number[] = [];
  const made = new SampleGrid({
    samples: 10,
    channels: 1,
    fadeInSamples: 0,
    fadeOutSamples: 0,
    emit: (chunk) => {
      for (const value of chunk) parts.push(value);
    },
    ...options,
  });
  return {
    grid: made,
    samples: () => {
      made.finish();
      return parts;
    },
  };
}
const steady = (length: number, value: number): Float32Array => new Float32Array(length).fill(value);

describe('sample grid', () => {
  it('is silent where nothing was put, and never longer or shorter than asked', () => {
    const { grid: target, samples } = grid();
    target.write(-3, [steady(5, 0.5)]);
    target.write(4, [steady(2, 0.25)]);
    target.write(5, [steady(2, -0.5)]);
    target.write(9, [steady(50, 0.125)]);
    expect(target.full).toBe(true);
    const [half, quarter, eighth] = [16_384, 8192, 4096];
    expect(samples()).toEqual([half, half, 0, 0, quarter, quarter, -half, 0, 0, eighth]);
  });

  it('rounds to the nearest number and clips', () => {
    const { grid: target, samples } = grid({ samples: 6 });
    target.write(0, [Float32Array.of(1.5, -1.5, 1, -1, 0.6 / 32_768, -0.6 / 32_768)]);
    expect(samples()).toEqual([32_767, -32_768, 32_767, -32_768, 1, -1]);
  });

  it('fades in and out in straight lines, as afade does', () => {
    const { grid: target, samples } = grid({ samples: 12, fadeInSamples: 4, fadeOutSamples: 4 });
    target.write(0, [steady(12, 0.5)]);
    expect(samples()).toEqual([0, 4096, 8192, 12288, 16384, 16384, 16384, 16384, 16384, 12288, 8192, 4096]);
  });

  it('interleaves channels over the borders of its chunks', () => {
    const { grid: target, samples } = grid({ samples: 200_000, channels: 2 });
    for (let at = 0; at < 200_000; at += 999) target.write(at, [steady(999, 0.5), steady(999, -0.5)]);
    const all = samples();
    expect(all).toHaveLength(400_000);
    expect(all.every((value, n) => value === (n % 2 === 0 ? 16_384 : -16_384))).toBe(true);
  });
});

describe('mixing', () => {
  const rows = (from: number, to: number): number[][] => {
    const matrix = mixMatrix(from, to);
    return matrix === null || matrix === 'identity'
      ? []
      : matrix.map((row) => row.map((share) => Math.round(share * 1e4) / 1e4));
  };

  it('has the shares that FFmpeg has (measured with FFmpeg)', () => {
    expect(rows(2, 1)).toEqual([[0.5, 0.5]]);
    expect(rows(1, 2)).toEqual([[0.7071], [0.7071]]);
    expect(rows(6, 1)).toEqual([[0.2071, 0.2071, 0.2929, 0, 0.1464, 0.1464]]);
    expect(rows(6, 2)).toEqual([
      [0.4142, 0, 0.2929, 0, 0.2929, 0],
      [0, 0.4142, 0.2929, 0, 0, 0.2929],
    ]);
    expect(rows(1, 6)).toEqual([[0], [0], [1], [0], [0], [0]]);
  });

  it('mixes, leaves equal channels alone, and says where it does not know', () => {
    expect(mixMatrix(3, 2)).toBeNull();
    expect(mixMatrix(6, 6)).toBe('identity');
    const matrix = mixMatrix(2, 1);
    expect(
      matrix === null ? null : [...(mix([Float32Array.of(1, 0), Float32Array.of(0, 1)], matrix)[0] ?? [])],
    ).toEqual([0.5, 0.5]);
  });
});

describe('placing', () => {
  it('blocks whose times are rounded follow each other without a seam', () => {
    const { grid: target, samples } = grid({ samples: 300 });
    const placer = new SoundPlacer(target, 1000, 1);
    placer.add({ seconds: 0, sampleRate: 1000, planes: [steady(100, 0.5)] });
    placer.add({ seconds: 0.104, sampleRate: 1000, planes: [steady(100, 0.5)] });
    placer.add({ seconds: 0.196, sampleRate: 1000, planes: [steady(100, 0.5)] });
    placer.finish();
    expect(samples().every((value) => value === 16_384)).toBe(true);
  });

  it('a hole in the source is silent, and the sound after it lies where it belongs', () => {
    const { grid: target, samples } = grid({ samples: 300 });
    const placer = new SoundPlacer(target, 1000, 1);
    placer.add({ seconds: -0.05, sampleRate: 1000, planes: [steady(100, 0.5)] });
    placer.add({ seconds: 0.2, sampleRate: 1000, planes: [steady(50, 0.25)] });
    const all = samples();
    expect(all.findIndex((value) => value === 0)).toBe(50);
    expect(all.findIndex((value) => value === 8192)).toBe(200);
    expect(all.lastIndexOf(8192)).toBe(249);
  });

  it('sound whose channels or rate it does not know is refused', () => {
    const placer = new SoundPlacer(grid().grid, 48_000, 2);
    const add = (channels: number, sampleRate: number) => () => {
      placer.add({ seconds: 0, sampleRate, planes: Array.from({ length: channels }, () => steady(10, 0)) });
    };
    expect(add(3, 48_000)).toThrow(UnfitSoundError);
    expect(add(2, 47_999)).toThrow(UnfitSoundError);
  });
});

describe('times of packets', () => {
  it('whole milliseconds become exact again, from any packet on', () => {
    const packet = 1024 / 48_000;
    for (const count of [1, 2, 3, 1000, 140_000]) {
      const exact = 0.021 + count * packet;
      expect(unrounded(Math.round(exact * 1000) / 1000, 0.021, packet)).toBeCloseTo(exact, 9);
    }
  });

  it('a time that is off the packets is left as it is', () => {
    expect(unrounded(1.51, 0, 0.02)).toBe(1.51);
    expect(unrounded(1.51, 0, 0)).toBe(1.51);
  });

  it('the samples that Opus skips are read and taken away', () => {
    const header = new Uint8Array(19);
    new DataView(header.buffer).setUint16(10, 312, true);
    expect(opusPreSkip(header)).toBe(312);
    expect(opusPreSkip(withoutPreSkip(header))).toBe(0);
    expect(opusPreSkip(header)).toBe(312);
    expect(opusPreSkip(new Uint8Array(3))).toBe(0);
  });
});
