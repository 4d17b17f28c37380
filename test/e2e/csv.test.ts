/** Comments handed over as a CSV: every one of them, as it was written; what is left out is told; guests get it where they may. */
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import Papa from 'papaparse';
import type { Annotation, Asset, ExportSpec } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { addComments, COMMENTS } from './support/comments.ts';
import { exportFilesIn } from './support/faults.ts';
import { exportToDisk, importFile, must, openHost, planExport, runExport } from './support/host.ts';
import { cards, openSample, planned } from './support/studio.ts';

const CLIP: ClipSpec = { clipId: 51, seconds: 12, width: 320, height: 180 };

const csvOf = (asset: Asset, more: Partial<ExportSpec> = {}): ExportSpec => ({
  version: 1,
  name: '리뷰 "최종"',
  type: 'csv',
  // The comment at 11 s lies behind it.
  segments: [{ assetId: asset.id, startUs: 0, endUs: 10_000_000 }],
  ...more,
});

type Row = Readonly<Record<string, string>>;

function parsed(text: string): readonly Row[] {
  const result = Papa.parse<Row>(text.replace(/^\ufeff/, ''), { header: true, skipEmptyLines: true });
  expect(result.errors).toEqual([]);
  return result.data;
}

/** What a row must say of a comment, its texts as a program reads them. */
function expectRow(row: Row | undefined, comment: Annotation, text = comment.text): void {
  expect(row).toMatchObject({
    id: comment.id,
    asset_id: comment.assetId,
    seconds: comment.timeUs === null ? '' : (comment.timeUs / 1e6).toFixed(6),
    frame: comment.timeUs === null ? '' : String(Math.round((comment.timeUs / 1e6) * 25)),
    duration_seconds: comment.durationUs === null ? '' : (comment.durationUs / 1e6).toFixed(6),
    author: comment.author,
    text,
    created: comment.createdAt,
    legacy_comment: String(comment.timeUs === null),
    resolved: 'false',
    category: comment.category ?? '',
    shapes: comment.shapes.length === 0 ? '' : JSON.stringify(comment.shapes),
  });
}

async function workersMade(page: Page): Promise<readonly string[]> {
  return page.workers().map((worker) => /\/(\w+)-/.exec(worker.url())?.[1] ?? worker.url());
}

test('the comments of the ranges come out as they were written, for programs and for spreadsheets', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  const all = await addComments(page, asset.id, COMMENTS);
  const plan = must(await planExport(page, csvOf(asset)));
  expect(plan.steps).toEqual([]);
  expect(plan.comments).toEqual({ listed: all.length - 1, legacy: 1, outside: 1 });

  const { made, path } = await exportToDisk(page, csvOf(asset, { csv: 'interchange' }));
  expect(path.endsWith('리뷰 최종.csv')).toBe(true);
  expect(made.files.map(({ type }) => type)).toEqual(['text/csv']);
  expect(made.receipts).toEqual([]);
  expect(made.deviations).toEqual([
    { code: 'legacy_comments', clip: null, params: { count: 1 } },
    { code: 'comments_outside_ranges', clip: null, params: { count: 1 } },
  ]);
  const text = await readFile(path, 'utf8');
  expect(made.bytes).toBe(Buffer.byteLength(text));
  expect(made.estimate.bytes).toBe(made.bytes);
  const rows = parsed(text);
  const inRanges = all.filter(({ timeUs }) => timeUs === null || timeUs < 10_000_000);
  expect(rows).toHaveLength(inRanges.length);
  for (const [n, comment] of inRanges.entries()) expectRow(rows[n], comment);
  expect(rows.at(-1)).toMatchObject({ seconds: '', frame: '', timecode_in: '', legacy_comment: 'true' });

  const sheet = await exportToDisk(page, csvOf(asset));
  const bytes = await readFile(sheet.path, 'utf8');
  expect(bytes.startsWith('\ufeff')).toBe(true);
  expect(bytes.split('\r\n').length).toBeGreaterThan(inRanges.length);
  // What a spreadsheet would run is a text there.
  const formula = inRanges.find((comment) => comment.text.startsWith('='));
  const guarded = parsed(bytes);
  for (const [n, comment] of inRanges.entries())
    expectRow(guarded[n], comment, comment === formula ? `'${comment.text}` : comment.text);
  // Nothing was rendered for it.
  expect(await workersMade(page)).not.toContain('ffmpeg');
});

test('a comment that is resolved or answered, and one that a spec brings along, are listed as they are', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  const [first] = await addComments(page, asset.id, COMMENTS.slice(0, 1));
  if (first === undefined) throw new Error('no comment');
  const answered: Annotation = {
    ...first,
    replies: [{ id: 'r1', author: '이서연', text: '네, "확인"', createdAt: '2026-11-20T10:00:00.000Z' }],
    resolved: { by: 'Kim', at: '2026-11-20T11:00:00.000Z' },
  };
  const spec = csvOf(asset, { csv: 'interchange', comments: [answered] });
  const { path } = await exportToDisk(page, spec);
  const [row] = parsed(await readFile(path, 'utf8'));
  expect(row).toMatchObject({
    resolved: 'true',
    resolved_by: 'Kim',
    resolved_at: '2026-11-20T11:00:00.000Z',
  });
  expect(JSON.parse(row?.['replies'] ?? '')).toEqual([
    { author: '이서연', text: '네, "확인"', createdAt: '2026-11-20T10:00:00.000Z' },
  ]);
});

test('it is planned, cancelled, kept and made again like any other export', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(CLIP));
  await addComments(page, asset.id, COMMENTS);
  const made = must(await runExport(page, csvOf(asset)));
  expect(made.status, JSON.stringify(made.error)).toBe('completed');
  expect(await exportFilesIn(page)).toEqual(made.files.map((file) => file.path));
  const listed = await page.evaluate(() => window.reelkeep.listExports({ type: 'csv' }));
  expect(listed.exports.map(({ id }) => id)).toEqual([made.id]);
  await page.evaluate((id) => window.reelkeep.deleteExport(id), made.id);
  expect(await exportFilesIn(page)).toEqual([]);
  // Outside of its file, and without one: the reasons that every export gives.
  const outside = await planExport(
    page,
    csvOf(asset, { segments: [{ assetId: asset.id, startUs: 0, endUs: 99e6 }] }),
  );
  expect(outside.failure).toMatchObject({ code: 'out_of_range' });
});

test('guests carry nothing away; where the owner allows it, the CSV and nothing else', async ({ page }) => {
  await openHost(page, { role: 'guest_reviewer' });
  const asset = await importFile(page, await generateClip(CLIP));
  const all = await addComments(page, asset.id, COMMENTS);
  const types = ['single', 'combined', 'clips', 'csv', 'bundle'] as const;
  for (const type of types) {
    const refused = await runExport(page, csvOf(asset, { type }));
    expect(refused.failure, type).toMatchObject({ code: 'forbidden', reason: 'forbidden_role' });
  }
  expect((await page.evaluate(() => window.reelkeep.listExports())).total).toBe(0);

  await openHost(page, { role: 'guest_reviewer', guestCsv: 'true' });
  for (const type of types.filter((one) => one !== 'csv')) {
    const refused = await runExport(page, csvOf(asset, { type }));
    expect(refused.failure, type).toMatchObject({ code: 'forbidden', reason: 'forbidden_role' });
  }
  const { path } = await exportToDisk(page, csvOf(asset));
  expect(parsed(await readFile(path, 'utf8'))).toHaveLength(all.length - 1);
});

test('the studio writes the CSV of a reel, and says when comments have changed since', async ({
  page,
  context,
}) => {
  await openSample(page);
  const host = await context.newPage();
  await openHost(host);
  const [asset] = await host.evaluate(() => window.reelkeep.listAssets());
  if (asset === undefined) throw new Error('the sample has files');
  const range = { timeUs: 0, text: '첫 장면', author: '김민준' };
  await addComments(host, asset.id, [{ ...range, timeUs: null }]);
  await page.bringToFront();
  await page.getByRole('combobox', { name: 'What', exact: false }).first().selectOption('csv');
  await planned(page);
  await expect(page.getByTestId('plan-comments')).toHaveText(
    '1 comment is written. Nothing is rendered. 1 of them has no time.',
  );
  await expect(page.getByRole('combobox', { name: 'Quality' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const card = cards(page).first();
  await expect(card).toHaveAttribute('data-status', 'completed');
  await expect(card.getByRole('button', { name: 'Play the file' })).toHaveCount(0);
  await expect(card.getByText('Out of date')).toHaveCount(0);

  await addComments(host, asset.id, [{ ...range, timeUs: null, text: '둘째' }]);
  await expect(card.getByText('Out of date')).toBeVisible();
  await card.getByRole('button', { name: 'Export again' }).click();
  await expect(cards(page)).toHaveCount(2);
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed');
  const [newest] = (await host.evaluate(() => window.reelkeep.listExports({ type: 'csv' }))).exports;
  expect(newest?.spec.comments?.map(({ text }) => text).sort()).toEqual(['둘째', '첫 장면'].sort());
});
