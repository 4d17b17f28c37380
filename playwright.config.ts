import { defineConfig } from '@playwright/test';
import { launchOptions } from './scripts/chromium.mjs';

const soak = process.env['REELKEEP_SOAK'] === '1';
const baseURL = process.env['REELKEEP_URL'];

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // One at a time: the engines use every core.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: soak ? 6_000_000 : 900_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  // Serves dist/ and sets REELKEEP_URL before the workers of the test run read this file.
  globalSetup: './scripts/playwright/serve-site.mjs',
  use: {
    ...(baseURL === undefined ? {} : { baseURL }),
    browserName: 'chromium',
    headless: true,
    launchOptions: launchOptions(),
    trace: 'off',
  },
});
