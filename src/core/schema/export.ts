/** The durable record of an export job. */
import { z } from 'zod';
import type { ClipId, ExportId } from '../base/ids.ts';
import type { Failure } from '../base/failure.ts';
import type { Certificate } from './certificate.ts';
import type { Deviation, PlanEstimate, RenderPlan } from './plan.ts';
import type { CheckedSpec } from './spec.ts';

/** Version of the export record; a change of shape takes the next number and a migration step. */
export const EXPORT_VERSION = 2;

/** Where a job stands. */
export const exportStatusSchema = z.enum(['pending', 'processing', 'completed', 'failed', 'cancelled']);
/** What it is doing. */
export const exportStageSchema = z.enum(['preparing', 'rendering', 'assembling', 'verifying', 'packaging']);

/** Where a job stands. */
export type ExportStatus = z.infer<typeof exportStatusSchema>;
/** What it is doing. */
export type ExportStage = z.infer<typeof exportStageSchema>;

/** Statuses of jobs that have not ended. */
export const UNFINISHED = ['pending', 'processing'] as const satisfies readonly ExportStatus[];
/** Statuses of jobs that have. */
export const ENDED = ['completed', 'failed', 'cancelled'] as const satisfies readonly ExportStatus[];

/** Whether a job has come to its end. */
export function hasEnded({ status }: { readonly status: ExportStatus }): boolean {
  return (ENDED as readonly ExportStatus[]).includes(status);
}

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

/** One file of an export of type `clips`: made, checked and delivered by itself, whatever becomes of the others. */
export interface ExportPart {
  /** Position among the spec's ranges; counted in the plan's clips, too. */
  readonly position: number;
  /** Its name in the ZIP. */
  readonly name: string;
  /** Null while it could not be planned. */
  readonly plan: RenderPlan | null;
  readonly status: 'pending' | 'completed' | 'failed';
  /** Why there is no file. */
  readonly error: Failure | null;
  /** Its own, its one clip counted as the first. */
  readonly deviations: readonly Deviation[];
  readonly certificate: Certificate | null;
  /** Its own file in private storage, until it is in the ZIP. */
  readonly file: { readonly path: string; readonly bytes: number } | null;
  /** Where it lies in the ZIP, the export's one file: entries are stored, so those bytes are the file. */
  readonly entry: { readonly at: number; readonly bytes: number } | null;
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

/** What of a document an export was made from, so that it can be told when that has changed. */
export interface ExportOrigin {
  readonly documentId: string;
  /** The clips that it shows; null for the whole reel, whatever clips that has. */
  readonly clipIds: readonly ClipId[] | null;
}

/** What one rung of the ladder did in an export. */
export interface RungWork {
  /** Milliseconds of one worker. */
  readonly wallMs: number;
  readonly steps: number;
  /** Pixels of pictures that were encoded. */
  readonly pixels: number;
}

/** What an export really took. */
export interface ExportActual {
  readonly wallMs: number;
  /** How much of that other exports of the tab worked beside it; absent in older records. */
  readonly sharedMs?: number | undefined;
  readonly bytes: number;
  /** Private storage that its segments and its file took; absent in older records. */
  readonly storageBytes?: number | undefined;
  /** Milliseconds of each stage; absent in older records. */
  readonly stages?: Readonly<Partial<Record<ExportStage, number>>> | undefined;
  /** By rung, reused steps left out; absent in older records. */
  readonly work?: Readonly<Record<string, RungWork>> | undefined;
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
  readonly actual: ExportActual | null;
  readonly deviations: readonly Deviation[];
  /** Of the one file; null for an export of parts, which have their own. */
  readonly certificate: Certificate | null;
  /** The files of an export of type `clips`; absent for other types. */
  readonly parts?: readonly ExportPart[] | undefined;
  /** The document has changed since; the file shows what it was. */
  readonly stale: boolean;
  readonly expiresAt: string | null;
  /** Place in the queue: smaller numbers come first. */
  readonly order: number;
  /** Held back by the person. */
  readonly paused: boolean;
  /** Kept for ever: does not expire, its segments are not evicted. */
  readonly pinned: boolean;
  /** Null for an export that was not made from a document. */
  readonly origin: ExportOrigin | null;
}

const statusesSchema = z.union([exportStatusSchema, z.array(exportStatusSchema).readonly()]);
const typeSchema = z.enum(['single', 'combined', 'clips', 'csv', 'bundle']);
const typesSchema = z.union([typeSchema, z.array(typeSchema).readonly()]);

/** In which order exports are listed. `queue`: the order in which unfinished ones come, ended ones after them. */
export const EXPORT_ORDERS = ['newest', 'oldest', 'name', 'largest', 'queue'] as const;

/** Which exports to list, newest first when nothing else is said. */
export const exportQuerySchema = z.strictObject({
  status: statusesSchema.optional(),
  type: typesSchema.optional(),
  /** Part of the name, in any case. */
  text: z.string().max(200).optional(),
  order: z.enum(EXPORT_ORDERS).optional(),
  limit: z.int().nonnegative().optional(),
  offset: z.int().nonnegative().optional(),
});

/** Which exports to list, newest first when nothing else is said. */
export interface ExportQuery {
  readonly status?: ExportStatus | readonly ExportStatus[];
  readonly type?: CheckedSpec['type'] | readonly CheckedSpec['type'][];
  readonly text?: string;
  readonly order?: (typeof EXPORT_ORDERS)[number];
  readonly limit?: number;
  readonly offset?: number;
}
