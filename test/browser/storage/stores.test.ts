import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import { DOCUMENT_VERSION } from '../../../src/core/schema/document.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import { asset, document, exportRecord, freshName, NOW, open, segment } from './helpers.ts';

const A = 'a' as AssetId;
const index: FrameIndex = {
  version: 1,
  timesUs: Float64Array.of(0, 33_367, 66_733),
  flags: Uint8Array.of(3, 0, 2),
  endUs: 100_100,
  complete: true,
};
const okNull = { ok: true, value: null };

/** Writes into the database as some other build might have. */
async function tamper(name: string, store: string, value: unknown, key?: string): Promise<void> {
  const db = await openDB(name);
  await db.put(store, value, key);
  db.close();
}

describe('assets', () => {
  it('keeps records, ways, posters, frame indexes and proxies over a reopen', async () => {
    const name = freshName();
    const before = await open(name);
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(`${name}.bin`, { create: true });
    const poster = new Blob(['picture'], { type: 'image/webp' });
    expect(await before.assets.put(asset('a'), { kind: 'handle', handle }, poster)).toEqual(okNull);
    expect(await before.assets.setFrameIndex(A, index)).toEqual(okNull);
    expect(await before.assets.setProxy(A, 'proxies/a.mp4')).toEqual(okNull);
    before.close();
    expect(await before.whenClosed).toBe('closed');

    const { assets, problems } = await open(name);
    expect(await assets.get(A)).toEqual(asset('a', { source: 'handle' }));
    expect(await assets.findByFingerprint('1000-a')).toMatchObject({ id: 'a' });
    expect(await assets.findByFingerprint('1000-b')).toBeNull();
    const source = await assets.source(A);
    expect(source?.kind === 'handle' && (await source.handle.isSameEntry(handle))).toBe(true);
    const read = await assets.poster(A);
    expect(read?.type).toBe('image/webp');
    expect(await read?.text()).toBe('picture');
    expect(await assets.frameIndex(A)).toEqual(index);
    expect((await assets.frameIndex(A))?.timesUs).toBeInstanceOf(Float64Array);
    expect(await assets.proxy(A)).toBe('proxies/a.mp4');
    expect(problems()).toEqual([]);
    await root.removeEntry(`${name}.bin`);
  });

  it('lists in the order of import, also when two came in the same millisecond', async () => {
    const { assets } = await open();
    for (const id of ['z', 'm', 'a']) await assets.put(asset(id), { kind: 'link' }, null);
    await assets.put(asset('z', { name: 'again' }), { kind: 'link' }, null);
    expect((await assets.list()).map((one) => one.id)).toEqual(['z', 'm', 'a']);
    expect((await assets.list())[0]?.name).toBe('again');
  });

  it('a new way is told in the record too; an asset that is gone gets nothing', async () => {
    const { assets } = await open();
    await assets.put(asset('a'), { kind: 'link' }, new Blob(['p']));
    await assets.setFrameIndex(A, index);
    expect(await assets.setSource(A, { kind: 'copy', path: 'sources/a' })).toEqual(okNull);
    expect(await assets.get(A)).toMatchObject({ source: 'copy' });
    expect(await assets.source(A)).toEqual({ kind: 'copy', path: 'sources/a' });
    // Importing again without a poster keeps the one that is there.
    await assets.put(asset('a'), { kind: 'link' }, null);
    expect(await (await assets.poster(A))?.text()).toBe('p');

    expect(await assets.remove(A)).toEqual(okNull);
    for (const left of [
      assets.get(A),
      assets.source(A),
      assets.poster(A),
      assets.frameIndex(A),
      assets.proxy(A),
    ]) {
      expect(await left).toBeNull();
    }
    const late = [
      assets.setFrameIndex(A, index),
      assets.setPoster(A, new Blob()),
      assets.setSource(A, { kind: 'link' }),
    ];
    for (const result of await Promise.all(late)) {
      expect(result).toMatchObject({ ok: false, error: { code: 'not_found', reason: 'unknown_asset' } });
    }
    expect(await assets.frameIndex(A)).toBeNull();
  });

  it('skips a record that it cannot read and says so', async () => {
    const name = freshName();
    const stores = await open(name);
    await stores.assets.put(asset('a'), { kind: 'link' }, null);
    await tamper(name, 'assets', { id: 'b', seq: 2, fingerprint: 'x', record: { version: 2, id: 'b' } });
    await tamper(name, 'assets', { id: 'c', seq: 3, fingerprint: 'x', record: null });
    await tamper(name, 'frameIndexes', { version: 1, timesUs: [1, 2] }, 'a');
    expect((await stores.assets.list()).map((one) => one.id)).toEqual(['a']);
    expect((await stores.assets.list()).map((one) => one.id)).toEqual(['a']);
    expect(await stores.assets.findByFingerprint('x')).toBeNull();
    expect(await stores.assets.frameIndex(A)).toBeNull();
    expect(stores.problems().map(({ store, key, reason }) => [store, key, reason])).toEqual([
      ['assets', 'b', 'newer_version'],
      ['assets', 'c', 'unreadable'],
      ['frameIndexes', 'a', 'unreadable'],
    ]);
    await stores.assets.put(asset('c'), { kind: 'link' }, null);
    expect(stores.problems()).toHaveLength(2);
  });
});

describe('documents', () => {
  it('round trip', async () => {
    const { documents } = await open();
    expect(await documents.load('p')).toEqual(okNull);
    expect(await documents.save(document())).toEqual(okNull);
    expect(await documents.load('p')).toEqual({ ok: true, value: document() });
  });

  it('a document of a newer build is neither read nor written over', async () => {
    const name = freshName();
    const { documents } = await open(name);
    const newer = { ...document(), version: DOCUMENT_VERSION + 1, chapters: [] };
    await tamper(name, 'documents', newer, 'p');
    expect(await documents.load('p')).toMatchObject({ ok: false, error: { reason: 'newer_version' } });
    expect(await documents.save(document())).toMatchObject({ ok: false, error: { reason: 'newer_version' } });
    const db = await openDB(name);
    expect(await db.get('documents', 'p')).toEqual(newer);
    db.close();
  });
});

describe('exports', () => {
  it('lists newest first, by status, in pages', async () => {
    const { exports } = await open();
    await exports.put(exportRecord('1', '2026-11-20T10:00:00.000Z', 'completed'));
    await exports.put(exportRecord('2', '2026-11-20T10:00:01.000Z', 'failed'));
    await exports.put(exportRecord('4', '2026-11-20T10:00:02.000Z'));
    await exports.put(exportRecord('3', '2026-11-20T10:00:02.000Z'));
    await exports.put(exportRecord('4', '2026-11-20T10:00:02.000Z', 'processing'));
    const ids = async (query: Parameters<typeof exports.list>[0]) => {
      const { exports: list, total } = await exports.list(query);
      return [list.map((one) => one.id).join(''), total];
    };
    expect(await ids({})).toEqual(['3421', 4]);
    expect(await ids({ limit: 2 })).toEqual(['34', 4]);
    expect(await ids({ limit: 2, offset: 3 })).toEqual(['1', 4]);
    expect(await ids({ limit: 0 })).toEqual(['', 4]);
    expect(await ids({ status: 'failed' })).toEqual(['2', 1]);
    expect(await ids({ status: ['pending', 'processing'], limit: 1 })).toEqual(['3', 2]);
    expect(await exports.remove('3' as ExportId)).toEqual(okNull);
    expect(await exports.get('3' as ExportId)).toBeNull();
    expect(await exports.get('4' as ExportId)).toMatchObject({ status: 'processing' });
    expect(await ids(undefined)).toEqual(['421', 3]);
  });

  it('skips a record of a newer build', async () => {
    const name = freshName();
    const { exports, problems } = await open(name);
    await exports.put(exportRecord('1', NOW));
    const row = { id: '2', seq: 2, createdAt: NOW, status: 'pending', record: { version: 2, id: '2' } };
    await tamper(name, 'exports', row);
    expect((await exports.list()).exports.map((one) => one.id)).toEqual(['1']);
    expect(problems()).toMatchObject([{ store: 'exports', key: '2', reason: 'newer_version' }]);
  });
});

describe('segments', () => {
  const E1 = 'e1' as ExportId;

  it('round trip, claims of several exports, release', async () => {
    const { segments } = await open();
    await segments.put(segment('k1', ['e1']), new Blob(['one!']));
    await segments.put(segment('k2', ['e1']), new Blob(['two!']));
    await segments.put(segment('k3', ['e2']), new Blob(['tri!']));
    // Another tab rendered the same: both claims stay.
    await segments.put(segment('k2', ['e2']), new Blob(['two!']));
    expect(await segments.touch('k3', E1, 'later')).toEqual(okNull);
    expect(await segments.touch('nothing', E1, 'later')).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    const read = await segments.get('k3');
    expect(read?.record).toEqual({ ...segment('k3', ['e2', 'e1']), usedAt: 'later' });
    expect(await read?.data.text()).toBe('tri!');

    expect(await segments.releaseExport(E1)).toBe(1);
    expect((await segments.list()).map((one) => [one.key, one.usedBy])).toEqual([
      ['k2', ['e2']],
      ['k3', ['e2']],
    ]);
    expect(await segments.get('k1')).toBeNull();
    expect(await segments.releaseExport(E1)).toBe(0);
    expect(await segments.remove('k2')).toEqual(okNull);
    expect(await segments.get('k2')).toBeNull();
  });

  it('keeps a large blob over a reopen', async () => {
    const name = freshName();
    const before = await open(name);
    const part = new Uint8Array(1 << 20).map((_, at) => at % 251);
    const big = new Blob(Array.from({ length: 48 }, () => part));
    expect(await before.segments.put(segment('big', ['e1']), big)).toEqual(okNull);
    before.close();
    const data = (await (await open(name)).segments.get('big'))?.data;
    expect(data?.size).toBe(48 << 20);
    const tail = new Uint8Array((await data?.slice(-part.length).arrayBuffer()) ?? new ArrayBuffer(0));
    expect(tail).toEqual(part);
  });
});

describe('settings', () => {
  it('round trip; a value that cannot be stored is a failure', async () => {
    const { settings } = await open();
    expect(await settings.get('studio')).toBeUndefined();
    expect(await settings.set('studio', { language: 'ko' })).toEqual(okNull);
    expect(await settings.get('studio')).toEqual({ language: 'ko' });
    expect(await settings.set('studio', () => 1)).toMatchObject({
      ok: false,
      error: { code: 'storage_failed' },
    });
    expect(await settings.get('studio')).toEqual({ language: 'ko' });
  });
});
