/** The durable record of an export job. */
import { z } from 'zod';
import type { ExportId } from '../base/ids.ts';
import type { Failure } from '../base/failure.ts';
import type { Certificate } from './certificate.ts';
import type { Deviation, PlanEstimate, RenderPlan } from './plan.ts';
import type { CheckedSpec } from './spec.ts';

/** Version of the export record; a change of shape takes the next number and a migration step. */
export const EXPORT_VERSION = 1;

/** Where a job stands. */
export const exportStatusSchema = z.enum(['pending', 'processing', 'completed', 'failed', 'cancelled']);
/** What it is doing. */
export const exportStageSchema = z.enum(['preparing', 'rendering', 'assembling', 'verifying', 'packaging']);

/** Where a job stands. */
export type ExportStatus = z.infer<typeof exportStatusSchema>;
/** What it is doing. */
export type ExportStage = z.infer<typeof exportStageSchema>;

/** What one step really took. */
export interface Receipt {
  readonly stepId: string;
  readonly kind: string;
  readonly engine: 'ffmpeg' | 'webcodecs' | 'copy';
  /** Which of the engine's modes: `webcodecs-hardware`, `webcodecs-software`, `ffmpeg`; absent in older records. */
  readonly rung?: string | undefined;
  /** True when the segment was there already. */
  readonly reused: boolean;
  readonly wallMs: number;
  readonly bytes: number;
  /** The exact ffmpeg arguments, or the codec configuration. */
  readonly argv: readonly string[];
  /** How many tries it took. */
  readonly attempts: number;
}

/** One finished file of an export. */
export interface ExportFileRecord {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** Path in private storage. */
  readonly path: string;
}

/** Progress as published: percent 0..100 never goes back. */
export interface ExportProgress {
  readonly exportId: ExportId;
  readonly status: ExportStatus;
  readonly stage: ExportStage;
  readonly percent: number;
  readonly elapsedMs: number;
  /** Estimated time left, null while unknown. */
  readonly etaMs: number | null;
  /** Seconds of output per second of work, null while unknown. */
  readonly speed: number | null;
  /** Steps finished and in all, for a strip of steps. */
  readonly stepsDone: number;
  readonly stepsTotal: number;
}

/** The durable record of an export job. All dates ISO-8601. */
export interface Export {
  readonly version: typeof EXPORT_VERSION;
  readonly id: ExportId;
  readonly name: string;
  readonly type: CheckedSpec['type'];
  readonly format: CheckedSpec['format'];
  readonly status: ExportStatus;
  readonly stage: ExportStage;
  readonly percent: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly bytes: number;
  readonly files: readonly ExportFileRecord[];
  /** What the job needs from the person before it can go on. */
  readonly waitingFor: 'source' | 'storage' | null;
  readonly error: Failure | null;
  readonly spec: CheckedSpec;
  readonly plan: RenderPlan;
  readonly receipts: readonly Receipt[];
  readonly estimate: PlanEstimate;
  readonly actual: { readonly wallMs: number; readonly bytes: number } | null;
  readonly deviations: readonly Deviation[];
  readonly certificate: Certificate | null;
  readonly stale: boolean;
  readonly expiresAt: string | null;
}

const statusesSchema = z.union([exportStatusSchema, z.array(exportStatusSchema).readonly()]);

/** Which exports to list, newest first. */
export const exportQuerySchema = z.strictObject({
  status: statusesSchema.optional(),
  limit: z.int().nonnegative().optional(),
  offset: z.int().nonnegative().optional(),
});

/** Which exports to list, newest first. */
export interface ExportQuery {
  readonly status?: ExportStatus | readonly ExportStatus[];
  readonly limit?: number;
  readonly offset?: number;
}
