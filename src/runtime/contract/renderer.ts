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
  readonly argv: readonly string[];
  readonly wallMs: number;
}

/** Bounds and listeners of a render. */
export interface RenderOptions {
  readonly signal: AbortSignal;
  /** 0..1 of this step. */
  readonly onProgress: (fraction: number) => void;
}

/** An engine. The same job gives the same segment. */
export interface Renderer {
  readonly name: 'ffmpeg' | 'webcodecs';
  /** How many steps can run side by side. */
  readonly concurrency: number;
  /** Everything that goes into the segment: its content key is a hash of this. */
  keyMaterial(job: RenderJob): unknown;
  /** Renders one step. `engine_failed`, `unsupported_media`/`damaged`, `aborted`, `source_missing`. */
  render(job: RenderJob, options: RenderOptions): Promise<Result<RenderOutcome, Failure>>;
}
