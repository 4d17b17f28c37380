/**
 * What a plan is expected to cost, at the pace that this machine has shown; the job records what it really took. Steps are
 * laid out on the workers as they will run, and the machine's own figures (pace.ts) say what each costs.
 */
import { SECOND_US } from '../base/time.ts';
import type { Asset, VideoTrackProbe } from '../schema/asset.ts';
import type {
  AudioSettings,
  DecodeAudioStep,
  EncodeAudioStep,
  EncodeVideoStep,
  PlanEstimate,
  PlanStep,
  RenderPlan,
  VideoSettings,
} from '../schema/plan.ts';
import {
  assemblyCounts,
  checkCounts,
  pictureBytes,
  pictureCounts,
  renderingCounts,
  soundBytes,
  soundCounts,
} from './counts.ts';
import {
  COMMAND_MS,
  COPY_FRAMES_PER_MS,
  DECODE_SHARE,
  FFMPEG_PIXELS_PER_SECOND,
  SOUND_SPEED,
  TONE_MAP_FACTOR,
} from './figures.ts';
import { makespan } from './lanes.ts';
import { costAt, type Pace } from './pace.ts';

/**
 * Pixels per second that one worker makes of a track: what the browser cannot decode is left to ffmpeg, and so is HDR.
 *
 * @param preferred what it makes with the engine that is tried first
 */
export function pixelSpeed(asset: Asset, track: VideoTrackProbe, preferred: number): number {
  const slower = Math.min(preferred, FFMPEG_PIXELS_PER_SECOND);
  if (track.hdr) return slower / TONE_MAP_FACTOR;
  return track.decodable && asset.probe.reader === 'packets' ? preferred : slower;
}

/**
 * Work of one step by rough figures, as if ffmpeg did it, milliseconds of one worker: for the weights of progress and the order of
 * steps.
 */
export function stepCost(step: PlanStep, video: VideoSettings | null, audio: AudioSettings | null): number {
  switch (step.kind) {
    case 'copy-video':
      return 5 + step.frames / COPY_FRAMES_PER_MS;
    case 'copy-audio':
      return 5;
    case 'encode-video': {
      const speed = FFMPEG_PIXELS_PER_SECOND / (step.filter.toneMap ? TONE_MAP_FACTOR : 1);
      const lead = (Math.max(0, step.firstFrameUs - step.seekUs) / SECOND_US) * (video?.fps ?? 0);
      const pixels = (video?.width ?? 0) * (video?.height ?? 0) * (step.frames + lead * DECODE_SHARE);
      return COMMAND_MS + (pixels / speed) * 1000;
    }
    case 'decode-audio':
    case 'encode-audio':
      return COMMAND_MS + ((step.samples / (audio?.sampleRate ?? 48_000)) * 1000) / SOUND_SPEED;
  }
}

/** A step that an engine does. */
export type RenderedStep = EncodeVideoStep | DecodeAudioStep | EncodeAudioStep;

/** The machine that a plan is estimated for. */
export interface Machine {
  /** How many steps run side by side. */
  readonly workers: number;
  readonly pace: Pace;
  /** Which rung of the ladder is expected to do a step. */
  readonly rungOf: (step: RenderedStep) => string;
}

type Engine = keyof NonNullable<PlanEstimate['work']>;

const engineOf = (rung: string): Engine => (rung.startsWith('webcodecs') ? 'webcodecs' : 'ffmpeg');

/** Bytes of what a step encodes, and of what it leaves in storage meanwhile. */
function stepBytes(
  step: RenderedStep,
  { video, audio }: RenderPlan['output'],
  pace: Pace,
): { readonly encoded: number; readonly kept: number } {
  if (step.kind === 'encode-video') {
    if (video === null) return { encoded: 0, kept: 0 };
    const ceiling = (step.rate.maxBitrate * (step.endUs - step.startUs)) / SECOND_US / 8;
    const encoded = Math.min(ceiling, costAt(pace, pictureBytes(step, video.settings)));
    return { encoded, kept: encoded };
  }
  if (audio === null) return { encoded: 0, kept: 0 };
  if (step.kind === 'decode-audio') return { encoded: 0, kept: step.samples * audio.channels * 2 };
  const encoded = costAt(pace, soundBytes(step.samples, audio));
  return { encoded, kept: encoded };
}

/**
 * Time, size and storage of a plan.
 *
 * @param copiedBytes source bytes that copies take
 * @param there steps whose segments are there, with their bytes
 */
export function estimatePlan(
  plan: Pick<RenderPlan, 'steps' | 'clips' | 'output'>,
  copiedBytes: number,
  { workers, pace, rungOf }: Machine,
  there: ReadonlyMap<string, number>,
): PlanEstimate {
  const { video, audio } = plan.output;
  const sound: number[] = [];
  const pictures: number[] = [];
  const work: Partial<Record<Engine, number>> = {};
  let encodeSound = 0;
  let bytes = copiedBytes;
  let kept = 0;
  for (const step of plan.steps) {
    if (step.kind === 'copy-video' || step.kind === 'copy-audio') continue;
    const known = there.get(step.id);
    if (known !== undefined) {
      if (step.kind !== 'decode-audio') bytes += known;
      continue;
    }
    const rung = rungOf(step);
    let ms = 0;
    if (step.kind === 'encode-video') {
      if (video !== null) ms = costAt(pace, pictureCounts(step, video.settings, plan.clips[step.clip], rung));
      pictures.push(ms);
    } else {
      if (audio !== null) ms = costAt(pace, soundCounts(step, audio, plan.clips, rung));
      if (step.kind === 'decode-audio') sound.push(ms);
      else encodeSound = ms;
    }
    work[engineOf(rung)] = (work[engineOf(rung)] ?? 0) + ms;
    const made = stepBytes(step, plan.output, pace);
    bytes += made.encoded;
    kept += made.kept;
  }
  const steps = sound.length + pictures.length + (encodeSound > 0 ? 1 : 0);
  const lanes = makespan({ sound, encodeSound, pictures }, workers, pace.drag);
  const rendering = steps === 0 ? 0 : costAt(pace, renderingCounts(steps, lanes));
  const job = costAt(pace, { kind: 'job', x: [1] });
  const assembling = costAt(pace, assemblyCounts(plan, bytes));
  const verifying = costAt(pace, checkCounts(plan, bytes));
  if (copiedBytes > 0) work.copy = assembling;
  return {
    wallMs: Math.round((job + rendering + assembling + verifying) * pace.now),
    bytes: Math.round(bytes),
    // What was encoded lies there twice until the job ends: as segments, and in the file.
    storageBytes: Math.round(bytes + kept),
    reused: there.size,
    work: Object.fromEntries(Object.entries(work).map(([engine, ms]) => [engine, Math.round(ms)])),
  };
}
