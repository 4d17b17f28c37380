/**
 * The page is killed in the middle of an export, again and again at other moments, and another page goes on: the file is the same to the
 * byte, and nothing that was finished is made a second time. A few moments here, twenty-five in the soak.
 */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import type { ExportId, ExportSpec } from '../../../src/app/api/types.ts';
import { seededRandom } from '../../fixtures/bits.ts';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { hashOfExport, importByHandle, segmentsIn } from '../support/faults.ts';
import { openHost } from '../support/host.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const MOMENTS = SOAK ? 25 : 4;
/**
 * Small: above 640 x 360 Chromium's H.264 encoder works in several threads and shares out a picture by how long each took, so that its
 * bytes differ from run to run. Of larger pictures only what was finished before can stay the same.
 */
const SOURCE: ClipSpec = { clipId: 21, seconds: 48, gop: 48, width: 320, height: 180 };

/** Everything is encoded, in at least twelve segments. */
function reel(assetId: string): ExportSpec {
  const ranges = Array.from({ length: 12 }, (_, i): FrameRange => {
    const first = 5 + i * 99;
    return { spec: SOURCE, assetId, first, stop: first + 90 };
  });
  return {
    version: 1,
    name: 'Killed',
    type: 'combined',
    segments: segmentsOf(ranges),
    // Below what the source has: nothing is copied.
    quality: 'low',
  };
}

/** Ends the page's process, as a crash or the system does: no handler of the page runs. */
async function kill(page: Page, context: BrowserContext): Promise<void> {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // The answer never comes.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

for (const engine of ['auto', 'ffmpeg'] as const) {
  test(`killed at ${String(MOMENTS)} moments, engine ${engine}: the same bytes, nothing made twice`, async ({
    page: first,
    context,
  }) => {
    await openHost(first, { engine });
    const asset = await importByHandle(first, await generateClip(SOURCE));
    const spec = reel(asset.id);
    const reference = await first.evaluate(async (input) => {
      const made = await window.reelkeep.createExport(input);
      return window.reelkeep.whenExportEnds(made.id);
    }, spec);
    expect(reference.status, JSON.stringify(reference.error)).toBe('completed');
    const encoded = reference.receipts.filter((receipt) => receipt.kind === 'encode-video');
    expect(encoded.length, 'segments').toBeGreaterThanOrEqual(12);
    const wanted = await hashOfExport(first, reference.id);
    await first.evaluate((id) => window.reelkeep.deleteExport(id), reference.id);

    const random = seededRandom(engine === 'auto' ? 11 : 12);
    let page = first;
    const table: string[] = [];
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const atPercent = 2 + random() * 93;
      const id: ExportId = await page.evaluate(
        async ({ input, percent }) => {
          const made = await window.reelkeep.createExport(input);
          for await (const progress of window.reelkeep.watchExport(made.id)) {
            if (progress.percent >= percent || progress.status === 'completed') break;
          }
          return made.id;
        },
        { input: spec, percent: atPercent },
      );
      const before = await segmentsIn(page);
      await kill(page, context);

      page = await context.newPage();
      await openHost(page, { engine });
      const record = await page.evaluate((id) => window.reelkeep.whenExportEnds(id), id);
      expect(record.status, `killed at ${String(atPercent)} %: ${JSON.stringify(record.error)}`).toBe(
        'completed',
      );
      expect(await hashOfExport(page, id), `bytes after a kill at ${String(atPercent)} %`).toBe(wanted);
      const after = new Map((await segmentsIn(page)).map((segment) => [segment.key, segment.createdAt]));
      for (const { key, createdAt } of before) {
        // PCM is let go of at a start; what is encoded is never made again.
        if (after.has(key)) expect(after.get(key), 'when a finished segment was made').toBe(createdAt);
      }
      const encodedBefore = before.filter((segment) => segment.kind === 'video');
      expect(
        encodedBefore.every((segment) => after.has(segment.key)),
        'no finished segment is lost',
      ).toBe(true);
      const reused = record.receipts.filter((receipt) => receipt.kind === 'encode-video' && receipt.reused);
      expect(reused.length, 'receipts that say reused').toBeGreaterThanOrEqual(
        record.startedAt === null ? 0 : Math.min(encodedBefore.length, encoded.length),
      );
      table.push(
        `${atPercent.toFixed(1)} %: ${String(encodedBefore.length)} of ${String(encoded.length)} segments were there`,
      );
      await page.evaluate((id) => window.reelkeep.deleteExport(id), id);
      expect(await segmentsIn(page), 'segments after the export was deleted').toEqual([]);
    }
    console.log([`Killed, engine ${engine}`, ...table].join('\n'));
  });
}
