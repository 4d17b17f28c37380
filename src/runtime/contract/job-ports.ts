/** What the job runner needs from the other rooms; the composition root connects them. */
import type { AssetId, ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { ContactSheetWords } from '../../core/interchange/contact-sheet.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Export, ExportProgress } from '../../core/schema/export.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { LogNews } from '../../core/schema/log.ts';
import type { PaintComment } from '../../core/schema/overlay.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { AssembleOutcome, AssembleRequest } from './assembly.ts';
import type { Clock } from './clock.ts';
import type { EngineLadder } from './renderer.ts';
import type { QueueLimits } from './queue.ts';
import type { SegmentCache } from './segment-cache.ts';
import type { ExportStore, FileStore } from './stores.ts';
import type { CallLimits } from './supervised.ts';
import type { Verifier } from './verifier.ts';
import type { ZipOutcome, ZipRequest } from './zip.ts';

/** Writes the finished file. */
export interface Assembler {
  assemble(
    request: AssembleRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (fraction: number) => void;
      /** For the worker's supervisor; its own where nothing is said. */
      readonly limits?: CallLimits;
    },
  ): Promise<Result<AssembleOutcome, Failure>>;
}

/** Puts finished files into a ZIP, and says what is in them. */
export interface Packer {
  /** SHA-256 of files, lower-case hex, in their order. */
  digest(
    files: readonly Blob[],
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (fraction: number) => void;
      readonly limits?: CallLimits;
    },
  ): Promise<Result<readonly string[], Failure>>;
  pack(
    request: ZipRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (fraction: number) => void;
      readonly limits?: CallLimits;
    },
  ): Promise<Result<ZipOutcome, Failure>>;
}

/** Makes the picture of a comment. */
export interface CommentPictures {
  /**
   * The frame at an asset time with the comment's shapes painted on it, as JPEG. `no_decoder` where nobody here decodes it,
   * `font_missing`, `source_missing`.
   */
  paint(
    request: {
      readonly asset: Asset;
      readonly file: File;
      /** When the frame itself appears. */
      readonly timeUs: number;
      readonly comment: PaintComment;
    },
    options: { readonly signal: AbortSignal },
  ): Promise<Result<Blob, Failure>>;
}

/** Where there is room for what jobs write, and making some. */
export interface Room {
  /** Bytes that may still be written: what the browser says is left, and what the hard budget leaves. Null: nobody says. */
  free(): Promise<number | null>;
  /** Frees what can be made again, until so many bytes can be written. Answers whether they can, as far as anybody says. */
  make(bytes: number): Promise<boolean>;
  /** Resolves when something may have been freed (here, in another tab, by the person elsewhere), or the signal fires. */
  changes(signal: AbortSignal): Promise<void>;
  /** Days that results are kept, null for ever: as the person chose. */
  keepDays(): Promise<number | null>;
  /** Bytes of rendered segments that are kept for a next export: as the person chose. */
  cacheBytes(): Promise<number>;
}

/** What the job runner needs. */
export interface JobPorts {
  readonly clock: Clock;
  readonly exports: ExportStore;
  readonly files: FileStore;
  readonly cache: SegmentCache;
  readonly engines: EngineLadder;
  readonly assembler: Assembler;
  readonly verifier: Verifier;
  readonly packer: Packer;
  readonly pictures: CommentPictures;
  /** Words for the pages that a bundle holds, in the language of whoever runs the job. */
  readonly words: () => ContactSheetWords;
  /** Bytes of the largest ZIP that a bundle is delivered in. */
  readonly volumeBytes: number;
  asset(id: AssetId): Promise<Asset | null>;
  /** The bytes of an asset, checked to be the file that was imported. `source_missing`, `media_changed`. */
  source(asset: Asset): Promise<Result<File, Failure>>;
  /** Resolves when some source was linked again, or the signal fires. */
  sourceArrives(signal: AbortSignal): Promise<void>;
  /** Plans again, with clips that must not be copied. */
  plan(spec: CheckedSpec, neverCopy: ReadonlySet<number>): Promise<Result<RenderPlan, Failure>>;
  newId(): ExportId;
  /** File name for a finished file: safe on every system. */
  fileName(name: string, extension: string): string;
  /** When each frame of an asset is shown; needed where a step has to be cut smaller. */
  frameIndex(asset: Asset): Promise<Result<FrameIndex, Failure>>;
  /** A newer build owns the database: nothing is run, swept or written. */
  readonly readOnly: boolean;
  /** Runs `work` while this tab alone holds the job; other tabs wait here. */
  exclusively<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  readonly room: Room;
  /** What this machine allows side by side. */
  readonly limits: QueueLimits;
  /** 0..1; for pauses that must not fall together. */
  random(): number;
  /** Writes to the local log. */
  log(news: LogNews): void;
  /** Whether another tab waits for what this tab holds alone under a name. */
  othersWait(name: string): Promise<boolean>;
  /** Tells this tab and others. */
  publish(record: Export, progress: ExportProgress): void;
}
