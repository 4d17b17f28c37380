/** Opens a client. Apart from the client itself, so that the published types name nothing of the inside. */
import { createRuntime, takeUp } from '../runtime.ts';
import { createClient } from './client.ts';
import { unwrap } from './error.ts';
import type { Reelkeep, ReelkeepOptions } from './types.ts';

/**
 * Opens the database, takes up unfinished jobs and answers with the client.
 * Rejects with `storage_failed` where the browser gives the page no storage.
 */
export async function createReelkeep(options: ReelkeepOptions = {}): Promise<Reelkeep> {
  const runtime = unwrap(await createRuntime(options));
  const client = createClient(runtime, options.role ?? 'owner');
  takeUp(runtime);
  return client;
}
