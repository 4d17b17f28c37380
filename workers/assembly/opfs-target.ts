/** A file in private storage that the muxer writes into, at any position, as a stream. */
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';

/** A target and what to do with it at the end. */
export interface OpfsTarget {
  readonly target: StreamTarget;
  /** Makes what was written durable and closes the file. Answers its size. */
  close(): number;
  /** Closes and removes the file. */
  discard(): Promise<void>;
}

/** Size of the pieces that reach the disk: few calls, little memory. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Creates a file (and the folders on the way) and opens it for writing. */
export async function openOpfsTarget(path: string): Promise<OpfsTarget> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = parts.pop() ?? 'result';
  let folder = await navigator.storage.getDirectory();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  const file = await folder.getFileHandle(name, { create: true });
  const access = await file.createSyncAccessHandle();
  access.truncate(0);
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
