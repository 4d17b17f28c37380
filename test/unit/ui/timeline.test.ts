import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import {
  dragTo,
  editPoints,
  hitTest,
  layBlocks,
  magnet,
  type Drag,
} from '../../../src/ui/timeline/blocks.ts';
import {
  frameAt,
  keyFrameTimes,
  nearestCut,
  neighbourCut,
  thinned,
  type CutGrid,
} from '../../../src/ui/timeline/frames.ts';
import {
  clampView,
  closestScale,
  fitScale,
  fitView,
  panBy,
  resizeView,
  reveal,
  scaleToSlider,
  sliderToScale,
  usAt,
  xOf,
  zoomAt,
} from '../../../src/ui/timeline/scale.ts';
import { ticksOf, tickStep } from '../../../src/ui/timeline/ticks.ts';
import { fakeIndex } from './fake-studio.ts';

const HOUR = 3_600_000_000;
const NTSC = { num: 30000, den: 1001 };
const closest = closestScale(33_367, HOUR, 800);

describe('zoom', () => {
  it('keeps the time under the pointer where it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 40, noNaN: true }),
        fc.integer({ min: 100, max: 700 }),
        (factor, x) => {
          const view = clampView({ ...fitView(HOUR, 800), usPerPx: 200_000, startUs: HOUR / 2 }, closest);
          const zoomed = zoomAt(view, factor, x, closest);
          const atEdge = zoomed.startUs === 0 || zoomed.startUs + zoomed.usPerPx * 800 >= HOUR - 1;
          if (!atEdge) expect(Math.abs(xOf(zoomed, usAt(view, x)) - x)).toBeLessThan(0.01);
        },
      ),
    );
  });

  it('never leaves the file, never gets wider than it, never closer than frames', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.05, max: 20, noNaN: true }), fc.integer({ min: -4000, max: 4000 })),
          {
            maxLength: 12,
          },
        ),
        (moves) => {
          let view = fitView(HOUR, 800);
          for (const [factor, px] of moves) view = panBy(zoomAt(view, factor, 400, closest), px, closest);
          expect(view.startUs).toBeGreaterThanOrEqual(0);
          expect(view.startUs + view.usPerPx * 800).toBeLessThanOrEqual(HOUR + 1);
          expect(view.usPerPx).toBeGreaterThanOrEqual(closest);
          expect(view.usPerPx).toBeLessThanOrEqual(fitScale(HOUR, 800));
        },
      ),
    );
  });

  it('goes from scale to slider and back', () => {
    for (const position of [0, 0.1, 0.5, 0.93, 1]) {
      const usPerPx = sliderToScale(position, fitView(HOUR, 800), closest);
      expect(scaleToSlider({ ...fitView(HOUR, 800), usPerPx }, closest)).toBeCloseTo(position, 6);
    }
  });

  it('goes on fitting when the screen changes, and turns the page to the playhead', () => {
    expect(resizeView(fitView(HOUR, 800), 500, closest).usPerPx).toBe(fitScale(HOUR, 500));
    const view = clampView({ ...fitView(HOUR, 800), usPerPx: 50_000 }, closest);
    const turned = reveal(view, HOUR / 2, closest);
    expect(xOf(turned, HOUR / 2)).toBeCloseTo(80);
    expect(reveal(turned, HOUR / 2 + 1_000_000, closest)).toBe(turned);
  });

  it('survives a file without length and a screen without width', () => {
    expect(Number.isFinite(fitView(0, 0).usPerPx)).toBe(true);
    expect(scaleToSlider(fitView(0, 0), closestScale(33_367, 0, 0))).toBe(0);
  });
});

describe('ruler', () => {
  it('chooses steps whose labels do not touch', () => {
    for (const usPerPx of [500, 3_000, 20_000, 150_000, 4_000_000, 90_000_000]) {
      const { unit, step } = tickStep(usPerPx, NTSC, 100);
      const us = unit === 'frame' ? step * 33_367 : step * 1_000_000;
      expect(us / usPerPx >= 100 || step === 14_400).toBe(true);
    }
  });

  it('labels drop-frame seconds at the frames that carry them', () => {
    const labels = ticksOf(
      { startUs: 0, usPerPx: 100_000, widthPx: 1300, durationUs: HOUR },
      NTSC,
      100,
    ).filter((tick) => tick.label !== null);
    expect(labels.slice(0, 3).map((tick) => tick.label)).toEqual(['00:00:00', '00:00:10', '00:00:20']);
    // Minute 1 has no frames 0 and 1: its label belongs to frame 1800.
    expect(labels.find((tick) => tick.label === '00:01:00')?.us).toBe(
      Math.round((1800 * 1_001_000_000) / 30000),
    );
  });

  it('is ascending and inside the view', () => {
    const ticks = ticksOf({ startUs: 10_000_000, usPerPx: 900, widthPx: 900, durationUs: HOUR }, NTSC, 100);
    for (const [position, tick] of ticks.entries()) {
      expect(tick.us).toBeGreaterThanOrEqual(ticks[position - 1]?.us ?? 0);
      expect(tick.us).toBeLessThanOrEqual(10_000_000 + 900 * 900);
    }
  });
});

describe('cuts', () => {
  const variable: FrameIndex = {
    version: 1,
    timesUs: Float64Array.from([0, 40_000, 90_000, 400_000, 410_000]),
    flags: Uint8Array.from([3, 0, 0, 3, 0]),
    endUs: 450_000,
    complete: true,
  };
  const grid: CutGrid = { index: variable, rate: { num: 25, den: 1 }, durationUs: 450_000 };

  it('snaps to the nearest frame of a variable rate', () => {
    expect(nearestCut(grid, 60_000)).toBe(40_000);
    expect(nearestCut(grid, 66_000)).toBe(90_000);
    expect(nearestCut(grid, 430_001)).toBe(450_000);
    expect(nearestCut(grid, -5)).toBe(0);
    expect(nearestCut(grid, 9_999_999)).toBe(450_000);
  });

  it('finds the neighbours of a cut', () => {
    expect(neighbourCut(grid, 90_000, 1)).toBe(400_000);
    expect(neighbourCut(grid, 90_000, -1)).toBe(40_000);
    expect(neighbourCut(grid, 95_000, -1)).toBe(90_000);
    expect(neighbourCut(grid, 450_000, 1)).toBe(450_000);
    expect(neighbourCut(grid, 0, -1)).toBe(0);
  });

  it('uses the grid of the rate until the index is there', () => {
    const without: CutGrid = { index: null, rate: NTSC, durationUs: 10_000_000 };
    expect(nearestCut(without, 34_000)).toBe(33_367);
    expect(neighbourCut(without, 33_367, 1)).toBe(66_733);
  });

  it('knows the frame on display', () => {
    expect([0, 39_999, 40_000, 399_999, 500_000].map((us) => frameAt(variable, us))).toEqual([0, 0, 1, 2, 4]);
  });

  it('thins dense key frames evenly and keeps sparse ones', () => {
    const keys = keyFrameTimes(fakeIndex(600_000_000));
    expect(thinned(keys, 0, 20_000_000, 1).length).toBe(10);
    const thin = thinned(keys, 0, 600_000_000, 7_000_000);
    const gaps = new Set(
      thin.slice(1).map((us, position) => Math.round((us - (thin[position] ?? 0)) / 1_000_000)),
    );
    expect([...gaps]).toEqual([8]);
  });
});

describe('ranges on the time line', () => {
  const clip = (id: string, startUs: number, endUs: number) => ({
    clip: { id: id as ClipId, assetId: 'a' as AssetId, startUs, endUs, label: '' },
    number: 1,
  });
  const view = { startUs: 0, usPerPx: 1000, widthPx: 1000, durationUs: 1_000_000 };

  it('gives ranges that overlap lanes of their own', () => {
    const { blocks, lanes } = layBlocks([
      clip('b', 50, 100),
      clip('a', 0, 60),
      clip('c', 60, 80),
      clip('d', 70, 90),
    ]);
    expect(lanes).toBe(3);
    expect(Object.fromEntries(blocks.map((block) => [block.id, block.lane]))).toEqual({
      a: 0,
      b: 1,
      c: 0,
      d: 2,
    });
  });

  it('hits handles, bodies and empty places', () => {
    const { blocks, lanes } = layBlocks([clip('a', 100_000, 300_000)]);
    const area = { top: 40, height: 60, lanes };
    const hit = (x: number, y: number) => hitTest(blocks, area, view, x, y, 7, null);
    expect(hit(200, 10)).toEqual({ kind: 'time' });
    expect(hit(96, 60)).toEqual({ kind: 'clip', id: 'a', part: 'start' });
    expect(hit(200, 60)).toEqual({ kind: 'clip', id: 'a', part: 'body' });
    expect(hit(304, 60)).toEqual({ kind: 'clip', id: 'a', part: 'end' });
    expect(hit(320, 60)).toEqual({ kind: 'time' });
  });

  it('drags onto frames, inside the file, never empty', () => {
    const index = fakeIndex(2_000_000);
    const grid: CutGrid = { index, rate: NTSC, durationUs: 2_000_000 };
    const cuts = new Set([...index.timesUs, index.endUs, 2_000_000]);
    fc.assert(
      fc.property(
        fc.constantFrom('start' as const, 'end' as const, 'body' as const),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 18 }),
        fc.integer({ min: -3_000_000, max: 3_000_000 }),
        (part, first, length, moved) => {
          const startUs = index.timesUs[first] ?? 0;
          const endUs = index.timesUs[first + length] ?? index.endUs;
          const drag: Drag = { id: 'a' as ClipId, part, startUs, endUs, grabUs: 1_000_000 };
          const next = dragTo(drag, 1_000_000 + moved, grid);
          expect(next.endUs).toBeGreaterThan(next.startUs);
          expect(cuts.has(next.startUs)).toBe(true);
          expect(cuts.has(next.endUs)).toBe(true);
          if (part === 'start') expect(next.endUs).toBe(endUs);
          if (part === 'end') expect(next.startUs).toBe(startUs);
        },
      ),
    );
  });

  it('pulls to edges that are near', () => {
    expect(magnet(view, 103, [100_000, 500_000], 6)).toBe(100_000);
    expect(magnet(view, 110, [100_000, 500_000], 6)).toBe(110_000);
  });

  it('lists edit points once each', () => {
    expect(editPoints([5, null, 1, 5, 0])).toEqual([0, 1, 5]);
  });
});
