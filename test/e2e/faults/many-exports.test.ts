/** Many exports in one page: memory does not grow. Ten here, sixty in the soak, with each engine. */
import { expect } from '@playwright/test';
import { browserMemory } from '../../bench/support/memory.ts';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { segmentsOf } from '../support/expect-exact.ts';
import { workersOf } from '../support/faults.ts';
import { importFile, must, openHost, runExport } from '../support/host.ts';
import { test } from '../support/own-profile.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const EXPORTS = SOAK ? 60 : 10;
const SPEC: ClipSpec = { clipId: 29, seconds: 12, gop: 24, width: 640, height: 360 };

for (const engine of SOAK ? (['auto', 'ffmpeg'] as const) : (['auto'] as const)) {
  test(`${String(EXPORTS)} exports in a row, engine ${engine}: memory after the last as after the fifth`, async ({
    page,
  }) => {
    await openHost(page, { engine });
    const asset = await importFile(page, await generateClip(SPEC));
    const settled = async (): Promise<number> => {
      await expect.poll(() => workersOf(page), { timeout: 60_000 }).toEqual([]);
      await page.requestGC();
      return browserMemory();
    };
    let afterFifth = 0;
    const course: number[] = [];
    for (let i = 0; i < EXPORTS; i += 1) {
      const segments = segmentsOf(
        [0, 1].map((part) => ({
          spec: SPEC,
          assetId: asset.id,
          first: 5 + i + part * 130,
          stop: 85 + i + part * 130,
        })),
      );
      const made = must(
        await runExport(page, {
          version: 1,
          name: `Row ${String(i)}`,
          type: 'combined',
          quality: 'low',
          segments,
        }),
      );
      expect(made.status, JSON.stringify(made.error)).toBe('completed');
      if (i === 4) afterFifth = await settled();
      if (i % 5 === 4) course.push(Math.round(browserMemory() / 1e6));
    }
    console.log(`Memory, engine ${engine}, MB after every fifth: ${course.join(', ')}`);
    await expect.poll(async () => (await settled()) / afterFifth, { timeout: 120_000 }).toBeLessThan(1.2);
  });
}
