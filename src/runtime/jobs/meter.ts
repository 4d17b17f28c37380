/** The progress meter of a plan: every step, the assembly, the check. */
import { stepCost } from '../../core/plan/estimate.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';

/** Expected cost of writing and checking a file, milliseconds; the bar gives them their share. */
const ASSEMBLE_MS = 600;
const VERIFY_MS = 900;
/** Copied frames per millisecond of assembly. */
const COPY_FRAMES_PER_MS = 20;

/**
 * Makes the meter of a plan.
 *
 * @param workedMs working time so far: what `etaMs` is asked with later goes on from it
 */
export function meterFor(plan: RenderPlan, workedMs: number): ProgressMeter {
  const settings = plan.output.video?.settings ?? null;
  const parts = new Map<string, number>();
  let copiedFrames = 0;
  for (const step of plan.steps) {
    if (step.kind === 'copy-video') copiedFrames += step.frames;
    else if (step.kind !== 'copy-audio') parts.set(step.id, stepCost(step, settings, plan.output.audio));
  }
  parts.set('assemble', ASSEMBLE_MS + copiedFrames / COPY_FRAMES_PER_MS);
  parts.set('verify', VERIFY_MS);
  return createProgressMeter(parts, workedMs, plan.estimate.wallMs);
}
