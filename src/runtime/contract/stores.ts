/** The stores: what survives a reload. Every write is durable when its promise resolves. */
import type { AnnotationId, AssetId, ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { ProjectDocument } from '../../core/schema/document.ts';
import type { Export, ExportQuery } from '../../core/schema/export.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { LogEntry } from '../../core/schema/log.ts';
import type { PictureReference } from './reference.ts';

/** How to reach an asset's bytes after a reload. */
export type SourceRef =
  | { readonly kind: 'handle'; readonly handle: FileSystemFileHandle }
  | { readonly kind: 'copy'; readonly path: string }
  | { readonly kind: 'link' };

/** Imported files: records, ways to the bytes, posters, frame indexes. */
export interface AssetStore {
  put(asset: Asset, source: SourceRef, poster: Blob | null): Promise<Result<null, Failure>>;
  get(id: AssetId): Promise<Asset | null>;
  findByFingerprint(fingerprint: string): Promise<Asset | null>;
  list(): Promise<readonly Asset[]>;
  source(id: AssetId): Promise<SourceRef | null>;
  setSource(id: AssetId, source: SourceRef): Promise<Result<null, Failure>>;
  poster(id: AssetId): Promise<Blob | null>;
  setPoster(id: AssetId, poster: Blob): Promise<Result<null, Failure>>;
  frameIndex(id: AssetId): Promise<FrameIndex | null>;
  setFrameIndex(id: AssetId, index: FrameIndex): Promise<Result<null, Failure>>;
  /** The preview proxy of an asset that the browser cannot decode: a path in private storage. */
  proxy(id: AssetId): Promise<string | null>;
  setProxy(id: AssetId, path: string): Promise<Result<null, Failure>>;
  /** Removes the record and all that hangs on it in the database (not private copies: see FileStore). */
  remove(id: AssetId): Promise<Result<null, Failure>>;
}

/** The project document. */
export interface DocumentStore {
  /** Null when there is none; `invalid_spec`/`newer_version` when a newer build saved it (read-only then). */
  load(id: string): Promise<Result<ProjectDocument | null, Failure>>;
  save(document: ProjectDocument): Promise<Result<null, Failure>>;
}

/** Comments. A record each: two tabs never write over each other's. */
export interface AnnotationStore {
  /** Those of an asset, or all; in no order. Records that cannot be read are left out and kept. */
  list(assetId?: AssetId): Promise<readonly Annotation[]>;
  /** Writes and removes in one step, all or nothing. A record that a newer build has written meanwhile is left as it is. */
  write(put: readonly Annotation[], removed: readonly AnnotationId[]): Promise<Result<null, Failure>>;
}

/** Export records. */
export interface ExportStore {
  put(record: Export): Promise<Result<null, Failure>>;
  get(id: ExportId): Promise<Export | null>;
  /**
   * Newest first when the query does not say otherwise. A page is chosen before records are read, where an index can. Records
   * that cannot be read are on no page and not counted.
   */
  list(query?: ExportQuery): Promise<{ readonly exports: readonly Export[]; readonly total: number }>;
  /** Exports that are there and cannot be read: of a newer build, or broken. What they own is not for us to remove. */
  unreadable(): Promise<readonly ExportId[]>;
  remove(id: ExportId): Promise<Result<null, Failure>>;
}

/** A rendered intermediate. `key` is a SHA-256 of everything that went into it. */
export interface SegmentRecord {
  readonly key: string;
  readonly kind: 'video' | 'pcm' | 'audio';
  readonly bytes: number;
  /** Checksum of the bytes (`digestOf`); absent in records of older builds. */
  readonly digest?: string | undefined;
  readonly frames: number;
  /** Errors that the decoder reported while it was made; absent in records of older builds. */
  readonly complaints?: number | undefined;
  /** What its key frames and its last picture should look like; absent in records of older builds. */
  readonly references?: readonly PictureReference[] | undefined;
  /** ISO-8601. */
  readonly createdAt: string;
  readonly usedAt: string;
  /** Counts up with every use of any segment, set by the store: the order of use, which clocks that are set back do not tell. */
  readonly use?: number | undefined;
  /** Exports that made or used it. */
  readonly usedBy: readonly ExportId[];
}

/** Rendered intermediates, content-addressed. */
export interface SegmentStore {
  get(key: string): Promise<{ readonly record: SegmentRecord; readonly data: Blob } | null>;
  /** Fails with `quota_exceeded` when storage is full. */
  put(record: SegmentRecord, data: Blob): Promise<Result<null, Failure>>;
  /** Bytes of a segment by its record; null where there is none. */
  sizeOf(key: string): Promise<number | null>;
  isEmpty(): Promise<boolean>;
  /** Marks a segment as used by an export. */
  touch(key: string, usedBy: ExportId, at: string): Promise<Result<null, Failure>>;
  /** Removes segments that only this export used. Answers how many went. */
  releaseExport(id: ExportId): Promise<number>;
  list(): Promise<readonly SegmentRecord[]>;
  remove(key: string): Promise<Result<null, Failure>>;
  /** Removes listed segments, except those that were used since they were listed. Answers the bytes that went. */
  removeUnused(records: readonly Pick<SegmentRecord, 'key' | 'use'>[]): Promise<number>;
}

/** Files in private storage (OPFS), below the database's own folder. Paths use `/`, no leading slash. */
export interface FileStore {
  /** The file as a Blob backed by disk, null when there is none. */
  open(path: string): Promise<File | null>;
  /** Copies a blob as a stream. Fails with `quota_exceeded`; nothing is left then. */
  write(
    path: string,
    data: Blob,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void },
  ): Promise<Result<null, Failure>>;
  /**
   * Removes a file or a folder with all that is in it; fine where there is none. `storage_failed` for what somebody still
   * writes after some seconds.
   */
  remove(path: string): Promise<Result<null, Failure>>;
  /** Removes folders below a folder that have no file in them. One that somebody puts a file into meanwhile stays. */
  removeEmptyFolders(folder: string): Promise<void>;
  /** All files below a folder, with sizes. */
  list(folder: string): Promise<readonly { readonly path: string; readonly bytes: number }[]>;
  /** What the browser says is left, bytes; null where it does not say. */
  free(): Promise<number | null>;
  /** What the page's storage takes in all (database and files), bytes; null where the browser does not say. */
  used(): Promise<number | null>;
  /** Asks the browser not to clear the page's storage by itself. Answers whether it will not. */
  persist(): Promise<boolean>;
  /** The folder of this database in private storage, for workers that write there themselves. */
  readonly root: string;
}

/** A record in the database that this build cannot read: it is skipped and kept. */
export interface StoreProblem {
  readonly store: string;
  readonly key: string;
  /** `newer_version`: a newer build wrote it. `unreadable`: it is broken. */
  readonly reason: 'newer_version' | 'unreadable';
  readonly message: string;
}

/** The local log: a ring of entries. */
export interface LogStore {
  /** Adds entries, oldest first; those above the limit leave. Never fails: a log that cannot be written is no error. */
  append(entries: readonly LogEntry[]): Promise<void>;
  /** Oldest first. */
  list(): Promise<readonly LogEntry[]>;
  clear(): Promise<void>;
}

/** Why a connection ended: another tab upgrades or deletes the database, the browser took it, or we closed it. */
export type ClosedBy = 'versionchange' | 'deleted' | 'terminated' | 'closed';

/** All stores of one database. */
export interface Stores {
  /** A newer build has upgraded the database: everything can be read, every write answers `newer_version`. */
  readonly readOnly: boolean;
  readonly assets: AssetStore;
  readonly documents: DocumentStore;
  readonly annotations: AnnotationStore;
  readonly exports: ExportStore;
  readonly segments: SegmentStore;
  readonly files: FileStore;
  readonly log: LogStore;
  readonly settings: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<Result<null, Failure>>;
  };
  /** Records that could not be read so far: skipped, kept on disk. */
  problems(): readonly StoreProblem[];
  /** Resolves when the connection ends: by `close`, for a newer build in another tab, or by the browser. */
  readonly whenClosed: Promise<ClosedBy>;
  close(): void;
}
