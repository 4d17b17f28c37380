/** The public client API. The page itself is built on it; `dist/embed.js` hands it to other pages. */
import type { AssetId, ExportId } from '../../core/base/ids.ts';
import type { FailureCode, FailureReason } from '../../core/base/failure.ts';
import type { Role } from '../../core/project/roles.ts';
import type { Annotation, AnnotationInput, Shape } from '../../core/schema/annotation.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Export, ExportPart, ExportProgress, ExportQuery } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { ExportSpec, SpecSegment } from '../../core/schema/spec.ts';
import type { ExchangeFormat, Loss } from '../../core/interchange/model.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../core/schema/encoder.ts';

export type {
  Annotation,
  AnnotationInput,
  Asset,
  AssetId,
  EncoderAnswer,
  EncoderQuestion,
  ExchangeFormat,
  Export,
  ExportId,
  ExportPart,
  ExportProgress,
  ExportQuery,
  ExportSpec,
  FailureCode,
  FailureReason,
  Loss,
  RenderPlan,
  Role,
  Shape,
};

/** Options of `createReelkeep`. */
export interface ReelkeepOptions {
  /** IndexedDB name and OPFS folder. Default `reelkeep`. */
  readonly database?: string;
  /**
   * Which engine renders. `auto` and `webcodecs` use the browser's own codecs first and ffmpeg for what they cannot do;
   * `ffmpeg` uses only ffmpeg. Default `auto`.
   */
  readonly engine?: 'auto' | 'ffmpeg' | 'webcodecs';
  /** Workers side by side. Default: number of cores. */
  readonly concurrency?: number;
  /** Where wasm, workers and fonts lie. Default: beside embed.js. */
  readonly assetBase?: string;
  /** Default `owner`. */
  readonly role?: Role;
  /** In which language the contact sheets of bundles are written. The browser's own where there are words for it, else English. */
  readonly language?: 'en' | 'ko';
  /** The owner's switch: guests may take the comments as CSV. Default false. */
  readonly guestCsv?: boolean;
}

/** What this browser can do, measured where it matters. */
export interface Capabilities {
  readonly cores: number;
  readonly webAssembly: boolean;
  readonly privateStorage: boolean;
  readonly fileHandles: boolean;
  readonly savePicker: boolean;
  readonly webCodecs: boolean;
  /** Free private storage, bytes; null where the browser does not say. */
  readonly freeBytes: number | null;
  /** The engines that steps go to, in the order in which they are tried. */
  readonly engines: readonly ('ffmpeg' | 'webcodecs')[];
  /** Codecs that the browser decodes itself. */
  readonly decode: readonly string[];
  /** What has been measured of the browser's encoders so far: exports measure what they need. */
  readonly encoders: readonly EncoderAnswer[];
}

/** One finished file. */
export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** The bytes, backed by disk. */
  blob(): Promise<Blob>;
}

/** What a text that was imported has brought. */
export interface ImportReport {
  readonly format: ExchangeFormat;
  /** Comments that are new, as they are kept. */
  readonly comments: readonly Annotation[];
  /** How many were here already: the same text twice changes nothing. */
  readonly known: number;
  /** Cuts, as ranges of a spec. Where the text names a film that is not imported, they are counted in `losses`. */
  readonly cuts: readonly SpecSegment[];
  /** Everything that was not carried over, or was repaired. */
  readonly losses: readonly Loss[];
}

/** A text that was written, ready to be saved. */
export interface ExportedText {
  readonly blob: Blob;
  readonly name: string;
  readonly losses: readonly Loss[];
}

/** What a text is of: all of an asset, or ranges in their order. */
export type TextTimeline =
  { readonly assetId: AssetId } | { readonly name: string; readonly segments: readonly SpecSegment[] };

/** The client. Expected failures reject with `ReelkeepError`. */
export interface Reelkeep {
  /** What this browser can do. */
  capabilities(): Promise<Capabilities>;
  /** Imports a file; the same file again answers with the same asset. `unsupported_media` with a reason. */
  importMedia(file: File | FileSystemFileHandle): Promise<Asset>;
  /** All imported files, in the order of import. */
  listAssets(): Promise<readonly Asset[]>;
  /**
   * Adds comments to an asset, all of them or none; answers with their records. `not_found`, `invalid_spec` with the place in
   * `details.path`, `out_of_range` for a time beyond the end. A comment with `timeUs: null` has no place in the film and keeps none.
   */
  addAnnotations(assetId: AssetId, items: readonly AnnotationInput[]): Promise<readonly Annotation[]>;
  /** The comments of an asset in the order of the film, those without a place last. */
  listAnnotations(assetId: AssetId): Promise<readonly Annotation[]>;
  /**
   * Reads comments, subtitles (as comments) and cut lists of other programs for an asset, recognised by what the text says, and keeps the
   * comments. Cuts are answered as ranges of a spec. The same text twice changes nothing. `invalid_spec` for what is no known format
   * or broken; every loss is in the report.
   */
  importText(assetId: AssetId, file: Blob): Promise<ImportReport>;
  /** The comments of an asset, or the cuts and comments of ranges, as a text of another program. */
  exportText(
    format: ExchangeFormat,
    what:
      { readonly assetId: AssetId } | { readonly name: string; readonly segments: readonly SpecSegment[] },
  ): Promise<ExportedText>;
  /** What would be done, why, how long, how large. `invalid_spec`, `out_of_range`, `not_found`. */
  planExport(spec: ExportSpec): Promise<RenderPlan>;
  /** Makes a job; durable once it resolves; starts by itself. */
  createExport(spec: ExportSpec): Promise<Export>;
  /** `not_found` when there is none. */
  getExport(id: ExportId): Promise<Export>;
  /** The numbers of now. */
  getExportProgress(id: ExportId): Promise<ExportProgress>;
  /** Progress until the job ends; the last value has its final status. */
  watchExport(id: ExportId): AsyncIterable<ExportProgress>;
  /** Resolves for completed, failed and cancelled. */
  whenExportEnds(id: ExportId): Promise<Export>;
  /** `not_ready` before the job has completed; `not_found` with `result_gone` when its files are no longer kept. */
  getExportFiles(id: ExportId): Promise<readonly ExportFile[]>;
  /** Saves the finished files by the browser's download. */
  downloadExport(id: ExportId): Promise<void>;
  /** Stops the job at once and removes every partial file. A job that has ended stays as it is. */
  cancelExport(id: ExportId): Promise<Export>;
  /** Holds a job back: its work stops, what is rendered stays. A job that has ended stays as it is. */
  pauseExport(id: ExportId): Promise<Export>;
  /** Lets a paused job go on when its turn comes. */
  resumeExport(id: ExportId): Promise<Export>;
  /**
   * Puts an unfinished job before another one in the queue, or at its end for null. `not_found` where the other one is not in
   * the queue.
   */
  moveExport(id: ExportId, before: ExportId | null): Promise<Export>;
  /**
   * Goes back into the queue: a failed job, whose finished steps are not rendered again; a cancelled one; a completed one of which clips
   * failed, for those; one whose file is no longer kept. `not_ready` for one that has not ended.
   */
  retryExport(id: ExportId): Promise<Export>;
  /** Keeps an export for ever, or lets it expire again, counted from now. `not_found` with `result_gone` when there is nothing to keep. */
  pinExport(id: ExportId, pinned: boolean): Promise<Export>;
  /** Removes the record and its files; a running job is cancelled first. */
  deleteExport(id: ExportId): Promise<void>;
  /** A page of the exports that fit the query, newest first when it does not say otherwise; `total` counts all that fit. */
  listExports(query?: ExportQuery): Promise<{ readonly exports: readonly Export[]; readonly total: number }>;
  /** Ends workers and closes the database. Later calls reject with `closed`. */
  close(): Promise<void>;
}
