/**
 * SHA-256. `crypto.subtle` does it where it exists; a page that is served over plain http from another machine than
 * localhost has none (insecure origin), so plain code stands in for it.
 */
import { sha256Plain } from '../../src/core/base/sha256.ts';

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 of bytes, lower-case hex. */
export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  // The type says that it is always there; on an insecure origin it is not.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return sha256Plain(data);
  return hex(new Uint8Array(await subtle.digest('SHA-256', data)));
}
