/** Tests in a browser with a profile on the disk: in a private window, which tests get otherwise, storage is memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { launchOptions } from '../../../scripts/chromium.mjs';

/** As `test`, in a browser and a profile of its own. */
export const test = base.extend({
  context: async ({ playwright, baseURL }, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'reelkeep-profile-'));
    const context = await playwright.chromium.launchPersistentContext(profile, {
      ...launchOptions(),
      headless: true,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    await use(context);
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  },
});
