import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './scripts/chromium.mjs';
import { clip, decodeWithFfmpeg, soundFile } from './test/browser/webcodecs/sound-commands.ts';

/** `npm run soak` repeats what may only fail after many runs: nothing there is in a hurry. */
const patience = process.env['REELKEEP_SOAK'] === '1' ? 20 : 1;

/** Real files of other people, beside the checkout on some machines; no part of the project. */
const REAL_MEDIA = fileURLToPath(new URL('../shared/media', import.meta.url));

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 600_000 * patience,
          hookTimeout: 600_000 * patience,
        },
      },
      {
        extends: './vite.config.ts',
        // Tests read the folder of real files where there is one beside the checkout; it is no part of the project.
        server: { fs: { allow: ['.', REAL_MEDIA] } },
        define: { 'import.meta.env.REAL_MEDIA': JSON.stringify(REAL_MEDIA) },
        // Otherwise Vite finds a package in the middle of a test, bundles it and reloads the page under it.
        optimizeDeps: {
          include: [
            'mediabunny',
            '@mediabunny/aac-encoder',
            'comlink',
            'papaparse',
            '@zip.js/zip.js',
            'client-zip',
            'perfect-freehand',
            'idb',
            'zod',
            'react',
            'react-dom',
            'react-dom/client',
            'use-intl',
          ],
        },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          testTimeout: 600_000 * patience,
          hookTimeout: 600_000 * patience,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            // Run in Node for the tests: clips of the generator, and FFmpeg's opinion of what was encoded.
            commands: { clip, soundFile, decodeWithFfmpeg },
            provider: playwright({ launchOptions: launchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
