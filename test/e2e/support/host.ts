/**
 * A page of somebody else's that embeds `dist/embed.js`, driven through the public client API. Files go in through a
 * file input (no bytes pass through the test), results come out as downloads.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Asset, Export, ExportSpec, Reelkeep, RenderPlan } from '../../../src/app/api/types.ts';
import type { Failure } from '../../../src/core/base/failure.ts';

declare global {
  interface Window {
    reelkeep: Reelkeep;
    /** Runs a call and answers with its value or the failure it rejected with. */
    attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { failure: Failure }>;
  }
}

/** A value, or the failure that the call rejected with. */
export type Attempt<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly failure: Failure; readonly value?: undefined };

/** The page: a file input and a script that imports the library from an address. */
export const hostHtml = (
  embed: string,
): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>A host page</title>
<h1>Somebody else's page</h1><input type="file" id="file" multiple>
<script type="module">
  import { createReelkeep } from '${embed}';
  const options = Object.fromEntries(new URLSearchParams(location.search));
  window.attempt = async (work) => {
    try { return { value: await work() }; }
    catch (error) {
      const { code, reason, message, details } = error;
      return { failure: { code: code ?? 'thrown', reason: reason ?? 'unexpected', message: String(message ?? error), details } };
    }
  };
  window.reelkeep = await createReelkeep({ ...options, ...(options.concurrency ? { concurrency: Number(options.concurrency) } : {}),
    ...(options.guestCsv ? { guestCsv: options.guestCsv === 'true' } : {}) });
  document.title = 'ready';
</script></html>`;

/** Opens the host page beside the built site. `options` become those of `createReelkeep`. */
export async function openHost(
  page: Page,
  options: Readonly<Record<string, string>> = {},
  base = '/',
): Promise<void> {
  await page.route('**/host.html*', (route) =>
    route.fulfill({ contentType: 'text/html', body: hostHtml('./embed.js') }),
  );
  await page.goto(`${base}host.html?${new URLSearchParams(options).toString()}`);
  await page.waitForFunction(() => document.title === 'ready', null, { timeout: 60_000 });
}

/** Imports a file from disk; the failure as data. */
export async function tryImport(
  page: Page,
  file: string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer },
): Promise<Attempt<Asset>> {
  await page.locator('#file').setInputFiles(file);
  const result = await page.evaluate(async () => {
    const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
    if (file === undefined) throw new Error('no file was chosen');
    return window.attempt(() => window.reelkeep.importMedia(file));
  });
  return result;
}

/** Imports a file that must be readable. */
export async function importFile(page: Page, path: string): Promise<Asset> {
  return must(await tryImport(page, path));
}

/** The value of an attempt that must succeed. */
export function must<T>(attempt: Attempt<T>): T {
  if (attempt.failure !== undefined) {
    throw new Error(`${attempt.failure.code}/${attempt.failure.reason}: ${attempt.failure.message}`);
  }
  return attempt.value;
}

/** Plans an export. */
export async function planExport(page: Page, spec: ExportSpec): Promise<Attempt<RenderPlan>> {
  return await page.evaluate((input) => window.attempt(() => window.reelkeep.planExport(input)), spec);
}

/** Runs an export to its end. */
export async function runExport(page: Page, spec: ExportSpec): Promise<Attempt<Export>> {
  const result = await page.evaluate(
    (input) =>
      window.attempt(async () => {
        const made = await window.reelkeep.createExport(input);
        return window.reelkeep.whenExportEnds(made.id);
      }),
    spec,
  );
  return result;
}

/** Saves the one file of a completed export to disk and answers with its path. */
export async function saveResult(page: Page, made: Export): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate((id) => window.reelkeep.downloadExport(id), made.id),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'reelkeep-'));
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Runs an export that must complete, and answers with its record and the saved file. */
export async function exportToDisk(page: Page, spec: ExportSpec): Promise<{ made: Export; path: string }> {
  const made = must(await runExport(page, spec));
  if (made.status !== 'completed') {
    throw new Error(
      `The export ${made.status}: ${JSON.stringify(made.error)} ${JSON.stringify(made.certificate?.checks)}`,
    );
  }
  return { made, path: await saveResult(page, made) };
}
