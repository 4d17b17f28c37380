/** An engine as the job runner sees it: steps in, segments out. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Probe } from '../../core/schema/asset.ts';
import type {
  AudioSettings,
  DecodeAudioStep,
  EncodeAudioStep,
  EncodeVideoStep,
  VideoSettings,
} from '../../core/schema/plan.ts';
import type { PictureReference } from './reference.ts';

/** A source of a step: its bytes by reference, and what is known of it. */
export interface RenderSource {
  readonly file: Blob;
  readonly fingerprint: string;
  readonly probe: Probe;
}

/** One thing to render. */
export type RenderJob =
  | {
      readonly kind: 'video';
      readonly step: EncodeVideoStep;
      readonly settings: VideoSettings;
      readonly source: RenderSource;
    }
  | {
      readonly kind: 'pcm';
      readonly step: DecodeAudioStep;
      readonly settings: AudioSettings;
      /** Null for silence. */
      readonly source: RenderSource | null;
    }
  | {
      readonly kind: 'audio';
      readonly step: EncodeAudioStep;
      readonly settings: AudioSettings;
      /** All PCM of the output in order; one Blob made of the pieces. */
      readonly pcm: Blob;
      /** Content keys of the pieces. */
      readonly pieces: readonly string[];
    };

/** What came of it. */
export interface RenderOutcome {
  readonly data: Blob;
  /** Frames in the segment; 0 for sound. */
  readonly frames: number;
  /** Errors that the decoder reported: pictures or sound may be damaged as they are in the source. */
  readonly complaints: number;
  /** ffmpeg's arguments, or the codec configuration. */
  readonly argv: readonly string[];
  readonly wallMs: number;
  /** Of the first and the last pictures of a segment; empty where the engine takes none, and for sound. */
  readonly references: readonly PictureReference[];
}

/** Bounds and listeners of a render. */
export interface RenderOptions {
  readonly signal: AbortSignal;
  /** 0..1 of this step. */
  readonly onProgress: (fraction: number) => void;
}

/** An engine in one of its modes. The same job gives the same segment. */
export interface Renderer {
  readonly name: 'ffmpeg' | 'webcodecs';
  /** One name for each mode of an engine: `webcodecs-hardware`, `webcodecs-software`, `ffmpeg`. */
  readonly rung: string;
  /** Whether it can do the job, as measured. */
  canRender(job: RenderJob): Promise<boolean>;
  /** Everything that goes into the segment: its content key is a hash of this. */
  keyMaterial(job: RenderJob): unknown;
  /** Renders one step. `engine_failed`, `unsupported_media`/`damaged`, `aborted`, `source_missing`. */
  render(job: RenderJob, options: RenderOptions): Promise<Result<RenderOutcome, Failure>>;
}

/**
 * The engines in the order in which they are tried: hardware, software, ffmpeg.wasm. A rung that fails again and again
 * for one kind of work is left out for a while (a circuit breaker per rung and codec).
 */
export interface EngineLadder {
  /** How many steps run side by side. */
  readonly concurrency: number;
  /** Rungs that may do the job now, best first. Never empty: the last one is always tried. */
  rungsFor(job: RenderJob): Promise<readonly Renderer[]>;
  /** What came of a try, for the breaker. A cancelled try is not reported. */
  report(rung: Renderer, job: RenderJob, succeeded: boolean): void;
}
