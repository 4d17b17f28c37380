/** Reads a ZIP that somebody else made: hostile until it is read. Lists it, and takes single entries out of it. */
import { BlobReader, BlobWriter, ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { ZipListing } from '../../src/runtime/contract/zip.ts';
import { failureOf, messageOf } from '../shared/failure.ts';
import { dataOffset } from './check-zip.ts';

/** Entries that are listed at most: a directory can name millions in a small file. */
const MOST_ENTRIES = 50_000;

const broken = (message: string): Failure =>
  failure('invalid_spec', 'bad_spec', `The ZIP cannot be read: ${message}`, { path: '' });

async function withZip<T>(file: Blob, work: (entries: readonly FileEntry[]) => Promise<Result<T, Failure>>) {
  const zip = new ZipReader(new BlobReader(file), { useWebWorkers: false, strictness: 'strict' });
  try {
    const entries: FileEntry[] = [];
    for await (const entry of zip.getEntriesGenerator()) {
      if (entries.length >= MOST_ENTRIES) return err(broken('it has too many entries.'));
      if (isFile(entry)) entries.push(entry);
    }
    return await work(entries);
  } catch (cause) {
    const known = failureOf(cause);
    return err(known.reason === 'unexpected' ? broken(messageOf(cause)) : known);
  } finally {
    await zip.close().catch(() => undefined);
  }
}

const isFile = (entry: Entry): entry is FileEntry => !entry.directory;

/** Lists the files of a ZIP. Names are as they stand there: nobody may take them for paths. */
export function listZip(file: Blob): Promise<Result<ZipListing, Failure>> {
  return withZip(file, async (entries) => {
    const listed = [];
    for (const entry of entries) {
      if (entry.encrypted) return err(broken('it is encrypted.'));
      const stored = entry.compressionMethod === 0 && entry.compressedSize === entry.uncompressedSize;
      const at = stored ? await dataOffset(file, entry) : null;
      listed.push({ name: entry.filename, bytes: entry.uncompressedSize, at });
    }
    return ok(listed);
  });
}

/**
 * Takes one file out, its checksum looked at.
 *
 * @param mostBytes more than this is refused, whatever the directory says of its size
 */
export function readZipEntry(file: Blob, name: string, mostBytes: number): Promise<Result<Blob, Failure>> {
  return withZip<Blob>(file, async (entries) => {
    const entry = entries.find(({ filename }) => filename === name);
    if (entry === undefined) return err(broken(`there is no "${name}" in it.`));
    let left = mostBytes;
    const limit = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        left -= piece.byteLength;
        if (left < 0) throw new Error(`"${name}" is larger than it may be.`);
        controller.enqueue(piece);
      },
    });
    const writer = new BlobWriter();
    const reading = limit.readable.pipeTo(writer.writable as WritableStream<Uint8Array>);
    await Promise.all([entry.getData(limit.writable, { checkSignature: true }), reading]);
    return ok(await writer.getData());
  });
}
