/** A file in private storage that the muxer writes into, at any position, as a stream. */
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';

/** A target and what to do with it at the end. */
export interface OpfsTarget {
  readonly target: StreamTarget;
  /** Changes bytes that were written, once the target has been finished. */
  overwrite(data: Uint8Array<ArrayBuffer>, position: number): void;
  /** Makes what was written durable and closes the file. Answers its size. */
  close(): number;
  /** Closes and removes the file. */
  discard(): Promise<void>;
}

/** Size of the pieces that reach the disk: few calls, little memory. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Opens a file and empties it; leaves none behind where that fails: a full disk may refuse even that. */
async function openEmpty(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemSyncAccessHandle> {
  const file = await folder.getFileHandle(name, { create: true });
  let access: FileSystemSyncAccessHandle | null = null;
  try {
    access = await file.createSyncAccessHandle();
    access.truncate(0);
    return access;
  } catch (cause) {
    access?.close();
    await folder.removeEntry(name).catch(() => undefined);
    throw cause;
  }
}

/** Creates a file (and the folders on the way) and opens it for writing. */
export async function openOpfsTarget(path: string): Promise<OpfsTarget> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = parts.pop() ?? 'result';
  let folder = await navigator.storage.getDirectory();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  const access = await openEmpty(folder, name);
  const writable = new WritableStream<StreamTargetChunk>({
    write({ data, position }) {
      const written = access.write(data, { at: position });
      // A full disk may also show as a short write.
      if (written < data.byteLength) throw new DOMException('The disk is full.', 'QuotaExceededError');
    },
  });
  let open = true;
  const shut = (): void => {
    if (open) access.close();
    open = false;
  };
  return {
    target: new StreamTarget(writable, { chunked: true, chunkSize: CHUNK_BYTES }),
    overwrite(data, position) {
      access.write(data, { at: position });
    },
    close() {
      access.flush();
      const bytes = access.getSize();
      shut();
      return bytes;
    },
    async discard() {
      shut();
      await folder.removeEntry(name).catch(() => undefined);
    },
  };
}
