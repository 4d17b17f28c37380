// @ts-check
/**
 * Global setup of the end-to-end tests: serves the built site on two free ports, once at the root and once in a sub-folder,
 * as static hosts do. The tests find the addresses in REELKEEP_URL (also Playwright's baseURL) and REELKEEP_SUBFOLDER_URL.
 * REELKEEP_DIST names another built folder than dist/, for a comparison of two builds.
 */
import { fileURLToPath } from 'node:url';
import { serve } from '../serve.mjs';

const DIST = process.env['REELKEEP_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));

/** @returns {Promise<() => Promise<void>>} ends both servers */
export default async function serveSite() {
  const root = await serve({ dir: DIST });
  const sub = await serve({ dir: DIST, base: '/studio/reelkeep/' });
  process.env['REELKEEP_URL'] = root.url;
  process.env['REELKEEP_SUBFOLDER_URL'] = sub.url;
  return async () => {
    await Promise.all([root.close(), sub.close()]);
  };
}
