/** What came of a plan: what the finished file is held against, and where it differs from what was asked for. Pure. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { clipsAround } from '../../core/plan/certify.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { Deviation, RenderPlan } from '../../core/schema/plan.ts';
import type { PictureReference } from '../contract/reference.ts';
import type { VerifyEvidence } from '../contract/verifier.ts';
import { recoveryFor } from './recovery.ts';
import type { PlanSources, Rendered } from './rendered.ts';

/** What the finished file is held against. */
export function evidenceOf(
  plan: RenderPlan,
  sources: PlanSources,
  rendered: Rendered,
  clipFrames: readonly number[],
): VerifyEvidence {
  const references = new Map<string, readonly PictureReference[]>();
  const sound: Blob[] = [];
  for (const step of plan.steps) {
    const segment = rendered.segments.get(step.id);
    if (segment === undefined) continue;
    if (step.kind === 'encode-video') references.set(step.id, segment.references);
    if (step.kind === 'decode-audio') sound.push(segment.data);
  }
  return { clipFrames, references, pcm: sound.length === 0 ? null : new Blob(sound), sources };
}

/** Frames that really came out of each clip. */
export function framesPerClip(plan: RenderPlan, rendered: Rendered): readonly number[] {
  const frames = plan.clips.map(() => 0);
  for (const step of plan.steps) {
    if (step.kind !== 'copy-video' && step.kind !== 'encode-video') continue;
    const found = step.kind === 'copy-video' ? step.frames : (rendered.segments.get(step.id)?.frames ?? 0);
    frames[step.clip] = (frames[step.clip] ?? 0) + found;
  }
  return frames;
}

/** What only shows when it is rendered. */
export function deviationsOf(
  plan: RenderPlan,
  rendered: Rendered,
  clipFrames: readonly number[],
): readonly Deviation[] {
  return [...plan.deviations, ...lostFrames(plan, clipFrames), ...damage(plan, rendered)];
}

function lostFrames(plan: RenderPlan, clipFrames: readonly number[]): Deviation[] {
  return plan.clips.flatMap((clip) => {
    const lost = clip.frames - (clipFrames[clip.position] ?? 0);
    return lost === 0 ? [] : [{ code: 'frames_lost' as const, clip: clip.position, params: { count: lost } }];
  });
}

/** Stretches in which the decoder reported errors: the pictures may be damaged, as they are in the source. */
function damage(plan: RenderPlan, rendered: Rendered): Deviation[] {
  const perClip = new Map<number, number>();
  for (const step of plan.steps) {
    if (step.kind !== 'encode-video' && step.kind !== 'decode-audio') continue;
    const count = rendered.segments.get(step.id)?.complaints ?? 0;
    if (count > 0) perClip.set(step.clip, (perClip.get(step.clip) ?? 0) + count);
  }
  return [...perClip].map(([clip, count]) => ({ code: 'source_damaged', clip, params: { count } }));
}

/** A certificate that did not pass, as a failure. */
export function checkFailed(certificate: Certificate): Failure {
  const failed = certificate.checks.find((check) => !check.passed);
  return failure(
    'verification_failed',
    'file_check_failed',
    `The finished file did not pass its check "${failed?.name ?? 'unknown'}": expected ${failed?.expected ?? ''}, found ${failed?.found ?? ''}.`,
    { check: failed?.name ?? '', expected: failed?.expected ?? '', found: failed?.found ?? '' },
  );
}

/** Copied clips to encode instead, after a failure in assembly or a check that did not pass. None: encoding would not help. */
export function clipsToEncode(
  plan: RenderPlan,
  error: Failure,
  certificate: Certificate | null,
): readonly number[] {
  if (recoveryFor(error) !== 'encode_instead') return [];
  const copied = plan.steps.flatMap((step) => (step.kind === 'copy-video' ? [step.clip] : []));
  if (certificate !== null) {
    const near = new Set(
      certificate.joins.filter((join) => !join.clean).flatMap((join) => clipsAround(plan, join.atUs)),
    );
    const blamed = copied.filter((clip) => near.has(clip));
    return blamed.length > 0 ? blamed : copied;
  }
  const stepId = error.details?.['stepId'];
  const step = plan.steps.find((candidate) => candidate.id === stepId);
  if (step?.kind === 'copy-video' || step?.kind === 'copy-audio') return [step.clip];
  return copied;
}
