/** The worker that puts finished files into a ZIP. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { BaseWorkerApi } from './supervised.ts';

/** One file to put in. */
export interface ZipEntry {
  /** Its name in the ZIP: a plain file name, different from all others. */
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

/** API of workers/zip. */
export interface ZipWorkerApi extends BaseWorkerApi {
  /**
   * Writes the ZIP, opens it again and checks every entry. Fails with `quota_exceeded` when storage is full, with
   * `verification_failed` when what was read back is not what was written. On failure nothing is left of it.
   */
  pack(request: ZipRequest, onProgress: (fraction: number) => void): Promise<Result<ZipOutcome, Failure>>;
}
