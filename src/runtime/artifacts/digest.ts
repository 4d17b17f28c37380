/** A checksum of a segment's bytes: disks lose and turn bits, and what is read back must be what was made. */

/** How much is read at once, bytes: sound of an hour is a long segment, and the browser hashes only what is in memory. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** SHA-256 over the SHA-256 of each 16 MiB, hex. Rejects where the bytes cannot be read. */
export async function digestOf(data: Blob): Promise<string> {
  const digests: ArrayBuffer[] = [];
  for (let at = 0; at === 0 || at < data.size; at += PIECE_BYTES)
    digests.push(await sha256(await data.slice(at, at + PIECE_BYTES).arrayBuffer()));
  const all = await sha256(await new Blob(digests).arrayBuffer());
  return [...new Uint8Array(all)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function sha256(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', bytes);
}
