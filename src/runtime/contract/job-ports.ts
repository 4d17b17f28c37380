/** What the job runner needs from the other rooms; the composition root connects them. */
import type { AssetId, ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Export, ExportProgress } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { AssembleOutcome, AssembleRequest } from './assembly.ts';
import type { Clock } from './clock.ts';
import type { EngineLadder } from './renderer.ts';
import type { SegmentCache } from './segment-cache.ts';
import type { ExportStore, FileStore } from './stores.ts';
import type { Verifier } from './verifier.ts';

/** Writes the finished file. */
export interface Assembler {
  assemble(
    request: AssembleRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<Result<AssembleOutcome, Failure>>;
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
  /** Runs `work` while this tab alone holds the job; other tabs wait here. */
  exclusively<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Tells this tab and others. */
  publish(record: Export, progress: ExportProgress): void;
}
