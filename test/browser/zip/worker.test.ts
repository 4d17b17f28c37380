/** The ZIP worker, writing into real private storage. */
import { BlobReader, ZipReader } from '@zip.js/zip.js';
import { proxy } from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateAssets } from '../../../src/app/assets.ts';
import type { ZipOutcome, ZipRequest, ZipWorkerApi } from '../../../src/runtime/contract/zip.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';

const DATE = '2026-02-03T04:05:06.000Z';
let root = '';
let pool: WorkerPool<ZipWorkerApi>;

beforeEach(() => {
  root = `zip-${crypto.randomUUID()}`;
  const assets = locateAssets(undefined);
  pool = new WorkerPool<ZipWorkerApi>({ name: 'zip', size: 1, spawn: () => assets.spawn('zip') });
});

afterEach(async () => {
  pool.dispose();
  const storage = await navigator.storage.getDirectory();
  await storage.removeEntry(root, { recursive: true }).catch(() => undefined);
});

async function fileOf(name: string): Promise<File> {
  const storage = await navigator.storage.getDirectory();
  const folder = await (await storage.getDirectoryHandle(root)).getDirectoryHandle('packed');
  return (await folder.getFileHandle(name)).getFile();
}

async function namesThere(): Promise<string[]> {
  const storage = await navigator.storage.getDirectory();
  const folder = await (await storage.getDirectoryHandle(root)).getDirectoryHandle('packed');
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.sort();
}

async function pack(
  entries: ZipRequest['entries'],
  more: Partial<ZipRequest> = {},
): Promise<{ readonly outcome: ZipOutcome; readonly heard: readonly number[] }> {
  const heard: number[] = [];
  const result = await pool.call((api) =>
    api.pack(
      { folder: `${root}/packed`, name: '결승전.zip', entries, date: DATE, ...more },
      proxy((fraction: number) => void heard.push(fraction)),
    ),
  );
  if (!result.ok) throw new Error(result.error.message);
  return { outcome: result.value, heard };
}

const random = (length: number): Blob => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let left = length; left > 0; left -= 65_536)
    pieces.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536))));
  return new Blob(pieces);
};
const hash = async (blob: Blob): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))].join();

describe('the ZIP worker', () => {
  it('writes files of which each is a slice of the ZIP', async () => {
    const entries = [
      { name: '01_골.mp4', data: random(100_000) },
      { name: '02_empty.mp4', data: new Blob([]) },
      { name: '03_long.mp4', data: random(20 * 1024 * 1024 + 7) },
    ];
    const { outcome, heard } = await pack(entries);
    const zip = await fileOf('결승전.zip');
    expect(zip.size).toBe(outcome.bytes);
    const listed = await new ZipReader(new BlobReader(zip), { useWebWorkers: false }).getEntries();
    expect(listed.map(({ filename, uncompressedSize }) => [filename, uncompressedSize])).toEqual(
      entries.map(({ name, data }) => [name, data.size]),
    );
    for (const [n, { at, bytes }] of outcome.entries.entries())
      expect(await hash(zip.slice(at, at + bytes))).toBe(await hash(entries[n]?.data ?? new Blob(['?'])));
    expect(heard.at(-1)).toBe(1);
    expect([...heard].sort((a, b) => a - b)).toEqual(heard);
  });

  it('takes files out of one ZIP into the next', async () => {
    const data = random(50_000);
    const first = await pack([{ name: '01_a.mp4', data }]);
    const place = first.outcome.entries[0];
    if (place === undefined) throw new Error('no entry');
    const old = await fileOf('결승전.zip');
    const kept = old.slice(place.at, place.at + place.bytes);
    const { outcome } = await pack(
      [
        { name: '01_a.mp4', data: kept },
        { name: '02_b.mp4', data: random(10) },
      ],
      { name: 'next.zip' },
    );
    const at = outcome.entries[0]?.at ?? 0;
    expect(await hash((await fileOf('next.zip')).slice(at, at + data.size))).toBe(await hash(data));
  });

  it('writes what was there before anew', async () => {
    await pack([{ name: 'longer.mp4', data: random(100_000) }]);
    const { outcome } = await pack([{ name: 'short.mp4', data: random(1000) }]);
    expect((await fileOf('결승전.zip')).size).toBe(outcome.bytes);
    expect(outcome.bytes).toBeLessThan(2000);
    expect(await namesThere()).toEqual(['결승전.zip']);
  });

  it('packs many small files, the same bytes each time', async () => {
    const entries = Array.from({ length: 1000 }, (_, n) => ({ name: `${String(n)}.mp4`, data: random(n) }));
    const once = await pack(entries, { name: 'one.zip' });
    expect(once.outcome.entries).toHaveLength(1000);
    await pack(entries, { name: 'other.zip' });
    expect(await hash(await fileOf('one.zip'))).toBe(await hash(await fileOf('other.zip')));
  });

  it('leaves nothing when it fails', async () => {
    // A file that is gone from disk when its turn comes.
    const storage = await navigator.storage.getDirectory();
    const handle = await storage.getFileHandle(`${root}.mp4`, { create: true });
    const writable = await handle.createWritable();
    await writable.write(random(1000));
    await writable.close();
    const gone = await handle.getFile();
    await storage.removeEntry(`${root}.mp4`);
    const result = await pool.call((api) =>
      api.pack(
        {
          folder: `${root}/packed`,
          name: 'a.zip',
          entries: [
            { name: '1.mp4', data: random(1000) },
            { name: '2.mp4', data: gone },
          ],
          date: DATE,
        },
        proxy(() => undefined),
      ),
    );
    expect(result).toMatchObject({ ok: false, error: { reason: 'storage_unavailable' } });
    expect(await namesThere()).toEqual([]);
  });
});

describe('sums of files', () => {
  const summed = async (files: readonly Blob[], heard: number[] = []): Promise<readonly string[]> => {
    const result = await pool.call((api) =>
      api.digest(
        files,
        proxy((fraction: number) => void heard.push(fraction)),
      ),
    );
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  const hex = async (file: Blob): Promise<string> =>
    [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');

  it('are those of the whole, of files that are read at once and of those that are read in pieces', async () => {
    // The last is larger than what is read at once, and no multiple of a piece.
    const files = [new Blob([]), random(1000), random(21 * 1024 * 1024 + 13)];
    const heard: number[] = [];
    expect(await summed(files, heard)).toEqual(await Promise.all(files.map(hex)));
    expect(heard.at(-1)).toBe(1);
    expect([...heard].sort((a, b) => a - b)).toEqual(heard);
  });
});
