/**
 * Files that a person removed. Removing can be undone for as long as the studio is open, so records, private copies and
 * previews stay until it is opened the next time.
 */
import { z } from 'zod';
import type { Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { Stores } from '../../runtime/contract/stores.ts';
import type { Runtime } from '../runtime.ts';

const KEY = 'removedAssets';
const idsSchema = z.array(z.string().transform((id) => id as AssetId)).catch([]);

async function notedIds(settings: Stores['settings']): Promise<readonly AssetId[]> {
  return idsSchema.parse(await settings.get(KEY));
}

/** Remembers that a file was removed. */
export async function noteRemoved(settings: Stores['settings'], id: AssetId): Promise<Result<null, Failure>> {
  const ids = await notedIds(settings);
  return settings.set(KEY, [...new Set([...ids, id])]);
}

/** Removes for good what was removed before and is in no document any more. */
export async function purgeRemoved(runtime: Runtime): Promise<void> {
  const { stores } = runtime;
  // Another tab may still undo: it is the only one that holds the history.
  const alone = await isOnlyTab(runtime);
  const ids = await notedIds(stores.settings);
  if (!alone || ids.length === 0) return;
  const document = await stores.documents.load('main');
  const inUse = new Set(document.ok ? document.value?.assetOrder : ids);
  for (const id of ids) {
    if (inUse.has(id)) continue;
    const source = await stores.assets.source(id);
    const proxy = await stores.assets.proxy(id);
    const gone = await stores.assets.remove(id);
    if (!gone.ok) return;
    if (source?.kind === 'copy') await stores.files.remove(source.path);
    if (proxy !== null) await stores.files.remove(proxy);
  }
  await stores.settings.set(KEY, []);
}

/** Holds a shared lock for as long as the page lives; whoever could have it alone is the only tab. */
async function isOnlyTab(runtime: Runtime): Promise<boolean> {
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (locks === undefined) return true;
  const name = `reelkeep:${runtime.database}:studio`;
  const alone = await locks.request(name, { mode: 'exclusive', ifAvailable: true }, (lock) => lock !== null);
  void locks.request(name, { mode: 'shared' }, () => new Promise<never>(() => undefined));
  return alone;
}
