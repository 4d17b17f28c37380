/** Pages of the baselines: libraries as they come from node_modules, each page in a browser that is closed afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../../../scripts/chromium.mjs';
import { serve } from '../../../scripts/serve.mjs';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The file input of the page, as a locator finds it. */
export const INPUT = '#file';

const html = (script: string, imports: Readonly<Record<string, string>>): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Baseline</title><input type="file" id="file">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">${script}; document.title = 'ready';</script></html>`;

/**
 * Opens a page with a module script, chooses a file on it, and closes its browser when the work is done: what it leaves
 * in memory must not be counted as ours. Addresses in `script` and `imports` are below node_modules.
 */
export async function withPage<T>(
  {
    script,
    imports = {},
    file,
  }: {
    readonly script: string;
    readonly imports?: Readonly<Record<string, string>>;
    readonly file: string;
  },
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const server = await serve({ dir: MODULES });
  const profile = mkdtempSync(join(tmpdir(), 'reelkeep-bench-profile-'));
  // A profile on the disk: without one, private storage would be memory.
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions(), headless: true });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.route('**/baseline.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: html(script, imports) }),
    );
    await page.goto(`${server.url}baseline.html`);
    await page.waitForFunction(() => document.title === 'ready', null, { timeout: 60_000 });
    await page.locator(INPUT).setInputFiles(file);
    return await work(page);
  } finally {
    await context.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
