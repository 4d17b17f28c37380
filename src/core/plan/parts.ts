/**
 * An export of type `clips` is as many exports of one range as it has ranges: each has a plan of its own, cut and encoded as if
 * nothing else were asked for, so that its segments are those of any other export of the range. Here they are told apart and
 * put together again for whoever shows, weighs or estimates the whole. Pure.
 */
import { assert } from '../base/assert.ts';
import type { ExportPart } from '../schema/export.ts';
import {
  PLAN_VERSION,
  type Deviation,
  type PlanEstimate,
  type PlanStep,
  type PlannedClip,
  type PlannedOutput,
  type RenderPlan,
} from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';

/** What of a part the whole is put together from. */
export type PlannedPart = Pick<ExportPart, 'position' | 'status' | 'plan' | 'error' | 'deviations'>;

/** What the ids of a part's steps begin with in the whole. */
export function partPrefix(position: number): string {
  return `p${String(position + 1)}.`;
}

/** One range of a spec as an export of its own. */
export function specOfPart(spec: CheckedSpec, position: number): CheckedSpec {
  const segment = spec.segments[position];
  assert(segment !== undefined, 'a part is one of the ranges');
  return { ...spec, type: 'single', segments: [segment] };
}

/** Deviations of a part as those of the whole: they all belong to its one clip. A part without a file says why. */
export function deviationsOfPart({ position, status, error, deviations }: PlannedPart): readonly Deviation[] {
  if (status === 'failed' && error !== null)
    return [{ code: 'clip_failed', clip: position, params: { reason: error.reason } }];
  return deviations.map((deviation) => ({ ...deviation, clip: position }));
}

/**
 * The plans of all parts as one, one after another: for display, estimates and the queue. It is never rendered. A range that
 * could not be planned keeps its place as a clip without length, so that clips are counted as in the spec.
 */
export function mergePlans(spec: CheckedSpec, parts: readonly PlannedPart[]): RenderPlan {
  const clips: PlannedClip[] = [];
  const steps: PlanStep[] = [];
  let outUs = 0;
  for (const { position, plan } of parts) {
    if (plan === null) {
      clips.push(placeholder(spec, position, outUs));
      continue;
    }
    for (const clip of plan.clips) {
      clips.push({
        ...clip,
        position,
        outStartUs: clip.outStartUs + outUs,
        outEndUs: clip.outEndUs + outUs,
      });
    }
    for (const step of plan.steps) steps.push(moved(step, position, outUs));
    outUs += plan.output.durationUs;
  }
  const planned = parts.flatMap(({ position, plan }) => (plan === null ? [] : [{ position, plan }]));
  return {
    version: PLAN_VERSION,
    output: mergeOutputs(
      spec,
      planned.map(({ plan }) => plan.output),
      outUs,
    ),
    clips,
    steps,
    deviations: parts.flatMap(deviationsOfPart),
    summary: {
      copied: planned.reduce((sum, { plan }) => sum + plan.summary.copied, 0),
      smart: planned.flatMap(({ position, plan }) =>
        plan.summary.smart.map((one) => ({ ...one, clip: position })),
      ),
      encoded: planned.flatMap(({ position, plan }) =>
        plan.summary.encoded.map((one) => ({ ...one, clip: position })),
      ),
      sound:
        (['encoded', 'copied'] as const).find((one) =>
          planned.some(({ plan }) => plan.summary.sound === one),
        ) ?? 'none',
    },
    estimate: mergeEstimates(planned.map(({ plan }) => plan.estimate)),
  };
}

function placeholder(spec: CheckedSpec, position: number, outUs: number): PlannedClip {
  const segment = spec.segments[position];
  assert(segment !== undefined, 'a part is one of the ranges');
  const { assetId, startUs, endUs, label = '' } = segment;
  return { position, assetId, label, startUs, endUs, outStartUs: outUs, outEndUs: outUs, frames: 0 };
}

function moved(step: PlanStep, position: number, byUs: number): PlanStep {
  const id = `${partPrefix(position)}${step.id}`;
  switch (step.kind) {
    case 'copy-video':
    case 'encode-video':
      return { ...step, id, clip: position, outStartUs: step.outStartUs + byUs };
    case 'copy-audio':
      return {
        ...step,
        id,
        clip: position,
        outStartUs: step.outStartUs + byUs,
        outEndUs: step.outEndUs + byUs,
      };
    case 'decode-audio':
      return { ...step, id, clip: position };
    case 'encode-audio':
      return { ...step, id };
  }
}

/** The largest picture says what memory the job needs; of the rest, what holds for all. */
function mergeOutputs(
  spec: CheckedSpec,
  outputs: readonly PlannedOutput[],
  durationUs: number,
): PlannedOutput {
  const videos = outputs.flatMap(({ video }) => (video === null ? [] : [video]));
  const [first] = videos;
  const largest = videos.reduce<typeof first>(
    (most, video) =>
      most === undefined || video.width * video.height > most.width * most.height ? video : most,
    undefined,
  );
  const isCommon = videos.every(
    ({ rate }) => rate?.num === first?.rate?.num && rate?.den === first?.rate?.den,
  );
  return {
    container: spec.format,
    fileName: spec.name,
    durationUs,
    video:
      largest === undefined
        ? null
        : {
            ...largest,
            frames: videos.reduce((sum, { frames }) => sum + frames, 0),
            rate: isCommon ? largest.rate : null,
          },
    audio: outputs.find(({ audio }) => audio !== null)?.audio ?? null,
  };
}

/** Parts are made one after another; until all are in the ZIP, their own files lie beside it. */
function mergeEstimates(estimates: readonly PlanEstimate[]): PlanEstimate {
  const sum = (of: (estimate: PlanEstimate) => number): number =>
    estimates.reduce((total, estimate) => total + of(estimate), 0);
  const bytes = sum((estimate) => estimate.bytes);
  const engines = ['webcodecs', 'ffmpeg', 'copy'] as const;
  const work = engines.flatMap((engine) => {
    const known = estimates.some((estimate) => estimate.work?.[engine] !== undefined);
    return known ? [[engine, sum((estimate) => estimate.work?.[engine] ?? 0)] as const] : [];
  });
  return {
    wallMs: sum((estimate) => estimate.wallMs),
    bytes,
    storageBytes: sum((estimate) => estimate.storageBytes) + bytes,
    reused: sum((estimate) => estimate.reused ?? 0),
    work: Object.fromEntries(work),
  };
}
