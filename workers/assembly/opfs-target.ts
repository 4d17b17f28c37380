/** A file in private storage that the muxer writes into, at any position, as a stream. */
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';
import { openEmptyFile, opfsFolder, pathParts, writeAll } from '../shared/opfs-file.ts';

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

/** Creates a file (and the folders on the way) and opens it for writing. */
export async function openOpfsTarget(path: string): Promise<OpfsTarget> {
  const parts = pathParts(path);
  const name = parts.pop() ?? 'result';
  const { access, remove } = await openEmptyFile(await opfsFolder(parts), name);
  const writable = new WritableStream<StreamTargetChunk>({
    write({ data, position }) {
      writeAll(access, data, position);
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
      await remove();
    },
  };
}
