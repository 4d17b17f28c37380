/** Separate clips in a ZIP: each exact, each by itself; what fails does not keep the others. */
import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Export, ExportId, ExportSpec } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import {
  armNow,
  armWorkerDeath,
  exportFilesIn,
  importByHandle,
  segmentsIn,
  workerDied,
  workersOf,
} from './support/faults.ts';
import {
  exportToDisk,
  importFile,
  must,
  openHost,
  planExport,
  runExport,
  saveResult,
} from './support/host.ts';
import { cards, openSample, planned } from './support/studio.ts';

const GOOD: ClipSpec = { clipId: 41, seconds: 20, gop: 50, width: 320, height: 180 };
const BAD: ClipSpec = { clipId: 42, seconds: 6, gop: 25, width: 320, height: 180 };

const clips = (ranges: readonly FrameRange[], more: Partial<ExportSpec> = {}): ExportSpec => ({
  version: 1,
  name: 'Clips',
  type: 'clips',
  segments: segmentsOf(ranges),
  ...more,
});

/** Unpacks with another program; answers the files by name. */
async function unpacked(path: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'reelkeep-clips-'));
  const script =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nz.extractall(sys.argv[2])\nprint(json.dumps(z.namelist()))';
  const names = JSON.parse(
    execFileSync('python3', ['-c', script, path, folder], { encoding: 'utf8' }),
  ) as string[];
  return new Map(names.map((name) => [name, join(folder, name)]));
}

const NAMES = ['01_Clips.mp4', '02_Clips.mp4', '03_Clips.mp4', '04_Clips.mp4', '05_Clips.mp4'];

/** Five ranges of one source, beginning and ending anywhere. */
const fiveOf = (assetId: string): FrameRange[] =>
  [3, 80, 155, 260, 400].map((first, n) => ({ spec: GOOD, assetId, first, stop: first + 40 + n * 7 }));

/** Writes other bytes into the file behind a handle of `importByHandle`, or the old ones again. */
async function overwrite(page: Page, name: string, how: 'damage' | 'restore'): Promise<void> {
  await page.evaluate(
    async ({ name, how }) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('footage-of-the-test');
      const kept = await root.getDirectoryHandle('kept-by-the-test', { create: true });
      const handle = await folder.getFileHandle(name);
      const copy = await kept.getFileHandle(name, { create: true });
      const put = async (to: FileSystemFileHandle, data: Blob): Promise<void> => {
        const writable = await to.createWritable();
        await writable.write(data);
        await writable.close();
      };
      if (how === 'restore') return put(handle, await copy.getFile());
      const whole = await handle.getFile();
      await put(copy, new Blob([await whole.arrayBuffer()]));
      await put(handle, new Blob([await whole.slice(0, whole.size / 2).arrayBuffer()]));
    },
    { name, how },
  );
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => document.title === 'ready', null, { timeout: 60_000 });
}

test('five clips come out of one ZIP, each with exactly its frames', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(GOOD));
  const ranges = fiveOf(asset.id);
  const spec = clips(ranges);
  const plan = must(await planExport(page, spec));
  expect(plan.clips).toHaveLength(5);
  const { made, path } = await exportToDisk(page, spec);
  expect(path.endsWith('Clips.zip')).toBe(true);
  expect(made.parts?.map(({ certificate }) => certificate?.passed)).toEqual([true, true, true, true, true]);
  const files = await unpacked(path);
  expect([...files.keys()]).toEqual(NAMES);
  for (const [n, file] of [...files.values()].entries()) await expectExact(file, ranges.slice(n, n + 1));
  expect(await exportFilesIn(page)).toEqual(made.files.map((file) => file.path));
});

test('a clip whose source was changed says so and keeps nobody; once it is back, it alone is made', async ({
  page,
}) => {
  await openHost(page);
  const good = await importByHandle(page, await generateClip(GOOD));
  const path = await generateClip(BAD);
  const bad = await importByHandle(page, path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ranges = fiveOf(good.id);
  ranges[2] = { spec: BAD, assetId: bad.id, first: 10, stop: 90 };
  const spec = clips(ranges);
  // Its frame index is read while it can be.
  must(await planExport(page, spec));
  await overwrite(page, name, 'damage');
  // A page that has the old file in its hands would wait for it; one that opens it now sees another.
  await reload(page);
  const first = must(await runExport(page, spec));
  expect(first.status).toBe('completed');
  expect(first.parts?.map(({ status }) => status)).toEqual([
    'completed',
    'completed',
    'failed',
    'completed',
    'completed',
  ]);
  expect(first.parts?.[2]?.error?.reason).toBe('source_changed');
  expect(first.deviations).toContainEqual({
    code: 'clip_failed',
    clip: 2,
    params: { reason: 'source_changed' },
  });
  const before = await unpacked(await saveResult(page, first));
  expect([...before.keys()]).toEqual(NAMES.filter((_, n) => n !== 2));

  await overwrite(page, name, 'restore');
  const segments = await segmentsIn(page);
  const second: Export = await page.evaluate(async (id) => {
    await window.reelkeep.retryExport(id);
    return window.reelkeep.whenExportEnds(id);
  }, first.id);
  expect(second.status, JSON.stringify(second.error)).toBe('completed');
  expect(
    second.parts?.every(({ status }) => status === 'completed'),
    JSON.stringify(second.parts?.[2]?.error),
  ).toBe(true);
  const files = await unpacked(await saveResult(page, second));
  expect([...files.keys()]).toEqual(NAMES);
  for (const [n, file] of [...files.values()].entries()) await expectExact(file, ranges.slice(n, n + 1));
  // The others were taken out of the ZIP as they were: what they were made of was made once.
  const times = new Map((await segmentsIn(page)).map(({ key, createdAt }) => [key, createdAt]));
  for (const { key, createdAt } of segments) if (times.has(key)) expect(times.get(key)).toBe(createdAt);
  expect(await exportFilesIn(page)).toEqual(second.files.map((file) => file.path));
});

test('a reload in the middle makes no clip twice', async ({ page }) => {
  await openHost(page);
  const asset = await importByHandle(page, await generateClip(GOOD));
  const ranges = fiveOf(asset.id);
  const id: ExportId = await page.evaluate(
    async (input) => {
      const made = await window.reelkeep.createExport(input);
      for await (const progress of window.reelkeep.watchExport(made.id)) {
        if (progress.status === 'completed') break;
        const { parts } = await window.reelkeep.getExport(made.id);
        if ((parts?.filter(({ status }) => status === 'completed').length ?? 0) >= 2) break;
      }
      return made.id;
    },
    clips(ranges, { quality: 'low' }),
  );
  const before: Export = await page.evaluate((id) => window.reelkeep.getExport(id), id);
  await reload(page);
  const after: Export = await page.evaluate((id) => window.reelkeep.whenExportEnds(id), id);
  expect(after.status, JSON.stringify(after.error)).toBe('completed');
  for (const [n, part] of (before.parts ?? []).entries()) {
    // Checked once, and not again: the certificate is the one that was there.
    if (part.status === 'completed') expect(after.parts?.[n]?.certificate).toEqual(part.certificate);
  }
  const files = await unpacked(await saveResult(page, after));
  for (const [n, file] of [...files.values()].entries()) await expectExact(file, ranges.slice(n, n + 1));
});

test('a cancelled export of clips leaves nothing', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(GOOD));
  const status = await page.evaluate(
    async (input) => {
      const made = await window.reelkeep.createExport(input);
      for await (const progress of window.reelkeep.watchExport(made.id)) if (progress.percent > 20) break;
      return (await window.reelkeep.cancelExport(made.id)).status;
    },
    clips(fiveOf(asset.id), { quality: 'low' }),
  );
  expect(status).toBe('cancelled');
  expect(await exportFilesIn(page)).toEqual([]);
  expect(await segmentsIn(page)).toEqual([]);
});

test('the studio makes separate clips and shows them', async ({ page }) => {
  await openSample(page);
  await page.getByRole('combobox', { name: 'What', exact: false }).first().selectOption('clips');
  await page.getByRole('combobox', { name: 'Quality' }).selectOption('low');
  await planned(page);
  await expect(page.locator('.export-form .plan-facts')).toContainText('4 files');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('button', { name: /^1 in the queue/ })).toBeVisible();
  const card = cards(page).first();
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 180_000 });
  await expect(card.getByText('4 of 4 clips')).toBeVisible();
  await expect(card.getByRole('button', { name: 'Play the file' })).toHaveCount(0);
  await card.getByText('Details').click();
  await expect(card.getByTestId('clip-list').getByRole('listitem')).toHaveCount(4);
  // Each has a certificate of its own.
  await card.getByTestId('clip-list').locator('summary').nth(1).click();
  await expect(card.getByTestId('clip-list').getByText('Number of frames')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => {
      // The save dialog cannot be answered here.
      Object.assign(window, { showSaveFilePicker: undefined });
      document.querySelector<HTMLButtonElement>('.job-actions button')?.click();
    }),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  const path = join(await mkdtemp(join(tmpdir(), 'reelkeep-clips-')), 'clips.zip');
  await download.saveAs(path);
  expect((await unpacked(path)).size).toBe(4);
});

for (const engine of ['auto', 'ffmpeg'] as const) {
  test(`clips after the whole reel encode no picture again, engine ${engine}`, async ({ page }) => {
    await openHost(page, { engine });
    const asset = await importFile(page, await generateClip(GOOD));
    const spec = clips(fiveOf(asset.id).slice(0, 3), { quality: 'low' });
    const reel = must(await runExport(page, { ...spec, type: 'combined' }));
    expect(reel.status, JSON.stringify(reel.error)).toBe('completed');
    const made = must(await runExport(page, spec));
    expect(made.status, JSON.stringify(made.error)).toBe('completed');
    const pictures = made.receipts.filter(({ kind }) => kind === 'encode-video');
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    expect(pictures.filter(({ reused }) => !reused)).toEqual([]);
  });
}

test('the ZIP worker dies while packaging: the ZIP is written again, and whole', async ({ page }) => {
  await armWorkerDeath(page, 'zip', 'crash', 'pack');
  await openHost(page);
  const asset = await importFile(page, await generateClip(GOOD));
  const ranges = fiveOf(asset.id);
  await armNow(page);
  const { made, path } = await exportToDisk(page, clips(ranges, { quality: 'low' }));
  expect(await workerDied(page), 'the worker has died').toBe(true);
  const files = await unpacked(path);
  expect([...files.keys()]).toEqual(NAMES);
  for (const [n, file] of [...files.values()].entries()) await expectExact(file, ranges.slice(n, n + 1));
  expect(await exportFilesIn(page)).toEqual(made.files.map((each) => each.path));
  await expect.poll(() => workersOf(page), { timeout: 60_000 }).toEqual([]);
});
