/** Small helpers over bytes, shared by the container readers. */

/** Reads a range of a Blob, cut at its end. Throws what the Blob throws. */
export async function readRange(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(Math.max(0, start), Math.min(end, file.size)).arrayBuffer());
}

/** A DataView of bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as Latin-1 text. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < Math.min(end, bytes.length); i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

/** Whether bytes stand at a position; null in the pattern is any byte. */
export function startsWith(bytes: Uint8Array, pattern: readonly (number | null)[], at = 0): boolean {
  return (
    at + pattern.length <= bytes.length &&
    pattern.every((value, i) => value === null || bytes[at + i] === value)
  );
}

/** Whether two stretches of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A description is a BufferSource; its bytes as they are now. */
export function bytesOf(source: AllowSharedBufferSource | undefined): Uint8Array<ArrayBuffer> | null {
  if (source === undefined) return null;
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return Uint8Array.from(view);
}
