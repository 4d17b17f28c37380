import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/**
 * `npm run bench`: figures, not verdicts. The same site and flags as the end-to-end tests. REELKEEP_DIST names another
 * built folder than dist/, so that two builds can be compared.
 */
export default defineConfig({
  ...base,
  testDir: 'test/bench/rows',
  testMatch: '**/*.bench.ts',
  outputDir: 'test-results/bench',
  timeout: 7_200_000,
  reporter: [['list'], ['./test/bench/support/reporter.ts']],
});
