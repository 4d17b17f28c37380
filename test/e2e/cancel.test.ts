/** Cancelling in every stage leaves nothing behind: no segment, no file, no worker. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { segmentsOf } from './support/expect-exact.ts';
import { importFile, openHost } from './support/host.ts';

const SPEC: ClipSpec = { clipId: 9, seconds: 12, gop: 50, width: 640, height: 360 };

/** What private storage and the database hold of exports. */
async function leftBehind(page: Page): Promise<{ files: string[]; segments: number; segmentData: number }> {
  return page.evaluate(async () => {
    const files: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'directory') await walk(entry, `${path}${name}/`);
        else files.push(path + name);
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('reelkeep');
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error('no database'));
      };
    });
    const count = (store: string): Promise<number> =>
      new Promise((resolve) => {
        const request = db.transaction(store).objectStore(store).count();
        request.onsuccess = () => {
          resolve(request.result);
        };
      });
    const result = { files, segments: await count('segments'), segmentData: await count('segmentData') };
    db.close();
    return result;
  });
}

for (const stage of ['preparing', 'rendering', 'assembling', 'verifying'] as const) {
  test(`cancelled while ${stage}`, async ({ page }) => {
    await openHost(page);
    const asset = await importFile(page, await generateClip(SPEC));
    const segments = segmentsOf([
      { spec: SPEC, assetId: asset.id, first: 7, stop: 120 },
      { spec: SPEC, assetId: asset.id, first: 131, stop: 280 },
    ]);
    const outcome = await page.evaluate(
      async ({ segments, stage }) => {
        const made = await window.reelkeep.createExport({
          version: 1,
          name: 'Cancel me',
          type: 'combined',
          segments,
        });
        const seen: string[] = [];
        let cancelMs = 0;
        for await (const progress of window.reelkeep.watchExport(made.id)) {
          seen.push(`${progress.status}/${progress.stage}`);
          const reached = progress.status === 'processing' && progress.stage === stage;
          // While rendering, let some segments be finished first.
          if (reached && (stage !== 'rendering' || progress.percent > 25)) {
            const asked = performance.now();
            await window.reelkeep.cancelExport(made.id);
            cancelMs = performance.now() - asked;
            break;
          }
        }
        const record = await window.reelkeep.getExport(made.id);
        return { status: record.status, seen, cancelMs, files: record.files.length };
      },
      { segments, stage },
    );
    expect(outcome.seen.some((entry) => entry === `processing/${stage}`)).toBe(true);
    expect(outcome.status).toBe('cancelled');
    expect(outcome.files).toBe(0);
    // At once: the worker is ended, nobody waits for a command to finish.
    expect(outcome.cancelMs).toBeLessThan(20_000);
    expect(await leftBehind(page)).toEqual({ files: [], segments: 0, segmentData: 0 });
    await expect.poll(() => page.workers().length, { timeout: 60_000, message: 'workers alive' }).toBe(0);
  });
}
