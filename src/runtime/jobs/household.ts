/** What all jobs of a tab share. */
import type { JobPorts } from '../contract/job-ports.ts';
import type { Records } from './records.ts';
import type { Turns } from './turns.ts';

/** Why a job's work stops in this tab before its end: `gone` says that another tab has ended or held it. */
export type StopReason = 'cancel' | 'pause' | 'close' | 'gone';

/** What all jobs of a tab share. */
export interface Household {
  readonly ports: JobPorts;
  readonly records: Records;
  readonly turns: Turns;
  /** Fires when this tab stops its work for good. */
  readonly closing: AbortSignal;
}
