/**
 * One job's life in this tab: it waits for its lock, then for its turn, is worked on, waits for the person, lets go of the lock
 * for a tab that may have what is missing, and ends. Everything that others may see is written first.
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, type Result } from '../../core/base/result.ts';
import { hasEnded, type Export, type ExportProgress, type Receipt } from '../../core/schema/export.ts';
import type { Household, StopReason } from './household.ts';
import { removeFiles, removeMade } from './housekeeping.ts';
import { asDelivered } from './part-files.ts';
import type { ProgressMeter } from './progress.ts';
import { expiryFrom, progressOfRecord } from './records.ts';
import { cancelled } from './recovery.ts';
import type { RunReporter, RunResult } from './run-context.ts';
import { runExport } from './runner.ts';
import { createSaver } from './saver.ts';
import { weightOf } from './queue.ts';
import { createWorkLog } from './work-log.ts';

/** A job that this tab works on, or wants to. */
export interface Active {
  /** As it is known here; only of worth while `owned`. */
  readonly record: Export;
  readonly progress: ExportProgress;
  /** This tab holds the job's lock. */
  readonly holds: boolean;
  /** It also knows what the store says of the job: from here on its own record is the newest. */
  readonly owned: boolean;
  /** Resolves when nothing of it is left in this tab. */
  readonly ended: Promise<void>;
  stop(reason: StopReason): void;
  /** Takes over what others have written into the record. */
  accept(stored: Export): void;
}

/** The name of the lock that the tab holds that works on a job. */
export function jobLock(id: ExportId): string {
  return `export:${id}`;
}

/** How often progress is shown, milliseconds: a status line comes many times a second per worker. */
const SHOW_EVERY_MS = 100;
/** Before this much work its speed says nothing, milliseconds. */
const SPEED_AFTER_MS = 500;
/** How long a job that waits for its source is held at first before another tab may look, and at most. Milliseconds. */
const HOLD_MS = { first: 1_000, most: 10_000 } as const;

/** Starts a job's life. */
export function startJob(household: Household, made: Export): Active {
  const { ports, turns, closing } = household;
  const { id } = made;
  const controller = new AbortController();
  let stopping: StopReason | null = null;
  let holds = false;
  let owned = false;
  let holdMs: number = HOLD_MS.first;
  let progress = progressOfRecord(made, ports.clock.iso());

  const stop = (reason: StopReason): void => {
    stopping ??= reason;
    controller.abort();
  };
  const show = (record: Export): void => {
    progress = { ...progress, status: record.status, stage: record.stage };
    ports.publish(record, progress);
  };
  const saver = createSaver({ household, made, show, stop });

  /** One time with the lock. `left`: it is asked for again. */
  const take = async (): Promise<'ended' | 'left'> => {
    const latest = await household.records.find(id);
    // Another tab may have finished, held or removed it while this one waited for the lock.
    if (latest === null) return 'ended';
    saver.reset(latest);
    progress = progressOfRecord(latest, ports.clock.iso());
    if (hasEnded(latest) || latest.paused) {
      ports.publish(latest, progress);
      return 'ended';
    }
    // Not before: until it was read, what this tab remembers may be older than what the store says.
    owned = true;
    const leaving = new AbortController();
    const signal = AbortSignal.any([controller.signal, leaving.signal]);
    const work = createWorkLog(latest.actual, ports.clock);
    const steps = new Set(latest.plan.steps.map((step) => step.id));
    const receipts = new Map<string, Receipt>(
      latest.receipts
        .filter((receipt) => steps.has(receipt.stepId))
        .map((receipt) => [receipt.stepId, receipt]),
    );
    const storageBytes = (): number => [...receipts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const actual = (bytes: number): Export['actual'] => work.actual(bytes, storageBytes() + bytes);

    let isLogged = false;
    const logStart = (): void => {
      if (isLogged) return;
      isLogged = true;
      ports.log({
        event: latest.startedAt === null ? 'job_started' : 'job_taken_over',
        jobId: id,
        data: { queued: turns.queued, running: turns.running.size },
      });
    };

    const turn = async (): Promise<boolean> => {
      const job = { id, order: saver.record.order, ...weightOf(saver.record) };
      if (!(await turns.take(job, signal))) return false;
      work.start();
      logStart();
      const { status, waitingFor, startedAt } = saver.record;
      if (status === 'processing' && waitingFor === null) return true;
      await saver.save({
        status: 'processing',
        waitingFor: null,
        startedAt: startedAt ?? ports.clock.iso(),
      });
      return true;
    };

    /** Lets go of the lock when another tab waits for it: that one may have the source. */
    const letGo = async (bounded: AbortSignal): Promise<void> => {
      while (await ports.clock.sleep(holdMs, bounded)) {
        if (!(await ports.othersWait(jobLock(id)))) continue;
        // Two tabs that both lack it would pass it to and fro for ever: ever more slowly.
        holdMs = Math.min(HOLD_MS.most, holdMs * 2);
        leaving.abort();
      }
    };

    const wait = async (
      what: 'source' | 'storage',
      until: (signal: AbortSignal) => Promise<void>,
    ): Promise<boolean> => {
      if (signal.aborted) return false;
      work.stop();
      turns.release(id);
      await saver.save({
        status: 'processing',
        waitingFor: what,
        startedAt: saver.record.startedAt ?? ports.clock.iso(),
      });
      ports.log({ event: 'job_waiting', jobId: id, data: { for: what } });
      const done = new AbortController();
      const bounded = AbortSignal.any([signal, done.signal]);
      try {
        await Promise.race([until(bounded), ...(what === 'source' ? [letGo(bounded)] : [])]);
      } finally {
        done.abort();
      }
      return !signal.aborted;
    };
    let waiting: Promise<boolean> | null = null;

    let shownMs = -Infinity;
    const report: RunReporter = {
      async stage(stage) {
        const before = work.stage(stage);
        if (before !== null) {
          ports.log({
            event: 'stage_ended',
            jobId: id,
            durationMs: before.wallMs,
            data: { stage: before.stage },
          });
        }
        await saver.save({ stage, percent: progress.percent, actual: actual(0) });
      },
      async plan(plan) {
        await saver.save({ plan, deviations: plan.deviations });
      },
      async parts(parts, plan) {
        await saver.save({ parts, plan, deviations: plan.deviations });
      },
      async step(news) {
        receipts.set(news.receipt.stepId, news.receipt);
        work.step(news);
        await saver.save({ receipts: [...receipts.values()], percent: progress.percent, actual: actual(0) });
      },
      wait(what, until) {
        // Several steps may find the disk full at once: they wait together.
        waiting ??= wait(what, until).finally(() => {
          waiting = null;
        });
        return waiting;
      },
      turn,
      workedMs: () => work.workedMs(),
      progress(meter: ProgressMeter) {
        work.beside(turns.running.size - 1);
        const elapsedMs = Math.round(work.workedMs());
        const percent = Math.max(progress.percent, meter.percent());
        const doneMs = (saver.record.plan.output.durationUs * percent) / 100_000;
        progress = {
          ...progress,
          percent,
          elapsedMs,
          etaMs: meter.etaMs(elapsedMs),
          speed: elapsedMs > SPEED_AFTER_MS ? Math.round((doneMs / elapsedMs) * 100) / 100 : null,
          // Steps that an earlier take finished are found again one by one: that is no step back.
          stepsDone: Math.max(progress.stepsDone, meter.done()),
          stepsTotal: meter.total,
        };
        const now = ports.clock.now();
        if (now - shownMs < SHOW_EVERY_MS) return;
        shownMs = now;
        ports.publish(saver.record, progress);
      },
    };

    // A job that lacks a source holds no place while it looks whether it is there now.
    const goesOn = latest.waitingFor === 'source' || (await turn());
    const result: Result<RunResult, Failure> = goesOn
      ? await runExport({ ports, record: saver.record, report, signal })
      : err(cancelled());
    const last = work.stage(null);
    work.stop();
    turns.release(id);
    if (last !== null) {
      ports.log({ event: 'stage_ended', jobId: id, durationMs: last.wallMs, data: { stage: last.stage } });
    }
    if (result.ok) {
      await complete(result.value, actual(result.value.bytes));
      return 'ended';
    }
    if (stopping === null && leaving.signal.aborted) {
      await saver.save({ actual: actual(0) });
      return 'left';
    }
    await abandon(result.error, actual(0));
    return 'ended';
  };

  const logEnd = (status: string, took: Export['actual'], code: Failure['reason'] | null): void => {
    ports.log({
      event: 'job_ended',
      jobId: id,
      durationMs: took?.wallMs ?? null,
      code,
      data: { status, bytes: took?.bytes ?? 0, queued: turns.queued, running: turns.running.size },
    });
  };

  const complete = async (result: RunResult, took: Export['actual']): Promise<void> => {
    const now = ports.clock.iso();
    progress = {
      ...progress,
      percent: 100,
      etaMs: 0,
      elapsedMs: took?.wallMs ?? progress.elapsedMs,
      stepsDone: progress.stepsTotal,
    };
    const { plan, files, bytes, receipts, deviations, certificate, parts } = result;
    const written = await saver.saveSurely({
      status: 'completed',
      percent: 100,
      completedAt: now,
      plan,
      files,
      bytes,
      receipts,
      deviations,
      certificate,
      ...(parts === undefined ? {} : { parts }),
      waitingFor: null,
      actual: took,
      expiresAt: expiryFrom(now, await ports.room.keepDays()),
    });
    if (written) {
      logEnd('completed', took, null);
      // What was packed is in the ZIP; so is what an earlier ZIP held.
      if (parts !== undefined || made.type === 'bundle') await removeFiles(ports.files, id, files);
    }
    // Cancelled or removed by another tab in the last moment: that tab did not see this file.
    else if (stopping === 'gone') await removeMade(ports, id);
  };

  /** Trying the rest of a delivered export again came to nothing: it is what it was. False where it was not delivered. */
  const putBack = async (took: Export['actual']): Promise<boolean> => {
    const delivered = asDelivered(saver.record);
    if (delivered === null) return false;
    await removeFiles(ports.files, id, saver.record.files);
    const completedAt = ports.clock.iso();
    const expiresAt = expiryFrom(completedAt, await ports.room.keepDays());
    await saver.saveSurely({ ...delivered, completedAt, expiresAt, actual: took });
    return true;
  };

  const fail = async (error: Failure, took: Export['actual']): Promise<void> => {
    if (await putBack(took)) {
      logEnd('failed', took, error.reason);
      return;
    }
    await removeFiles(ports.files, id);
    // What was made of the source before it changed is of no use any more, and its key does not tell.
    if (error.reason === 'source_changed') await ports.cache.release(id);
    const completedAt = ports.clock.iso();
    logEnd('failed', took, error.reason);
    await saver.saveSurely({
      status: 'failed',
      completedAt,
      waitingFor: null,
      error,
      files: [],
      bytes: 0,
      actual: took,
    });
  };

  /** The work ended without a file. */
  const abandon = async (error: Failure, took: Export['actual']): Promise<void> => {
    switch (stopping) {
      case null:
        return fail(error, took);
      case 'cancel': {
        logEnd('cancelled', took, null);
        if (await putBack(took)) return;
        await removeMade(ports, id);
        const completedAt = ports.clock.iso();
        await saver.save({
          status: 'cancelled',
          completedAt,
          waitingFor: null,
          files: [],
          bytes: 0,
          actual: took,
        });
        return;
      }
      case 'pause':
        ports.log({ event: 'job_paused', jobId: id });
        await saver.save({ status: 'pending', paused: true, waitingFor: null, actual: took });
        return;
      case 'close':
        // The page is going: the job stays as it is, its segments are checkpoints.
        await saver.save({ actual: took });
        return;
      case 'gone': {
        const stored = await household.records.find(id);
        if (stored === null || stored.status === 'cancelled') await removeMade(ports, id);
      }
    }
  };

  const live = async (): Promise<void> => {
    // Whoever asked for the job gets to hold it before it does anything.
    await Promise.resolve();
    for (let outcome: 'ended' | 'left' = 'left'; outcome === 'left' && stopping === null;) {
      outcome = 'ended';
      try {
        outcome = await ports.exclusively(jobLock(id), controller.signal, async () => {
          holds = true;
          return take().finally(() => {
            holds = false;
            owned = false;
            turns.release(id);
          });
        });
      } catch (cause) {
        // Waiting for the lock was given up; or a bug, which must not leave the job "processing" for ever.
        if (controller.signal.aborted || closing.aborted) return;
        const text = cause instanceof Error ? cause.message : String(cause);
        await fail(
          failure('internal', 'unexpected', `Unexpected: ${text}`, { cause: text }),
          saver.record.actual,
        ).catch(() => undefined);
      }
    }
  };

  return {
    ended: live(),
    get record() {
      return saver.record;
    },
    get progress() {
      return progress;
    },
    get holds() {
      return holds;
    },
    get owned() {
      return owned;
    },
    stop,
    accept(stored) {
      saver.accept(stored);
      turns.reorder(id, stored.order);
      if (stored.paused || hasEnded(stored)) stop('gone');
    },
  };
}
