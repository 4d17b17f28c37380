/**
 * An encode step cut in two, for a worker that could not do the whole: out of memory, or stuck in the middle of it. Both
 * halves together take exactly the frames of the whole, each at its own time.
 */
import { frameToMicros, microsToFrame, type Rational } from '../base/time.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type { EncodeVideoStep, RenderPlan } from '../schema/plan.ts';
import { keyFrameAtOrBefore, lastAtOrBefore, timeOfFrame } from '../timeline/frames.ts';

/** Halves shorter than this are not worth it: what cannot encode so few pictures cannot encode any. */
const LEAST_FRAMES = 6;

/** The two halves of a step, or null where it cannot be parted: too short, or not of this index. */
export function splitStep(
  step: EncodeVideoStep,
  index: FrameIndex,
  rate: Rational | null,
): readonly [EncodeVideoStep, EncodeVideoStep] | null {
  const first = lastAtOrBefore(index.timesUs, step.firstFrameUs);
  const taken = Math.floor(step.frames / 2);
  const middle = first + taken;
  const fits = index.timesUs[first] === step.firstFrameUs && first + step.frames <= index.timesUs.length;
  if (!fits || taken < LEAST_FRAMES) return null;
  const middleUs = timeOfFrame(index, middle);
  return [
    { ...step, id: `${step.id}.0`, endUs: middleUs, frames: taken, stopFrameUs: middleUs },
    {
      ...step,
      id: `${step.id}.1`,
      startUs: middleUs,
      outStartUs: outStart(step, taken, middleUs, rate),
      frames: step.frames - taken,
      firstFrameUs: middleUs,
      seekUs: timeOfFrame(index, keyFrameAtOrBefore(index, middle)),
    },
  ];
}

/** Where the second half starts in the output: on the grid of a constant rate where the whole does, as the planner has it. */
function outStart(step: EncodeVideoStep, taken: number, middleUs: number, rate: Rational | null): number {
  if (rate !== null) {
    const frame = microsToFrame(step.outStartUs, rate);
    if (frameToMicros(frame, rate) === step.outStartUs) return frameToMicros(frame + taken, rate);
  }
  return step.outStartUs + (middleUs - step.startUs);
}

/** The plan with one step's halves in its place. */
export function withHalves(
  plan: RenderPlan,
  stepId: string,
  halves: readonly [EncodeVideoStep, EncodeVideoStep],
): RenderPlan {
  return { ...plan, steps: plan.steps.flatMap((step) => (step.id === stepId ? halves : [step])) };
}
