/** Renders the steps of a plan that need an engine, side by side, each under its content key. */
import { assert } from '../../core/base/assert.ts';
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { stepCost } from '../../core/plan/estimate.ts';
import type { Receipt } from '../../core/schema/export.ts';
import type { PlanStep, RenderPlan } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { Renderer, RenderJob, RenderOutcome } from '../contract/renderer.ts';
import type { SegmentRecord } from '../contract/stores.ts';
import type { ProgressMeter } from './progress.ts';
import type { PlanSources, Rendered, RenderedSegment } from './rendered.ts';
import { recoveryFor, RETRY_PAUSES_MS } from './retry.ts';

interface RenderAllInput {
  readonly ports: JobPorts;
  /** Under whose name segments are kept. */
  readonly owner: ExportId;
  readonly plan: RenderPlan;
  readonly sources: PlanSources;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  /** The meter moved. */
  readonly onProgress: () => void;
  /** A step ended; durable when it resolves. */
  readonly onReceipts: (receipts: readonly Receipt[]) => Promise<void>;
}

/** Renders everything that is not copied. The first failure stops the rest. */
export async function renderAll(input: RenderAllInput): Promise<Result<Rendered, Failure>> {
  const { plan, ports } = input;
  const segments = new Map<string, RenderedSegment>();
  const receipts: Receipt[] = [];
  // One failing step ends its siblings: their work would be for nothing.
  const group = new AbortController();
  const signal = AbortSignal.any([input.signal, group.signal]);
  const failed: { first: Failure | null } = { first: null };

  const run = async (step: PlanStep, job: RenderJob): Promise<void> => {
    const result = await renderStep(input, step, job, signal);
    if (!result.ok) {
      if (!signal.aborted) failed.first ??= result.error;
      group.abort();
      return;
    }
    segments.set(step.id, result.value.segment);
    receipts.push(result.value.receipt);
    await input.onReceipts(receipts);
  };

  // Sound first: it is short, and its one encode can then run beside the pictures.
  const known = await knownSound(input);
  for (const [stepId, segment] of known?.segments ?? []) segments.set(stepId, segment);
  if (known !== null) {
    receipts.push(...known.receipts);
    await input.onReceipts(receipts);
  }
  const sound = known === null ? plan.steps.filter((step) => step.kind === 'decode-audio') : [];
  const pictures = longestFirst(plan);
  let soundLeft = sound.length;
  let encodeSound = Promise.resolve();
  const encodeAllSound = (): Promise<void> => {
    const step = plan.steps.find((candidate) => candidate.kind === 'encode-audio');
    return step === undefined || signal.aborted
      ? Promise.resolve()
      : run(step, jobFor(input, step, segments));
  };
  await inLanes([...sound, ...pictures], ports.engines.concurrency, signal, async (step) => {
    await run(step, jobFor(input, step, segments));
    if (step.kind !== 'decode-audio') return;
    soundLeft -= 1;
    if (soundLeft === 0) encodeSound = encodeAllSound();
  });
  await encodeSound;

  if (input.signal.aborted) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
  if (failed.first !== null) return err(failed.first);
  return ok({ segments, receipts });
}

/**
 * The encoded sound, when an earlier export left it: it then need not be decoded again. The keys of the pieces are those
 * that the first engine for each would give.
 */
async function knownSound(input: RenderAllInput): Promise<Rendered | null> {
  const { plan, ports, owner } = input;
  const step = plan.steps.find((candidate) => candidate.kind === 'encode-audio');
  const decoded = plan.steps.filter((candidate) => candidate.kind === 'decode-audio');
  if (step === undefined || plan.output.audio === null) return null;
  const pieces: string[] = [];
  for (const piece of decoded) {
    const job = jobFor(input, piece, new Map());
    const [rung] = await ports.engines.rungsFor(job);
    if (rung === undefined) return null;
    pieces.push(ports.cache.keyOf(rung.keyMaterial(job)));
  }
  const job: RenderJob = { kind: 'audio', step, settings: plan.output.audio, pcm: new Blob(), pieces };
  for (const rung of await ports.engines.rungsFor(job)) {
    const key = ports.cache.keyOf(rung.keyMaterial(job));
    const found = await ports.cache.find(key, owner);
    if (found === null) continue;
    for (const each of [...decoded, step]) input.meter.skip(each.id);
    input.onProgress();
    const receipts = [...decoded, step].map((each) => reused(each, rung, found.data.size));
    return { segments: new Map([[step.id, { key, ...found }]]), receipts };
  }
  return null;
}

/** Pictures to encode, the longest work first: what is short fills the gaps at the end, and no worker waits for another. */
function longestFirst(plan: RenderPlan): readonly PlanStep[] {
  const settings = plan.output.video?.settings ?? null;
  const cost = (step: PlanStep): number => stepCost(step, settings, plan.output.audio);
  return plan.steps.filter((step) => step.kind === 'encode-video').sort((a, b) => cost(b) - cost(a));
}

/** The receipt of a step whose segment was there already. */
function reused(step: PlanStep, rung: Renderer, bytes: number): Receipt {
  return {
    stepId: step.id,
    kind: step.kind,
    engine: rung.name,
    rung: rung.rung,
    reused: true,
    wallMs: 0,
    bytes,
    argv: [],
    attempts: 0,
  };
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

function jobFor(
  input: RenderAllInput,
  step: PlanStep,
  segments: ReadonlyMap<string, RenderedSegment>,
): RenderJob {
  const { plan, sources } = input;
  const sourceOf = (
    assetId: Parameters<typeof sources.get>[0],
  ): NonNullable<Extract<RenderJob, { kind: 'pcm' }>['source']> => {
    const source = sources.get(assetId);
    assert(source !== undefined, 'every asset of a plan has been collected');
    return { file: source.file, fingerprint: source.asset.fingerprint, probe: source.asset.probe };
  };
  switch (step.kind) {
    case 'encode-video': {
      const settings = plan.output.video?.settings;
      assert(settings !== undefined, 'a plan with pictures has picture settings');
      return { kind: 'video', step, settings, source: sourceOf(step.assetId) };
    }
    case 'decode-audio': {
      assert(plan.output.audio !== null, 'a plan with sound has sound settings');
      const source = step.assetId === null ? null : sourceOf(step.assetId);
      return { kind: 'pcm', step, settings: plan.output.audio, source };
    }
    case 'encode-audio': {
      assert(plan.output.audio !== null, 'a plan with sound has sound settings');
      const pieces = plan.steps
        .filter((candidate) => candidate.kind === 'decode-audio')
        .map((candidate) => {
          const segment = segments.get(candidate.id);
          assert(segment !== undefined, 'all sound has been decoded');
          return segment;
        });
      return {
        kind: 'audio',
        step,
        settings: plan.output.audio,
        pcm: new Blob(pieces.map((piece) => piece.data)),
        pieces: pieces.map((piece) => piece.key),
      };
    }
    case 'copy-video':
    case 'copy-audio':
      throw new Error('Copies are not rendered.');
  }
}

const SEGMENT_KIND: Readonly<Record<RenderJob['kind'], SegmentRecord['kind']>> = {
  video: 'video',
  pcm: 'pcm',
  audio: 'audio',
};

async function renderStep(
  input: RenderAllInput,
  step: PlanStep,
  job: RenderJob,
  signal: AbortSignal,
): Promise<Result<{ readonly segment: RenderedSegment; readonly receipt: Receipt }, Failure>> {
  const { ports, owner, meter } = input;
  const rungs = await ports.engines.rungsFor(job);
  // Whichever engine made it: the same step gives the same pictures and the same samples.
  for (const rung of rungs) {
    const key = ports.cache.keyOf(rung.keyMaterial(job));
    const known = await ports.cache.find(key, owner);
    if (known === null) continue;
    meter.skip(step.id);
    input.onProgress();
    return ok({ segment: { key, ...known }, receipt: reused(step, rung, known.data.size) });
  }
  const made = await climb(input, job, rungs, signal, (fraction) => {
    meter.set(step.id, fraction * 0.98);
    input.onProgress();
  });
  if (!made.ok) return made;
  const { rung, outcome, attempts } = made.value;
  const { data, frames, complaints, argv, wallMs, references } = outcome;
  const key = ports.cache.keyOf(rung.keyMaterial(job));
  // A cancel that comes now must not leave a segment behind that nobody knows of.
  if (signal.aborted) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
  const stored = await ports.cache.put(
    key,
    SEGMENT_KIND[job.kind],
    { data, frames, complaints, references },
    owner,
  );
  if (!stored.ok) return stored;
  // From here on the stored copy is used: it is backed by disk, the fresh one by memory.
  const kept = await ports.cache.find(key, owner);
  meter.set(step.id, 1);
  input.onProgress();
  return ok({
    segment: { key, data: kept?.data ?? data, frames, complaints, references },
    receipt: {
      stepId: step.id,
      kind: step.kind,
      engine: rung.name,
      rung: rung.rung,
      reused: false,
      wallMs,
      bytes: data.size,
      argv,
      attempts,
    },
  });
}

interface Made {
  readonly rung: Renderer;
  readonly outcome: RenderOutcome;
  readonly attempts: number;
}

/** Down the ladder until a rung does it. All but the last get one try: the next engine is the better second try. */
async function climb(
  input: RenderAllInput,
  job: RenderJob,
  rungs: readonly Renderer[],
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Result<Made, Failure>> {
  const { engines } = input.ports;
  let tries = 0;
  for (const [position, rung] of rungs.entries()) {
    const isLast = position === rungs.length - 1;
    const result = await withRetries(input, signal, isLast, () => rung.render(job, { signal, onProgress }));
    if (signal.aborted) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
    if (result.ok) {
      engines.report(rung, job, true);
      const { outcome, attempts } = result.value;
      return ok({ rung, outcome, attempts: tries + attempts });
    }
    // A source that is gone is gone for every engine.
    if (isLast || recoveryFor(result.error) === 'ask_source') return result;
    engines.report(rung, job, false);
    tries += 1;
  }
  return err(failure('engine_failed', 'step_failed', 'No engine can do this step.'));
}

async function withRetries(
  input: RenderAllInput,
  signal: AbortSignal,
  again: boolean,
  work: () => Promise<Result<RenderOutcome, Failure>>,
): Promise<Result<{ readonly outcome: RenderOutcome; readonly attempts: number }, Failure>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await work();
    if (result.ok) return ok({ outcome: result.value, attempts: attempt });
    const pause = RETRY_PAUSES_MS[attempt - 1];
    if (!again || pause === undefined || recoveryFor(result.error) !== 'retry') return result;
    const slept = await input.ports.clock.sleep(pause, signal);
    if (!slept) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
  }
}
