/** The clock of the machine is set back by an hour in the middle of an export, and between exports. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { importFile, openHost, saveResult } from '../support/host.ts';

const SPEC: ClipSpec = { clipId: 24, seconds: 24, gop: 24, width: 640, height: 360 };
const HOUR_MS = 3_600_000;

/** From now on the time of day is an hour earlier; what only ever goes forward (`performance.now`) goes on. */
async function setBack(page: Page): Promise<void> {
  await page.evaluate((hour) => {
    const Real = Date;
    class Earlier extends Real {
      constructor(...args: [] | [number | string]) {
        if (args.length === 0) super(Real.now() - hour);
        else super(args[0]);
      }
      static override now(): number {
        return Real.now() - hour;
      }
    }
    globalThis.Date = Earlier as DateConstructor;
  }, HOUR_MS);
}

test('an export goes on, its numbers stay sane, and what came later stays later in the queue', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const ranges: FrameRange[] = [5, 150, 300, 440].map((first) => ({
    spec: SPEC,
    assetId: asset.id,
    first,
    stop: first + 120,
  }));
  const spec = {
    version: 1 as const,
    name: 'Clock',
    type: 'combined' as const,
    quality: 'low' as const,
    segments: segmentsOf(ranges),
  };
  const id = await page.evaluate(async (input) => {
    const made = await window.reelkeep.createExport(input);
    for await (const progress of window.reelkeep.watchExport(made.id)) if (progress.percent > 20) break;
    return made.id;
  }, spec);
  await setBack(page);
  const seen = await page.evaluate(async (exportId) => {
    const all: { percent: number; elapsedMs: number; etaMs: number | null }[] = [];
    for await (const { percent, elapsedMs, etaMs } of window.reelkeep.watchExport(exportId))
      all.push({ percent, elapsedMs, etaMs });
    return all;
  }, id);
  for (const [i, progress] of seen.entries()) {
    expect(progress.elapsedMs, 'elapsed').toBeGreaterThanOrEqual(0);
    expect(progress.elapsedMs, 'elapsed').toBeLessThan(HOUR_MS);
    expect(progress.etaMs ?? 0, 'left').toBeGreaterThanOrEqual(0);
    expect(progress.percent).toBeGreaterThanOrEqual(seen[i - 1]?.percent ?? 0);
  }
  const first = await page.evaluate((exportId) => window.reelkeep.getExport(exportId), id);
  expect(first.status, JSON.stringify(first.error)).toBe('completed');
  expect(first.actual?.wallMs ?? -1).toBeGreaterThan(0);
  expect(first.actual?.wallMs ?? Infinity).toBeLessThan(HOUR_MS);
  await expectExact(await saveResult(page, first), ranges);

  // Made at an earlier time of day, and still the later one.
  const second = await page.evaluate(
    async (input) => window.reelkeep.whenExportEnds((await window.reelkeep.createExport(input)).id),
    spec,
  );
  expect(second.status).toBe('completed');
  expect(second.createdAt < first.createdAt, 'the time of day went back').toBe(true);
  expect(second.order).toBeGreaterThan(first.order);
  // A clock that goes back must not make anything expire at once: both are still there after another opening.
  await openHost(page);
  const { exports } = await page.evaluate(() => window.reelkeep.listExports());
  expect(exports.map((record) => record.files.length)).toEqual([1, 1]);
});
