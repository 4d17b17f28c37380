import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layBars, layMarkers, markerWidth, nextOf } from '../../../src/ui/review/markers.ts';
import { fitView, zoomAt } from '../../../src/ui/timeline/scale.ts';
import { comment, timedOf } from './review-data.ts';

const SECOND = 1_000_000;
const view = fitView(100 * SECOND, 1000);

describe('flags of comments', () => {
  it('stand where their comments begin', () => {
    const markers = layMarkers(timedOf(comment(10 * SECOND), comment(50 * SECOND)), view);
    expect(markers.map(({ x, label }) => ({ x, label }))).toEqual([
      { x: 100, label: '1' },
      { x: 500, label: '2' },
    ]);
  });

  it('become one where they would cover each other', () => {
    const all = timedOf(
      comment(10 * SECOND),
      comment(10 * SECOND),
      comment(11 * SECOND, { color: '#00ff00' }),
    );
    const [marker, ...others] = layMarkers(all, view);
    expect(others).toEqual([]);
    expect(marker).toMatchObject({ label: '1–3', numbers: [1, 2, 3], color: null });
  });

  it('come apart again when the time line is closer', () => {
    const all = timedOf(comment(10 * SECOND), comment(11 * SECOND));
    expect(layMarkers(all, view)).toHaveLength(1);
    expect(layMarkers(all, zoomAt(view, 8, 100, 1000))).toHaveLength(2);
  });

  it('stay in sight at the end of the film', () => {
    const [marker] = layMarkers(timedOf(comment(100 * SECOND - 1)), view);
    expect((marker?.x ?? 0) + (marker?.width ?? 0)).toBeLessThanOrEqual(1000);
  });

  it('never cover each other, lose none, and are wide enough to hit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 * SECOND - 1 }), { maxLength: 300 }), (times) => {
        const all = timedOf(...times.sort((a, b) => a - b).map((us) => comment(us)));
        const markers = layMarkers(all, view);
        expect(markers.flatMap(({ ids }) => ids)).toEqual(all.map((one) => one.comment.id));
        for (const [at, { x, width, label }] of markers.entries()) {
          expect(width).toBeGreaterThanOrEqual(24);
          expect(width).toBe(markerWidth(label));
          const next = markers[at + 1];
          if (next !== undefined) expect(x + width).toBeLessThanOrEqual(next.x);
        }
      }),
    );
  });

  it('go to their comments one after the other', () => {
    const [marker] = layMarkers(timedOf(comment(0), comment(1), comment(2)), view);
    const [a, b, c] = marker!.ids;
    expect(nextOf(marker!, null)).toBe(a);
    expect(nextOf(marker!, a!)).toBe(b);
    expect(nextOf(marker!, c!)).toBe(a);
  });
});

describe('bars of ranges', () => {
  it('take rows so that none covers another', () => {
    const long = (from: number, to: number) => comment(from * SECOND, { durationUs: (to - from) * SECOND });
    const bars = layBars(timedOf(long(0, 10), long(5, 15), long(10, 20), comment(12 * SECOND)), view, 3);
    expect(bars.map(({ left, right, row }) => [left, right, row])).toEqual([
      [0, 100, 0],
      [50, 150, 1],
      [100, 200, 0],
    ]);
  });

  it('are there as long as a part of them is in view', () => {
    const close = { ...zoomAt(view, 10, 0, 1000), startUs: 50 * SECOND };
    const bars = layBars(
      timedOf(comment(0, { durationUs: 51 * SECOND }), comment(0, { durationUs: SECOND })),
      close,
      3,
    );
    expect(bars).toHaveLength(1);
  });
});
