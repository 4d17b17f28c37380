/** A bundle: the video and everything that goes with it in one ZIP, whatever comments say, whatever ends the page. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import Papa from 'papaparse';
import type { Asset, Export, ExportSpec } from '../../src/app/api/types.ts';
import { parseExportSpec } from '../../src/core/schema/spec.ts';
import { generateClip } from '../fixtures/generate.ts';
import { isReadable, readMarks } from '../fixtures/read.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { addComments, COMMENTS } from './support/comments.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportFilesIn, importByHandle, segmentsIn } from './support/faults.ts';
import {
  exportToDisk,
  importFile,
  must,
  openHost,
  planExport,
  runExport,
  saveResult,
} from './support/host.ts';
import { colorsOf, commentOn, expectedFrames, isColor, spot } from './support/painted.ts';
import { cards, openSample, planned } from './support/studio.ts';

const CLIP: ClipSpec = { clipId: 52, seconds: 12, gop: 50, width: 320, height: 180 };

const rangesOf = ({ id }: Asset): FrameRange[] => [
  { spec: CLIP, assetId: id, first: 10, stop: 80 },
  { spec: CLIP, assetId: id, first: 120, stop: 210 },
];

const bundle = (asset: Asset, more: Partial<ExportSpec> = {}): ExportSpec => ({
  version: 1,
  name: '리뷰: 1/2',
  type: 'bundle',
  segments: segmentsOf(rangesOf(asset)),
  ...more,
});

/** Unpacks with another program; answers where each file lies. */
async function unpacked(path: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'reelkeep-bundle-'));
  const script =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nz.extractall(sys.argv[2])\nprint(json.dumps(z.namelist()))';
  const names = JSON.parse(
    execFileSync('python3', ['-c', script, path, folder], { encoding: 'utf8' }),
  ) as string[];
  return new Map(names.map((name) => [name, join(folder, name)]));
}

const jsonOf = async (path: string | undefined): Promise<unknown> =>
  JSON.parse(await readFile(path ?? '', 'utf8')) as unknown;

/** Of those in `COMMENTS` with a time in the ranges. */
const SHOWN_FRAMES = [25, 60, 126, 199];

const NAMES = [
  '리뷰 1 2.mp4',
  '리뷰 1 2.csv',
  'thumbnails/001.jpg',
  'thumbnails/002.jpg',
  'thumbnails/003.jpg',
  'thumbnails/004.jpg',
  'spec.json',
  'certificate.json',
  'contact-sheet.html',
  'deviations.json',
  'manifest.json',
];

test('one ZIP holds the exact video, the CSV, a picture for each comment, and what was asked and found', async ({
  page,
}) => {
  await openHost(page, { language: 'ko' });
  const asset = await importFile(page, await generateClip(CLIP));
  const all = await addComments(page, asset.id, COMMENTS);
  const plan = must(await planExport(page, bundle(asset)));
  expect(plan.comments).toEqual({ listed: 5, legacy: 1, outside: 1 });
  const { made, path } = await exportToDisk(page, bundle(asset));
  expect(path.endsWith('리뷰 1 2.zip')).toBe(true);
  const files = await unpacked(path);
  expect([...files.keys()]).toEqual(NAMES);
  await expectExact(files.get(NAMES[0] ?? '') ?? '', rangesOf(asset));

  const csv = Papa.parse<Record<string, string>>(
    (await readFile(files.get(NAMES[1] ?? '') ?? '', 'utf8')).replace(/^\ufeff/, ''),
    { header: true, skipEmptyLines: true },
  );
  const listed = all.filter(({ timeUs }) => timeUs !== 11_000_000);
  expect(csv.data.map((row) => row['id'])).toEqual(listed.map(({ id }) => id));

  for (const [n, frame] of SHOWN_FRAMES.entries()) {
    const report = await readMarks(files.get(`thumbnails/00${String(n + 1)}.jpg`) ?? '');
    expect(report.video).toMatchObject({ width: 320, height: 180 });
    const [shown] = report.frames;
    expect(shown !== undefined && isReadable(shown) ? [shown.clipId, shown.frame] : shown).toEqual([
      52,
      frame,
    ]);
  }

  const spec = parseExportSpec(await jsonOf(files.get('spec.json')));
  expect(spec).toMatchObject({ ok: true, value: { type: 'bundle', comments: all } });
  expect(await jsonOf(files.get('certificate.json'))).toEqual(made.certificate);
  expect(made.certificate?.passed).toBe(true);
  expect(await jsonOf(files.get('deviations.json'))).toEqual({ version: 1, deviations: made.deviations });
  expect(made.deviations).toEqual(
    expect.arrayContaining([
      { code: 'legacy_comments', clip: null, params: { count: 1 } },
      { code: 'comments_outside_ranges', clip: null, params: { count: 1 } },
    ]),
  );
  const manifest = (await jsonOf(files.get('manifest.json'))) as {
    readonly volumes: readonly string[];
    readonly files: readonly { name: string; bytes: number; sha256: string; volume: number }[];
  };
  expect(manifest.volumes).toEqual(['리뷰 1 2.zip']);
  expect(manifest.files.map(({ name }) => name)).toEqual(NAMES.slice(0, -1));
  for (const { name, bytes, sha256, volume } of manifest.files) {
    const data = await readFile(files.get(name) ?? '');
    expect([data.length, createHash('sha256').update(data).digest('hex'), volume], name).toEqual([
      bytes,
      sha256,
      1,
    ]);
  }
  expect(await exportFilesIn(page)).toEqual(made.files.map((file) => file.path));
});

/** Where two pictures of one frame differ: on the left edge of the box, and in the left half. */
async function differences(page: Page, pictures: readonly string[]): Promise<{ edge: number; left: number }> {
  return page.evaluate(async (list) => {
    const pixels = await Promise.all(
      list.map(async (base64) => {
        const image = new Image();
        image.src = `data:image/jpeg;base64,${base64}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('no canvas');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      }),
    );
    const [one, other] = pixels;
    if (one === undefined || other === undefined) throw new Error('two pictures');
    const found = { edge: 0, left: 0 };
    for (let at = 0; at < one.data.length; at += 4) {
      const by = [0, 1, 2].map((n) => Math.abs((one.data[at + n] ?? 0) - (other.data[at + n] ?? 0)));
      if (Math.max(...by) < 40) continue;
      const x = ((at / 4) % one.width) / one.width;
      const y = Math.floor(at / 4 / one.width) / one.height;
      if (Math.abs(x - 0.72) < 0.02 && y > 0.7 && y < 0.9) found.edge += 1;
      if (x < 0.6) found.left += 1;
    }
    return found;
  }, pictures);
}

test('a comment with shapes has them on its picture, where they were drawn', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  const [drawn] = COMMENTS;
  if (drawn?.timeUs == null) throw new Error('no comment');
  // On the same frame.
  await addComments(page, asset.id, [drawn, { ...drawn, timeUs: drawn.timeUs + 9_000, shapes: [] }]);
  const files = await unpacked((await exportToDisk(page, bundle(asset))).path);
  const pictures = await Promise.all(
    ['thumbnails/001.jpg', 'thumbnails/002.jpg'].map(async (name) =>
      (await readFile(files.get(name) ?? '')).toString('base64'),
    ),
  );
  const { edge, left } = await differences(page, pictures);
  // Two pixels wide and 36 high.
  expect(edge).toBeGreaterThan(40);
  expect(left).toBe(0);
});

/** Opens a page from disk without a network, and says what it asked for and did. */
async function openedAlone(context: BrowserContext, file: string): Promise<{ page: Page; asked: string[] }> {
  const page = await context.newPage();
  await context.setOffline(true);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('dialog', (dialog) => {
    asked.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(file).href);
  return { page, asked };
}

for (const language of ['ko', 'en'] as const) {
  test(`the contact sheet opens alone and offline, shows every text as text and runs none: ${language}`, async ({
    page,
    context,
  }) => {
    await openHost(page, { language });
    const asset = await importFile(page, await generateClip(CLIP));
    await addComments(page, asset.id, COMMENTS);
    const name = '<img src=x onerror="window.hacked=1">';
    const { path } = await exportToDisk(page, bundle(asset, { name }));
    const files = await unpacked(path);
    const sheet = files.get('contact-sheet.html') ?? '';
    // Alone: away from the folder that it came in.
    const alone = join(await mkdtemp(join(tmpdir(), 'reelkeep-sheet-')), 'sheet.html');
    execFileSync('cp', [sheet, alone]);
    const { page: opened, asked } = await openedAlone(context, alone);
    await expect(opened.getByRole('heading', { level: 1 })).toHaveText(name);
    expect(await opened.locator('html').getAttribute('lang')).toBe(language);
    const entries = opened.locator('li.card');
    await expect(entries).toHaveCount(5);
    await expect(entries.nth(0)).toContainText('결승골 장면, "여기"를 강조');
    await expect(entries.nth(0)).toContainText('김민준');
    await expect(entries.nth(0)).toContainText('00:00:01:00');
    await expect(entries.nth(2)).toContainText('<script>window.hacked=1</script>');
    await expect(entries.nth(2)).toContainText('"><svg onload=window.hacked=1>');
    await expect(entries.nth(4)).toContainText('예전 리뷰의 메모 & <b>more</b>');
    await expect(opened.getByRole('heading', { level: 2 })).toHaveText(
      language === 'ko' ? '시간이 없는 코멘트' : 'Comments without a time',
    );
    // Four pictures, all of them there; no script, nothing that stands outside of its own text.
    const seen = await opened.evaluate(() => ({
      pictures: [...document.images].map(({ naturalWidth, complete }) => complete && naturalWidth),
      scripts: document.scripts.length + document.querySelectorAll('svg, iframe, object, link').length,
      hacked: (window as { hacked?: number }).hacked ?? null,
      isolated: [...document.querySelectorAll('bdi')].some(({ textContent }) => textContent === '\u202eevil'),
    }));
    expect(seen).toEqual({ pictures: [320, 320, 320, 320], scripts: 0, hacked: null, isolated: true });
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(alone).href]);
    await context.setOffline(false);
  });
}

test('burned in, the comments are on exactly their frames of the video, and on their pictures', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  const color = '#ff00ff';
  const place = [0.85, 0.8] as const;
  const comment = commentOn(asset.id, 'c1', {
    timeUs: 1_000_000,
    durationUs: 800_000,
    color,
    shapes: [spot(place)],
  });
  const spec = bundle(asset, { burnIn: true, comments: [comment] });
  const { made, path } = await exportToDisk(page, spec);
  expect(made.certificate?.passed).toBe(true);
  const files = await unpacked(path);
  const size = { width: 320, height: 180 };
  const seen = (await colorsOf(files.get(NAMES[0] ?? '') ?? '', size, [place])).flatMap(([found], frame) =>
    found !== undefined && isColor(found, color) ? [frame] : [],
  );
  expect(seen).toEqual(expectedFrames(rangesOf(asset), comment, 3_000_000));
  const [thumbnail] = await colorsOf(files.get('thumbnails/001.jpg') ?? '', size, [place]);
  expect(isColor(thumbnail?.[0] ?? [0, 0, 0], color)).toBe(true);
});

test('the pictures of the video are those of any other export of the reel', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  await addComments(page, asset.id, COMMENTS);
  const reel = must(await runExport(page, bundle(asset, { type: 'combined' })));
  expect(reel.status, JSON.stringify(reel.error)).toBe('completed');
  const made = must(await runExport(page, bundle(asset)));
  expect(made.status, JSON.stringify(made.error)).toBe('completed');
  expect(made.receipts.length).toBeGreaterThan(0);
  expect(made.receipts.filter(({ reused }) => !reused)).toEqual([]);
});

test('a reload in the middle: it goes on by itself, and encodes nothing twice', async ({ page }) => {
  await openHost(page);
  const asset = await importByHandle(page, await generateClip(CLIP));
  await addComments(page, asset.id, COMMENTS);
  const id = await page.evaluate(
    async (input) => {
      const made = await window.reelkeep.createExport(input);
      for await (const { stage, status } of window.reelkeep.watchExport(made.id))
        if (status === 'completed' || ['assembling', 'verifying', 'packaging'].includes(stage)) break;
      return made.id;
    },
    bundle(asset, { quality: 'low' }),
  );
  const before: Export = await page.evaluate((one) => window.reelkeep.getExport(one), id);
  expect(before.status).toBe('processing');
  await page.reload();
  await page.waitForFunction(() => document.title === 'ready', null, { timeout: 60_000 });
  const after: Export = await page.evaluate((one) => window.reelkeep.whenExportEnds(one), id);
  expect(after.status, JSON.stringify(after.error)).toBe('completed');
  expect(after.receipts.filter(({ kind, reused }) => kind === 'encode-video' && !reused)).toEqual([]);
  const files = await unpacked(await saveResult(page, after));
  expect([...files.keys()]).toEqual(NAMES);
  await expectExact(files.get(NAMES[0] ?? '') ?? '', rangesOf(asset));
  expect(await exportFilesIn(page)).toEqual(after.files.map((file) => file.path));
});

test('a cancelled bundle leaves nothing', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  await addComments(page, asset.id, COMMENTS);
  const status = await page.evaluate(
    async (input) => {
      const made = await window.reelkeep.createExport(input);
      for await (const { stage, status } of window.reelkeep.watchExport(made.id))
        if (status !== 'processing' || stage === 'verifying' || stage === 'packaging') break;
      return (await window.reelkeep.cancelExport(made.id)).status;
    },
    bundle(asset, { quality: 'low' }),
  );
  expect(status).toBe('cancelled');
  expect(await exportFilesIn(page)).toEqual([]);
  expect(await segmentsIn(page)).toEqual([]);
});

test('the studio makes a bundle and saves it', async ({ page }) => {
  await openSample(page);
  await page.getByRole('combobox', { name: 'What', exact: false }).first().selectOption('bundle');
  await page.getByRole('combobox', { name: 'Quality' }).selectOption('low');
  await planned(page);
  await expect(page.getByTestId('plan-comments')).toContainText('no comments');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const card = cards(page).first();
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 180_000 });
  await expect(card.getByRole('button', { name: 'Play the file' })).toHaveCount(0);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => {
      // The save dialog cannot be answered here.
      Object.assign(window, { showSaveFilePicker: undefined });
      document.querySelector<HTMLButtonElement>('.job-actions button')?.click();
    }),
  ]);
  const path = join(await mkdtemp(join(tmpdir(), 'reelkeep-bundle-')), 'bundle.zip');
  await download.saveAs(path);
  const names = [...(await unpacked(path)).keys()];
  expect(names.filter((name) => name.startsWith('thumbnails/'))).toEqual([]);
  expect(names.slice(-5)).toEqual(NAMES.slice(-5));
});

test('the studio offers to paint comments where the ranges show any, with a strip and a length', async ({
  page,
  context,
}) => {
  await openSample(page);
  const burnIn = page.getByRole('checkbox', { name: 'Paint comments into the picture' });
  await expect(burnIn).toHaveCount(0);
  const host = await context.newPage();
  await openHost(host);
  const [clip] = await host.evaluate(() => window.reelkeep.listAssets());
  if (clip === undefined) throw new Error('the sample has files');
  const everySecond = Array.from({ length: Math.floor(clip.probe.durationUs / 1e6) }, (_, n) => ({
    timeUs: n * 1_000_000,
    text: `코멘트 ${String(n)}`,
    author: '김민준',
  }));
  await addComments(host, clip.id, everySecond);
  await host.close();
  await page.bringToFront();
  await burnIn.check();
  await page.getByRole('combobox', { name: 'Strip at the lower edge' }).selectOption('both');
  const shown = page.getByRole('spinbutton', { name: 'Seconds that a comment without a length is shown' });
  await shown.fill('0.5');
  await shown.press('Enter');
  await page.getByRole('combobox', { name: 'Quality' }).selectOption('low');
  await planned(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const card = cards(page).first();
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 240_000 });
  // The reel is one file, and it is played where it is.
  await expect(card.getByRole('button', { name: 'Play the file' })).toBeVisible();
  await openHost(page);
  const [made] = (await page.evaluate(() => window.reelkeep.listExports())).exports;
  expect(made?.spec).toMatchObject({ burnIn: true, strip: 'both', shownUs: 500_000 });
  expect(made?.spec.comments?.length).toBe(everySecond.length);
  expect(made?.plan.summary.copied).toBe(0);
});
