import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** `npm run bench`: figures, not verdicts. The same site and browser as the end-to-end tests. */
export default defineConfig({
  ...base,
  testDir: 'test/bench',
  testMatch: '**/*.bench.ts',
  timeout: 3_600_000,
});
