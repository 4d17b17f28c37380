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
import type { CallLimits } from './supervised.ts';

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
  /** How long the engine's worker may take, and how long without progress. */
  readonly limits: CallLimits;
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

/** What a circuit breaker did: a rung is left out for a while. */
export interface BreakerNews {
  readonly rung: string;
  /** The kind of work, e.g. `video/avc`. */
  readonly work: string;
  /** Whether it is left out for one source or for all. */
  readonly scope: 'source' | 'all';
  readonly openMs: number;
}

/** One try of a rung. Whoever takes one ends it, whatever came of it: others may be waiting for the outcome. */
export interface RungTry {
  readonly rung: Renderer;
  /** No other rung comes after this one now. */
  readonly isLast: boolean;
  /** Says what came of it; `dropped` (cancelled, source gone) says nothing about the rung. Once. */
  end(outcome: 'succeeded' | 'failed' | 'dropped'): readonly BreakerNews[];
}

/**
 * The engines in the order in which they are tried: hardware, software, ffmpeg.wasm. A rung that fails again and again
 * for one kind of work is left out for a while (a circuit breaker per rung and codec); after the pause exactly one step
 * tries it, and the others go on without it until that one has told what came of it.
 */
export interface EngineLadder {
  /** How many steps run side by side. */
  readonly concurrency: number;
  /** Rungs that can do the job, best first, those that are left out now too: what they made earlier still is good. Never empty. */
  rungsFor(job: RenderJob): Promise<readonly Renderer[]>;
  /** The next rung to try after those that were; null when every one that may was. Never null at first. */
  next(job: RenderJob, tried: ReadonlySet<Renderer>): Promise<RungTry | null>;
}
