/** Entry of the ZIP worker: puts finished files into a ZIP in private storage. */
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { ZipOutcome, ZipRequest, ZipWorkerApi } from '../../src/runtime/contract/zip.ts';
import { exposeWorker } from '../shared/expose.ts';
import { failureOf, messageOf, nameOf } from '../shared/failure.ts';
import { openEmptyFile, opfsFolder, pathParts, writeAll, type OpfsFile } from '../shared/opfs-file.ts';
import { checkZip } from './check-zip.ts';
import { listZip, readZipEntry } from './read-zip.ts';
import { sha256Of } from './digest.ts';
import { writeZip } from './write-zip.ts';

/** What goes in are our own files: that one cannot be read is no question to the person. */
function describe(cause: unknown): Failure {
  const known = failureOf(cause);
  if (known.reason === 'no_space' || known.reason === 'out_of_memory') return known;
  return failure(
    'storage_failed',
    'storage_unavailable',
    `The ZIP could not be written: ${messageOf(cause)}`,
    {
      error: nameOf(cause),
    },
  );
}

async function pack(
  { folder: path, name, entries, date }: ZipRequest,
  onProgress: (fraction: number) => void,
): Promise<Result<ZipOutcome, Failure>> {
  // Everything is written once and read once.
  const total = Math.max(1, 2 * entries.reduce((sum, { data }) => sum + data.size, 0));
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    onProgress(Math.min(1, done / total));
  };
  let opened: OpfsFile | null = null;
  try {
    const folder = await opfsFolder(pathParts(path));
    opened = await openEmptyFile(folder, name);
    const { access } = opened;
    try {
      await writeZip({ entries, date }, (piece, at) => {
        writeAll(access, piece, at);
        onBytes(piece.byteLength);
      });
      access.flush();
    } finally {
      access.close();
    }
    const file = await (await folder.getFileHandle(name)).getFile();
    const places = await checkZip(file, entries, onBytes);
    if (typeof places !== 'string') return ok({ bytes: file.size, entries: places });
    await opened.remove();
    return err(
      failure('verification_failed', 'file_check_failed', `The ZIP did not pass its check: ${places}`, {
        check: 'zip',
        expected: '',
        found: places,
      }),
    );
  } catch (cause) {
    await opened?.remove();
    return err(describe(cause));
  }
}

async function digest(
  files: readonly Blob[],
  onProgress: (fraction: number) => void,
): Promise<Result<readonly string[], Failure>> {
  const total = Math.max(
    1,
    files.reduce((sum, { size }) => sum + size, 0),
  );
  let done = 0;
  try {
    const sums: string[] = [];
    for (const file of files) {
      sums.push(
        await sha256Of(file, (count) => {
          done += count;
          onProgress(Math.min(1, done / total));
        }),
      );
    }
    return ok(sums);
  } catch (cause) {
    return err(describe(cause));
  }
}

const api: ZipWorkerApi = {
  ping: () => Promise.resolve('pong'),
  digest,
  pack,
  list: listZip,
  read: readZipEntry,
};
exposeWorker(api);
