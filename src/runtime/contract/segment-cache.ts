/** Rendered segments under content keys. */
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { PictureReference } from './reference.ts';
import type { SegmentRecord } from './stores.ts';

/** What is kept of a segment. */
export interface CachedSegment {
  readonly data: Blob;
  readonly frames: number;
  /** Errors that the decoder reported while it was made. */
  readonly complaints: number;
  /** What its key frames and its last picture should look like. */
  readonly references: readonly PictureReference[];
}

/** Rendered segments under content keys. */
export interface SegmentCache {
  /** The content key of whatever goes into a segment. */
  keyOf(material: unknown): string;
  /** A segment that is there already; marks it as used by the export. */
  find(key: string, usedBy: ExportId): Promise<CachedSegment | null>;
  /** Bytes of a segment that is there, by its record alone; null where there is none. */
  sizeOf(key: string): Promise<number | null>;
  /** Whether there is none at all. */
  isEmpty(): Promise<boolean>;
  /** Stores a segment; durable when it resolves. Answers its bytes as they are kept: backed by disk, not by memory. `quota_exceeded`. */
  put(
    key: string,
    kind: SegmentRecord['kind'],
    segment: CachedSegment,
    usedBy: ExportId,
  ): Promise<Result<Blob, Failure>>;
  /** Removes the segments that only this export used. */
  release(usedBy: ExportId): Promise<number>;
  /**
   * Removes what is no longer worth its place: sound as PCM, and the least recently used above the budget. Never what one of
   * `keep` used (running and pinned exports). Answers the bytes that went.
   */
  sweep(keep: ReadonlySet<ExportId>, budgetBytes: number): Promise<number>;
  /** Removes the least recently used, never what one of `keep` used, until so many bytes went or nothing is left. */
  evict(bytes: number, keep: ReadonlySet<ExportId>): Promise<number>;
  /** Bytes of all segments. */
  bytes(): Promise<number>;
}
