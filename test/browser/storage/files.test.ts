import { describe, expect, it } from 'vitest';
import { createFileStore, type PrivateStorage } from '../../../src/runtime/storage/files.ts';
import { folderOf, pathParts } from '../../../src/runtime/storage/paths.ts';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { asset, freshName, open } from './helpers.ts';

const okNull = { ok: true, value: null };

/** Private storage in which the n-th piece that is written fails. */
function failing(after: number, error: DOMException): PrivateStorage {
  const wrap = (handle: FileSystemHandle): FileSystemHandle =>
    new Proxy(handle, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          const result: unknown = await Reflect.apply(value, target, args);
          if (result instanceof FileSystemHandle) return wrap(result);
          if (key !== 'createWritable') return result;
          const writable = result as FileSystemWritableFileStream;
          const write = writable.write.bind(writable);
          let count = 0;
          writable.write = async (data) => {
            count += 1;
            if (count > after) throw error;
            await write(data);
          };
          return writable;
        };
      },
    });
  return {
    getDirectory: async () => wrap(await navigator.storage.getDirectory()) as FileSystemDirectoryHandle,
    estimate: () => Promise.resolve({}),
  };
}

describe('files', () => {
  it('writes, opens, lists, removes', async () => {
    const name = freshName();
    const { files } = await open(name);
    expect(files.root).toBe(name);
    const progress: number[] = [];
    const data = new Blob([new Uint8Array(9_000_000).fill(7)]);
    expect(await files.write('exports/e1/out.mp4', data, { onProgress: (at) => progress.push(at) })).toEqual(
      okNull,
    );
    expect(await files.write('exports/e2/노트.csv', new Blob(['a,b']))).toEqual(okNull);
    expect(await files.write('exports/empty', new Blob([]))).toEqual(okNull);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const file = await files.open('exports/e1/out.mp4');
    expect(file?.size).toBe(9_000_000);
    expect(new Uint8Array((await file?.slice(-3).arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
      Uint8Array.of(7, 7, 7),
    );
    const list = (await files.list('exports')).toSorted((a, b) => (a.path < b.path ? -1 : 1));
    expect(list).toEqual([
      { path: 'exports/e1/out.mp4', bytes: 9_000_000 },
      { path: 'exports/e2/노트.csv', bytes: 3 },
      { path: 'exports/empty', bytes: 0 },
    ]);
    expect(await files.list('')).toHaveLength(3);
    expect(await files.list('nothing/here')).toEqual([]);
    await files.remove('exports/e1');
    await files.remove('exports/e1/out.mp4');
    await files.remove('never/was');
    expect(await files.open('exports/e1/out.mp4')).toBeNull();
    expect(await files.list('exports')).toHaveLength(2);
    expect(await files.free()).toBeGreaterThan(0);
  });

  it('a copy that fails leaves nothing, and leaves what was there as it was', async () => {
    const name = freshName();
    const { files } = await open(name);
    const data = new Blob([new Uint8Array(9_000_000)]);
    const full = createFileStore(name, failing(1, new DOMException('full', 'QuotaExceededError')));
    const quota = { ok: false, error: { code: 'quota_exceeded', reason: 'no_space' } };
    expect(await full.write('a/new', data)).toMatchObject(quota);
    expect(await files.open('a/new')).toBeNull();
    await files.write('a/old', new Blob(['before']));
    expect(await full.write('a/old', data)).toMatchObject(quota);
    expect(await (await files.open('a/old'))?.text()).toBe('before');
    expect(await files.list('')).toEqual([{ path: 'a/old', bytes: 6 }]);
  });

  it.each(['getDirectoryHandle', 'getFileHandle', 'createWritable', 'close'] as const)(
    'a disk that is full at %s leaves nothing',
    async (method) => {
      const name = freshName();
      const { files } = await open(name);
      const error = new DOMException('full', 'QuotaExceededError');
      const wrap = (target: object): object =>
        new Proxy(target, {
          get(real, key) {
            const value: unknown = Reflect.get(real, key, real);
            if (typeof value !== 'function') return value;
            return async (...args: unknown[]) => {
              const options = args[1] as { readonly create?: boolean } | undefined;
              const creates = key === 'createWritable' || key === 'close' || options?.create === true;
              if (key === method && creates) {
                if (key === 'close') await (real as FileSystemWritableFileStream).abort();
                throw error;
              }
              const result: unknown = await Reflect.apply(value, real, args);
              return result instanceof FileSystemHandle || result instanceof WritableStream
                ? wrap(result)
                : result;
            };
          },
        });
      const double: PrivateStorage = {
        getDirectory: async () => wrap(await navigator.storage.getDirectory()) as FileSystemDirectoryHandle,
        estimate: () => Promise.resolve({}),
      };
      expect(await createFileStore(name, double).write('a/new', new Blob(['data']))).toMatchObject({
        ok: false,
        error: { code: 'quota_exceeded', reason: 'no_space' },
      });
      expect(await files.list('')).toEqual([]);
    },
  );

  it('asks the browser to keep what there is, and answers what it said', async () => {
    const { files } = await open();
    expect(await files.persist()).toBe(await navigator.storage.persisted());
    const storage = { getDirectory: () => navigator.storage.getDirectory(), estimate: async () => ({}) };
    expect(await createFileStore('x', storage).persist()).toBe(false);
    expect(await createFileStore('x', { ...storage, persist: async () => true }).persist()).toBe(true);
    const broken = { ...storage, persist: () => Promise.reject(new Error('no')) };
    expect(await createFileStore('x', broken).persist()).toBe(false);
    expect(await createFileStore('x', storage).used()).toBeNull();
    expect(await createFileStore('x', { ...storage, estimate: async () => ({ usage: 7 }) }).used()).toBe(7);
  });

  it('files of assets that no record names leave after a day', async () => {
    const stores = await open();
    const { assets, files } = stores;
    await assets.put(asset('a'), { kind: 'copy', path: 'sources/a' }, null);
    await assets.put(asset('b'), { kind: 'link' }, null);
    await assets.setProxy('b' as AssetId, 'previews/b.mp4');
    const kept = ['sources/a', 'previews/b.mp4', 'exports/e/out.mp4'];
    for (const path of kept) await files.write(path, new Blob(['kept']));
    for (const path of ['sources/gone', 'sources/a.crswap', 'previews/gone.mp4']) {
      await files.write(path, new Blob(['orphan']));
    }
    const paths = async () => (await files.list('')).map((file) => file.path).sort();
    // One of them may be what another tab writes just now.
    expect(await stores.removeOrphans()).toBe(0);
    expect(await paths()).toHaveLength(6);
    expect(await stores.removeOrphans(Date.now() - 3_600_000)).toBe(0);
    expect(await stores.removeOrphans(Date.now() + 25 * 3_600_000)).toBe(18);
    expect(await paths()).toEqual(kept.toSorted());
  });

  it('a copy can be stopped', async () => {
    const { files } = await open();
    const stop = new AbortController();
    const result = await files.write('x', new Blob([new Uint8Array(20_000_000)]), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'aborted', reason: 'cancelled' } });
    expect(await files.write('x', new Blob(['y']), { signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
    });
    expect(await files.open('x')).toBeNull();
    expect(await files.list('')).toEqual([]);
  });

  it('a source that changed while it was read is not a failure of storage', async () => {
    const name = freshName();
    const { files } = await open(name);
    await files.write('source', new Blob([new Uint8Array(1000)]));
    const source = await files.open('source');
    await files.write('source', new Blob([new Uint8Array(2000)]));
    const result = await files.write('copy', source ?? new Blob());
    expect(result).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/media_changed|source_missing/) as string },
    });
    expect(await files.open('copy')).toBeNull();
  });

  it.each(['', '/', '../x', 'a/../../x', 'a//b', '/a', 'a/', './a', 'a\\b', 'a\u0000b'])(
    'has no path %j',
    async (path) => {
      const { files } = await open();
      expect(pathParts(path)).toBeNull();
      expect(await files.open(path)).toBeNull();
      expect(await files.write(path, new Blob(['x']))).toMatchObject({
        ok: false,
        error: { code: 'internal' },
      });
      await files.remove(path);
      expect(await files.list(path)).toEqual([]);
    },
  );

  it('the folder of a database is one folder, whatever the name', () => {
    expect(folderOf('reelkeep')).toBe('reelkeep');
    for (const name of ['', '.', '..', 'a/b', '../x', '한 글']) {
      expect(pathParts(folderOf(name))).toHaveLength(1);
    }
    expect(new Set(['', '.', '..', '%2E'].map(folderOf)).size).toBe(4);
  });

  it('without private storage there are no files and writing says why', async () => {
    for (const storage of [
      undefined,
      {
        getDirectory: () => Promise.reject(new DOMException('no', 'SecurityError')),
        estimate: () => Promise.reject(new Error('no')),
      },
    ]) {
      const files = createFileStore('x', storage);
      expect(await files.write('a', new Blob(['x']))).toMatchObject({
        ok: false,
        error: { reason: 'storage_unavailable' },
      });
      expect(await files.open('a')).toBeNull();
      expect(await files.list('')).toEqual([]);
      expect(await files.free()).toBeNull();
    }
  });
});
