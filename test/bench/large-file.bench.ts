/** A 2 GB file: imports at once, and a range from its end costs no more memory than one from its start. */
import { rm } from 'node:fs/promises';
import { test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { repeatClip } from '../fixtures/repeat.ts';
import { importFile, must, openHost, runExport } from '../e2e/support/host.ts';
import { peakMemory } from './support/memory.ts';
import { note, writeReport } from './support/report.ts';

const GIGABYTES = 2;

test('2 GB: import, range from the end', async ({ page }) => {
  const clip = await generateClip({ clipId: 11, seconds: 30, width: 1280, height: 720, gop: 50, crf: 12 });
  const path = await repeatClip(clip, GIGABYTES * 1e9);
  await openHost(page);
  // The workers' code is loaded once before the clock starts, as for anybody's second file.
  await importFile(page, clip);
  const started = performance.now();
  const imported = await peakMemory(() => importFile(page, path));
  const asset = imported.value;
  note('import of 2 GB', 'time', (performance.now() - started) / 1000, 's', 'under 3 s');
  note('import of 2 GB', 'memory rose by', (imported.peakBytes - imported.startBytes) / 1e6, 'MB');
  const endUs = asset.probe.durationUs;
  const range = await peakMemory(async () =>
    must(
      await runExport(page, {
        version: 1,
        name: 'end',
        type: 'single',
        segments: [{ assetId: asset.id, startUs: endUs - 8_340_000, endUs: endUs - 340_000 }],
      }),
    ),
  );
  if (range.value.status !== 'completed') throw new Error(JSON.stringify(range.value.error));
  note('8 s from the end of 2 GB', 'time', (range.value.actual?.wallMs ?? 0) / 1000, 's');
  note(
    '8 s from the end of 2 GB',
    'memory rose by',
    (range.peakBytes - range.startBytes) / 1e6,
    'MB',
    'at most 500 MB',
  );
  writeReport('large-file');
  await rm(path);
});
