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
/** Samples in a packet of sound. */
const PACKET_SAMPLES = 1024;
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

/** Sound: the step, and its seconds. */
export function soundCounts(
  step: Extract<PlanStep, { kind: 'decode-audio' | 'encode-audio' }>,
  audio: AudioSettings,
  rung: string,
): Counted {
  const seconds = step.samples / audio.sampleRate;
  const kind = step.kind === 'decode-audio' ? `decode-sound/${rung}` : `encode-sound/${rung}/${audio.codec}`;
  return { kind, x: [1, seconds] };
}

/** What rendering takes beside its steps: once, for each step, and for each millisecond of them. */
export const renderingCounts = (steps: number, ms: number): Counted => ({
  kind: 'rendering',
  x: [1, steps, ms],
});

/** Writing the file: once, megabytes, thousands of packets, stretches that are copied. */
export function assemblyCounts(plan: Pick<RenderPlan, 'steps' | 'output'>, bytes: number): Counted {
  const { audio } = plan.output;
  let packets =
    audio === null ? 0 : ((plan.output.durationUs / SECOND_US) * audio.sampleRate) / PACKET_SAMPLES;
  let copies = 0;
  for (const step of plan.steps) {
    if (step.kind === 'encode-video' || step.kind === 'copy-video') packets += step.frames;
    if (step.kind === 'copy-video' || step.kind === 'copy-audio') copies += 1;
  }
  return { kind: 'assembling', x: [1, bytes / MEGA, packets / 1000, copies] };
}

/** Checking it: once, megabytes, millions of pixels beside joins of what was encoded and of what was copied. */
export function checkCounts(plan: Pick<RenderPlan, 'steps' | 'output'>, bytes: number): Counted {
  const settings = plan.output.video?.settings;
  const pixels = settings === undefined ? 0 : (settings.width * settings.height) / MEGA;
  let encoded = 0;
  let copied = 0;
  for (const step of plan.steps) {
    if (step.kind === 'encode-video') encoded += 1;
    if (step.kind === 'copy-video') copied += 1;
  }
  const part = Math.min(1, MOST_JOINS / Math.max(1, encoded + copied));
  return { kind: 'verifying', x: [1, bytes / MEGA, encoded * part * pixels, copied * part * pixels] };
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
