/** Faults on real parts: pages that die, workers that die, clocks that jump; and what is left in real storage afterwards. */
import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import type { Asset, ExportId } from '../../../src/app/api/types.ts';
import type { SegmentRecord } from '../../../src/runtime/contract/stores.ts';
import { must, type Attempt } from './host.ts';

/**
 * Imports a file by a handle that needs no permission and outlives the page: of a copy in private storage, outside the folder of the
 * database. After a reload the source is there by itself, as a file on the disk is for an installed page.
 */
export async function importByHandle(page: Page, path: string): Promise<Asset> {
  await page.locator('#file').setInputFiles(path);
  const result: Attempt<Asset> = await page.evaluate(async (name) => {
    const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
    if (file === undefined) throw new Error('no file was chosen');
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('footage-of-the-test', { create: true });
    const handle = await folder.getFileHandle(name, { create: true });
    await file.stream().pipeTo(await handle.createWritable());
    return window.attempt(() => window.reelkeep.importMedia(handle));
  }, basename(path));
  return must(result);
}

/** SHA-256 of the one file of a finished export. */
export async function hashOfExport(page: Page, id: ExportId): Promise<string> {
  return page.evaluate(async (exportId) => {
    const [file] = await window.reelkeep.getExportFiles(exportId);
    if (file === undefined) throw new Error('no file');
    const digest = await crypto.subtle.digest('SHA-256', await (await file.blob()).arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, id);
}

/** The segments in the database: when each was made tells whether one was made twice. */
export async function segmentsIn(page: Page, database = 'reelkeep'): Promise<readonly SegmentRecord[]> {
  return page.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error('no database'));
      };
    });
    const all = await new Promise<SegmentRecord[]>((resolve, reject) => {
      const request = db.transaction('segments').objectStore('segments').getAll();
      request.onsuccess = () => {
        resolve(request.result as SegmentRecord[]);
      };
      request.onerror = () => {
        reject(new Error('no segments'));
      };
    });
    db.close();
    return all;
  }, database);
}

/** Files of exports in private storage, `exports/…`. */
export async function exportFilesIn(page: Page, database = 'reelkeep'): Promise<readonly string[]> {
  return page.evaluate(async (name) => {
    const found: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [entry, handle] of folder.entries()) {
        if (handle.kind === 'directory') await walk(handle, `${path}${entry}/`);
        else found.push(path + entry);
      }
    };
    const root = await navigator.storage.getDirectory();
    try {
      await walk(await (await root.getDirectoryHandle(name)).getDirectoryHandle('exports'), 'exports/');
    } catch {
      // There is no folder yet.
    }
    return found;
  }, database);
}

/** How a worker dies: without a word, as when the system takes its memory; or with an error, as when its code breaks. */
export type Death = 'silent' | 'crash';

/**
 * From the next page on: the first worker of a kind that is given its `message`th call of a method dies then. The worker is real, and
 * so is its end.
 */
export async function armWorkerDeath(
  page: Page,
  kind: 'ffmpeg' | 'webcodecs' | 'analysis' | 'assembly' | 'zip',
  death: Death,
  method: string,
  message = 1,
): Promise<void> {
  await page.addInitScript(
    ({ kind, death, method, message }) => {
      const Real = globalThis.Worker;
      const state = { seen: 0, done: false, armed: false };
      Object.assign(globalThis, { workerDeath: state });
      globalThis.Worker = class extends Real {
        readonly #mine: boolean;
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          this.#mine = options?.name === `reelkeep-${kind}`;
        }
        override postMessage(...args: [unknown, ...unknown[]]): void {
          super.postMessage(...(args as [unknown, Transferable[]]));
          if (!this.#mine || !state.armed || state.done) return;
          const data = args[0] as { type?: string; path?: readonly string[] } | null;
          if (data?.type !== 'APPLY' || data.path?.at(-1) !== method) return;
          state.seen += 1;
          if (state.seen < message) return;
          state.done = true;
          setTimeout(() => {
            this.terminate();
            if (death === 'crash')
              this.dispatchEvent(new ErrorEvent('error', { message: 'ended by the test' }));
          }, 20);
        }
      };
    },
    { kind, death, method, message },
  );
}

/** Arms what `armWorkerDeath` prepared: workers of imports before are left alone. */
export async function armNow(page: Page): Promise<void> {
  await page.evaluate(() => {
    (globalThis as unknown as { workerDeath: { armed: boolean } }).workerDeath.armed = true;
  });
}

/** Whether the worker has died. */
export async function workerDied(page: Page): Promise<boolean> {
  return page.evaluate(() => (globalThis as unknown as { workerDeath: { done: boolean } }).workerDeath.done);
}

/** The workers of a page by the names of their scripts: what is there when nothing should be says so by name. */
export function workersOf(page: Page): readonly string[] {
  return page.workers().map((worker) => worker.url().split('/').at(-1) ?? worker.url());
}
