/** Where a file is written to that becomes a Blob: it need not stay in the worker's memory. */
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';

interface Patch {
  readonly position: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Collects what a muxer writes, in any order. */
export class BlobTarget {
  readonly target: StreamTarget;
  readonly #parts: Blob[] = [];
  readonly #patches: Patch[] = [];
  #length = 0;

  constructor() {
    const writable = new WritableStream<StreamTargetChunk>({
      write: ({ data, position }) => {
        this.#write(data, position);
      },
    });
    this.target = new StreamTarget(writable, { chunked: true, chunkSize: 1 << 20 });
  }

  #write(data: Uint8Array<ArrayBuffer>, position: number): void {
    if (position > this.#length) this.#append(new Uint8Array(position - this.#length));
    const before = Math.min(data.byteLength, this.#length - position);
    if (before > 0) this.#patches.push({ position, data: data.slice(0, before) });
    if (before < data.byteLength) this.#append(data.subarray(before));
  }

  #append(data: Uint8Array<ArrayBuffer>): void {
    this.#parts.push(new Blob([data]));
    this.#length += data.byteLength;
  }

  /** The file, when the muxer has ended. */
  blob(type: string): Blob {
    let whole = new Blob(this.#parts);
    for (const { position, data } of this.#patches) {
      whole = new Blob([whole.slice(0, position), data, whole.slice(position + data.byteLength)]);
    }
    return new Blob([whole], { type });
  }
}
