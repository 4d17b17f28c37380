import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkFrames, cutIntoChunks } from '../../../src/core/plan/chunks.ts';
import type { FrameSpan } from '../../../src/core/timeline/frames.ts';
import { makeSource, plan, range } from './helpers.ts';

const settings = plan({ segments: [range('asset-a', 0, 50)] }, [makeSource()]).output.video?.settings;
if (settings === undefined) throw new Error('a plan with pictures has picture settings');

describe('length of a chunk', () => {
  const at = (width: number, height: number, pixelsPerSecond: number): number =>
    chunkFrames({ ...settings, width, height }, pixelsPerSecond);

  it('is some seconds of work, in few steps', () => {
    expect(at(1920, 1080, 14e6)).toBe(48);
    expect(at(1920, 1080, 150e6)).toBe(192);
    expect(at(1280, 720, 100e6)).toBe(384);
    expect(at(640, 360, 14e6)).toBe(192);
    expect(at(320, 180, 150e6)).toBe(600);
    // A machine that is somewhat slower today cuts the same chunks.
    expect(at(1920, 1080, 120e6)).toBe(at(1920, 1080, 170e6));
  });
});

it('are those of the slower engine where only that one can do the work', () => {
  const lengths = (track: Parameters<typeof makeSource>[0]): { longest: number; wallMs: number } => {
    const made = plan({ segments: [range('asset-a', 0, 2000)] }, [makeSource({ ...track, frames: 3000 })], {
      neverCopy: [0],
      pixelsPerSecond: 150e6,
    });
    const frames = made.steps.map((step) => (step.kind === 'encode-video' ? step.frames : 0));
    return { longest: Math.max(...frames), wallMs: made.estimate.wallMs };
  };
  const fast = lengths({});
  const slow = lengths({ track: { codec: 'hevc', decodable: false } });
  const hdr = lengths({ track: { codec: 'hevc', hdr: true } });
  expect(slow.longest).toBeLessThan(fast.longest / 4);
  expect(slow.wallMs).toBeGreaterThan(fast.wallMs * 4);
  expect(hdr.wallMs).toBeGreaterThan(slow.wallMs * 2);
});

const names = (chunks: readonly FrameSpan[]): string[] =>
  chunks.map(({ first, stop }) => `${String(first)}-${String(stop)}`);

describe('chunks', () => {
  const { index } = makeSource({ frames: 3000, gop: 60 });

  it('lie on a grid of the source: a cut that moves changes only the chunks it touches', () => {
    const wish = { target: 96, workers: 2, leastPerWorker: 24 };
    const before = names(cutIntoChunks(index, { first: 500, stop: 1500 }, wish));
    const after = new Set(names(cutIntoChunks(index, { first: 523, stop: 1471 }, wish)));
    expect(before.length).toBeGreaterThan(8);
    expect(before.filter((name) => !after.has(name))).toEqual([before[0], before.at(-1)]);
  });

  it.each([48, 96, 192])('of %i frames begin at key frames where these are near', (target) => {
    const chunks = cutIntoChunks(index, { first: 1, stop: 600 }, { target, workers: 1, leastPerWorker: 24 });
    expect(chunks.slice(1).every(({ first }) => first % 60 === 0)).toBe(true);
    expect(chunks.length).toBeGreaterThan(2);
  });

  it('are longer where key frames are far apart: each would decode half a group for nothing', () => {
    const wish = { target: 48, workers: 2, leastPerWorker: 24 };
    const sparse = makeSource({ frames: 3000, gop: 300 }).index;
    const long = cutIntoChunks(sparse, { first: 0, stop: 3000 }, wish);
    expect(Math.max(...long.map(({ first, stop }) => stop - first))).toBeGreaterThan(96);
    // A short stretch is still shared by all workers.
    expect(cutIntoChunks(sparse, { first: 10, stop: 210 }, wish).length).toBeGreaterThan(1);
  });

  it('cover every frame once, in order, whatever the range; none is a sliver and all workers get some', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2900 }),
        fc.integer({ min: 1, max: 2999 }),
        fc.constantFrom(48, 96, 192, 384, 600),
        fc.integer({ min: 1, max: 8 }),
        (first, length, target, workers) => {
          const span = { first, stop: Math.min(3000, first + length) };
          const total = span.stop - span.first;
          const chunks = cutIntoChunks(index, span, { target, workers, leastPerWorker: 24 });
          let at = span.first;
          for (const chunk of chunks) {
            expect(chunk.first).toBe(at);
            expect(chunk.stop - chunk.first).toBeGreaterThanOrEqual(Math.min(12, total));
            expect(chunk.stop - chunk.first).toBeLessThanOrEqual(target * 2);
            at = chunk.stop;
          }
          expect(at).toBe(span.stop);
          expect(chunks.length).toBeGreaterThanOrEqual(Math.min(workers, Math.floor(total / 24)));
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  it('are the same for a range alone and among others', () => {
    const source = makeSource({ frames: 3000, gop: 60 });
    const picture = (segments: Parameters<typeof plan>[0]['segments']): unknown[] =>
      plan({ segments: segments ?? [] }, [source], { neverCopy: [0, 1, 2] })
        .steps.filter((step) => step.kind === 'encode-video' && step.startUs >= 20_000_000)
        .map((step) => ({ ...step, id: '', clip: 0, outStartUs: 0 }));
    const alone = picture([range('asset-a', 510, 900)]);
    const among = picture([range('asset-a', 3, 400), range('asset-a', 510, 900), range('asset-a', 7, 100)]);
    expect(among).toEqual(alone);
  });
});
