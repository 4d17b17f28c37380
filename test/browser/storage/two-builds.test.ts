/** Two builds share one database: neither damages what the other has. */
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import type { Clock } from '../../../src/runtime/contract/clock.ts';
import { createSegmentCache } from '../../../src/runtime/artifacts/segment-cache.ts';
import { openDatabase } from '../../../src/runtime/storage/database.ts';
import { createExportStore } from '../../../src/runtime/storage/exports.ts';
import { Problems } from '../../../src/runtime/storage/problems.ts';
import { createSettingsStore } from '../../../src/runtime/storage/settings.ts';
import { UPGRADE_STEPS, type UpgradeStep } from '../../../src/runtime/storage/upgrades.ts';
import { dumpDatabase } from '../../fixtures/databases/dump.ts';
import { asset, connect, document, exportRecord, freshName, NOW, open, segment } from './helpers.ts';

const A = 'a' as AssetId;
const okNull = { ok: true, value: null };
const refused = { ok: false, error: { code: 'storage_failed', reason: 'newer_version' } };

/** What a newer build may do to the database. */
const newer = (run: UpgradeStep['run'] = () => undefined): readonly UpgradeStep[] => [
  ...UPGRADE_STEPS,
  { to: UPGRADE_STEPS.length + 1, run },
];

/** Fills a database with today's build, then upgrades it with a newer one. */
async function upgraded(run?: UpgradeStep['run']): Promise<string> {
  const name = freshName();
  const stores = await open(name);
  await stores.assets.put(asset('a'), { kind: 'copy', path: 'sources/a' }, new Blob(['picture']));
  await stores.documents.save(document());
  await stores.exports.put(exportRecord('1', NOW, 'completed'));
  await stores.exports.put(exportRecord('2', NOW));
  await stores.segments.put({ ...segment('k', ['gone']), kind: 'pcm' }, new Blob(['data']));
  await stores.settings.set('theme', 'dark');
  await stores.files.write('exports/1/out.mp4', new Blob(['film']));
  await stores.files.write('exports/orphan/out.mp4', new Blob(['old film']));
  await stores.log.append([
    { time: NOW, event: 'opened', jobId: null, durationMs: null, code: null, data: {} },
  ]);
  stores.close();
  (await connect(name, newer(run))).close();
  return name;
}

describe('the database of a newer build', () => {
  it('is opened read-only: everything can be read', async () => {
    const stores = await open(await upgraded());
    expect(stores.readOnly).toBe(true);
    expect(await stores.assets.list()).toHaveLength(1);
    expect(await stores.assets.findByFingerprint('1000-a')).toMatchObject({ id: 'a' });
    expect(await (await stores.assets.poster(A))?.text()).toBe('picture');
    expect(await stores.assets.source(A)).toEqual({ kind: 'copy', path: 'sources/a' });
    expect(await stores.documents.load('p')).toEqual({ ok: true, value: document() });
    expect((await stores.exports.list({ order: 'queue' })).exports.map((one) => one.id)).toEqual(['2', '1']);
    expect(await stores.exports.get('1' as ExportId)).toMatchObject({ status: 'completed' });
    expect(await (await stores.segments.get('k'))?.data.text()).toBe('data');
    expect(await stores.settings.get('theme')).toBe('dark');
    expect(await (await stores.files.open('exports/1/out.mp4'))?.text()).toBe('film');
    expect(await stores.log.list()).toHaveLength(1);
    expect(await stores.files.used()).toBeGreaterThan(0);
  });

  it('takes no write, no removal, no sweep: it stays as it was', async () => {
    const name = await upgraded();
    const before = await dumpDatabase(name);
    const stores = await open(name);
    const index = {
      version: 1,
      timesUs: Float64Array.of(0),
      flags: Uint8Array.of(3),
      endUs: 1,
      complete: true,
    } as const;
    const writes = [
      stores.assets.put(asset('b'), { kind: 'link' }, null),
      stores.assets.setSource(A, { kind: 'link' }),
      stores.assets.setPoster(A, new Blob(['x'])),
      stores.assets.setFrameIndex(A, index),
      stores.assets.setProxy(A, 'previews/a'),
      stores.assets.remove(A),
      stores.documents.save(document()),
      stores.exports.put(exportRecord('1', NOW)),
      stores.exports.remove('1' as ExportId),
      stores.segments.put(segment('l', ['1']), new Blob(['data'])),
      stores.segments.touch('k', '1' as ExportId, NOW),
      stores.segments.remove('k'),
      stores.settings.set('theme', 'light'),
      stores.files.write('exports/1/out.mp4', new Blob(['other'])),
      stores.files.write('new', new Blob(['new'])),
    ];
    for (const write of writes) expect(await write).toMatchObject(refused);
    expect(await stores.segments.releaseExport('gone' as ExportId)).toBe(0);
    const cache = createSegmentCache(stores.segments, { iso: () => NOW } as Clock);
    expect(await cache.sweep(new Set(), 0)).toBe(0);
    expect(await cache.evict(1000, new Set())).toBe(0);
    expect(await cache.find('k', '1' as ExportId)).toMatchObject({ frames: 1 });
    await stores.files.remove('exports/orphan');
    await stores.log.append([
      { time: NOW, event: 'swept', jobId: null, durationMs: null, code: null, data: {} },
    ]);
    await stores.log.clear();
    stores.close();
    expect(await dumpDatabase(name)).toEqual(before);
  });

  it('reads as empty what it has no more, or has otherwise', async () => {
    const name = await upgraded((db, transaction) => {
      for (const store of ['documents', 'segments', 'log', 'sources', 'settings'] as const) {
        db.deleteObjectStore(store);
      }
      transaction.objectStore('exports').deleteIndex('byRow');
      transaction.objectStore('assets').deleteIndex('bySeq');
    });
    const stores = await open(name);
    expect(await stores.documents.load('p')).toEqual(okNull);
    expect(await stores.segments.get('k')).toBeNull();
    expect(await stores.segments.list()).toEqual([]);
    expect(await stores.log.list()).toEqual([]);
    expect(await stores.assets.source(A)).toBeNull();
    expect(await stores.settings.get('theme')).toBeUndefined();
    expect(await stores.assets.list()).toEqual([]);
    // The records are there still, and lists can be made without the index.
    expect((await stores.exports.list({ order: 'queue' })).exports.map((one) => one.id)).toEqual(['2', '1']);
    expect(await stores.exports.put(exportRecord('1', NOW))).toMatchObject(refused);
  });

  it('lets go of it when that build upgrades again', async () => {
    const name = await upgraded();
    const stores = await open(name);
    const db = await openDB(name, UPGRADE_STEPS.length + 2);
    expect(await stores.whenClosed).toBe('versionchange');
    db.close();
  });

  it('one that is deleted while it is opened does not come back empty', async () => {
    const [name, newerOne] = [freshName(), await upgraded()];
    // What opening finds: a version that is too new, and a moment later no database at all.
    const real = indexedDB.open.bind(indexedDB);
    indexedDB.open = (wanted, version) => (version === undefined ? real(wanted) : real(newerOne, version));
    try {
      expect(await openDatabase(name)).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    } finally {
      indexedDB.open = real;
    }
    expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
  });
});

describe('two tabs with two builds', () => {
  it('the older one lets go, its later writes fail, and what the newer one writes stays', async () => {
    const name = freshName();
    // The build before ours, open in a tab and in the middle of its work.
    const old = await connect(name, UPGRADE_STEPS.slice(0, 1));
    const oldSettings = createSettingsStore(old);
    expect(await oldSettings.set('theme', 'dark')).toEqual(okNull);
    const last = oldSettings.set('volume', 3);

    const now = await open(name);
    expect(now.readOnly).toBe(false);
    // What the older tab had begun was finished first.
    expect(await last).toEqual(okNull);
    expect(await old.whenClosed).toBe('versionchange');
    expect(old.closedBy()).toBe('versionchange');
    await now.exports.put(exportRecord('1', NOW));

    const oldExports = createExportStore(old, new Problems());
    expect(await oldExports.put(exportRecord('1', NOW, 'failed'))).toMatchObject(refused);
    expect(await oldExports.remove('1' as ExportId)).toMatchObject(refused);
    expect(await oldSettings.set('theme', 'light')).toMatchObject(refused);
    expect(await now.exports.get('1' as ExportId)).toMatchObject({ status: 'pending' });
    expect(await now.settings.get('theme')).toBe('dark');
    expect(await now.settings.get('volume')).toBe(3);

    // Opened again, the older build only reads.
    const again = await connect(name, UPGRADE_STEPS.slice(0, 1));
    expect(again.readOnly).toBe(true);
    expect(await createSettingsStore(again).get('theme')).toBe('dark');
    expect(await createSettingsStore(again).set('theme', 'light')).toMatchObject(refused);
  });

  it('a database that is deleted is not called upgraded', async () => {
    const name = freshName();
    const stores = await open(name);
    indexedDB.deleteDatabase(name);
    expect(await stores.whenClosed).toBe('deleted');
    expect(await stores.settings.set('theme', 'dark')).toMatchObject({
      ok: false,
      error: { code: 'storage_failed', reason: 'storage_unavailable', details: { by: 'deleted' } },
    });
  });
});
