/** Re-opens a finished file and proves it. */
import type { Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { PictureReference } from './reference.ts';

/** What the file was made of, to hold it against. */
export interface VerifyEvidence {
  /** Frames that really came out of each clip (a damaged source may give fewer than planned). */
  readonly clipFrames: readonly number[];
  /** By step id: what the key frames and the last picture of a segment should look like. Steps without any may be left out. */
  readonly references: ReadonlyMap<string, readonly PictureReference[]>;
  /**
   * The PCM that the whole sound was encoded from (interleaved 16-bit little-endian, at the rate and with the channels
   * of `plan.output.audio`); null where sound was copied or there is none.
   */
  readonly pcm: Blob | null;
  /** The sources of the plan. A missing one is not compared with. */
  readonly sources: ReadonlyMap<AssetId, { readonly asset: Asset; readonly file: Blob }>;
}

/** Bounds and listeners of a check. */
export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** 0..1. */
  readonly onProgress: (fraction: number) => void;
  /** Play through every join, whatever it costs; otherwise long ways to a join are left out above a budget. */
  readonly thorough?: boolean;
}

/** Re-opens a finished file and proves it. */
export interface Verifier {
  /** A certificate, passed or not; fails only when the check itself could not be made. */
  verify(
    file: File,
    plan: RenderPlan,
    evidence: VerifyEvidence,
    options: VerifyOptions,
  ): Promise<Result<Certificate, Failure>>;
}
