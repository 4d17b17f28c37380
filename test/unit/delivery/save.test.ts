import { describe, expect, it } from 'vitest';
import {
  download,
  saveAllOrDownload,
  saveWithPicker,
  type DownloadPage,
  type FolderPicker,
  type SavePicker,
} from '../../../src/runtime/delivery/save.ts';

const blob = new Blob([new Uint8Array(300_000).fill(7)], { type: 'video/mp4' });
const types = [{ description: 'Video', accept: { 'video/mp4': ['.mp4' as const] } }];

/** A file that was picked: what is in it counts only once it is closed. */
function picked(fail?: { readonly after: number; readonly error: Error }) {
  const file = { bytes: 0, saved: false, aborted: false, asked: '' };
  const picker: SavePicker = (options) => {
    file.asked = options.suggestedName;
    return Promise.resolve({
      createWritable: () =>
        Promise.resolve(
          new WritableStream<Uint8Array>({
            write(chunk) {
              if (fail !== undefined && file.bytes >= fail.after) throw fail.error;
              file.bytes += chunk.byteLength;
            },
            close: () => void (file.saved = true),
            abort: () => void (file.aborted = true),
          }) as FileSystemWritableFileStream,
        ),
    });
  };
  return { file, picker };
}

const refusing =
  (name: string): SavePicker =>
  () =>
    Promise.reject(new DOMException('no', name));

describe('saveWithPicker', () => {
  it('streams to the chosen file', async () => {
    const { file, picker } = picked();
    const progress: number[] = [];
    const result = await saveWithPicker(blob, '경기.mp4', types, {
      picker,
      onProgress: (at) => progress.push(at),
    });
    expect(result).toEqual({ ok: true, value: 'saved' });
    expect(file).toEqual({ bytes: 300_000, saved: true, aborted: false, asked: '경기.mp4' });
    expect(progress.at(-1)).toBe(1);
  });

  it.each([
    ['AbortError', 'dismissed'],
    ['SecurityError', 'unavailable'],
    ['NotAllowedError', 'unavailable'],
  ])('a dialog that ends with %s is %s', async (name, value) => {
    expect(await saveWithPicker(blob, 'a.mp4', types, { picker: refusing(name) })).toEqual({
      ok: true,
      value,
    });
  });

  it('without a dialog it says so', async () => {
    expect(await saveWithPicker(blob, 'a.mp4', types)).toEqual({ ok: true, value: 'unavailable' });
  });

  it('a full disk is quota_exceeded, and the file is left as it was', async () => {
    const { file, picker } = picked({ after: 0, error: new DOMException('full', 'QuotaExceededError') });
    const result = await saveWithPicker(blob, 'a.mp4', types, { picker });
    expect(result).toMatchObject({ ok: false, error: { code: 'quota_exceeded', reason: 'no_space' } });
    expect(file.saved).toBe(false);
  });

  it('can be stopped', async () => {
    const { file, picker } = picked();
    const stop = new AbortController();
    const options = { picker, signal: stop.signal, onProgress: () => stop.abort() };
    expect(await saveWithPicker(blob, 'a.mp4', types, options)).toMatchObject({
      ok: false,
      error: { code: 'aborted' },
    });
    expect(file).toMatchObject({ saved: false, aborted: true });
  });

  it('a failing dialog or place is a failure', async () => {
    const broken = await saveWithPicker(blob, 'a.mp4', types, { picker: refusing('InvalidStateError') });
    expect(broken).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    const { picker } = picked({ after: 0, error: new DOMException('gone', 'NotFoundError') });
    expect(await saveWithPicker(blob, 'a.mp4', types, { picker })).toMatchObject({
      ok: false,
      error: { code: 'storage_failed' },
    });
    const refused = picked({ after: 0, error: new DOMException('no', 'NotAllowedError') });
    expect(await saveWithPicker(blob, 'a.mp4', types, { picker: refused.picker })).toEqual({
      ok: true,
      value: 'dismissed',
    });
  });
});

/** A folder that a person picked, and what is written into it. */
function folder(there: readonly string[]): {
  readonly written: Map<string, string>;
  readonly picker: FolderPicker;
} {
  const written = new Map<string, string>();
  const picker = (() =>
    Promise.resolve({
      async *keys() {
        yield* there;
      },
      getFileHandle: (name: string) => {
        const pieces: Uint8Array[] = [];
        return Promise.resolve({
          createWritable: () =>
            Promise.resolve(
              new WritableStream<Uint8Array>({
                write(piece) {
                  pieces.push(piece);
                },
                close() {
                  written.set(name, Buffer.concat(pieces).toString());
                },
              }),
            ),
        });
      },
    })) as unknown as FolderPicker;
  return { written, picker };
}

describe('several files', () => {
  const files = [
    { name: 'Reel.001.zip', blob: new Blob(['one']) },
    { name: 'Reel.002.zip', blob: new Blob(['two']) },
  ];

  it('go into a folder that the person picks, each under its own name', async () => {
    const { written, picker } = folder([]);
    expect(await saveAllOrDownload(files, { picker })).toEqual({ ok: true, value: 'saved' });
    expect([...written]).toEqual([
      ['Reel.001.zip', 'one'],
      ['Reel.002.zip', 'two'],
    ]);
  });

  it('never replace what is in the folder', async () => {
    const { written, picker } = folder(['reel.001.ZIP']);
    await saveAllOrDownload(files, { picker });
    expect([...written.keys()]).toEqual(['Reel.001 (2).zip', 'Reel.002.zip']);
  });

  it('are not saved when the person thinks better of it', async () => {
    const picker = (() => Promise.reject(new DOMException('no', 'AbortError'))) as FolderPicker;
    expect(await saveAllOrDownload(files, { picker })).toEqual({ ok: true, value: 'dismissed' });
  });

  it('are downloaded one by one where there is no such dialog', async () => {
    const names: string[] = [];
    const anchor = {
      download: '',
      style: {},
      click: () => names.push(anchor.download),
      remove: () => undefined,
    };
    const page = {
      document: { createElement: () => anchor, body: { append: () => undefined } },
      URL: { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined },
      setTimeout: () => 0,
    } as unknown as DownloadPage;
    expect(await saveAllOrDownload(files, { picker: undefined, page })).toEqual({
      ok: true,
      value: 'downloaded',
    });
    expect(names).toEqual(['Reel.001.zip', 'Reel.002.zip']);
  });

  it('say so when the folder cannot be written', async () => {
    const picker = (() =>
      Promise.resolve({
        async *keys() {
          yield* [];
        },
        getFileHandle: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
      })) as unknown as FolderPicker;
    expect(await saveAllOrDownload(files, { picker })).toMatchObject({
      ok: false,
      error: { code: 'storage_failed' },
    });
  });
});

describe('download', () => {
  it('clicks an anchor that is in the page and lets the address go later', () => {
    const log: string[] = [];
    const anchor = {
      href: '',
      download: '',
      rel: '',
      style: { display: '' },
      click: () => log.push(`click ${anchor.download} ${anchor.href}`),
      remove: () => log.push('remove'),
    };
    const later: (() => void)[] = [];
    const page = {
      document: { createElement: () => anchor, body: { append: () => log.push('append') } },
      URL: { createObjectURL: () => 'blob:1', revokeObjectURL: (url: string) => log.push(`revoke ${url}`) },
      setTimeout: (run: () => void) => later.push(run),
    } as unknown as DownloadPage;
    download(blob, 'a.mp4', page);
    expect(log).toEqual(['append', 'click a.mp4 blob:1', 'remove']);
    later.forEach((run) => {
      run();
    });
    expect(log.at(-1)).toBe('revoke blob:1');
  });
});
