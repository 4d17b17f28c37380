/** Reads a ZIP back as an unpacker does, from its end, and holds every entry against what was to be written. */
import { BlobReader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import type { ZipEntry, ZippedEntry } from '../../src/runtime/contract/zip.ts';

/** The header before an entry's bytes, without its two fields of any length (APPNOTE 6.3.10, 4.3.7). */
const LOCAL_HEADER_BYTES = 30;

/**
 * Checks a ZIP: its directory lists the entries and nothing else, and what each holds has the length and the checksum of what went in.
 * Answers where they lie, or in English what is wrong.
 *
 * @param onBytes told how many more bytes of the entries are read
 */
export async function checkZip(
  file: Blob,
  entries: readonly ZipEntry[],
  onBytes: (count: number) => void,
): Promise<readonly ZippedEntry[] | string> {
  // This is a worker already. What another program could read in two ways is refused.
  const zip = new ZipReader(new BlobReader(file), { useWebWorkers: false, strictness: 'strict' });
  try {
    const listed = await zip.getEntries();
    if (listed.length !== entries.length) return 'The directory of the ZIP is not complete.';
    const places: ZippedEntry[] = [];
    for (const [position, found] of listed.entries()) {
      const wanted = entries[position];
      if (wanted === undefined || found.directory || found.filename !== wanted.name)
        return `The directory of the ZIP lists "${found.filename}" in a wrong place.`;
      if (found.uncompressedSize !== wanted.data.size || found.compressionMethod !== 0)
        return `"${wanted.name}" is not stored as it is.`;
      await readThrough(found, onBytes);
      places.push({ at: await dataOffset(file, found), bytes: wanted.data.size });
    }
    return places;
  } catch (cause) {
    return `It was read back otherwise than it was written: ${cause instanceof Error ? cause.message : String(cause)}`;
  } finally {
    await zip.close();
  }
}

/** Fails where the bytes do not have the checksum that was made of the file on its way in. */
async function readThrough(entry: FileEntry, onBytes: (count: number) => void): Promise<void> {
  const counter = new WritableStream<Uint8Array>({
    write(piece) {
      onBytes(piece.byteLength);
    },
  });
  await entry.getData(counter, { checkSignature: true });
}

/** Where the bytes of an entry begin. */
export async function dataOffset(file: Blob, { offset }: FileEntry): Promise<number> {
  const header = new DataView(await file.slice(offset, offset + LOCAL_HEADER_BYTES).arrayBuffer());
  const nameBytes = header.getUint16(26, true);
  const extraBytes = header.getUint16(28, true);
  return offset + LOCAL_HEADER_BYTES + nameBytes + extraBytes;
}
