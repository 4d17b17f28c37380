/** The jobs of one database, as the composition root and the API see them. */
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type {
  Export,
  ExportOrigin,
  ExportPart,
  ExportProgress,
  ExportQuery,
} from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';

/** The jobs of one database. Calls that change a job of another tab ask that tab over the bus and answer when the record says so. */
export interface JobManager {
  /**
   * Makes a job; durable when it resolves; it starts when its turn comes.
   *
   * @param parts for an export of type `clips`: `plan` is then that of all together
   */
  create(
    spec: CheckedSpec,
    plan: RenderPlan,
    origin?: ExportOrigin | null,
    parts?: readonly ExportPart[],
  ): Promise<Result<Export, Failure>>;
  get(id: ExportId): Promise<Result<Export, Failure>>;
  list(query?: ExportQuery): Promise<{ readonly exports: readonly Export[]; readonly total: number }>;
  progress(id: ExportId): Promise<Result<ExportProgress, Failure>>;
  /** Stops the work at once and removes every partial file. A job that has ended stays as it is. */
  cancel(id: ExportId): Promise<Result<Export, Failure>>;
  /** Removes the record and its files; a running job is cancelled first. */
  remove(id: ExportId): Promise<Result<null, Failure>>;
  /** Holds a job back: its work stops, what is rendered stays. A job that has ended stays as it is. */
  pause(id: ExportId): Promise<Result<Export, Failure>>;
  /** Lets a paused job go on when its turn comes. */
  unpause(id: ExportId): Promise<Result<Export, Failure>>;
  /** Puts an unfinished job before another one in the queue, or at its end for null. */
  move(id: ExportId, before: ExportId | null): Promise<Result<Export, Failure>>;
  /**
   * A failed or cancelled job goes back into the queue: what it has rendered is not rendered again. So does a completed one of
   * which parts failed: those alone are made, and what was delivered stays whatever comes of it. So does one whose file is no longer kept. `export_running` for one that
   * has not ended.
   */
  retry(id: ExportId): Promise<Result<Export, Failure>>;
  /** Keeps an export for ever, or lets it expire again (counted anew from now). */
  pin(id: ExportId, pinned: boolean): Promise<Result<Export, Failure>>;
  /** Notes whether the document still is what the export shows. */
  markStale(id: ExportId, stale: boolean): Promise<Result<Export, Failure>>;
  /** Takes up jobs that did not end: after a reload, or from another tab. */
  takeUp(): Promise<void>;
  /** Another tab asked this one, which may be the one that runs the job, to stop or hold it. */
  askedHere(id: ExportId, what: 'cancel' | 'pause'): void;
  /** Another tab changed a record that this one may hold (order, pin, unpause): it is read again. */
  changedElsewhere(id: ExportId): Promise<void>;
  /** Removes expired results, files that belong to no export and segments that nobody needs. */
  sweep(): Promise<void>;
  /** A file of a finished export could not be opened: where it is really gone, the record says so from now on. */
  lost(id: ExportId): Promise<void>;
  /** Jobs that this tab works on now. */
  readonly running: ReadonlySet<ExportId>;
  /** Stops the work of this tab; jobs stay unfinished and are taken up again later. */
  close(): Promise<void>;
}
