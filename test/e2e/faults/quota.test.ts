/**
 * The browser's storage is full in the middle of every kind of write: the job waits and says for what, nothing half-written is left, and
 * it goes on by itself once there is room. The limit is the browser's own, lowered.
 */
import { expect, test, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import type { ExportId, ExportSpec } from '../../../src/app/api/types.ts';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { exportFilesIn, segmentsIn } from '../support/faults.ts';
import { importFile, must, openHost, runExport, saveResult, tryImport } from '../support/host.ts';

const SPEC: ClipSpec = { clipId: 27, seconds: 24, gop: 24, width: 640, height: 360 };

/** The limit holds for as long as the session that set it is open. */
const sessions = new WeakMap<Page, CDPSession>();

/** Lowers what this page may store, bytes; null lifts the limit. */
async function limitStorage(page: Page, context: BrowserContext, bytes: number | null): Promise<void> {
  const session = sessions.get(page) ?? (await context.newCDPSession(page));
  sessions.set(page, session);
  const { origin } = new URL(page.url());
  await session.send(
    'Storage.overrideQuotaForOrigin',
    bytes === null ? { origin } : { origin, quotaSize: bytes },
  );
}

/** IndexedDB goes on for a while with what it remembers of the room left: waits until it refuses so many bytes. */
async function untilRefused(page: Page, bytes: number): Promise<void> {
  const refuses = (): Promise<boolean> =>
    page.evaluate(async (length) => {
      const noise = new Uint8Array(length);
      for (let at = 0; at < length; at += 65_536)
        crypto.getRandomValues(noise.subarray(at, Math.min(length, at + 65_536)));
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('scratch-of-the-test');
        request.onupgradeneeded = () => request.result.createObjectStore('noise');
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(new Error('no database'));
        };
      });
      const written = await new Promise<boolean>((resolve) => {
        const transaction = db.transaction('noise', 'readwrite', { durability: 'strict' });
        transaction.objectStore('noise').put(new Blob([noise]), 1);
        transaction.oncomplete = () => {
          resolve(true);
        };
        transaction.onabort = () => {
          resolve(false);
        };
      });
      db.close();
      await new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('scratch-of-the-test');
        request.onsuccess = resolve;
        request.onerror = resolve;
      });
      return !written;
    }, Math.round(bytes));
  await expect.poll(refuses, { timeout: 120_000, intervals: [2_000] }).toBe(true);
}

const used = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

const ranges = (assetId: string, shift = 0): FrameRange[] =>
  [5, 125, 245, 365, 480].map((first) => ({
    spec: SPEC,
    assetId,
    first: first + shift,
    stop: first + shift + 100,
  }));

const reel = (name: string, of: FrameRange[]): ExportSpec => ({
  version: 1,
  name,
  type: 'combined',
  quality: 'low',
  segments: segmentsOf(of),
});

/** Starts an export without waiting for its end. */
const start = (page: Page, spec: ExportSpec): Promise<ExportId> =>
  page.evaluate(async (input) => (await window.reelkeep.createExport(input)).id, spec);

const recordOf = (
  page: Page,
  id: ExportId,
): Promise<{ status: string; waitingFor: string | null; stage: string; error: unknown }> =>
  page.evaluate(async (exportId) => {
    const { status, waitingFor, stage, error } = await window.reelkeep.getExport(exportId);
    return { status, waitingFor, stage, error };
  }, id);

// How much more may be written, in parts of what the segments and the file take: the write that fails is another each time.
for (const [what, room] of [
  ['segments', ({ segments }: Sizes) => segments * 0.5],
  ['the finished file', ({ segments, file }: Sizes) => segments * 1.05 + file * 0.4],
] as const) {
  test(`storage that is full while writing ${what}: the job waits, and goes on once there is room`, async ({
    page,
    context,
  }) => {
    await openHost(page);
    const asset = await importFile(page, await generateClip(SPEC));
    const sizes = await sizesOf(page, reel('Before', ranges(asset.id)));
    const wanted = ranges(asset.id, 3);
    await limitStorage(page, context, Math.round((await used(page)) + room(sizes)));
    await untilRefused(page, room(sizes) + 1_000_000);
    const id = await start(page, reel('Full', wanted));
    await expect
      .poll(async () => (await recordOf(page, id)).waitingFor, { timeout: 240_000 })
      .toBe('storage');
    const waiting = await recordOf(page, id);
    expect(waiting.status).toBe('processing');
    expect(waiting.error).toBeNull();
    // The finished file may have been whole before the disk was full: then its record alone waits. What it holds is looked at below.
    if (what === 'segments') expect(await exportFilesIn(page)).toEqual([]);
    for (const segment of await segmentsIn(page)) expect(segment.bytes, segment.key).toBeGreaterThan(0);

    await limitStorage(page, context, null);
    const made = await page.evaluate((exportId) => window.reelkeep.whenExportEnds(exportId), id);
    expect(made.status, JSON.stringify(made.error)).toBe('completed');
    await expectExact(await saveResult(page, made), wanted);
  });
}

test('a job that waits for storage goes on when another export is deleted, and can be cancelled', async ({
  page,
  context,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const first = must(await runExport(page, reel('To be deleted', ranges(asset.id))));
  expect(first.status).toBe('completed');
  await limitStorage(page, context, Math.round((await used(page)) + first.bytes * 0.3));
  const id = await start(page, reel('Waits', ranges(asset.id, 7)));
  const other = await start(page, reel('Waits too', ranges(asset.id, 11)));
  await expect.poll(async () => (await recordOf(page, id)).waitingFor, { timeout: 240_000 }).toBe('storage');
  await page.evaluate((exportId) => window.reelkeep.cancelExport(exportId), other);
  expect((await recordOf(page, other)).status).toBe('cancelled');
  // Room for the waiting one: what the first took, and a little more than the limit left.
  await limitStorage(page, context, Math.round((await used(page)) + first.bytes * 1.5));
  await page.evaluate((exportId) => window.reelkeep.deleteExport(exportId), first.id);
  const made = await page.evaluate((exportId) => window.reelkeep.whenExportEnds(exportId), id);
  expect(made.status, JSON.stringify(made.error)).toBe('completed');
  await expectExact(await saveResult(page, made), ranges(asset.id, 7));
});

test('with no storage at all an import and an export are refused with the reason, and nothing is half there', async ({
  page,
  context,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  await limitStorage(page, context, 1);
  await untilRefused(page, 1000);
  const imported = await tryImport(page, await generateClip({ clipId: 28, seconds: 6, gop: 12 }));
  expect(imported.failure?.code, JSON.stringify(imported.failure)).toBe('quota_exceeded');
  const asked = await runExport(page, reel('Refused', ranges(asset.id)));
  expect(asked.failure?.code, JSON.stringify(asked)).toBe('quota_exceeded');
  expect((await page.evaluate(() => window.reelkeep.listAssets())).length).toBe(1);
  expect((await page.evaluate(() => window.reelkeep.listExports())).total).toBe(0);
  await limitStorage(page, context, null);
  const again = await tryImport(page, await generateClip({ clipId: 28, seconds: 6, gop: 12 }));
  expect(again.failure).toBeUndefined();
  const made = must(await runExport(page, reel('Works', ranges(asset.id))));
  expect(made.status).toBe('completed');
});

interface Sizes {
  readonly segments: number;
  readonly file: number;
}

/** What an export of this kind takes; it is deleted again. */
async function sizesOf(page: Page, spec: ExportSpec): Promise<Sizes> {
  const made = must(await runExport(page, spec));
  expect(made.status, JSON.stringify(made.error)).toBe('completed');
  const segments = (await segmentsIn(page)).reduce((sum, segment) => sum + segment.bytes, 0);
  await page.evaluate((id) => window.reelkeep.deleteExport(id), made.id);
  return { segments, file: made.bytes };
}
