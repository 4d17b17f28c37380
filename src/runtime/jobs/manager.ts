/**
 * Export jobs: made durable, queued, started, held, cancelled, removed. One tab runs a job at a time (a lock per job);
 * when that tab dies, another one that waits for the lock goes on.
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import {
  EXPORT_VERSION,
  hasEnded,
  UNFINISHED,
  type Export,
  type ExportOrigin,
  type ExportPart,
} from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { JobManager } from '../contract/job-manager.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import { jobLock, startJob, type Active } from './active.ts';
import type { Household } from './household.ts';
import { isLost, removeMade, sweep } from './housekeeping.ts';
import { asDelivered } from './part-files.ts';
import { inOrder, movedBefore } from './queue.ts';
import {
  createRecords,
  expiryFrom,
  isGone,
  progressOfRecord,
  resultGone,
  unknownExport,
  writeWithRoom,
} from './records.ts';
import { FRESH, retried } from './retried.ts';
import { createTurns } from './turns.ts';

export { progressOfRecord } from './records.ts';

/** How long the tab that runs a job has to do what it was asked before this one writes it into the record, milliseconds. */
const OTHER_TAB_MS = 10_000;

/** Makes the manager; nothing runs before `takeUp` or `create`. */
export function createJobManager(ports: JobPorts): JobManager {
  const closing = new AbortController();
  const records = createRecords(ports);
  const turns = createTurns(ports.limits);
  const household: Household = { ports, records, turns, closing: closing.signal };
  const active = new Map<ExportId, Active>();
  let lastOrder = 0;

  const publish = (record: Export): void => {
    ports.publish(record, progressOfRecord(record, ports.clock.iso()));
  };

  const start = (record: Export): void => {
    if (closing.signal.aborted || ports.readOnly || active.has(record.id)) return;
    const job = startJob(household, record);
    active.set(record.id, job);
    const forget = (): void => {
      active.delete(record.id);
    };
    void job.ended.then(forget, forget);
  };

  /** The record as whoever holds the job knows it. */
  const find = async (id: ExportId): Promise<Export | null> => {
    const job = active.get(id);
    return job?.owned === true ? job.record : records.find(id);
  };

  /** Behind all that wait. Counted, not taken from the clock, which may be set back. */
  const lastPlace = async (): Promise<number> => {
    const { exports } = await ports.exports.list({ status: UNFINISHED });
    lastOrder = Math.max(lastOrder, ...exports.map((record) => record.order)) + 1;
    return lastOrder;
  };

  /** Changes a record that somebody may be working on, and lets the one who does know, if it is this tab. */
  const change = async (
    id: ExportId,
    next: (stored: Export) => Export | null,
  ): Promise<Result<Export, Failure>> => {
    if (typeof id !== 'string') return err(unknownExport(id));
    const result = await writeWithRoom(ports.room, () => records.update(id, next));
    if (!result.ok) return result;
    const job = active.get(id);
    if (job?.owned === true) {
      job.accept(result.value);
      ports.publish(job.record, job.progress);
    } else publish(result.value);
    return result;
  };

  /** Stops the work of a job here, and waits until another tab that has it has let go: it was asked over the bus. */
  const stopped = async (id: ExportId, reason: 'cancel' | 'pause'): Promise<void> => {
    const job = active.get(id);
    if (job !== undefined) {
      job.stop(reason);
      await job.ended;
      const record = await records.find(id);
      if (record === null || hasEnded(record) || (reason === 'pause' && record.paused)) return;
    }
    const enough = new AbortController();
    const free = ports
      .exclusively(jobLock(id), enough.signal, () => Promise.resolve())
      // The tab that has it does not answer. It sees the record with its next write.
      .catch(() => undefined);
    const over = new AbortController();
    await Promise.race([free, ports.clock.sleep(OTHER_TAB_MS, over.signal)]);
    over.abort();
    enough.abort();
  };

  const cancel = async (id: ExportId): Promise<Result<Export, Failure>> => {
    const record = await find(id);
    if (record === null) return err(unknownExport(id));
    if (hasEnded(record)) return ok(record);
    await stopped(id, 'cancel');
    const latest = await records.find(id);
    if (latest === null) return err(unknownExport(id));
    if (hasEnded(latest)) return ok(latest);
    // Nobody ran it. What it holds goes first: on a full disk there is then room to write that it was cancelled.
    const delivered = asDelivered(latest);
    await removeMade(ports, id, delivered === null ? [] : latest.files);
    const completedAt = ports.clock.iso();
    ports.log({
      event: 'job_ended',
      jobId: id,
      durationMs: latest.actual?.wallMs ?? null,
      data: { status: 'cancelled' },
    });
    const expiresAt = expiryFrom(completedAt, await ports.room.keepDays());
    return change(id, (stored) => {
      if (hasEnded(stored)) return null;
      const before = asDelivered(stored);
      if (before !== null)
        return { ...stored, ...before, completedAt, expiresAt: stored.pinned ? null : expiresAt };
      return { ...stored, status: 'cancelled', completedAt, waitingFor: null, files: [], bytes: 0 };
    });
  };

  const lost = async (id: ExportId): Promise<void> => {
    const record = await find(id);
    if (record === null || !(await isLost(ports.files, record))) return;
    await change(id, (stored) => (stored.status === 'completed' ? { ...stored, files: [] } : null));
  };

  return {
    running: turns.running,

    async create(
      spec: CheckedSpec,
      plan: RenderPlan,
      origin: ExportOrigin | null = null,
      parts?: readonly ExportPart[],
    ) {
      const record: Export = {
        version: EXPORT_VERSION,
        id: ports.newId(),
        name: spec.name,
        type: spec.type,
        format: spec.format,
        status: 'pending',
        ...FRESH,
        createdAt: ports.clock.iso(),
        spec,
        plan,
        estimate: plan.estimate,
        deviations: plan.deviations,
        stale: false,
        order: await lastPlace(),
        paused: false,
        pinned: false,
        origin,
        ...(parts === undefined ? {} : { parts }),
      };
      const written = await writeWithRoom(ports.room, () => ports.exports.put(record));
      if (!written.ok) return written;
      ports.log({
        event: 'job_created',
        jobId: record.id,
        data: {
          steps: plan.steps.length,
          estimateMs: plan.estimate.wallMs,
          queued: turns.queued,
          running: turns.running.size,
        },
      });
      start(record);
      publish(record);
      return ok(record);
    },

    async get(id) {
      const record = await find(id);
      return record === null ? err(unknownExport(id)) : ok(record);
    },

    async list(query) {
      const found = await ports.exports.list(query ?? {});
      // What a full disk keeps out of the store, whoever holds the job still knows.
      const known = (record: Export): Export => {
        const job = active.get(record.id);
        return job?.owned === true ? job.record : record;
      };
      return { ...found, exports: found.exports.map(known) };
    },

    async progress(id) {
      const job = active.get(id);
      if (job?.owned === true) return ok(job.progress);
      const record = await records.find(id);
      return record === null ? err(unknownExport(id)) : ok(progressOfRecord(record, ports.clock.iso()));
    },

    cancel,

    async remove(id) {
      const done = await cancel(id);
      if (!done.ok) return done;
      // Its files first: as long as one cannot be removed the record stays, and with it the way to try again.
      const removed = await removeMade(ports, id);
      if (!removed.ok) return removed;
      const gone = await ports.exports.remove(id);
      // Whoever deletes it at the same time was done first.
      return gone.ok || gone.error.code === 'not_found' ? ok(null) : gone;
    },

    async pause(id) {
      const record = await find(id);
      if (record === null) return err(unknownExport(id));
      if (hasEnded(record) || record.paused) return ok(record);
      await stopped(id, 'pause');
      return change(id, (stored) =>
        hasEnded(stored) || stored.paused
          ? null
          : { ...stored, status: 'pending', paused: true, waitingFor: null },
      );
    },

    async unpause(id) {
      const result = await change(id, (stored) =>
        hasEnded(stored) || !stored.paused ? null : { ...stored, paused: false },
      );
      if (result.ok && !hasEnded(result.value)) start(result.value);
      return result;
    },

    async move(id, before) {
      const record = await find(id);
      if (record === null) return err(unknownExport(id));
      const place = before === null || before === id ? null : await find(before);
      // What is not in the queue has no place in it before which another one could come.
      if (before !== null && before !== id && (place === null || hasEnded(place)))
        return err(unknownExport(before));
      if (hasEnded(record)) return ok(record);
      const { exports } = await ports.exports.list({ status: UNFINISHED });
      for (const { id: moved, order } of movedBefore(exports, id, before)) {
        const result = await change(moved, (stored) => (hasEnded(stored) ? null : { ...stored, order }));
        if (!result.ok && moved === id) return result;
        lastOrder = Math.max(lastOrder, order);
      }
      const now = await find(id);
      return now === null ? err(unknownExport(id)) : ok(now);
    },

    async retry(id) {
      await lost(id);
      const order = await lastPlace();
      const refused: { because: Failure | null } = { because: null };
      const result = await change(id, (stored) => {
        if (!hasEnded(stored)) {
          refused.because = failure('not_ready', 'export_running', 'The export has not ended.', { id });
          return null;
        }
        const again = retried(stored);
        return again === null ? null : { ...again, order, paused: false };
      });
      if (refused.because !== null) return err(refused.because);
      if (result.ok && !hasEnded(result.value)) {
        // What is left of the take that ended it has to be gone first.
        await active.get(id)?.ended;
        start(result.value);
      }
      return result;
    },

    async pin(id, pinned) {
      const days = await ports.room.keepDays();
      const gone: { because: Failure | null } = { because: null };
      const result = await change(id, (stored) => {
        if (pinned && isGone(stored)) {
          gone.because = resultGone(id);
          return null;
        }
        const expires = !pinned && stored.status === 'completed';
        return { ...stored, pinned, expiresAt: expires ? expiryFrom(ports.clock.iso(), days) : null };
      });
      return gone.because === null ? result : err(gone.because);
    },

    markStale: (id, stale) => change(id, (stored) => (stored.stale === stale ? null : { ...stored, stale })),

    async takeUp() {
      if (ports.readOnly) return;
      const { exports } = await ports.exports.list({ status: UNFINISHED });
      for (const record of inOrder(exports)) if (!record.paused) start(record);
    },

    askedHere(id, what) {
      const job = active.get(id);
      // A tab that only waits for the lock has nothing to stop: it sees in the record what came of it.
      if (job?.holds === true) job.stop(what);
    },

    async changedElsewhere(id) {
      const record = await records.find(id);
      if (record === null) active.get(id)?.stop('gone');
      else if (!hasEnded(record) && !record.paused) start(record);
      // Moving one job may have given others new places.
      for (const [each, job] of active) {
        const stored = each === id ? record : await records.find(each);
        if (stored !== null && job.owned) job.accept(stored);
      }
    },

    lost,

    sweep: () => sweep(ports, change),

    async close() {
      closing.abort();
      const jobs = [...active.values()];
      for (const job of jobs) job.stop('close');
      await Promise.all(jobs.map((job) => job.ended));
    },
  };
}
