/** Imported files in the database: records, ways to the bytes, posters, frame indexes, proxies. */
import type { AssetId } from '../../core/base/ids.ts';
import { ASSET_VERSION, assetSchema, type Asset } from '../../core/schema/asset.ts';
import { failure } from '../../core/base/failure.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import { whereWrong } from '../../core/schema/where-wrong.ts';
import type { AssetStore, SourceRef } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import type { Problems } from './problems.ts';
import { readIn, writeIn, type ReadTransaction } from './transactions.ts';
import type { StoreName } from './upgrades.ts';

/** The stores that hold something about an asset under its id. */
const ALL: readonly StoreName[] = ['assets', 'sources', 'posters', 'frameIndexes', 'proxies'];

/** Makes the asset store. */
export function createAssetStore(connection: Connection, problems: Problems): AssetStore {
  const readFrom = <T>(store: StoreName, empty: T, work: (transaction: ReadTransaction) => Promise<T>) =>
    readIn(connection, [store], empty, work);
  const read = (key: string, record: unknown): Asset | null => {
    const parsed = assetSchema.safeParse(record);
    if (parsed.success) return parsed.data;
    const version = (record as { readonly version?: unknown } | null)?.version;
    const newer = typeof version === 'number' && version > ASSET_VERSION;
    const issue = parsed.error.issues[0];
    problems.add({
      store: 'assets',
      key,
      reason: newer ? 'newer_version' : 'unreadable',
      message: `${whereWrong(parsed.error)}: ${issue?.message ?? ''}`,
    });
    return null;
  };

  return {
    put: (asset, source, poster) =>
      writeIn(connection, ['assets', 'sources', 'posters'], async (transaction) => {
        const assets = transaction.objectStore('assets');
        const before = await assets.get(asset.id);
        const newest = before === undefined ? await assets.index('bySeq').openKeyCursor(null, 'prev') : null;
        const seq = before?.seq ?? (newest?.key ?? 0) + 1;
        const record: Asset = { ...asset, source: source.kind };
        await assets.put({ id: asset.id, seq, fingerprint: asset.fingerprint, record });
        await transaction.objectStore('sources').put(source, asset.id);
        if (poster !== null) await transaction.objectStore('posters').put(poster, asset.id);
        problems.clear('assets', asset.id);
        return null;
      }),

    async get(id) {
      const row = await readFrom('assets', undefined, (transaction) =>
        transaction.objectStore('assets').get(id),
      );
      return row === undefined ? null : read(id, row.record);
    },

    async findByFingerprint(fingerprint) {
      const rows = await readFrom('assets', [], (transaction) =>
        transaction.objectStore('assets').index('byFingerprint').getAll(fingerprint),
      );
      for (const row of rows) {
        const asset = read(row.id, row.record);
        if (asset !== null) return asset;
      }
      return null;
    },

    async list() {
      const rows = await readFrom('assets', [], (transaction) =>
        transaction.objectStore('assets').index('bySeq').getAll(),
      );
      return rows.flatMap((row) => read(row.id, row.record) ?? []);
    },

    source: (id) =>
      readFrom<SourceRef | null>(
        'sources',
        null,
        async (transaction) => (await transaction.objectStore('sources').get(id)) ?? null,
      ),

    setSource: (id, source: SourceRef) =>
      writeIn(connection, ['assets', 'sources'], async (transaction) => {
        const assets = transaction.objectStore('assets');
        const row = await assets.get(id);
        if (row === undefined) return unknownAsset(id);
        // The record names the kind too, for lists that do not look the way up.
        await assets.put({ ...row, record: { ...(row.record as object), source: source.kind } });
        await transaction.objectStore('sources').put(source, id);
        return null;
      }),

    poster: (id) =>
      readFrom<Blob | null>(
        'posters',
        null,
        async (transaction) => (await transaction.objectStore('posters').get(id)) ?? null,
      ),
    setPoster: (id, poster) => putFor(connection, 'posters', id, poster),

    async frameIndex(id) {
      const index = await readFrom('frameIndexes', undefined, (transaction) =>
        transaction.objectStore('frameIndexes').get(id),
      );
      if (index === undefined) return null;
      if (isFrameIndex(index)) return index;
      problems.add({ store: 'frameIndexes', key: id, reason: 'unreadable', message: 'not a frame index' });
      return null;
    },
    setFrameIndex: (id, index) => putFor(connection, 'frameIndexes', id, index),

    proxy: (id) =>
      readFrom<string | null>(
        'proxies',
        null,
        async (transaction) => (await transaction.objectStore('proxies').get(id)) ?? null,
      ),
    setProxy: (id, path) => putFor(connection, 'proxies', id, path),

    remove: (id) =>
      writeIn(connection, [...ALL, 'annotations'], async (transaction) => {
        for (const name of ALL) await transaction.objectStore(name).delete(id);
        const annotations = transaction.objectStore('annotations');
        for (const key of await annotations.index('byAsset').getAllKeys(id)) await annotations.delete(key);
        problems.clear('assets', id);
        problems.clear('frameIndexes', id);
        return null;
      }),
  };
}

/** Writes what belongs to an asset, unless the asset was removed meanwhile: nothing would ever sweep it then. */
function putFor<Name extends 'posters' | 'frameIndexes' | 'proxies'>(
  connection: Connection,
  name: Name,
  id: AssetId,
  value: { posters: Blob; frameIndexes: FrameIndex; proxies: string }[Name],
) {
  return writeIn(connection, ['assets', name], async (transaction) => {
    if ((await transaction.objectStore('assets').getKey(id)) === undefined) return unknownAsset(id);
    await transaction.objectStore(name).put(value, id);
    return null;
  });
}

const unknownAsset = (id: AssetId) =>
  failure('not_found', 'unknown_asset', `There is no asset "${id}".`, { assetId: id });

function isFrameIndex(value: Partial<FrameIndex> | null): value is FrameIndex {
  return (
    value?.version === 1 &&
    value.timesUs instanceof Float64Array &&
    value.flags instanceof Uint8Array &&
    value.timesUs.length === value.flags.length
  );
}
