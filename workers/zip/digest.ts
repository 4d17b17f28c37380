/** SHA-256 of files of any length. */
import { createSha256 } from '../../src/core/base/sha256.ts';
import { sha256 } from '../shared/sha256.ts';

/** Up to here a file is read at once, and the browser's own code, which is faster, does it. */
const SMALL_BYTES = 16 * 1024 ** 2;
/** How much of a larger one is in memory at a time. */
const PIECE_BYTES = 4 * 1024 ** 2;

/**
 * SHA-256 of a file, lower-case hex.
 *
 * @param onBytes told how many more bytes are read
 */
export async function sha256Of(file: Blob, onBytes: (count: number) => void): Promise<string> {
  if (file.size <= SMALL_BYTES) {
    const sum = await sha256(new Uint8Array(await file.arrayBuffer()));
    onBytes(file.size);
    return sum;
  }
  const sum = createSha256();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
    sum.update(piece);
    onBytes(piece.byteLength);
  }
  return sum.hex();
}
