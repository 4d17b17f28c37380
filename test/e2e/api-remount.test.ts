/** Hosts that open and close instances, delete twice, and share a database with other builds. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { importFile, openHost } from './support/host.ts';

const SPEC: ClipSpec = { clipId: 9, seconds: 12, gop: 50, width: 640, height: 360 };

test('two deletions of one running export at once are both fine, and nothing of it is left', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const outcome = await page.evaluate(async (assetId) => {
    const { reelkeep, attempt } = window;
    const { createReelkeep } = (await import(new URL('embed.js', document.baseURI).href)) as {
      createReelkeep: () => Promise<typeof reelkeep>;
    };
    const second = await createReelkeep();
    const said: Record<string, number> = {};
    for (let round = 0; round < 12; round += 1) {
      const { id } = await reelkeep.createExport({
        version: 1,
        name: 'Deleted',
        type: 'combined',
        segments: [{ assetId, startUs: 120_000 + round * 40_000, endUs: 5_000_000 }],
        resolution: '720p',
        enlarge: true,
      });
      if (round % 2 === 1) {
        const states = ['rendering', 'assembling', 'verifying'];
        const wanted = states[Math.floor(round / 2) % 3] ?? '';
        for await (const { stage } of reelkeep.watchExport(id))
          if (states.indexOf(stage) >= states.indexOf(wanted)) break;
      }
      const both = round < 6 ? [reelkeep, second] : [reelkeep, reelkeep];
      for (const result of await Promise.all(both.map((one) => attempt(() => one.deleteExport(id))))) {
        const { code, message } = 'failure' in result ? result.failure : { code: 'fine', message: '' };
        const key = `${code} ${message}`.trim();
        said[key] = (said[key] ?? 0) + 1;
      }
    }
    const { total } = await reelkeep.listExports();
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('reelkeep');
    const left: string[] = [];
    const exports = await root.getDirectoryHandle('exports', { create: true });
    for await (const [name] of exports.entries()) left.push(name);
    await second.close();
    return { said, total, left };
  }, asset.id);
  expect(outcome).toEqual({ said: { fine: 24 }, total: 0, left: [] });
});

test('a file is known for as long as the page lives, whatever instance it was given to', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const status = await page.evaluate(async (assetId) => {
    const { createReelkeep } = (await import(new URL('embed.js', document.baseURI).href)) as {
      createReelkeep: () => Promise<typeof window.reelkeep>;
    };
    const { id } = await window.reelkeep.createExport({
      version: 1,
      name: 'Mounted twice',
      type: 'combined',
      segments: [{ assetId, startUs: 120_000, endUs: 9_000_000 }],
      resolution: '720p',
      enlarge: true,
    });
    await window.reelkeep.close();
    const again = await createReelkeep();
    for await (const { status } of again.watchExport(id)) {
      const { waitingFor } = await again.getExport(id);
      if (waitingFor !== null) return `waits for ${waitingFor}`;
      if (status === 'completed') return status;
    }
    return (await again.getExport(id)).status;
  }, asset.id);
  expect(status).toBe('completed');
});

test('an export of clips leaves the folder of its ZIP, and no empty one', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const id = await page.evaluate(async (assetId) => {
    const made = await window.reelkeep.createExport({
      version: 1,
      name: 'Clips',
      type: 'clips',
      segments: [
        { assetId, startUs: 0, endUs: 1_000_000 },
        { assetId, startUs: 2_000_000, endUs: 3_000_000 },
      ],
    });
    return (await window.reelkeep.whenExportEnds(made.id)).id;
  }, asset.id);
  const folders = () =>
    page.evaluate(async (id) => {
      let at = await navigator.storage.getDirectory();
      for (const name of ['reelkeep', 'exports', id]) at = await at.getDirectoryHandle(name);
      const names: string[] = [];
      for await (const [name] of at.entries()) names.push(name);
      return names;
    }, id);
  await expect.poll(folders).toEqual(['zip-1']);
});

test('exports of a newer build fill no page; the history says that they are there', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const listed = await page.evaluate(async (assetId) => {
    const { reelkeep } = window;
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const segments = [{ assetId, startUs: 0, endUs: 1_000_000 }];
      const { id } = await reelkeep.createExport({ version: 1, name, type: 'single', segments });
      await reelkeep.whenExportEnds(id);
      ids.push(id);
    }
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open('reelkeep');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error('no database'));
    });
    const transaction = db.transaction('exports', 'readwrite');
    const store = transaction.objectStore('exports');
    for (const id of ids.slice(3)) {
      const asked = store.get(id);
      asked.onsuccess = () => {
        const row = asked.result as { readonly record: object };
        store.put({ ...row, record: { ...row.record, version: 99 } });
      };
    }
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    db.close();
    const answer = async (query: object): Promise<string> => {
      const { exports, total } = await reelkeep.listExports(query);
      return `${exports.map(({ name }) => name).join('')} of ${String(total)}`;
    };
    const answers = [await answer({ limit: 2 }), await answer({ limit: 2, offset: 2 }), await answer({})];
    await reelkeep.close();
    return answers;
  }, asset.id);
  expect(listed).toEqual(['cb of 3', 'a of 3', 'cba of 3']);
  await page.goto('/');
  await page.getByRole('button', { name: 'All exports' }).click();
  const dialog = page.getByRole('dialog', { name: 'All exports' });
  await expect(dialog.getByText('1–3 of 3')).toBeVisible();
  await expect(dialog.getByText('2 more exports were made with a newer version of Reelkeep')).toBeVisible();
});
