/** Opens a client. Apart from the client itself, so that the published types name nothing of the inside. */
import { z } from 'zod';
import { failure } from '../../core/base/failure.ts';
import { ROLES } from '../../core/project/roles.ts';
import { whereWrong } from '../../core/schema/where-wrong.ts';
import { createRuntime, takeUp } from '../runtime.ts';
import { createClient } from './client.ts';
import { ReelkeepError, unwrap } from './error.ts';
import type { Reelkeep, ReelkeepOptions } from './types.ts';

/** Whether files can be looked for below an address: it is one, of a kind that a page may load from. */
function isFolder(base: string): boolean {
  const folder = base.endsWith('/') ? base : `${base}/`;
  if (!URL.canParse(folder, document.baseURI)) return false;
  const { href, protocol } = new URL(folder, document.baseURI);
  // Addresses without folders (`blob:`, `data:`) are addresses, too.
  return URL.canParse('assets/worker.js', href) && /^(https?|file|chrome-extension|app):$/.test(protocol);
}

/** Options come from JavaScript as well: a wrong one is refused by name instead of failing later. */
const optionsSchema = z.strictObject({
  database: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  engine: z.enum(['auto', 'ffmpeg', 'webcodecs']).optional(),
  concurrency: z.number().int().min(1).max(64).optional(),
  assetBase: z.string().refine(isFolder).optional(),
  role: z.enum(ROLES).optional(),
  guestCsv: z.boolean().optional(),
  language: z.enum(['en', 'ko']).optional(),
});

/**
 * Opens the database, takes up unfinished jobs and answers with the client.
 * Rejects with `invalid_spec` for a wrong option, with `storage_failed` where the browser gives the page no storage.
 */
export async function createReelkeep(options: ReelkeepOptions = {}): Promise<Reelkeep> {
  const checked = optionsSchema.safeParse(options);
  if (!checked.success) {
    const path = whereWrong(checked.error);
    throw new ReelkeepError(
      failure('invalid_spec', 'bad_spec', `createReelkeep: the option "${path}" is not valid.`, { path }),
    );
  }
  const runtime = unwrap(await createRuntime(options));
  const client = createClient(runtime, {
    access: { role: options.role ?? 'owner', guestCsv: options.guestCsv ?? false },
    engine: options.engine ?? 'auto',
  });
  takeUp(runtime);
  return client;
}
