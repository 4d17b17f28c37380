/** The ffmpeg worker: one command at a time on files it is given, sources by reference, outputs as blobs. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { PaintFonts } from '../../core/schema/overlay.ts';
import type { EncodeVideoStep, VideoSettings } from '../../core/schema/plan.ts';
import type { BaseWorkerApi, CallOptions } from './supervised.ts';

/** Where the parts of ffmpeg.wasm lie. Absolute URLs. */
export interface FfmpegAssets {
  readonly coreUrl: string;
  readonly wasmUrl: string;
  readonly classWorkerUrl: string;
}

/** Names under which painted pictures are mounted: `/in/{name}`, Matroska of uncompressed pictures with alpha. */
export const COMMENTS_INPUT = 'comments';
/** As `COMMENTS_INPUT`, of the strip along the lower edge alone. */
export const STRIP_INPUT = 'strip';

/** A step whose painted pictures are made as inputs of a command, in the worker, where the canvas is. */
export interface FfmpegPaint {
  readonly step: EncodeVideoStep;
  readonly settings: VideoSettings;
  readonly fonts: PaintFonts;
}

/** One command. Inputs appear as `/in/{name}` without being read into memory; outputs are read from `/out/{name}`. */
export interface FfmpegJob {
  readonly tool: 'ffmpeg' | 'ffprobe';
  readonly args: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly data: Blob }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  /** Painted pictures that it takes beside its inputs. */
  readonly paint?: FfmpegPaint | undefined;
}

/** What came of a command. `exitCode` is not 0 for a command that failed in an expected way. */
export interface FfmpegOutcome {
  readonly exitCode: number;
  /** The last lines that it logged, newest last. */
  readonly log: readonly string[];
  /** One for each output asked for, null where the command wrote none. */
  readonly outputs: readonly (Blob | null)[];
  /** Standard output (ffprobe prints its answer there). */
  readonly stdout: string;
  readonly wallMs: number;
}

/** How far a command is. */
export interface FfmpegProgress {
  /** Frames written, null for sound. */
  readonly frames: number | null;
  /** Output time reached, microseconds. */
  readonly timeUs: number | null;
}

/** API of workers/ffmpeg. */
export interface FfmpegWorkerApi extends BaseWorkerApi {
  /** Loads the core (once). Fails with `engine_failed`/`worker_start_failed`. */
  load(assets: FfmpegAssets): Promise<Result<null, Failure>>;
  /** Runs one command. Fails with `engine_failed` when the engine itself breaks (out of memory, a trap). */
  run(
    job: FfmpegJob,
    onProgress: (progress: FfmpegProgress) => void,
  ): Promise<Result<FfmpegOutcome, Failure>>;
}

/** The ffmpeg engine as the rest of the runtime sees it: a pool of workers behind one door. */
export interface FfmpegEngine {
  /** Runs one command on the next free worker. */
  run(
    job: FfmpegJob,
    options?: CallOptions & { readonly onProgress?: (progress: FfmpegProgress) => void },
  ): Promise<Result<FfmpegOutcome, Failure>>;
  /** How many commands can run side by side. */
  readonly concurrency: number;
  /** Workers alive now. */
  readonly alive: number;
  /** Ends everything. */
  dispose(): void;
}
