/** The source file is changed, cut short or removed on the disk while an export reads it: a sentence, never a mixed file, never a hang. */
import { copyFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { exportFilesIn } from '../support/faults.ts';
import { importFile, openHost } from '../support/host.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const SPEC: ClipSpec = { clipId: 25, seconds: 48, gop: 48, width: 640, height: 360 };

const CHANGES: Readonly<Record<string, (path: string, other: string) => Promise<void>>> = {
  'replaced by another film': (path, other) => copyFile(other, path),
  'cut to a third': (path) => truncate(path, 200_000),
  emptied: (path) => writeFile(path, ''),
  removed: (path) => rm(path),
};

/** Each engine reads in its own way: all of it in the soak, each change with one of them here. */
function enginesFor(change: string): readonly ('auto' | 'ffmpeg')[] {
  if (SOAK) return ['auto', 'ffmpeg'];
  return change === 'removed' || change === 'cut to a third' ? ['ffmpeg'] : ['auto'];
}

for (const [change, apply] of Object.entries(CHANGES)) {
  for (const engine of enginesFor(change)) {
    test(`the source is ${change} during the export, engine ${engine}`, async ({ page }) => {
      const folder = await mkdtemp(join(tmpdir(), 'reelkeep-source-'));
      const path = join(folder, 'footage.mp4');
      await copyFile(await generateClip(SPEC), path);
      const other = await generateClip({ ...SPEC, clipId: 26 });
      await openHost(page, { engine });
      const asset = await importFile(page, path);
      const ranges = [5, 300, 600, 900].map((first): FrameRange => ({
        spec: SPEC,
        assetId: asset.id,
        first,
        stop: first + 250,
      }));
      const id = await page.evaluate(async (segments) => {
        const made = await window.reelkeep.createExport({
          version: 1,
          name: 'Changed',
          type: 'combined',
          quality: 'low',
          segments,
        });
        for await (const progress of window.reelkeep.watchExport(made.id)) if (progress.percent > 8) break;
        return made.id;
      }, segmentsOf(ranges));
      await apply(path, other);
      // It ends with the reason, or waits for the file with a sentence: it does not stand still without a word.
      await expect
        .poll(
          () =>
            page.evaluate(async (exportId) => {
              const { status, waitingFor } = await window.reelkeep.getExport(exportId);
              return status === 'processing' && waitingFor === null ? 'working' : 'told';
            }, id),
          { timeout: 300_000 },
        )
        .toBe('told');
      const record = await page.evaluate((exportId) => window.reelkeep.getExport(exportId), id);
      expect(
        record.status === 'failed' || record.waitingFor === 'source',
        `${record.status}, ${JSON.stringify(record.error)}`,
      ).toBe(true);
      if (record.status === 'failed') {
        expect(['source_changed', 'source_missing', 'unreadable_file']).toContain(record.error?.reason);
      }
      expect(record.files).toEqual([]);
      expect(await exportFilesIn(page), 'nothing half-made is left').toEqual([]);
      // The page still works.
      const good = await importFile(page, await generateClip({ clipId: 2 }));
      expect(good.probe.durationUs).toBeGreaterThan(2_900_000);
      await rm(folder, { recursive: true, force: true });
    });
  }
}
