/** A private copy of a source: it survives a reload where the browser has no file handles. */
import { failure, type Failure } from '../core/base/failure.ts';
import { err, type Result } from '../core/base/result.ts';
import type { Asset } from '../core/schema/asset.ts';
import type { Stores } from '../runtime/contract/stores.ts';

/** Left free after a copy, so that the copy alone does not fill the disk. */
const RESERVE_BYTES = 200_000_000;

/** Copies a source into private storage; the quota is checked first. `quota_exceeded`. */
export async function keepCopy(
  stores: Stores,
  asset: Asset,
  file: File,
  onProgress?: (fraction: number) => void,
): Promise<Result<null, Failure>> {
  const free = await stores.files.free();
  if (free !== null && free < file.size + RESERVE_BYTES) {
    return err(
      failure(
        'quota_exceeded',
        'no_space',
        `A copy of "${asset.name}" needs ${String(Math.ceil(file.size / 1e6))} MB; ${String(Math.floor(free / 1e6))} MB are free.`,
        { neededBytes: file.size, freeBytes: free },
      ),
    );
  }
  const path = `sources/${asset.id}`;
  const written = await stores.files.write(path, file, onProgress === undefined ? {} : { onProgress });
  if (!written.ok) return written;
  return stores.assets.setSource(asset.id, { kind: 'copy', path });
}
