/** Removing what somebody else is at: another removal, or a writer that has not let go yet. */
import { afterEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../../src/runtime/storage/files.ts';
import { freshName, open } from './helpers.ts';

const okNull = { ok: true, value: null };
const workers: Worker[] = [];

afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

/** A worker that has a file open for writing, as those that write exports do; it never closes it by itself. */
async function writer(root: string, folders: readonly string[], name: string): Promise<Worker> {
  const code = `onmessage = async ({ data: { folders, name } }) => {
    let at = await navigator.storage.getDirectory();
    for (const folder of folders) at = await at.getDirectoryHandle(folder, { create: true });
    const handle = await at.getFileHandle(name, { create: true });
    self.open = await handle.createSyncAccessHandle();
    self.open.write(new Uint8Array(10));
    postMessage('open');
  }`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  workers.push(worker);
  await new Promise((resolve) => {
    worker.onmessage = resolve;
    worker.postMessage({ folders: [root, ...folders], name });
  });
  return worker;
}

describe('removing', () => {
  it('what another removal is at, is fine, whoever was first', async () => {
    const { files } = await open();
    for (let round = 0; round < 10; round += 1) {
      for (let n = 0; n < 20; n += 1) await files.write(`exports/e/parts/${String(n)}`, new Blob(['data']));
      const all = Array.from({ length: 8 }, (_, n) =>
        files.remove(n % 2 === 0 ? 'exports/e' : 'exports/e/parts'),
      );
      expect(await Promise.all(all)).toEqual(all.map(() => okNull));
      expect(await files.list('exports')).toEqual([]);
    }
  });

  it('waits for a worker that is being ended', async () => {
    const { files } = await open();
    const worker = await writer(files.root, ['exports', 'e'], 'out.mp4');
    setTimeout(() => {
      worker.terminate();
    }, 500);
    expect(await files.remove('exports/e/out.mp4')).toEqual(okNull);
    expect(await files.open('exports/e/out.mp4')).toBeNull();
  });

  it('of a file that is written and stays so fails as storage, with the place', async () => {
    const { files } = await open();
    const worker = await writer(files.root, ['exports', 'e'], 'out.mp4');
    const held = { ok: false, error: { code: 'storage_failed', reason: 'storage_unavailable' } };
    const [file, folder] = await Promise.all([files.remove('exports/e/out.mp4'), files.remove('exports/e')]);
    expect(file).toMatchObject({ ...held, error: { details: { path: 'exports/e/out.mp4' } } });
    expect(folder).toMatchObject(held);
    worker.terminate();
    expect(await files.remove('exports/e')).toEqual(okNull);
  });

  it('in the folder of a newer build removes nothing and says so', async () => {
    const name = freshName();
    const { files } = await open(name);
    await files.write('exports/e/out.mp4', new Blob(['data']));
    const newer = createFileStore(name, navigator.storage, true);
    expect(await newer.remove('exports/e')).toMatchObject({ ok: false, error: { reason: 'newer_version' } });
    await newer.removeEmptyFolders('exports');
    expect(await files.list('exports')).toHaveLength(1);
  });

  it('takes folders without a file, and none with one', async () => {
    const name = freshName();
    const { files } = await open(name);
    await files.write('exports/e/zip-1/out.zip', new Blob(['data']));
    await files.write('exports/e/parts/deep/1.mp4', new Blob(['data']));
    await files.remove('exports/e/parts/deep/1.mp4');
    await files.removeEmptyFolders('exports/e');
    await files.removeEmptyFolders('never/was');
    const exports = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    const folder = await (await exports.getDirectoryHandle('exports')).getDirectoryHandle('e');
    const names = [];
    for await (const [each] of folder.entries()) names.push(each);
    expect(names).toEqual(['zip-1']);
    expect(await files.list('exports')).toEqual([{ path: 'exports/e/zip-1/out.zip', bytes: 4 }]);
  });
});
