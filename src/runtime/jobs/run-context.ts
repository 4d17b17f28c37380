/** What a run of a job works with, and how it reports. */
import type { Certificate } from '../../core/schema/certificate.ts';
import type { Export, ExportFileRecord, ExportPart, ExportStage, Receipt } from '../../core/schema/export.ts';
import type { Deviation, RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { ProgressMeter } from './progress.ts';
import type { StepNews } from './rendered.ts';

/** What a finished run hands back. */
export interface RunResult {
  readonly plan: RenderPlan;
  readonly files: readonly ExportFileRecord[];
  readonly bytes: number;
  readonly receipts: readonly Receipt[];
  readonly deviations: readonly Deviation[];
  /** Null for an export of parts, which have their own. */
  readonly certificate: Certificate | null;
  readonly parts?: readonly ExportPart[];
}

/** How the runner reports. Each call is durable before it resolves where it must be. */
export interface RunReporter {
  stage(stage: ExportStage): Promise<void>;
  /** The plan is another one from now on. */
  plan(plan: RenderPlan): Promise<void>;
  step(news: StepNews): Promise<void>;
  /** Parts stand otherwise from now on, and with them the whole. */
  parts(parts: readonly ExportPart[], plan: RenderPlan): Promise<void>;
  /** Waits for the person, without a place in the queue. False when the work is to end here (the signal fires, too). */
  wait(what: 'source' | 'storage', until: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Resolves when it is the job's turn, at once where it is already. False when the work is to end. */
  turn(): Promise<boolean>;
  progress(meter: ProgressMeter): void;
  /** Working time so far, milliseconds. */
  workedMs(): number;
}

/** The folder of an export's files in private storage. */
export function exportFolder(id: Export['id']): string {
  return `exports/${id}`;
}

/** What a run needs. */
export interface RunContext {
  readonly ports: JobPorts;
  readonly record: Export;
  readonly report: RunReporter;
  readonly signal: AbortSignal;
}

/** What making one file needs beside that. */
export interface FileContext extends RunContext {
  /** Null: it has to be planned first. */
  readonly plan: RenderPlan | null;
  readonly spec: CheckedSpec;
  /** Where the file is written, and what it is called. */
  readonly folder: string;
  readonly name: string;
  /** Bytes that an earlier take of it left in storage. */
  readonly thereBytes: number;
  /** Makes the meter of a plan. */
  readonly meter: (plan: RenderPlan) => ProgressMeter;
}
