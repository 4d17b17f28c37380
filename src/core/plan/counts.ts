/**
 * What of a plan costs time and storage, as counts: by them a plan is estimated, and by the same ones a finished export
 * teaches what each costs. Pure.
 */
import { SECOND_US } from '../base/time.ts';
import type {
  AudioSettings,
  EncodeVideoStep,
  PlannedClip,
  PlanStep,
  RenderPlan,
  VideoSettings,
} from '../schema/plan.ts';
import type { Sample } from './fit.ts';

/** A cost that is learned: what kind of work, how much of it, and what the work may differ in. */
export type Counted = Pick<Sample, 'x' | 'of' | 'from'> & { readonly kind: string };

/** Joins that a check decodes at most. */
const MOST_JOINS = 120;
/** Pictures of this size need as many bits for each pixel as the figures say; larger ones fewer, smaller ones more. */
const USUAL_PIXELS = 1920 * 1080;
const BITS_POWER = 0.75;

const MEGA = 1_000_000;

/** Rates are told apart as far as an encoder notices: nothing of the source in it. */
export function pictureKind(rung: string, video: VideoSettings, toneMap: boolean): string {
  return `picture/${rung}/${video.codec}${toneMap ? '/tone-map' : ''}`;
}

/** Pictures: the step, millions of pixels encoded, millions decoded, those on the way to the first one, too. */
export function pictureCounts(
  step: EncodeVideoStep,
  video: VideoSettings,
  clip: PlannedClip | undefined,
  rung: string,
): Counted {
  const pixels = video.width * video.height;
  const lead = (Math.max(0, step.firstFrameUs - step.seekUs) / SECOND_US) * video.fps;
  const decoded = clip?.source?.pixels ?? pixels;
  return {
    kind: pictureKind(rung, video, step.filter.toneMap),
    x: [1, (pixels * step.frames) / MEGA, (decoded * (step.frames + lead)) / MEGA],
    of: clip?.source?.codec,
    from: step.assetId,
  };
}

/** Sound: the step, and its seconds. What an encoder takes for them depends on what is to be heard (measured: twice as long). */
export function soundCounts(
  step: Extract<PlanStep, { kind: 'decode-audio' | 'encode-audio' }>,
  audio: AudioSettings,
  clips: RenderPlan['clips'],
  rung: string,
): Counted {
  const x = [1, step.samples / audio.sampleRate];
  return step.kind === 'decode-audio'
    ? { kind: `decode-sound/${rung}`, x }
    : { kind: `encode-sound/${rung}/${audio.codec}`, x, from: mainAsset(clips) };
}

/** The asset that most of an output is of: what its footage is like is what the output is like. */
function mainAsset(clips: RenderPlan['clips']): string | undefined {
  const lengths = new Map<string, number>();
  for (const { assetId, outStartUs, outEndUs } of clips) {
    lengths.set(assetId, (lengths.get(assetId) ?? 0) + outEndUs - outStartUs);
  }
  return [...lengths].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** What rendering takes beside its steps: once, for each step, and for each millisecond of them. */
export const renderingCounts = (steps: number, ms: number): Counted => ({
  kind: 'rendering',
  x: [1, steps, ms],
});

/** Writing the file: once, megabytes, stretches that are copied, seconds of encoded sound. */
export function assemblyCounts(plan: Pick<RenderPlan, 'steps' | 'output'>, bytes: number): Counted {
  const copies = plan.steps.filter(({ kind }) => kind === 'copy-video' || kind === 'copy-audio').length;
  return { kind: 'assembling', x: [1, bytes / MEGA, copies, encodedSound(plan)] };
}

/** Seconds of sound that were encoded: copied sound is written, and not looked into. */
function encodedSound({ steps, output }: Pick<RenderPlan, 'steps' | 'output'>): number {
  return steps.some(({ kind }) => kind === 'encode-audio') ? output.durationUs / SECOND_US : 0;
}

/**
 * Checking it: once, megabytes, millions of pixels that were encoded, millions beside joins of what was copied, whether sound is
 * compared and how many seconds there are of it. Footage that stands still is looked at twice, so that the asset matters.
 */
export function checkCounts(plan: Pick<RenderPlan, 'steps' | 'clips' | 'output'>, bytes: number): Counted {
  const settings = plan.output.video?.settings;
  const pixels = settings === undefined ? 0 : (settings.width * settings.height) / MEGA;
  let frames = 0;
  let copies = 0;
  for (const step of plan.steps) {
    if (step.kind === 'encode-video') frames += step.frames;
    if (step.kind === 'copy-video') copies += 1;
  }
  const sound = encodedSound(plan);
  return {
    kind: 'verifying',
    x: [1, bytes / MEGA, frames * pixels, Math.min(MOST_JOINS, copies) * pixels, Math.min(1, sound), sound],
    from: frames > 0 ? mainAsset(plan.clips) : undefined,
  };
}

/** Bytes that a picture step makes: pixels, weighed by how many bits pictures of their size need. */
export function pictureBytes(step: EncodeVideoStep, video: VideoSettings): Counted {
  const pixels = video.width * video.height;
  const weighed = USUAL_PIXELS * (pixels / USUAL_PIXELS) ** BITS_POWER;
  return {
    kind: `bytes/${video.codec}/${String(step.rate.crf)}`,
    x: [(weighed * step.frames) / MEGA],
    from: step.assetId,
  };
}

/** Bytes of encoded sound: those that the rate asks for. */
export function soundBytes(samples: number, audio: AudioSettings): Counted {
  return {
    kind: `bytes/${audio.codec}`,
    x: [((samples / audio.sampleRate) * audio.bitrate) / 8],
  };
}
