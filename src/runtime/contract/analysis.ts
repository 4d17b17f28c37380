/** The analysis worker: reads files (never whole) and says what is in them. Also re-opens finished files. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { PictureRun, RunResult } from '../../core/plan/certify-runs.ts';
import type { SoundWindow } from '../../core/plan/certify-sound.ts';
import type { Probe } from '../../core/schema/asset.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { PaintComment, PaintFonts } from '../../core/schema/overlay.ts';
import type { BaseWorkerApi } from './supervised.ts';

/** A finished file as its own reader sees it. Times in microseconds of the file's presentation clock. */
export interface ReadBack {
  readonly container: string;
  readonly video: {
    readonly codec: string;
    /** As displayed: after the rotation. */
    readonly width: number;
    readonly height: number;
    readonly rotation: number;
    /** Presentation time of every frame, ascending. */
    readonly timesUs: Float64Array;
    /** Of frame i: 1 where it is a key frame. */
    readonly keys: Uint8Array;
    /** Of frame i: bytes of its packet. */
    readonly sizes: Float64Array;
    readonly endUs: number;
    readonly decodable: boolean;
  } | null;
  readonly audio: {
    readonly codec: string;
    readonly sampleRate: number;
    readonly channels: number;
    /** First packet; below 0 by the encoder's priming, which the edit list hides. */
    readonly firstUs: number;
    readonly endUs: number;
  } | null;
}

/** Sound of a finished file held against the PCM it was made from. */
export interface SoundRequest {
  /** Interleaved 16-bit little-endian samples. */
  readonly pcm: Blob;
  readonly sampleRate: number;
  readonly channels: number;
  /** Places worth a look, microseconds; the ones with the most to hear are taken. */
  readonly atUs: readonly number[];
}

/** A comment's picture to make. */
export interface CommentPictureRequest {
  /** The frame on display at a time of the file's own clock; or a picture of it that was made elsewhere. */
  readonly from:
    | { readonly kind: 'frame'; readonly file: Blob; readonly order: number; readonly fileUs: number }
    | { readonly kind: 'picture'; readonly picture: Blob };
  readonly comment: Pick<PaintComment, 'color' | 'shapes'>;
  readonly fonts: PaintFonts;
  readonly maxSide: number;
}

/** API of workers/analysis. File times are in the file's own clock, microseconds. */
export interface AnalysisWorkerApi extends BaseWorkerApi {
  /**
   * Reads what the file says. `unsupported_media` with a precise reason; `details.tryFfmpeg` is true when the
   * packet reader does not know the format and ffmpeg may.
   */
  probe(file: Blob, name: string): Promise<Result<Probe, Failure>>;
  /** Size and hashes of head, middle and tail: `{bytes}-{hex}`. */
  fingerprint(file: Blob): Promise<Result<string, Failure>>;
  /** A small picture (WebP or JPEG) of the frame at a file time. */
  poster(file: Blob, order: number, fileUs: number, maxSide: number): Promise<Result<Blob, Failure>>;
  /** Reads all packet headers of a picture track. `onProgress` gets 0..1. */
  frameIndex(
    file: Blob,
    order: number,
    originUs: number,
    onProgress: (fraction: number) => void,
  ): Promise<Result<FrameIndex, Failure>>;
  /** Whether decoding can start cleanly at the key frame at this file time (an IDR, not an open-group point). */
  keyFrameIsClean(file: Blob, order: number, fileUs: number): Promise<Result<boolean, Failure>>;
  /** Re-opens a finished file. */
  readBack(file: Blob): Promise<Result<ReadBack, Failure>>;
  /** Decodes stretches of a picture track with the browser's decoder. `no_decoder` where it has none. */
  decodeRuns(file: Blob, order: number, runs: readonly PictureRun[]): Promise<Result<RunResult[], Failure>>;
  /** A small JPEG of a frame with a comment's shapes painted on it. `no_decoder` where the browser has none, `font_missing`. */
  commentPicture(request: CommentPictureRequest): Promise<Result<Blob, Failure>>;
  /** Compares the first sound track with PCM. `no_decoder` where the browser has none. */
  compareSound(file: Blob, request: SoundRequest): Promise<Result<SoundWindow[], Failure>>;
}
