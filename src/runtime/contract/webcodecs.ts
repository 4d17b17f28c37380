/** The webcodecs worker: the browser's own codecs on packets that mediabunny reads and writes. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { CodecMode, EncoderAnswer, EncoderQuestion } from '../../core/schema/encoder.ts';
import type {
  AudioSettings,
  DecodeAudioStep,
  EncodeVideoStep,
  VideoSettings,
} from '../../core/schema/plan.ts';
import type { PaintFonts } from '../../core/schema/overlay.ts';
import type { PictureReference } from './reference.ts';
import type { BaseWorkerApi } from './supervised.ts';

export type { CodecMode, EncoderAnswer, EncoderQuestion };

/** A source as the worker needs it: its bytes, and where its tracks lie in the file's own clock. */
export interface CodecSource {
  readonly file: Blob;
  /** Asset time 0 in the file's own clock, microseconds. */
  readonly originUs: number;
  /** Which track of its kind. */
  readonly order: number;
}

/** One chunk of picture. */
export interface PictureJob {
  readonly step: EncodeVideoStep;
  readonly settings: VideoSettings;
  readonly mode: CodecMode;
  readonly source: CodecSource;
  /** Where the font lies that is painted with, where the step paints; null where it does not. */
  readonly fonts: PaintFonts | null;
}

/** One stretch of sound to PCM; see `DecodeAudioStep`. */
export interface PcmJob {
  readonly step: DecodeAudioStep;
  readonly settings: AudioSettings;
  readonly source: CodecSource;
}

/** All PCM of an output, encoded once. */
export interface SoundJob {
  readonly settings: AudioSettings;
  /** Interleaved 16-bit little-endian samples. */
  readonly pcm: Blob;
}

/** What came of a job. */
export interface CodecOutcome {
  /** Pictures and encoded sound: an MP4 or WebM file; PCM: the samples. */
  readonly data: Blob;
  /** Frames in the segment; 0 for sound. */
  readonly frames: number;
  /** The codec configuration, for the receipt. */
  readonly config: readonly string[];
  readonly wallMs: number;
  /** Of the key frames and the last picture; empty for sound. */
  readonly references: readonly PictureReference[];
}

/** API of workers/webcodecs. Every failure but `aborted` and `source_missing` means: let another engine try. */
export interface WebcodecsWorkerApi extends BaseWorkerApi {
  /** Decode, turn, scale, encode. Paint, too. `engine_failed`, `unsupported_media`/`damaged`. `onProgress` gets frames done. */
  renderPicture(
    job: PictureJob,
    onProgress: (frames: number) => void,
  ): Promise<Result<CodecOutcome, Failure>>;
  /** Exactly `step.samples` samples, silence where the source has none. `onProgress` gets 0..1. */
  decodeSound(job: PcmJob, onProgress: (fraction: number) => void): Promise<Result<CodecOutcome, Failure>>;
  /** Encodes; the first sample of the PCM lies at time 0 of the segment, run-in before it. */
  encodeSound(job: SoundJob, onProgress: (fraction: number) => void): Promise<Result<CodecOutcome, Failure>>;
  /** Encodes and decodes a few frames with a machine-readable picture. Never fails: the answer says why not. */
  measureEncoder(question: EncoderQuestion): Promise<Result<EncoderAnswer, Failure>>;
}
