/** Files in private storage (OPFS), below the database's own folder. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { FileStore } from '../contract/stores.ts';
import { errorName, notAborted, storageFailure } from './failures.ts';
import { folderOf, pathParts } from './paths.ts';
import { readOnlyFailure } from './transactions.ts';

/** How much of a copy is in memory at a time. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** Errors of removing what is not there: it is removed. */
const GONE: ReadonlySet<string> = new Set(['NotFoundError', 'TypeMismatchError']);

/** Errors of removing what somebody else is at: another removal of the same, or a worker that still has the file open. */
const HELD: ReadonlySet<string> = new Set(['NoModificationAllowedError', 'InvalidModificationError']);

/** How long it is waited before what is held is removed once more, milliseconds: a worker that is being ended lets go soon. */
const HELD_PAUSES_MS = [20, 60, 120, 300, 600, 1000, 1500] as const;

/** What of `navigator.storage` is used; tests put in a full disk. */
export interface PrivateStorage {
  getDirectory(): Promise<FileSystemDirectoryHandle>;
  estimate(): Promise<StorageEstimate>;
  persist?(): Promise<boolean>;
}

/**
 * Makes the file store. It never fails to be made: where the browser has no private storage, there are no files
 * and writing fails with `storage_unavailable`. `readOnly`: the database is one of a newer build, whose files stay as they are.
 */
export function createFileStore(
  databaseName: string,
  storage: PrivateStorage | undefined,
  readOnly = false,
): FileStore {
  const root = folderOf(databaseName);

  const folder = async (parts: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> => {
    if (storage === undefined) throw new DOMException('There is no private storage.', 'NotSupportedError');
    let at = await (await storage.getDirectory()).getDirectoryHandle(root, { create });
    for (const part of parts) at = await at.getDirectoryHandle(part, { create });
    return at;
  };

  const open = async (path: string): Promise<File | null> => {
    const parts = pathParts(path);
    const name = parts?.at(-1);
    if (parts === null || name === undefined) return null;
    try {
      const handle = await (await folder(parts.slice(0, -1), false)).getFileHandle(name);
      return await handle.getFile();
    } catch {
      return null;
    }
  };

  const estimate = async (): Promise<StorageEstimate> => {
    try {
      return (await storage?.estimate()) ?? {};
    } catch {
      return {};
    }
  };

  return {
    root,
    open,

    async write(path, data, options = {}) {
      const parts = pathParts(path);
      const name = parts?.at(-1);
      if (parts === null || name === undefined) {
        return err(failure('internal', 'unexpected', `"${path}" is not a path in private storage.`));
      }
      if (readOnly) return err(readOnlyFailure());
      if (options.signal?.aborted === true) return err(cancelled());
      let parent: FileSystemDirectoryHandle;
      let existed: boolean;
      let handle: FileSystemFileHandle;
      try {
        parent = await folder(parts.slice(0, -1), true);
        existed = await has(parent, name);
        handle = await parent.getFileHandle(name, { create: true });
      } catch (error) {
        return err(storageFailure(error, { path }));
      }
      const written = await copyInto(handle, data, options);
      // An unfinished copy never becomes the file; but a new file is there, empty, since it was opened for writing.
      if (!written.ok && !existed) await parent.removeEntry(name).catch(() => undefined);
      return written;
    },

    async remove(path) {
      const parts = pathParts(path);
      const name = parts?.at(-1);
      // What is no path, or lies in no storage, is not there.
      if (parts === null || name === undefined || storage === undefined) return ok(null);
      if (readOnly) return err(readOnlyFailure());
      for (let tries = 0; ; tries += 1) {
        try {
          const parent = await folder(parts.slice(0, -1), false);
          await parent.removeEntry(name, { recursive: true });
          return ok(null);
        } catch (error) {
          if (GONE.has(errorName(error))) return ok(null);
          const pauseMs = HELD_PAUSES_MS[tries];
          if (!HELD.has(errorName(error)) || pauseMs === undefined) {
            return err(notAborted(storageFailure(error, { path })));
          }
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
    },

    async removeEmptyFolders(path) {
      const parts = pathParts(path);
      if (parts === null || readOnly) return;
      try {
        await sweepEmpty(await folder(parts, false));
      } catch {
        // A folder that is not there has none below it.
      }
    },

    async list(path) {
      const parts = path === '' ? [] : pathParts(path);
      if (parts === null) return [];
      const found: { path: string; bytes: number }[] = [];
      try {
        await walk(await folder(parts, false), path === '' ? '' : `${path}/`, found);
      } catch {
        // A folder that is not there has no files.
      }
      return found;
    },

    async free() {
      const { quota, usage } = await estimate();
      return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
    },

    async used() {
      return (await estimate()).usage ?? null;
    },

    async persist() {
      // Some browsers ask the person, others decide by themselves; asking again when it is so already changes nothing.
      try {
        return (await storage?.persist?.()) ?? false;
      } catch {
        return false;
      }
    },
  };
}

async function has(parent: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await parent.getFileHandle(name);
    return true;
  } catch {
    return false;
  }
}

async function sweepEmpty(from: FileSystemDirectoryHandle): Promise<void> {
  const folders: (readonly [string, FileSystemDirectoryHandle])[] = [];
  for await (const [name, handle] of from.entries())
    if (handle.kind === 'directory') folders.push([name, handle]);
  for (const [name, handle] of folders) {
    await sweepEmpty(handle);
    // The browser itself refuses where there is something in it, also what came just now.
    await from.removeEntry(name).catch(() => undefined);
  }
}

async function walk(
  from: FileSystemDirectoryHandle,
  prefix: string,
  found: { path: string; bytes: number }[],
): Promise<void> {
  for await (const [name, handle] of from.entries()) {
    if (handle.kind === 'directory') {
      await walk(handle, `${prefix}${name}/`, found);
      continue;
    }
    try {
      found.push({ path: prefix + name, bytes: (await handle.getFile()).size });
    } catch {
      // Removed, or being written by a worker that holds it, since the folder was read.
    }
  }
}

/** Copies slice by slice: memory does not depend on the size, and reading and writing errors are told apart. */
async function copyInto(
  handle: FileSystemFileHandle,
  data: Blob,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void },
): Promise<Result<null, Failure>> {
  let writable: FileSystemWritableFileStream;
  try {
    writable = await handle.createWritable();
  } catch (error) {
    return err(storageFailure(error));
  }
  const stop = async (problem: Failure): Promise<Result<null, Failure>> => {
    await writable.abort().catch(() => undefined);
    return err(problem);
  };
  for (let at = 0; at < data.size; at += SLICE_BYTES) {
    if (options.signal?.aborted === true) return stop(cancelled());
    let bytes: ArrayBuffer;
    try {
      bytes = await data.slice(at, at + SLICE_BYTES).arrayBuffer();
    } catch (error) {
      return stop(readFailure(error));
    }
    try {
      await writable.write(bytes);
    } catch (error) {
      return stop(storageFailure(error));
    }
    options.onProgress?.(Math.min(1, (at + bytes.byteLength) / data.size));
  }
  if (options.signal?.aborted === true) return stop(cancelled());
  try {
    await writable.close();
  } catch (error) {
    return stop(storageFailure(error));
  }
  return ok(null);
}

function cancelled(): Failure {
  return failure('aborted', 'cancelled', 'Copying was stopped.');
}

/** The file that is copied was changed or removed on the person's disk while it was read. */
function readFailure(error: unknown): Failure {
  const details = { error: errorName(error) };
  return errorName(error) === 'NotFoundError'
    ? failure('source_missing', 'source_missing', 'The file is not where it was.', details)
    : failure('media_changed', 'source_changed', 'The file could not be read: it has changed.', details);
}
