/** What the assembly is told: the pieces of a plan with their data. Pure. */
import { assert } from '../../core/base/assert.ts';
import { primaryAudio, primaryVideo } from '../../core/schema/asset.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { AssembleRequest, AudioPiece, VideoPiece } from '../contract/assembly.ts';
import type { PlanSources, Rendered } from './rendered.ts';

function videoPieces(plan: RenderPlan, sources: PlanSources, rendered: Rendered): VideoPiece[] {
  const pieces: VideoPiece[] = [];
  for (const step of plan.steps) {
    if (step.kind === 'copy-video') {
      const source = sources.get(step.assetId);
      assert(source !== undefined, 'every asset of a plan has been collected');
      const { originUs } = source.asset.probe;
      pieces.push({
        stepId: step.id,
        kind: 'source',
        data: source.file,
        order: primaryVideo(source.asset.probe)?.order ?? 0,
        fromUs: step.startUs + originUs,
        toUs: step.endUs + originUs,
        outStartUs: step.outStartUs,
        outEndUs: endOf(plan, step.clip),
        frames: step.frames,
      });
    } else if (step.kind === 'encode-video') {
      const segment = rendered.segments.get(step.id);
      assert(segment !== undefined, 'every encode step has been rendered');
      pieces.push({
        stepId: step.id,
        kind: 'segment',
        data: segment.data,
        order: 0,
        fromUs: 0,
        toUs: step.endUs - step.startUs,
        outStartUs: step.outStartUs,
        outEndUs: Math.min(step.outStartUs + (step.endUs - step.startUs), endOf(plan, step.clip)),
        frames: segment.frames,
      });
    }
  }
  return pieces;
}

function endOf(plan: RenderPlan, clip: number): number {
  return plan.clips[clip]?.outEndUs ?? plan.output.durationUs;
}

function audioPiece(plan: RenderPlan, sources: PlanSources, rendered: Rendered): AudioPiece | null {
  for (const step of plan.steps) {
    if (step.kind === 'copy-audio') {
      const source = sources.get(step.assetId);
      assert(source !== undefined, 'every asset of a plan has been collected');
      const { originUs } = source.asset.probe;
      return {
        stepId: step.id,
        kind: 'source',
        data: source.file,
        order: primaryAudio(source.asset.probe)?.order ?? 0,
        fromUs: step.startUs + originUs,
        toUs: step.endUs + originUs,
      };
    }
    if (step.kind === 'encode-audio') {
      const segment = rendered.segments.get(step.id);
      assert(segment !== undefined, 'the sound has been encoded');
      return {
        stepId: step.id,
        kind: 'segment',
        data: segment.data,
        order: 0,
        fromUs: 0,
        toUs: plan.output.durationUs,
      };
    }
  }
  return null;
}

/** Plan and data to the request for the assembly. */
export function assembleRequest(
  plan: RenderPlan,
  sources: PlanSources,
  rendered: Rendered,
  path: string,
): AssembleRequest {
  const { video } = plan.output;
  return {
    container: plan.output.container,
    video:
      video === null
        ? null
        : { pieces: videoPieces(plan, sources, rendered), rotation: video.rotation, rate: video.rate },
    audio: audioPiece(plan, sources, rendered),
    durationUs: plan.output.durationUs,
    path,
  };
}
