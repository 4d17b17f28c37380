/** What the assembly is told: the pieces of a plan with their data. Pure. */
import { assert } from '../../core/base/assert.ts';
import { primaryVideo, type Asset, type AudioTrackProbe } from '../../core/schema/asset.ts';
import type { CopyAudioStep, PlanStep, RenderPlan } from '../../core/schema/plan.ts';
import type { AssembleRequest, AudioPiece, VideoPiece } from '../contract/assembly.ts';
import type { PlanSources, Rendered } from './rendered.ts';

/** What was rendered, by step. */
type Segments = Pick<Rendered, 'segments'> & Partial<Rendered>;

function videoPieces(plan: RenderPlan, sources: PlanSources, rendered: Segments): VideoPiece[] {
  const pieces: VideoPiece[] = [];
  const ends = endsOf(plan);
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
        outEndUs: ends.get(step.id) ?? plan.output.durationUs,
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
        outEndUs: ends.get(step.id) ?? plan.output.durationUs,
        frames: segment.frames,
      });
    }
  }
  return pieces;
}

/** Where each step's pictures end in the output: where the next step of its clip begins, the last ones with the clip. */
function endsOf(plan: RenderPlan): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  let before: Extract<PlanStep, { kind: 'copy-video' | 'encode-video' }> | null = null;
  for (const step of plan.steps) {
    if (step.kind !== 'copy-video' && step.kind !== 'encode-video') continue;
    if (before?.clip === step.clip) ends.set(before.id, step.outStartUs);
    ends.set(step.id, plan.clips[step.clip]?.outEndUs ?? plan.output.durationUs);
    before = step;
  }
  return ends;
}

/** Containers that say of Opus how much of its start is run-in, which their readers leave in. */
const HAS_CODEC_DELAY = new Set(['webm', 'mkv']);

/** Time 0 of a sound track's packets in the file's own clock. */
function soundOrigin({ probe }: Asset, track: AudioTrackProbe): number {
  const delayUs =
    track.codec === 'opus' && HAS_CODEC_DELAY.has(probe.container) ? -(track.engineOffsetUs ?? 0) : 0;
  return probe.originUs + delayUs;
}

function copiedSound(step: CopyAudioStep, sources: PlanSources): AudioPiece {
  const source = sources.get(step.assetId);
  assert(source !== undefined, 'every asset of a plan has been collected');
  const track = source.asset.probe.audio[step.track];
  assert(track !== undefined, 'sound is copied from a track that is there');
  const originUs = soundOrigin(source.asset, track);
  return {
    stepId: step.id,
    kind: 'source',
    data: source.file,
    order: track.order,
    fromUs: step.startUs + originUs,
    toUs: step.endUs + originUs,
    outStartUs: step.outStartUs,
    outEndUs: step.outEndUs,
  };
}

function audioPieces(plan: RenderPlan, sources: PlanSources, rendered: Segments): AudioPiece[] {
  return plan.steps.flatMap((step): AudioPiece[] => {
    if (step.kind === 'copy-audio') return [copiedSound(step, sources)];
    if (step.kind !== 'encode-audio') return [];
    const segment = rendered.segments.get(step.id);
    assert(segment !== undefined, 'the sound has been encoded');
    const { durationUs } = plan.output;
    return [
      {
        stepId: step.id,
        kind: 'segment',
        data: segment.data,
        order: 0,
        fromUs: 0,
        toUs: durationUs,
        outStartUs: 0,
        outEndUs: durationUs,
      },
    ];
  });
}

/** Plan and data to the request for the assembly. */
export function assembleRequest(
  plan: RenderPlan,
  sources: PlanSources,
  rendered: Segments,
  path: string,
): AssembleRequest {
  const { video, audio } = plan.output;
  const sound = audioPieces(plan, sources, rendered);
  return {
    container: plan.output.container,
    video:
      video === null
        ? null
        : {
            codec: video.settings.codec,
            pieces: videoPieces(plan, sources, rendered),
            rotation: video.rotation,
            rate: video.rate,
          },
    audio: sound.length === 0 || audio === null ? null : { codec: audio.codec, pieces: sound },
    durationUs: plan.output.durationUs,
    path,
  };
}
