/** What the panel says about a plan, worked out of its steps. Pure. */
import type { PlanStep, RenderPlan, StepReason } from '../../core/schema/plan.ts';

/** How many ranges are encoded for a reason. */
export interface ReasonCount {
  readonly reason: StepReason;
  readonly count: number;
}

/** Encoded ranges by their reason, the most frequent first. */
export function countReasons(plan: RenderPlan): readonly ReasonCount[] {
  const counts = new Map<StepReason, number>();
  for (const { reason } of plan.summary.encoded) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

/** How one range is made. */
export interface ClipOutlook {
  readonly position: number;
  readonly label: string;
  readonly lengthUs: number;
  readonly encodedUs: number;
  /** Null: copied in full. */
  readonly reason: StepReason | null;
}

/** Range by range. */
export function outlookOf(plan: RenderPlan): readonly ClipOutlook[] {
  return plan.clips.map((clip) => {
    const encoded = plan.steps.filter((step) => step.kind === 'encode-video' && step.clip === clip.position);
    const encodedUs = encoded.reduce((sum, step) => sum + lengthOf(step), 0);
    const stated = plan.summary.encoded.find((one) => one.clip === clip.position);
    return {
      position: clip.position,
      label: clip.label,
      lengthUs: clip.endUs - clip.startUs,
      encodedUs,
      reason: stated?.reason ?? null,
    };
  });
}

function lengthOf(step: PlanStep): number {
  return step.kind === 'encode-video' || step.kind === 'copy-video' ? step.endUs - step.startUs : 0;
}

/** How much of the picture is copied, 0..1; null without pictures. */
export function copiedShare(plan: RenderPlan): number | null {
  let copied = 0;
  let all = 0;
  for (const step of plan.steps) {
    const us = lengthOf(step);
    all += us;
    if (step.kind === 'copy-video') copied += us;
  }
  return all === 0 ? null : copied / all;
}
