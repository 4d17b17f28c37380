/** What the person prefers, kept over a reload. */
import { z } from 'zod';
import { DEFAULT_SHOWN_US, MAX_NAME } from '../../core/schema/annotation.ts';
import type { Stores } from '../../runtime/contract/stores.ts';
import { cell } from './cell.ts';
import type { StudioSettings, Watchable } from './types.ts';

const KEY = 'studio';

// Whatever an older or newer build saved: fields that do not fit take their default.
const settingsSchema = z.object({
  language: z.enum(['en', 'ko']).nullable().catch(null),
  theme: z.enum(['dark', 'light']).nullable().catch(null),
  keepCopies: z.enum(['ask', 'always', 'never']).catch('ask'),
  author: z.string().max(MAX_NAME).catch(''),
  shownUs: z.int().min(100_000).max(60_000_000).catch(DEFAULT_SHOWN_US),
});

const DEFAULTS: StudioSettings = {
  language: null,
  theme: null,
  keepCopies: 'ask',
  author: '',
  shownUs: DEFAULT_SHOWN_US,
};

/** Loads the settings. */
export async function openSettings(
  store: Stores['settings'],
): Promise<Watchable<StudioSettings> & { change(change: Partial<StudioSettings>): void }> {
  const parsed = settingsSchema.safeParse(await store.get(KEY));
  const settings = cell<StudioSettings>(parsed.success ? parsed.data : DEFAULTS);
  return {
    get: () => settings.get(),
    subscribe: (listener) => settings.subscribe(listener),
    change(change) {
      settings.set({ ...settings.get(), ...change });
      void store.set(KEY, settings.get());
    },
  };
}
