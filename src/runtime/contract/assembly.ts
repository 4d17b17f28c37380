/** The assembly worker: joins packets of sources and segments into one file, as a stream. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Rational } from '../../core/base/time.ts';
import type { BaseWorkerApi } from './supervised.ts';

/** A stretch of picture packets. Times in microseconds. */
export interface VideoPiece {
  readonly stepId: string;
  readonly kind: 'source' | 'segment';
  readonly data: Blob;
  /** Which picture track of `data`. */
  readonly order: number;
  /** For sources: the stretch in the file's own clock, end exclusive. Segments are taken whole, from 0. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Where it starts and ends in the output. */
  readonly outStartUs: number;
  readonly outEndUs: number;
  readonly frames: number;
}

/** Sound of the output: a rendered segment taken whole, or a stretch of a source's packets. */
export interface AudioPiece {
  readonly stepId: string;
  readonly kind: 'source' | 'segment';
  readonly data: Blob;
  readonly order: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** Where it starts and ends in the output. */
  readonly outStartUs: number;
  readonly outEndUs: number;
}

/** What to write. */
export interface AssembleRequest {
  readonly container: 'mp4' | 'mov' | 'webm';
  readonly video: {
    readonly codec: 'avc' | 'vp9';
    readonly pieces: readonly VideoPiece[];
    readonly rotation: 0 | 90 | 180 | 270;
    readonly rate: Rational | null;
  } | null;
  /** Copied pieces follow each other packet by packet: each lies within half a packet of its place. */
  readonly audio: { readonly codec: 'aac' | 'opus'; readonly pieces: readonly AudioPiece[] } | null;
  readonly durationUs: number;
  /** Path of the file in private storage (OPFS) that is written; made anew. */
  readonly path: string;
}

/** What was written. */
export interface AssembleOutcome {
  readonly bytes: number;
  readonly videoPackets: number;
  readonly audioPackets: number;
}

/** API of workers/assembly. */
export interface AssemblyWorkerApi extends BaseWorkerApi {
  /**
   * Writes the file. Fails with `engine_failed`/`copy_unsafe` (`details.stepId`) when pieces cannot live in one
   * track, with `quota_exceeded` when storage is full. On failure nothing is left of the file.
   */
  assemble(
    request: AssembleRequest,
    onProgress: (fraction: number) => void,
  ): Promise<Result<AssembleOutcome, Failure>>;
}
