/** What exports that hand comments over plan beside the picture. */
import { expect, test } from 'vitest';
import { isOff } from '../../../src/core/plan/off.ts';
import { planBundle, planCsv } from '../../../src/core/plan/handover.ts';
import { exportSpecSchema, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import { comment } from '../comments-helpers.ts';
import { makeSource, plan, range } from './helpers.ts';

const specOf = (type: 'csv' | 'bundle'): CheckedSpec =>
  exportSpecSchema.parse({
    version: 1,
    name: 'x',
    type,
    segments: [range('asset-a', 0, 100)],
    comments: [
      comment('a', { timeUs: 0 }),
      comment('b', { timeUs: null }),
      comment('c', { timeUs: 50_000_000 }),
    ],
  });
const source = makeSource({ frames: 2000, gop: 50 });
const video = plan({ segments: [range('asset-a', 0, 100)] }, [source], {});

test('a CSV has no steps, says what it lists and leaves out, and knows its size', () => {
  const made = planCsv(specOf('csv'), [], 1234);
  expect(made).toMatchObject({
    steps: [],
    comments: { listed: 2, legacy: 1, outside: 1 },
    estimate: { bytes: 1234, storageBytes: 1234 },
  });
  expect(made.deviations.map(({ code }) => code)).toEqual(['legacy_comments', 'comments_outside_ranges']);
  const took = { wallMs: 90, bytes: 1234, storageBytes: 1234 };
  expect(isOff({ estimate: made.estimate, actual: took, receipts: [] })).toEqual([]);
});

test('a bundle is its video, and what goes with it, twice while it is packed', () => {
  const made = planBundle(video, specOf('bundle'), 1000);
  expect(made.steps).toBe(video.steps);
  expect(made.output).toBe(video.output);
  expect(made.comments).toEqual({ listed: 2, legacy: 1, outside: 1 });
  expect(made.deviations).toEqual([
    ...video.deviations,
    { code: 'legacy_comments', clip: null, params: { count: 1 } },
    { code: 'comments_outside_ranges', clip: null, params: { count: 1 } },
  ]);
  const papers = made.estimate.bytes - video.estimate.bytes;
  expect(papers).toBeGreaterThan(1000);
  expect(made.estimate.storageBytes).toBe(video.estimate.storageBytes + papers + made.estimate.bytes);
  expect(made.estimate.wallMs).toBeGreaterThan(video.estimate.wallMs);
});
