/**
 * Export jobs: made durable, started, watched, cancelled, removed. One tab runs a job at a time (a lock per job);
 * when that tab dies, another one that waits for the lock goes on.
 */
import { assert } from '../../core/base/assert.ts';
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Export, ExportProgress, ExportQuery, ExportStage, Receipt } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { ProgressMeter } from './progress.ts';
import { exportFolder, runExport } from './runner.ts';

/** How long results are kept. */
const KEEP_DAYS = 7;

/** The jobs of one database. */
export interface JobManager {
  create(spec: CheckedSpec, plan: RenderPlan): Promise<Result<Export, Failure>>;
  get(id: ExportId): Promise<Result<Export, Failure>>;
  list(query?: ExportQuery): Promise<{ readonly exports: readonly Export[]; readonly total: number }>;
  progress(id: ExportId): Promise<Result<ExportProgress, Failure>>;
  cancel(id: ExportId): Promise<Result<Export, Failure>>;
  remove(id: ExportId): Promise<Result<null, Failure>>;
  /** Takes up jobs that did not end: after a reload, or from another tab. */
  resume(): Promise<void>;
  /** Another tab asked for a cancel. */
  cancelHere(id: ExportId): void;
  /** Removes expired results, files that belong to no export and segments that nobody needs. */
  sweep(): Promise<void>;
  /** Jobs that this tab runs now. */
  readonly running: ReadonlySet<ExportId>;
  /** Stops the work of this tab; jobs stay unfinished and are taken up again later. */
  close(): Promise<void>;
}

const ENDED = new Set<Export['status']>(['completed', 'failed', 'cancelled']);

interface Active {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  record: Export;
  progress: ExportProgress;
  /** Set when the person cancelled, as opposed to the page being closed. */
  cancelled: boolean;
}

/** Whether a job has come to its end. */
export function hasEnded(record: Export): boolean {
  return ENDED.has(record.status);
}

/** Progress of a job that is not running in this tab, from its record. */
export function progressOfRecord(record: Export, nowIso: string): ExportProgress {
  const until = record.completedAt ?? nowIso;
  const started = record.startedAt ?? record.createdAt;
  const rendered = record.plan.steps.filter(
    (step) => step.kind !== 'copy-video' && step.kind !== 'copy-audio',
  );
  return {
    exportId: record.id,
    status: record.status,
    stage: record.stage,
    percent: record.percent,
    elapsedMs: Math.max(0, Date.parse(until) - Date.parse(started)),
    etaMs: record.status === 'completed' ? 0 : null,
    speed: null,
    stepsDone: record.status === 'completed' ? rendered.length + 2 : record.receipts.length,
    stepsTotal: rendered.length + 2,
  };
}

/** Makes the manager; nothing runs before `resume` or `create`. */
export function createJobManager(ports: JobPorts): JobManager {
  const active = new Map<ExportId, Active>();
  const running = new Set<ExportId>();
  let closed = false;

  const unknown = (id: ExportId): Failure =>
    failure('not_found', 'unknown_export', 'There is no such export.', { id: String(id) });

  /** JavaScript callers may pass anything for an id; a store would throw at what is no key. */
  const find = (id: unknown): Promise<Export | null> =>
    typeof id === 'string' ? ports.exports.get(id as ExportId) : Promise.resolve(null);

  /** Writes first, shows afterwards. */
  const save = async (job: Active, change: Partial<Export>): Promise<Result<null, Failure>> => {
    const next = { ...job.record, ...change };
    const written = await ports.exports.put(next);
    if (!written.ok) return written;
    job.record = next;
    job.progress = { ...job.progress, status: next.status, stage: next.stage };
    ports.publish(next, job.progress);
    return ok(null);
  };

  const reporterOf = (job: Active, startedMs: number): Parameters<typeof runExport>[0]['report'] => {
    let shown = 0;
    const show = (meter: ProgressMeter): void => {
      const now = ports.clock.now();
      const elapsedMs = Math.round(now - startedMs);
      const percent = Math.max(job.progress.percent, meter.percent());
      const doneUs = (job.record.plan.output.durationUs * percent) / 100;
      job.progress = {
        ...job.progress,
        percent,
        elapsedMs,
        etaMs: meter.etaMs(now),
        speed: elapsedMs > 500 ? Math.round((doneUs / 1000 / elapsedMs) * 100) / 100 : null,
        stepsDone: meter.done(),
        stepsTotal: meter.total,
      };
      // A status line comes many times a second per worker; people and other tabs need a few.
      if (now - shown < 100) return;
      shown = now;
      ports.publish(job.record, job.progress);
    };
    return {
      async stage(stage: ExportStage) {
        await save(job, { stage, percent: job.progress.percent });
      },
      async waiting(waitingFor) {
        await save(job, { waitingFor });
      },
      async receipts(receipts: readonly Receipt[]) {
        await save(job, { receipts: [...receipts], percent: job.progress.percent });
      },
      progress: show,
    };
  };

  const work = async (job: Active): Promise<void> => {
    const { signal } = job.controller;
    const { id } = job.record;
    const latest = await ports.exports.get(id);
    // Another tab may have finished or removed it while this one waited for the lock.
    if (latest === null || hasEnded(latest)) {
      if (latest !== null) {
        job.record = latest;
        job.progress = progressOfRecord(latest, ports.clock.iso());
        ports.publish(latest, job.progress);
      }
      return;
    }
    job.record = latest;
    running.add(id);
    const startedMs = ports.clock.now();
    await save(job, { status: 'processing', startedAt: latest.startedAt ?? ports.clock.iso() });
    const result = await runExport({ ports, record: job.record, report: reporterOf(job, startedMs), signal });
    // The page is going: leave the job as it is, its segments are checkpoints.
    if (closed && !job.cancelled) return;
    await finish(job, result, startedMs);
  };

  const finish = async (
    job: Active,
    result: Awaited<ReturnType<typeof runExport>>,
    startedMs: number,
  ): Promise<void> => {
    const { id } = job.record;
    const now = ports.clock.iso();
    if (result.ok) {
      const { plan, files, bytes, receipts, deviations, certificate } = result.value;
      const wallMs = Math.round(ports.clock.now() - startedMs);
      job.progress = {
        ...job.progress,
        percent: 100,
        etaMs: 0,
        elapsedMs: wallMs,
        stepsDone: job.progress.stepsTotal,
      };
      await save(job, {
        status: 'completed',
        percent: 100,
        completedAt: now,
        plan,
        files,
        bytes,
        receipts,
        deviations,
        certificate,
        waitingFor: null,
        actual: { wallMs, bytes },
        expiresAt: new Date(Date.parse(now) + KEEP_DAYS * 86_400_000).toISOString(),
      });
      return;
    }
    await removeFiles(id);
    if (job.cancelled) {
      await ports.cache.release(id);
      await save(job, { status: 'cancelled', completedAt: now, waitingFor: null, files: [], bytes: 0 });
      return;
    }
    await save(job, {
      status: 'failed',
      completedAt: now,
      waitingFor: null,
      error: result.error,
      files: [],
      bytes: 0,
    });
  };

  const removeFiles = async (id: ExportId): Promise<void> => {
    for (const { path } of await ports.files.list(exportFolder(id))) await ports.files.remove(path);
    await ports.files.remove(exportFolder(id));
  };

  const start = (record: Export): Active => {
    const known = active.get(record.id);
    if (known !== undefined) return known;
    const controller = new AbortController();
    const entry: { job: Active | null } = { job: null };
    const ended = Promise.resolve().then(async () => {
      const { job } = entry;
      assert(job !== null, 'the job is set before its work starts');
      try {
        await ports.exclusively(`export:${record.id}`, controller.signal, () => work(job));
      } catch (cause) {
        // Waiting for the lock was given up; or a bug, which must not leave the job "processing" for ever.
        if (!controller.signal.aborted) {
          const text = cause instanceof Error ? cause.message : String(cause);
          await finish(
            job,
            err(failure('internal', 'unexpected', `Unexpected: ${text}`, { cause: text })),
            ports.clock.now(),
          );
        }
      }
      running.delete(record.id);
      active.delete(record.id);
    });
    const job: Active = {
      controller,
      ended,
      record,
      progress: progressOfRecord(record, ports.clock.iso()),
      cancelled: false,
    };
    entry.job = job;
    active.set(record.id, job);
    return job;
  };

  const cancel = async (id: ExportId): Promise<Result<Export, Failure>> => {
    const record = active.get(id)?.record ?? (await find(id));
    if (record === null) return err(unknown(id));
    if (hasEnded(record)) return ok(record);
    const job = active.get(id);
    if (job !== undefined) {
      job.cancelled = true;
      job.controller.abort();
      await job.ended;
    }
    // Not running here (yet, or any more): say so in the record; whoever holds the lock sees it.
    const latest = await ports.exports.get(id);
    if (latest === null) return err(unknown(id));
    if (hasEnded(latest)) return ok(latest);
    const cancelled: Export = {
      ...latest,
      status: 'cancelled',
      completedAt: ports.clock.iso(),
      waitingFor: null,
      files: [],
      bytes: 0,
    };
    await removeFiles(id);
    await ports.cache.release(id);
    const written = await ports.exports.put(cancelled);
    if (!written.ok) return written;
    ports.publish(cancelled, progressOfRecord(cancelled, ports.clock.iso()));
    return ok(cancelled);
  };

  return {
    running,
    async create(spec, plan) {
      const record: Export = {
        version: 1,
        id: ports.newId(),
        name: spec.name,
        type: spec.type,
        format: spec.format,
        status: 'pending',
        stage: 'preparing',
        percent: 0,
        createdAt: ports.clock.iso(),
        startedAt: null,
        completedAt: null,
        bytes: 0,
        files: [],
        waitingFor: null,
        error: null,
        spec,
        plan,
        receipts: [],
        estimate: plan.estimate,
        actual: null,
        deviations: plan.deviations,
        certificate: null,
        stale: false,
        expiresAt: null,
      };
      const written = await ports.exports.put(record);
      if (!written.ok) return written;
      const job = start(record);
      ports.publish(record, job.progress);
      return ok(record);
    },
    async get(id) {
      const record = active.get(id)?.record ?? (await find(id));
      return record === null ? err(unknown(id)) : ok(record);
    },
    list: (query) => ports.exports.list(query ?? {}),
    async progress(id) {
      const job = active.get(id);
      if (job !== undefined && running.has(id)) return ok(job.progress);
      const record = await find(id);
      return record === null ? err(unknown(id)) : ok(progressOfRecord(record, ports.clock.iso()));
    },
    cancel,
    async remove(id) {
      const stopped = await cancel(id);
      if (!stopped.ok) return stopped;
      await removeFiles(id);
      await ports.cache.release(id);
      return ports.exports.remove(id);
    },
    async resume() {
      const { exports } = await ports.exports.list({ status: ['pending', 'processing'] });
      // Oldest first: the order in which they were asked for.
      for (const record of [...exports].reverse()) start(record);
    },
    cancelHere(id) {
      const job = active.get(id);
      if (job === undefined) return;
      job.cancelled = true;
      job.controller.abort();
    },
    async sweep() {
      const { exports } = await ports.exports.list();
      const now = ports.clock.iso();
      for (const record of exports) {
        if (record.expiresAt !== null && record.expiresAt < now && record.files.length > 0) {
          await removeFiles(record.id);
          await ports.exports.put({ ...record, files: [] });
        }
      }
      const owned = new Set(exports.flatMap((record) => record.files.map((file) => file.path)));
      const unfinished = exports.filter((record) => !hasEnded(record)).map((record) => record.id);
      const busy = new Set(unfinished);
      for (const { path } of await ports.files.list('exports')) {
        const id = path.split('/')[1] as ExportId | undefined;
        if (!owned.has(path) && (id === undefined || !busy.has(id))) await ports.files.remove(path);
      }
      await ports.cache.sweep(busy);
    },
    async close() {
      closed = true;
      const jobs = [...active.values()];
      for (const job of jobs) job.controller.abort();
      await Promise.all(jobs.map((job) => job.ended));
    },
  };
}
