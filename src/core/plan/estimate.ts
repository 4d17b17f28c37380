/** What a plan is expected to cost. Rough figures; the job records what it really took. */
import { SECOND_US } from '../base/time.ts';
import type { Asset, VideoTrackProbe } from '../schema/asset.ts';
import type {
  AudioSettings,
  EncodeVideoStep,
  PlanEstimate,
  PlanStep,
  VideoSettings,
} from '../schema/plan.ts';

/** Pixels per second that one worker of the ffmpeg engine decodes, filters and encodes. */
export const FFMPEG_PIXELS_PER_SECOND = 14_000_000;
/** Starting one command of the ffmpeg engine, milliseconds. */
const COMMAND_MS = 350;
/** Starting one step of the browser's own codecs, milliseconds. */
const CODEC_START_MS = 60;
/** An engine this much faster than ffmpeg is the browser's own. */
const CODEC_FACTOR = 3;
/** What decoding a picture costs to encoding it, for those before the first that is taken. */
const DECODE_SHARE = 0.3;
/** How much slower a tone map makes pictures, which only ffmpeg does. */
const TONE_MAP_FACTOR = 4;
/** Seconds of sound per second, decoding and encoding. */
const SOUND_SPEED = 40;
/** Packets copied per millisecond. */
const COPY_FRAMES_PER_MS = 20;

/** Bits per pixel that x264 needs at the CRFs in use, ordinary footage. */
const BITS_PER_PIXEL: Readonly<Record<number, number>> = { 18: 0.11, 23: 0.055, 28: 0.03 };

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
 * Work of one step, milliseconds of one worker. Weighs progress, too.
 *
 * @param pixelSpeed what the worker makes of the step's pictures, pixels per second; the ffmpeg engine's when left out
 */
export function stepCost(
  step: PlanStep,
  video: VideoSettings | null,
  audio: AudioSettings | null,
  pixelSpeed?: number,
): number {
  switch (step.kind) {
    case 'copy-video':
      return 5 + step.frames / COPY_FRAMES_PER_MS;
    case 'copy-audio':
      return 5;
    case 'encode-video': {
      const speed = pixelSpeed ?? FFMPEG_PIXELS_PER_SECOND / (step.filter.toneMap ? TONE_MAP_FACTOR : 1);
      const startMs = speed < FFMPEG_PIXELS_PER_SECOND * CODEC_FACTOR ? COMMAND_MS : CODEC_START_MS;
      const lead = (Math.max(0, step.firstFrameUs - step.seekUs) / SECOND_US) * (video?.fps ?? 0);
      const pixels = (video?.width ?? 0) * (video?.height ?? 0) * (step.frames + lead * DECODE_SHARE);
      return startMs + (pixels / speed) * 1000;
    }
    case 'decode-audio':
    case 'encode-audio':
      return COMMAND_MS + ((step.samples / (audio?.sampleRate ?? 48_000)) * 1000) / SOUND_SPEED;
  }
}

/** Bytes of the finished file's encoded part. */
function encodedBytes(step: PlanStep, video: VideoSettings | null, audio: AudioSettings | null): number {
  if (step.kind === 'encode-video' && video !== null) {
    const bits = video.width * video.height * step.frames * (BITS_PER_PIXEL[step.rate.crf] ?? 0.1);
    const ceiling = (step.rate.maxBitrate * (step.endUs - step.startUs)) / SECOND_US;
    return Math.min(bits, ceiling) / 8;
  }
  if (step.kind === 'encode-audio' && audio !== null) {
    return ((step.samples / audio.sampleRate) * audio.bitrate) / 8;
  }
  return 0;
}

/** Sums up time, size and storage. `copiedBytes`: source bytes that copies take. */
export function estimatePlan(
  steps: readonly PlanStep[],
  video: VideoSettings | null,
  audio: AudioSettings | null,
  copiedBytes: number,
  engine: { readonly workers: number; readonly speedOf: (step: EncodeVideoStep) => number },
): PlanEstimate {
  let shared = 0;
  let alone = 300;
  let bytes = copiedBytes;
  let pcm = 0;
  let longest = 0;
  for (const step of steps) {
    const speed = step.kind === 'encode-video' ? engine.speedOf(step) : undefined;
    const cost = stepCost(step, video, audio, speed);
    if (step.kind === 'encode-video' || step.kind === 'decode-audio') {
      shared += cost;
      longest = Math.max(longest, cost);
    } else alone += cost;
    if (step.kind === 'decode-audio') pcm += step.samples * (audio?.channels ?? 2) * 2;
    bytes += encodedBytes(step, video, audio);
  }
  const wallMs = Math.max(shared / Math.max(1, engine.workers), longest) + alone;
  return {
    wallMs: Math.round(wallMs),
    bytes: Math.round(bytes),
    // Segments and the finished file hold the encoded part twice for a while.
    storageBytes: Math.round(bytes * 2 + pcm),
  };
}
