/** The worker that puts finished files into a ZIP. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { BaseWorkerApi } from './supervised.ts';

/** One file to put in. */
export interface ZipEntry {
  /** Its name in the ZIP, different from all others: a plain file name, or one in a folder (`thumbnails/001.jpg`). */
  readonly name: string;
  readonly data: Blob;
}

/** What to write. */
export interface ZipRequest {
  /** The folder in private storage (OPFS) that the ZIP is written to, made where it is missing. */
  readonly folder: string;
  /** Name of the file; what was there before is written anew. */
  readonly name: string;
  readonly entries: readonly ZipEntry[];
  /** ISO-8601: the date of every entry, so that the same files make the same bytes. */
  readonly date: string;
}

/** Where an entry lies. */
export interface ZippedEntry {
  /** Where its bytes begin: entries are stored as they are, so the file is a slice of the ZIP. */
  readonly at: number;
  readonly bytes: number;
}

/** What was written and read back. */
export interface ZipOutcome {
  readonly bytes: number;
  /** In the order of the request. */
  readonly entries: readonly ZippedEntry[];
}

/** The files of a ZIP. `at`: where the bytes of one begin that is stored as it is; null for one that is compressed. */
export type ZipListing = readonly {
  readonly name: string;
  readonly bytes: number;
  readonly at: number | null;
}[];

/** API of workers/zip. */
export interface ZipWorkerApi extends BaseWorkerApi {
  /** SHA-256 of files, lower-case hex, in their order: read piece by piece, however long they are. */
  digest(
    files: readonly Blob[],
    onProgress: (fraction: number) => void,
  ): Promise<Result<readonly string[], Failure>>;
  /**
   * Writes the ZIP, opens it again and checks every entry. Fails with `quota_exceeded` when storage is full, with
   * `verification_failed` when what was read back is not what was written. On failure nothing is left of it.
   */
  pack(request: ZipRequest, onProgress: (fraction: number) => void): Promise<Result<ZipOutcome, Failure>>;
  /** Lists a ZIP that somebody made. `invalid_spec` for what is none, or one that can be read in two ways. */
  list(file: Blob): Promise<Result<ZipListing, Failure>>;
  /** Takes one file out of it, into memory. `invalid_spec` for more than `mostBytes`, or a wrong checksum. */
  read(file: Blob, name: string, mostBytes: number): Promise<Result<Blob, Failure>>;
}
