/** The media list: records with posters and whether their bytes can be reached. */
import type { AssetId } from '../../core/base/ids.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Runtime } from '../runtime.ts';
import { cell } from './cell.ts';
import type { AssetView, Watchable } from './types.ts';

/** The list, and how the studio's other parts bring it up to date. */
export interface AssetList extends Watchable<readonly AssetView[]> {
  refresh(): Promise<void>;
  /** One asset again, after an import or a permission. */
  update(asset: Asset): Promise<void>;
  drop(id: AssetId): void;
  dispose(): void;
}

/** Loads the list. */
export async function openAssetList(runtime: Runtime): Promise<AssetList> {
  const list = cell<readonly AssetView[]>([]);
  const posters = new Map<AssetId, string>();

  const view = async (asset: Asset): Promise<AssetView> => {
    let posterUrl = posters.get(asset.id) ?? null;
    if (posterUrl === null) {
      const poster = await runtime.stores.assets.poster(asset.id);
      if (poster !== null) {
        posterUrl = URL.createObjectURL(poster);
        posters.set(asset.id, posterUrl);
      }
    }
    return { asset, posterUrl, access: await runtime.sources.access(asset) };
  };

  const self: AssetList = {
    get: () => list.get(),
    subscribe: (listener) => list.subscribe(listener),
    async refresh() {
      list.set(await Promise.all((await runtime.stores.assets.list()).map(view)));
    },
    async update(asset) {
      const next = await view(asset);
      const known = list.get();
      const at = known.findIndex((entry) => entry.asset.id === asset.id);
      list.set(at < 0 ? [...known, next] : known.map((entry, i) => (i === at ? next : entry)));
    },
    drop(id) {
      const url = posters.get(id);
      if (url !== undefined) URL.revokeObjectURL(url);
      posters.delete(id);
      list.set(list.get().filter((entry) => entry.asset.id !== id));
    },
    dispose() {
      for (const url of posters.values()) URL.revokeObjectURL(url);
      posters.clear();
    },
  };
  await self.refresh();
  return self;
}
