/**
 * The fingerprint of a file: its size and a SHA-256 over size, head, middle and tail. It recognises a file under
 * another name without reading it whole: 768 KiB of a file of 100 GB.
 */
import { sha256 } from './sha256.ts';

/** Bytes that are read at each of the three places. */
export const FINGERPRINT_BLOCK = 256 * 1024;

/** The byte ranges that are hashed; the whole file when it is small. Pure. */
export function fingerprintRanges(size: number): readonly (readonly [start: number, end: number])[] {
  if (size <= FINGERPRINT_BLOCK * 3) return [[0, size]];
  const middle = Math.floor((size - FINGERPRINT_BLOCK) / 2);
  return [
    [0, FINGERPRINT_BLOCK],
    [middle, middle + FINGERPRINT_BLOCK],
    [size - FINGERPRINT_BLOCK, size],
  ];
}

/** `{bytes}-{hex}` of a file. Throws what the Blob throws when its bytes cannot be read. */
export async function fingerprintOf(file: Blob): Promise<string> {
  const parts: Blob[] = fingerprintRanges(file.size).map(([start, end]) => file.slice(start, end));
  const bytes = await new Blob([`reelkeep-1:${String(file.size)}:`, ...parts]).arrayBuffer();
  return `${String(file.size)}-${await sha256(new Uint8Array(bytes))}`;
}
