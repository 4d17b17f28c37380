/** Renders the steps of a plan that need an engine, side by side, each under its content key. */
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { stepCost } from '../../core/plan/estimate.ts';
import { splitStep, withHalves } from '../../core/plan/split-step.ts';
import type { Receipt } from '../../core/schema/export.ts';
import type { EncodeVideoStep, PlanStep, RenderPlan } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { RenderJob } from '../contract/renderer.ts';
import { jobFor } from './job-for.ts';
import type { Measured } from './limits.ts';
import type { ProgressMeter } from './progress.ts';
import { cancelled, recoveryFor } from './recovery.ts';
import { renderStep, reused, type StepContext } from './render-step.ts';
import type { PlanSources, Rendered, RenderedSegment, StepNews } from './rendered.ts';
import { soundKeys } from './reusable.ts';

/** What rendering a plan needs. */
export interface RenderAllInput {
  readonly ports: Pick<JobPorts, 'cache' | 'clock' | 'engines' | 'frameIndex' | 'log' | 'random'>;
  /** Under whose name segments are kept. */
  readonly owner: ExportId;
  readonly plan: RenderPlan;
  readonly sources: PlanSources;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  /** The meter moved. */
  readonly onProgress: () => void;
  /** A step ended; durable when it resolves. */
  readonly onStep: (news: StepNews) => Promise<void>;
  /** A step was cut in two; durable when it resolves. */
  readonly onPlan: (plan: RenderPlan) => Promise<void>;
  /** See `StepContext.room`. */
  readonly room: StepContext['room'];
}

/** How often a step may be cut in two. */
const MOST_SPLITS = 3;
/** Tries of the last rung for the halves of a step: that the whole failed says enough. */
const TRIES_OF_HALVES = 2;

/** What is going on. */
interface Work {
  readonly input: RenderAllInput;
  readonly context: StepContext;
  readonly segments: Map<string, RenderedSegment>;
  readonly receipts: Receipt[];
  plan: RenderPlan;
}

/** Renders everything that is not copied. The first failure stops the rest. */
export async function renderAll(input: RenderAllInput): Promise<Result<Rendered, Failure>> {
  const { plan, ports, owner } = input;
  // One failing step ends its siblings: their work would be for nothing.
  const group = new AbortController();
  const signal = AbortSignal.any([input.signal, group.signal]);
  const measured = new Map<string, Measured>();
  const room: StepContext['room'] = (bytes, failures) =>
    Promise.race([input.room(bytes, failures), whenAborted(signal).then(() => false)]);
  const context: StepContext = { ports, owner, signal, measured, room };
  const work: Work = { input, context, segments: new Map(), receipts: [], plan };
  const failed: { first: Failure | null } = { first: null };

  // Asked anew each time: it changes behind the compiler's back.
  const isOver = (): boolean => signal.aborted;
  const run = async (step: PlanStep): Promise<void> => {
    if (isOver()) return;
    const result = await runStep(work, step, 0);
    if (result.ok) return;
    if (!isOver()) failed.first ??= result.error;
    group.abort();
  };

  // Sound first: it is short, and its one encode can then run beside the pictures.
  const soundIsThere = await findSound(work);
  const sound = soundIsThere ? [] : plan.steps.filter((step) => step.kind === 'decode-audio');
  let soundLeft = sound.length;
  let encodeSound = Promise.resolve();
  await inLanes([...sound, ...longestFirst(plan)], ports.engines.concurrency, signal, async (step) => {
    await run(step);
    if (step.kind !== 'decode-audio') return;
    soundLeft -= 1;
    const last = plan.steps.find((candidate) => candidate.kind === 'encode-audio');
    if (soundLeft === 0 && last !== undefined) encodeSound = run(last);
  });
  await encodeSound;

  if (input.signal.aborted) return err(cancelled());
  if (failed.first !== null) return err(failed.first);
  const { segments, receipts } = work;
  return ok({ segments, receipts, plan: work.plan });
}

/** Renders one step, in halves where it is too much as a whole. */
async function runStep(work: Work, step: PlanStep, splits: number): Promise<Result<null, Failure>> {
  const { input, context } = work;
  const { meter } = input;
  const job = jobFor(work.plan, input.sources, step, work.segments);
  const result = await renderStep(context, {
    step,
    job,
    costMs: costOf(work.plan, step),
    mostTries: splits > 0 ? TRIES_OF_HALVES : Infinity,
    onProgress: (fraction) => {
      meter.set(step.id, fraction * 0.98);
      input.onProgress();
    },
  });
  if (!result.ok) {
    const halves =
      splits < MOST_SPLITS && !context.signal.aborted ? await halvesOf(work, job, result.error) : null;
    if (halves === null) return result;
    const [one, other] = halves;
    work.plan = withHalves(work.plan, step.id, halves);
    const share = one.frames / (one.frames + other.frames);
    meter.split(step.id, [
      { name: one.id, share },
      { name: other.id, share: 1 - share },
    ]);
    input.ports.log({
      event: 'step_split',
      jobId: input.owner,
      code: result.error.reason,
      data: { step: step.id, frames: one.frames + other.frames },
    });
    await input.onPlan(work.plan);
    const first = await runStep(work, one, splits + 1);
    return first.ok ? runStep(work, other, splits + 1) : first;
  }
  await ended(work, step, result.value);
  return ok(null);
}

/** A step is done: kept, counted, told, written. */
async function ended(
  work: Work,
  step: PlanStep,
  { segment, news }: { readonly segment: RenderedSegment; readonly news: StepNews },
): Promise<void> {
  const { input } = work;
  const { receipt, pixels } = news;
  work.segments.set(step.id, segment);
  work.receipts.push(receipt);
  if (receipt.reused) input.meter.skip(step.id);
  else input.meter.set(step.id, 1);
  input.onProgress();
  input.ports.log({
    event: 'step_ended',
    jobId: input.owner,
    durationMs: Math.round(receipt.wallMs),
    data: {
      step: step.id,
      kind: step.kind,
      engine: receipt.engine,
      rung: receipt.rung ?? receipt.engine,
      reused: receipt.reused,
      pixels,
      frames: segment.frames,
      bytes: receipt.bytes,
      attempts: receipt.attempts,
    },
  });
  await input.onStep(news);
}

/** Two halves, where smaller chunks may help: out of memory, or stuck and crashed however often it was tried. */
async function halvesOf(
  { input, plan }: Work,
  job: RenderJob,
  error: Failure,
): Promise<readonly [EncodeVideoStep, EncodeVideoStep] | null> {
  const helps =
    recoveryFor(error) === 'smaller_chunk' ||
    error.reason === 'worker_stuck' ||
    error.reason === 'worker_crashed';
  if (!helps || job.kind !== 'video') return null;
  const source = input.sources.get(job.step.assetId);
  if (source === undefined) return null;
  const index = await input.ports.frameIndex(source.asset);
  return index.ok ? splitStep(job.step, index.value, plan.output.video?.rate ?? null) : null;
}

/** The encoded sound, when an earlier export left it: it then need not be decoded again. */
async function findSound(work: Work): Promise<boolean> {
  const { plan, ports, owner, sources } = work.input;
  const sound = await soundKeys(ports, plan, sources);
  if (sound === null) return false;
  const { step, decoded, keys } = sound;
  for (const { rung, key } of keys) {
    const found = await ports.cache.find(key, owner);
    if (found === null) continue;
    const segment = { key, ...found };
    for (const each of decoded) {
      const news = reused(each, rung, 0);
      work.receipts.push(news.receipt);
      work.input.meter.skip(each.id);
      await work.input.onStep(news);
    }
    await ended(work, step, { segment, news: reused(step, rung, found.data.size) });
    return true;
  }
  return false;
}

function costOf(plan: RenderPlan, step: PlanStep): number {
  return stepCost(step, plan.output.video?.settings ?? null, plan.output.audio);
}

/** Pictures to encode, the longest work first: what is short fills the gaps at the end, and no worker waits for another. */
function longestFirst(plan: RenderPlan): readonly PlanStep[] {
  return plan.steps
    .filter((step) => step.kind === 'encode-video')
    .sort((a, b) => costOf(plan, b) - costOf(plan, a));
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    }
  });
}

/** Runs work over a list in a number of lanes, in order of the list. */
async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && !signal.aborted; item = queue.shift())
      await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
}
