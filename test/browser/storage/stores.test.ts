import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import { DOCUMENT_VERSION } from '../../../src/core/schema/document.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import { EXPORT_VERSION, type ExportQuery } from '../../../src/core/schema/export.ts';
import type { LogEntry } from '../../../src/core/schema/log.ts';
import { rowOf } from '../../../src/runtime/storage/export-rows.ts';
import { createLogStore } from '../../../src/runtime/storage/log.ts';
import { asset, connect, document, exportRecord, freshName, NOW, open, segment } from './helpers.ts';

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

  it('lists by name, type, size and place in the queue; every order settles its ties', async () => {
    const { exports } = await open();
    const at = (second: number) => `2026-11-20T10:00:0${String(second)}.000Z`;
    await exports.put(exportRecord('a', at(1), 'completed', { name: 'Clip 10', bytes: 5, type: 'single' }));
    await exports.put(exportRecord('b', at(2), 'pending', { name: 'clip 2', order: 8 }));
    await exports.put(exportRecord('c', at(3), 'failed', { name: '경기'.normalize('NFD'), bytes: 9 }));
    // Made last by a clock that was set back.
    await exports.put(exportRecord('d', at(0), 'processing', { name: 'Straße', order: 2, type: 'single' }));
    const ids = async (query: ExportQuery) => {
      const { exports: list, total } = await exports.list(query);
      return `${list.map((one) => one.id).join('')} ${String(total)}`;
    };
    expect(await ids({ order: 'newest' })).toBe('dcba 4');
    expect(await ids({ order: 'oldest', limit: 3 })).toBe('abc 4');
    expect(await ids({ order: 'name' })).toBe('badc 4');
    expect(await ids({ order: 'largest', limit: 2 })).toBe('ca 4');
    expect(await ids({ order: 'queue' })).toBe('dbca 4');
    expect(await ids({ text: '경' })).toBe('c 1');
    expect(await ids({ text: 'CLIP', type: 'single' })).toBe('a 1');
    expect(await ids({ text: 'strasse', status: ['pending', 'processing'] })).toBe('d 1');
    // A changed record is found by what it is now.
    await exports.put(exportRecord('b', at(2), 'completed', { name: 'renamed', order: 8, bytes: 7 }));
    expect(await ids({ order: 'largest' })).toBe('cbad 4');
    expect(await ids({ text: 'clip' })).toBe('a 1');
  });

  it('skips a record of a newer build and does not write over it', async () => {
    const name = freshName();
    const { exports, problems } = await open(name);
    await exports.put(exportRecord('1', NOW));
    const record = { version: EXPORT_VERSION + 1, id: '2', createdAt: NOW, status: 'pending' };
    const row = { ...rowOf(record, { id: '2', seq: 2 }), record };
    await tamper(name, 'exports', row);
    expect((await exports.list()).exports.map((one) => one.id)).toEqual(['1']);
    expect(problems()).toMatchObject([{ store: 'exports', key: '2', reason: 'newer_version' }]);
    expect(await exports.put(exportRecord('2', NOW))).toMatchObject({
      ok: false,
      error: { reason: 'newer_version' },
    });
    const db = await openDB(name);
    expect(await db.get('exports', '2')).toEqual(row);
    db.close();
  });

  it('brings a record of version 1 up to date when it is read, and keeps it so when it is next written', async () => {
    const name = freshName();
    const { exports, problems } = await open(name);
    const { order, paused, pinned, origin, ...rest } = exportRecord('1', NOW, 'completed');
    await tamper(name, 'exports', { ...rowOf(rest, { id: '1', seq: 1 }), record: { ...rest, version: 1 } });
    const read = await exports.get('1' as ExportId);
    expect(read).toEqual({ ...exportRecord('1', NOW, 'completed'), order: Date.parse(NOW) });
    expect(await exports.put({ ...read!, pinned: true })).toEqual(okNull);
    const db = await openDB(name);
    expect(await db.get('exports', '1')).toMatchObject({ seq: 1, record: { version: 2, pinned: true } });
    db.close();
    expect(problems()).toEqual([]);
    expect([order, paused, pinned, origin]).toEqual([1, false, false, null]);
  });

  it.each([[null], ['text'], [{ version: 2 }], [{ ...exportRecord('9', NOW), files: 'none' }]])(
    'a broken record is a problem and not a throw: %j',
    async (record) => {
      const name = freshName();
      const { exports, problems } = await open(name);
      await exports.put(exportRecord('1', NOW));
      await tamper(name, 'exports', { ...rowOf(record, { id: '9', seq: 2 }), record });
      expect((await exports.list()).exports.map((one) => one.id)).toEqual(['1']);
      expect(await exports.get('9' as ExportId)).toBeNull();
      expect(problems()).toMatchObject([{ store: 'exports', key: '9', reason: 'unreadable' }]);
    },
  );
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
    expect(read?.record).toEqual({ ...segment('k3', ['e2', 'e1']), usedAt: 'later', use: 5 });
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

  it('counts uses in their order, whatever the clock says', async () => {
    const name = freshName();
    const { segments } = await open(name);
    const other = await open(name);
    await segments.put({ ...segment('a', ['e1']), usedAt: '2026-11-20T10:00:00.000Z' }, new Blob(['aaaa']));
    await segments.put({ ...segment('b', ['e1']), usedAt: '2026-11-20T10:00:01.000Z' }, new Blob(['bbbb']));
    // The clock is set back by an hour.
    await other.segments.put(
      { ...segment('c', ['e1']), usedAt: '2026-11-20T09:00:02.000Z' },
      new Blob(['cccc']),
    );
    await segments.touch('a', E1, '2026-11-20T09:00:03.000Z');
    const order = (await segments.list()).toSorted((x, y) => (x.use ?? 0) - (y.use ?? 0));
    expect(order.map((one) => one.key)).toEqual(['b', 'c', 'a']);
    expect(new Set(order.map((one) => one.use)).size).toBe(3);
  });

  it('removes listed ones at once, but none that was used since', async () => {
    const { segments } = await open();
    for (const key of ['a', 'b', 'c']) await segments.put(segment(key, ['e1']), new Blob(['data']));
    const listed = await segments.list();
    await segments.touch('b', E1, NOW);
    await segments.remove('c');
    expect(await segments.removeUnused(listed)).toBe(4);
    expect((await segments.list()).map((one) => one.key)).toEqual(['b']);
    expect(await segments.get('a')).toBeNull();
    expect(await (await segments.get('b'))?.data.text()).toBe('data');
    expect(await segments.removeUnused([])).toBe(0);
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

describe('log', () => {
  const entry = (durationMs: number, more: Partial<LogEntry> = {}): LogEntry => ({
    time: NOW,
    event: 'step_ended',
    jobId: 'export_1',
    durationMs,
    code: null,
    data: { engine: 'webcodecs', frames: 25, reused: false, rung: null },
    ...more,
  });
  const durations = async (log: { list(): Promise<readonly LogEntry[]> }) =>
    (await log.list()).map((one) => one.durationMs);

  it('keeps the newest, in order, over a reopen', async () => {
    const name = freshName();
    const before = await open(name);
    expect(await before.log.list()).toEqual([]);
    await before.log.append([entry(1), entry(2)]);
    await before.log.append([]);
    await before.log.append([entry(3)]);
    before.close();
    const { log } = await open(name);
    expect(await log.list()).toEqual([entry(1), entry(2), entry(3)]);
    await log.clear();
    expect(await log.list()).toEqual([]);
    await log.append([entry(4)]);
    expect(await durations(log)).toEqual([4]);
  });

  it('is a ring', async () => {
    const log = createLogStore(await connect(freshName()), 4);
    await log.append([entry(1), entry(2), entry(3)]);
    await log.append([entry(4), entry(5), entry(6)]);
    expect(await durations(log)).toEqual([3, 4, 5, 6]);
    await log.append([7, 8, 9, 10, 11, 12].map((one) => entry(one)));
    expect(await durations(log)).toEqual([9, 10, 11, 12]);
    await log.clear();
    await log.append([entry(13)]);
    expect(await durations(log)).toEqual([13]);
    await log.append([14, 15, 16, 17].map((one) => entry(one)));
    expect(await durations(log)).toEqual([14, 15, 16, 17]);
  });

  it('takes in nothing that does not fit its shape, and never throws', async () => {
    const name = freshName();
    const { log, close } = await open(name);
    const hostile = [
      entry(1, { data: { name: 'Wedding of Anna and Ben.mp4' } }),
      entry(2, { data: { '경기 결과': 1 } }),
      { ...entry(3), comment: 'a secret' },
      { ...entry(4), event: 'gossip' },
      { ...entry(5), time: 'yesterday' },
      entry(6, { data: { run: (() => 1) as unknown as number } }),
      null,
    ] as LogEntry[];
    await log.append([...hostile, entry(7)]);
    expect(await durations(log)).toEqual([7]);
    await tamper(name, 'log', { ...entry(8), event: 'of_a_newer_build' });
    expect(await durations(log)).toEqual([7]);
    close();
    await log.append([entry(9)]);
    expect(await log.list()).toEqual([]);
    await log.clear();
  });
});
