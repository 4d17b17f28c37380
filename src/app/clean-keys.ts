/** Which key frames were looked at and found clean: kept, so that a plan stays the same while a source is out of reach. */
import { z } from 'zod';
import type { Stores } from '../runtime/contract/stores.ts';
import type { CleanKeyMemo } from './planning.ts';

const KEY = 'cleanKeys';
/** Entries that are kept; the oldest leave first. */
const MOST = 5_000;
const entriesSchema = z.array(z.tuple([z.string(), z.boolean()])).catch([]);

/** Loads what is known; new answers are saved by themselves. */
export async function openCleanKeys(settings: Stores['settings']): Promise<CleanKeyMemo> {
  const known = new Map(entriesSchema.parse(await settings.get(KEY)));
  return {
    get: (name) => known.get(name),
    set(name, clean) {
      if (known.get(name) === clean) return;
      known.set(name, clean);
      void settings.set(KEY, [...known].slice(-MOST));
    },
  };
}
