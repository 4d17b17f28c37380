/** The progress meter of a plan: every step, the assembly, the check; of several, and the ZIP that they end in. */
import { stepCost } from '../../core/plan/estimate.ts';
import { COPY_FRAMES_PER_MS } from '../../core/plan/figures.ts';
import { packingMs, thumbnailsMs } from '../../core/plan/handover.ts';
import { partPrefix } from '../../core/plan/parts.ts';
import type { ExportPart } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';

/** Expected cost of writing and checking a file, milliseconds; the bar gives them their share. */
const ASSEMBLE_MS = 600;
const VERIFY_MS = 900;

/** Expected cost of a part that has not been planned yet. */
const UNPLANNED_MS = 3000;
/** Bytes that a millisecond puts into a ZIP and reads back. */
const PACKED_PER_MS = 100_000;
/** The meter's part for the ZIP. */
export const PACKAGING = 'packaging';
/** The meter's part for all of an export's part until it is planned. */
const UNPLANNED = 'unplanned';

/** The meter's part for the pictures of comments. */
export const THUMBNAILS = 'thumbnails';

/** What each thing that a plan asks for is expected to cost, milliseconds. */
function costsOf(plan: RenderPlan): Map<string, number> {
  const settings = plan.output.video?.settings ?? null;
  const costs = new Map<string, number>();
  let copiedFrames = 0;
  for (const step of plan.steps) {
    if (step.kind === 'copy-video') copiedFrames += step.frames;
    else if (step.kind !== 'copy-audio') costs.set(step.id, stepCost(step, settings, plan.output.audio));
  }
  costs.set('assemble', ASSEMBLE_MS + copiedFrames / COPY_FRAMES_PER_MS);
  costs.set('verify', VERIFY_MS);
  return costs;
}

/**
 * Makes the meter of a plan.
 *
 * @param workedMs working time so far: what `etaMs` is asked with later goes on from it
 */
export function meterFor(plan: RenderPlan, workedMs: number): ProgressMeter {
  return createProgressMeter(costsOf(plan), workedMs, plan.estimate.wallMs);
}

/** Makes the meter of a bundle: its video, the pictures of its comments, and the ZIPs. */
export function meterForBundle(plan: RenderPlan, spec: CheckedSpec, workedMs: number): ProgressMeter {
  const costs = costsOf(plan);
  costs.set(THUMBNAILS, thumbnailsMs(spec));
  costs.set(PACKAGING, packingMs(plan.estimate.bytes));
  return createProgressMeter(costs, workedMs, plan.estimate.wallMs);
}

/** Makes the meter of what is only written. */
export function meterForWriting(plan: RenderPlan, workedMs: number): ProgressMeter {
  return createProgressMeter(new Map([[PACKAGING, 1]]), workedMs, plan.estimate.wallMs);
}

type MeteredPart = Pick<ExportPart, 'position' | 'plan'>;

function costsOfPart({ plan }: MeteredPart): Map<string, number> {
  return plan === null ? new Map([[UNPLANNED, UNPLANNED_MS]]) : costsOf(plan);
}

/** Makes the meter of an export of parts. */
export function meterForParts(
  parts: readonly MeteredPart[],
  estimatedMs: number,
  workedMs: number,
): ProgressMeter {
  const costs = new Map<string, number>();
  for (const part of parts) {
    for (const [name, cost] of costsOfPart(part)) costs.set(`${partPrefix(part.position)}${name}`, cost);
  }
  const bytes = parts.reduce((sum, { plan }) => sum + (plan?.estimate.bytes ?? 0), 0);
  costs.set(PACKAGING, bytes / PACKED_PER_MS);
  return createProgressMeter(costs, workedMs, estimatedMs);
}

/** One part's view of the meter of all. */
export interface PartMeter {
  /** For the plan that is rendered now. */
  of(plan: RenderPlan): ProgressMeter;
  /** Nothing of it is left to do. */
  skipAll(): void;
}

/** Makes the view. */
export function meterUnder(whole: ProgressMeter, part: MeteredPart): PartMeter {
  const prefix = partPrefix(part.position);
  let isPlanned = part.plan !== null;
  const names = new Set(costsOfPart(part).keys());
  const view: ProgressMeter = {
    set(name, fraction) {
      whole.set(`${prefix}${name}`, fraction);
    },
    skip(name) {
      whole.skip(`${prefix}${name}`);
    },
    split(name, pieces) {
      names.delete(name);
      for (const piece of pieces) names.add(piece.name);
      whole.split(
        `${prefix}${name}`,
        pieces.map((piece) => ({ ...piece, name: `${prefix}${piece.name}` })),
      );
    },
    percent: () => whole.percent(),
    etaMs: (nowMs) => whole.etaMs(nowMs),
    done: () => whole.done(),
    get total() {
      return whole.total;
    },
  };
  return {
    of(plan) {
      if (!isPlanned) {
        const costs = [...costsOf(plan)];
        const all = costs.reduce((sum, [, cost]) => sum + cost, 0);
        view.split(
          UNPLANNED,
          costs.map(([name, cost]) => ({ name, share: cost / all })),
        );
        isPlanned = true;
      }
      return view;
    },
    skipAll() {
      for (const name of names) view.skip(name);
    },
  };
}
