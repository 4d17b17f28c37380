/** A step of a plan as a job for an engine. Pure. */
import { assert } from '../../core/base/assert.ts';
import type { AssetId } from '../../core/base/ids.ts';
import type { PlanStep, RenderPlan } from '../../core/schema/plan.ts';
import type { RenderJob, RenderSource } from '../contract/renderer.ts';
import type { PlanSources, RenderedSegment } from './rendered.ts';

/** Makes the job. The sound's encode needs the segments of all its pieces. */
export function jobFor(
  plan: Pick<RenderPlan, 'steps' | 'output'>,
  sources: PlanSources,
  step: PlanStep,
  segments: ReadonlyMap<string, RenderedSegment>,
): RenderJob {
  const sourceOf = (assetId: AssetId): RenderSource => {
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

/** Pixels of the pictures that a job encodes; 0 for sound. */
export function pixelsOf(job: RenderJob, frames: number): number {
  return job.kind === 'video' ? job.settings.width * job.settings.height * frames : 0;
}
