/** Whether the browser may clear the page's storage by itself. Asked once, when there is something to lose. */
import { z } from 'zod';
import type { Stores } from '../runtime/contract/stores.ts';

const KEY = 'persistence';
const answerSchema = z.enum(['granted', 'refused']).nullable().catch(null);

/** What the browser answered; null: it was not asked yet. */
export type Persistence = z.infer<typeof answerSchema>;

/** What is known. */
export async function knownPersistence({ settings }: Pick<Stores, 'settings'>): Promise<Persistence> {
  return answerSchema.parse((await settings.get(KEY)) ?? null);
}

/** Asks the browser, and remembers the answer. */
export async function askPersistence({
  settings,
  files,
}: Pick<Stores, 'settings' | 'files'>): Promise<'granted' | 'refused'> {
  const answer = (await files.persist()) ? 'granted' : 'refused';
  await settings.set(KEY, answer);
  return answer;
}

/** Asks when nobody has asked yet. Never fails: a page whose storage may be cleared works as well. */
export async function askPersistenceOnce(stores: Pick<Stores, 'settings' | 'files'>): Promise<void> {
  try {
    if ((await knownPersistence(stores)) === null) await askPersistence(stores);
  } catch {
    // Closed meanwhile: asked again with the next first export.
  }
}
