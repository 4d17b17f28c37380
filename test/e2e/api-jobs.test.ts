/** Jobs by the public API: held, moved, tried again, kept; from the tab that runs them and from another one. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { importFile, openHost } from './support/host.ts';

const SPEC: ClipSpec = { clipId: 9, seconds: 12, gop: 50, width: 640, height: 360 };

/** Imports a clip and says from where on its exports have to be encoded. */
async function prepare(page: Page): Promise<string> {
  await openHost(page);
  return (await importFile(page, await generateClip(SPEC))).id;
}

test('pause, resume, move, retry, pin, list', async ({ page }) => {
  const assetId = await prepare(page);
  const outcome = await page.evaluate(async (id) => {
    const { reelkeep, attempt } = window;
    const spec = (name: string, part = {}) =>
      ({
        version: 1,
        name,
        type: 'combined',
        segments: [{ assetId: id, startUs: 120_000, endUs: 9_000_000 }],
        resolution: '720p',
        enlarge: true,
        ...part,
      }) as const;
    const [a, b, c] = [
      await reelkeep.createExport(spec('a')),
      await reelkeep.createExport(spec('b', { quality: 'medium' })),
      await reelkeep.createExport(spec('ç', { quality: 'low' })),
    ];
    const held = [];
    for (const { id: one } of [a, b, c]) held.push(await reelkeep.pauseExport(one));
    const twice = await reelkeep.pauseExport(a.id);
    await reelkeep.moveExport(c.id, a.id);
    await reelkeep.moveExport(a.id, null);
    const queue = await reelkeep.listExports({ order: 'queue' });
    const cancelled = await reelkeep.cancelExport(b.id);
    const stillRuns = await attempt(() => reelkeep.retryExport(a.id));
    const again = await reelkeep.retryExport(b.id);
    const resumed = await reelkeep.resumeExport(a.id);
    const ended = [await reelkeep.whenExportEnds(b.id), await reelkeep.whenExportEnds(a.id)];
    const pinned = await reelkeep.pinExport(a.id, true);
    const unpinned = await reelkeep.pinExport(a.id, false);
    const wrong = await attempt(() => reelkeep.pinExport(a.id, 'yes' as unknown as boolean));
    const unknown = await attempt(() => reelkeep.pauseExport('nobody' as typeof a.id));
    const found = await reelkeep.listExports({ text: 'Ç', status: ['pending', 'processing'] });
    const bad = await attempt(() => reelkeep.listExports({ order: 'sideways' } as never));
    const late = await reelkeep.pauseExport(a.id);
    await reelkeep.cancelExport(c.id);
    return {
      held: held.map(({ status, paused }) => `${status} ${String(paused)}`),
      twice: twice.paused,
      queue: queue.exports.map(({ name }) => name),
      cancelled: cancelled.status,
      stillRuns,
      again: { same: again.id === b.id, status: again.status },
      resumed: resumed.paused,
      ended: ended.map(({ status, completedAt, expiresAt }) => ({
        status,
        days: (Date.parse(expiresAt ?? '') - Date.parse(completedAt ?? '')) / 86_400_000,
      })),
      pinned: { pinned: pinned.pinned, expiresAt: pinned.expiresAt },
      unpinned: { pinned: unpinned.pinned, expires: unpinned.expiresAt !== null },
      wrong,
      unknown,
      found: found.exports.map(({ name }) => name),
      bad,
      late: `${late.status} ${String(late.paused)}`,
    };
  }, assetId);
  expect(outcome).toMatchObject({
    held: ['pending true', 'pending true', 'pending true'],
    twice: true,
    queue: ['ç', 'b', 'a'],
    cancelled: 'cancelled',
    stillRuns: { failure: { code: 'not_ready', reason: 'export_running' } },
    again: { same: true, status: 'pending' },
    resumed: false,
    ended: [
      { status: 'completed', days: 7 },
      { status: 'completed', days: 7 },
    ],
    pinned: { pinned: true, expiresAt: null },
    unpinned: { pinned: false, expires: true },
    wrong: { failure: { code: 'invalid_spec', details: { path: 'pinned' } } },
    unknown: { failure: { code: 'not_found', reason: 'unknown_export' } },
    found: ['ç'],
    bad: { failure: { code: 'invalid_spec', details: { path: 'order' } } },
    late: 'completed false',
  });
});

test('another tab holds a job, lets it go on, and cancels one', async ({ page, context }) => {
  const assetId = await prepare(page);
  const other = await context.newPage();
  await openHost(other);
  const id = await page.evaluate(async (asset) => {
    const made = await window.reelkeep.createExport({
      version: 1,
      name: 'Watched',
      type: 'combined',
      segments: [{ assetId: asset, startUs: 120_000, endUs: 9_000_000 }],
      resolution: '720p',
      enlarge: true,
    });
    for await (const { status } of window.reelkeep.watchExport(made.id)) if (status === 'processing') break;
    return made.id;
  }, assetId);
  const read = (tab: Page) =>
    tab.evaluate(async (one) => {
      const { status, paused } = await window.reelkeep.getExport(one);
      return `${status} ${String(paused)}`;
    }, id);
  const held = await other.evaluate(async (one) => (await window.reelkeep.pauseExport(one)).paused, id);
  expect(held).toBe(true);
  expect(await read(page)).toBe('pending true');
  expect(await read(other)).toBe('pending true');
  await expect.poll(() => page.workers().length, { timeout: 60_000 }).toBe(0);
  // Resumed by the other tab: whichever of both can read the source goes on.
  const ended = await other.evaluate(async (one) => {
    await window.reelkeep.resumeExport(one);
    return (await window.reelkeep.whenExportEnds(one)).status;
  }, id);
  expect(ended).toBe('completed');
  expect(await read(page)).toBe('completed false');
  const cancelled = await page.evaluate(async (one) => (await window.reelkeep.cancelExport(one)).status, id);
  expect(cancelled, 'what has ended stays as it is').toBe('completed');
});
