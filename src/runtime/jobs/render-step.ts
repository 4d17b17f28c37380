/** One step: found under its content key, or made by the first rung of the ladder that can, and kept under its key. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Receipt } from '../../core/schema/export.ts';
import type { PlanStep } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { Renderer, RenderJob, RenderOutcome, RungTry } from '../contract/renderer.ts';
import type { SegmentRecord } from '../contract/stores.ts';
import { pixelsOf } from './job-for.ts';
import { expectedMs, limitsFor, type Measured } from './limits.ts';
import { cancelled, pauseBefore, recoveryFor } from './recovery.ts';
import type { RenderedSegment, StepNews } from './rendered.ts';
import { canStillBeRead, unreadable } from './sources.ts';

/** What one step needs of its job. */
export interface StepContext {
  readonly ports: Pick<JobPorts, 'cache' | 'clock' | 'engines' | 'log' | 'random'>;
  /** Under whose name segments are kept. */
  readonly owner: ExportId;
  readonly signal: AbortSignal;
  /** What the rungs of this job were expected to take and took, for the limits of the next steps. */
  readonly measured: Map<string, Measured>;
  /** Makes room for a write that failed for the so many-th time, or waits for some. False when the work is to end. */
  readonly room: (bytes: number, failures: number) => Promise<boolean>;
}

/** What is asked of a step. */
export interface StepWish {
  readonly step: PlanStep;
  readonly job: RenderJob;
  /** What it should cost by the estimate, milliseconds. */
  readonly costMs: number;
  /** Tries of the last rung; fewer for the halves of a step that failed. */
  readonly mostTries: number;
  /** 0..1 of this step. */
  readonly onProgress: (fraction: number) => void;
}

/** What came of a step. */
export interface StepOutcome {
  readonly segment: RenderedSegment;
  readonly news: StepNews;
}

const SEGMENT_KIND: Readonly<Record<RenderJob['kind'], SegmentRecord['kind']>> = {
  video: 'video',
  pcm: 'pcm',
  audio: 'audio',
};

/** Room that is made where an engine itself says that there is none: browsers keep large blobs on disk. */
const ENGINE_ROOM_BYTES = 64 * 1024 * 1024;

/** The receipt of a step whose segment was there already. */
export function reused(step: PlanStep, rung: Renderer, bytes: number): StepNews {
  return {
    pixels: 0,
    receipt: {
      stepId: step.id,
      kind: step.kind,
      engine: rung.name,
      rung: rung.rung,
      reused: true,
      wallMs: 0,
      bytes,
      argv: [],
      attempts: 0,
    },
  };
}

/** Renders a step, or finds it. */
export async function renderStep(
  context: StepContext,
  wish: StepWish,
): Promise<Result<StepOutcome, Failure>> {
  const { ports, owner, signal } = context;
  const { step, job } = wish;
  for (let failures = 1; ; failures += 1) {
    // Whichever engine made it: the same step gives the same pictures and the same samples.
    for (const rung of await ports.engines.rungsFor(job)) {
      const key = ports.cache.keyOf(rung.keyMaterial(job));
      const known = await ports.cache.find(key, owner);
      if (known !== null)
        return ok({ segment: { key, ...known }, news: reused(step, rung, known.data.size) });
    }
    const made = await climb(context, wish);
    if (signal.aborted) return err(cancelled());
    if (made.ok) return keep(context, wish, made.value);
    if (recoveryFor(made.error) !== 'ask_storage') return made;
    if (!(await context.room(ENGINE_ROOM_BYTES, failures))) return err(cancelled());
  }
}

interface Made {
  readonly rung: Renderer;
  readonly outcome: RenderOutcome;
  readonly attempts: number;
}

/** Stores what was made; a full disk makes it wait, and what was rendered is not lost meanwhile. */
async function keep(
  { ports, owner, signal, room }: StepContext,
  { step, job }: StepWish,
  { rung, outcome, attempts }: Made,
): Promise<Result<StepOutcome, Failure>> {
  const { data, frames, complaints, argv, wallMs, references } = outcome;
  const key = ports.cache.keyOf(rung.keyMaterial(job));
  const segment = { data, frames, complaints, references };
  // What is kept is used from here on: it is backed by disk, the fresh one by memory.
  let kept: Blob | null = null;
  for (let failures = 1; kept === null; failures += 1) {
    // A cancel that comes now must not leave a segment behind that nobody knows of.
    if (signal.aborted) return err(cancelled());
    const stored = await ports.cache.put(key, SEGMENT_KIND[job.kind], segment, owner);
    if (stored.ok) {
      kept = stored.value;
      continue;
    }
    const recovery = recoveryFor(stored.error);
    if (recovery === 'ask_storage') {
      if (!(await room(data.size, failures))) return err(cancelled());
      continue;
    }
    const pause = recovery === 'retry' ? pauseBefore(failures, ports.random()) : null;
    if (pause === null) return stored;
    if (!(await ports.clock.sleep(pause, signal))) return err(cancelled());
  }
  const receipt: Receipt = {
    stepId: step.id,
    kind: step.kind,
    engine: rung.name,
    rung: rung.rung,
    reused: false,
    wallMs,
    bytes: data.size,
    argv,
    attempts,
  };
  return ok({
    segment: { key, ...segment, data: kept },
    news: { receipt, pixels: pixelsOf(job, frames) },
  });
}

/** Down the ladder until a rung does it. All but the last get one try: the next engine is the better second try. */
async function climb(context: StepContext, wish: StepWish): Promise<Result<Made, Failure>> {
  const { engines } = context.ports;
  const tried = new Set<Renderer>();
  let attempts = 0;
  let error = failure('engine_failed', 'step_failed', 'No engine can do this step.');
  for (;;) {
    const attempt = await engines.next(wish.job, tried);
    if (attempt === null) return err(error);
    tried.add(attempt.rung);
    const result = await tryRung(context, wish, attempt);
    attempts += result.attempts;
    if (result.made.ok) return ok({ rung: attempt.rung, outcome: result.made.value, attempts });
    error = result.made.error;
    // Gone sources and full disks are the same for every engine.
    if (context.signal.aborted || attempt.isLast || !saysSomethingOfEngine(error)) return err(error);
  }
}

/** Whether a failure says something about the engine that reported it. */
function saysSomethingOfEngine(error: Failure): boolean {
  switch (recoveryFor(error)) {
    case 'retry':
    case 'other_engine':
    case 'smaller_chunk':
    case 'encode_instead':
      return true;
    case 'ask_source':
    case 'ask_storage':
    case 'stop':
      return false;
  }
}

/** One rung; the last one again after pauses, when what happened can pass. */
async function tryRung(
  context: StepContext,
  wish: StepWish,
  attempt: RungTry,
): Promise<{ readonly made: Result<RenderOutcome, Failure>; readonly attempts: number }> {
  const { ports, signal, measured, owner } = context;
  const { rung } = attempt;
  let ended: Parameters<RungTry['end']>[0] = 'dropped';
  try {
    for (let failures = 1; ; failures += 1) {
      const known = measured.get(rung.rung) ?? null;
      const limits = limitsFor({ part: 'step', expectedMs: expectedMs(wish.costMs, known) });
      const rendered = await rung.render(wish.job, { signal, onProgress: wish.onProgress, limits });
      if (signal.aborted) return { made: err(cancelled()), attempts: failures };
      // Engines call it many things when a file changes under them, and some take it for the file's end: nothing that
      // was made of such a file may get under a key that names the old one.
      const source = wish.job.kind === 'audio' ? null : wish.job.source;
      const isWhole = source === null || (await canStillBeRead(source.file));
      const made: typeof rendered = isWhole ? rendered : err(unreadable());
      if (made.ok) {
        ended = 'succeeded';
        const costMs = (known?.costMs ?? 0) + wish.costMs;
        measured.set(rung.rung, { costMs, wallMs: (known?.wallMs ?? 0) + made.value.wallMs });
        return { made, attempts: failures };
      }
      ports.log({
        event: 'step_failed',
        jobId: owner,
        code: made.error.reason,
        data: {
          step: wish.step.id,
          kind: wish.step.kind,
          engine: rung.name,
          rung: rung.rung,
          attempt: failures,
        },
      });
      ended = saysSomethingOfEngine(made.error) ? 'failed' : 'dropped';
      const again = attempt.isLast && mayPass(wish, made.error);
      const pause = again ? pauseBefore(failures, ports.random(), wish.mostTries) : null;
      if (pause === null) return { made, attempts: failures };
      if (!(await ports.clock.sleep(pause, signal))) return { made: err(cancelled()), attempts: failures };
    }
  } finally {
    for (const { rung: name, work, scope, openMs } of attempt.end(ended)) {
      ports.log({
        event: 'breaker_opened',
        jobId: owner,
        durationMs: openMs,
        data: { rung: name, work, scope },
      });
    }
  }
}

/** Sound cannot be cut smaller: a fresh worker, with the memory of others free again, may do it. */
function mayPass({ job }: StepWish, error: Failure): boolean {
  const recovery = recoveryFor(error);
  return recovery === 'retry' || (recovery === 'smaller_chunk' && job.kind !== 'video');
}
