/** Two tabs, one job: one works, the other watches, and goes on when the first is gone. */
import { expect, test, type Page } from '@playwright/test';
import type { Export, ExportId, ExportSpec } from '../../../src/app/api/types.ts';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { importByHandle, segmentsIn } from '../support/faults.ts';
import { openHost, saveResult } from '../support/host.ts';

const SPEC: ClipSpec = { clipId: 23, seconds: 48, gop: 48, width: 640, height: 360 };

function reel(assetId: string): { spec: ExportSpec; ranges: FrameRange[] } {
  const ranges = Array.from({ length: 8 }, (_, i): FrameRange => {
    const first = 5 + i * 140;
    return { spec: SPEC, assetId, first, stop: first + 130 };
  });
  return {
    ranges,
    spec: { version: 1, name: 'Two tabs', type: 'combined', quality: 'low', segments: segmentsOf(ranges) },
  };
}

const whenEnded = (page: Page, id: ExportId): Promise<Export> =>
  page.evaluate((id) => window.reelkeep.whenExportEnds(id), id);

/** Starts the job and answers once some of it is rendered. */
async function startUntil(page: Page, spec: ExportSpec, percent: number): Promise<ExportId> {
  return page.evaluate(
    async ({ input, percent }) => {
      const made = await window.reelkeep.createExport(input);
      for await (const progress of window.reelkeep.watchExport(made.id)) {
        if (progress.percent >= percent || progress.status === 'completed') break;
      }
      return made.id;
    },
    { input: spec, percent },
  );
}

/** Workers of a page that render. */
const renderers = (page: Page): number =>
  page.workers().filter((worker) => /webcodecs|ffmpeg/i.test(worker.url())).length;

test('a job that is under way in one tab is not done again by another that is opened', async ({
  page,
  context,
}) => {
  await openHost(page);
  const asset = await importByHandle(page, await generateClip(SPEC));
  const { spec, ranges } = reel(asset.id);
  const id = await startUntil(page, spec, 10);
  const other = await context.newPage();
  await openHost(other);
  let most = 0;
  other.on('worker', () => (most = Math.max(most, renderers(other))));
  const [here, there] = await Promise.all([whenEnded(page, id), whenEnded(other, id)]);
  expect(here.status).toBe('completed');
  expect(there).toEqual(here);
  expect(most, 'rendering workers in the tab that watched').toBe(0);
  expect(here.receipts.filter((receipt) => receipt.reused)).toEqual([]);
  await expectExact(await saveResult(other, there), ranges);
});

test('the same export asked for in two tabs at once gives two good files', async ({ page, context }) => {
  await openHost(page);
  const asset = await importByHandle(page, await generateClip(SPEC));
  const { spec, ranges } = reel(asset.id);
  const other = await context.newPage();
  await openHost(other);
  const run = async (tab: Page): Promise<Export> => whenEnded(tab, await startUntil(tab, spec, 0));
  const made = await Promise.all([run(page), run(other)]);
  expect(made.map((record) => record.status)).toEqual(['completed', 'completed']);
  expect(new Set(made.map((record) => record.id)).size).toBe(2);
  for (const record of made) await expectExact(await saveResult(page, record), ranges);
});

test('the tab with the job is closed while another watches: that one goes on from the last finished segment', async ({
  page,
  context,
}) => {
  await openHost(page);
  const asset = await importByHandle(page, await generateClip(SPEC));
  const { spec, ranges } = reel(asset.id);
  const other = await context.newPage();
  await openHost(other);
  const id = await startUntil(page, spec, 35);
  const finished = (await segmentsIn(other)).filter((segment) => segment.kind === 'video');
  expect(finished.length, 'segments that were finished').toBeGreaterThan(0);
  await page.close();
  const record = await whenEnded(other, id);
  expect(record.status, JSON.stringify(record.error)).toBe('completed');
  const after = new Map((await segmentsIn(other)).map((segment) => [segment.key, segment.createdAt]));
  for (const segment of finished) expect(after.get(segment.key)).toBe(segment.createdAt);
  const reused = record.receipts.filter((receipt) => receipt.kind === 'encode-video' && receipt.reused);
  expect(reused.length).toBeGreaterThanOrEqual(finished.length);
  await expectExact(await saveResult(other, record), ranges);
});
