/** What a plan is expected to cost. Rough figures of the universal engine; the job records what it really took. */
import type { AudioSettings, PlanEstimate, PlanStep, VideoSettings } from '../schema/plan.ts';
import { SECOND_US } from '../base/time.ts';

/** Pixels per second that one worker of the ffmpeg engine decodes, filters and encodes. */
const ENCODE_PIXELS_PER_SECOND = 14_000_000;
/** Starting one command, milliseconds. */
const COMMAND_MS = 350;
/** Seconds of sound per second, decoding and encoding. */
const SOUND_SPEED = 40;
/** Packets copied per millisecond. */
const COPY_FRAMES_PER_MS = 20;

/** Bits per pixel that x264 needs at the CRFs in use, ordinary footage. */
const BITS_PER_PIXEL: Readonly<Record<number, number>> = { 18: 0.11, 23: 0.055, 28: 0.03 };

/** Work of one step, milliseconds of one worker. Weighs progress, too. */
export function stepCost(step: PlanStep, video: VideoSettings | null, audio: AudioSettings | null): number {
  switch (step.kind) {
    case 'copy-video':
      return 5 + step.frames / COPY_FRAMES_PER_MS;
    case 'copy-audio':
      return 5;
    case 'encode-video': {
      const pixels = (video?.width ?? 0) * (video?.height ?? 0) * step.frames;
      return COMMAND_MS + (pixels / ENCODE_PIXELS_PER_SECOND) * 1000 * (step.filter.toneMap ? 4 : 1);
    }
    case 'decode-audio':
    case 'encode-audio':
      return COMMAND_MS + ((step.samples / (audio?.sampleRate ?? 48_000)) * 1000) / SOUND_SPEED;
  }
}

/** Bytes of the finished file's encoded part. */
function encodedBytes(step: PlanStep, video: VideoSettings | null, audio: AudioSettings | null): number {
  if (step.kind === 'encode-video' && video !== null) {
    const bits = video.width * video.height * step.frames * (BITS_PER_PIXEL[video.crf] ?? 0.1);
    const ceiling = (video.maxBitrate * (step.endUs - step.startUs)) / SECOND_US;
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
  workers: number,
): PlanEstimate {
  let shared = 0;
  let alone = 300;
  let bytes = copiedBytes;
  let pcm = 0;
  let longest = 0;
  for (const step of steps) {
    const cost = stepCost(step, video, audio);
    if (step.kind === 'encode-video' || step.kind === 'decode-audio') {
      shared += cost;
      longest = Math.max(longest, cost);
    } else alone += cost;
    if (step.kind === 'decode-audio') pcm += step.samples * (audio?.channels ?? 2) * 2;
    bytes += encodedBytes(step, video, audio);
  }
  const wallMs = Math.max(shared / Math.max(1, workers), longest) + alone;
  return {
    wallMs: Math.round(wallMs),
    bytes: Math.round(bytes),
    // Segments and the finished file hold the encoded part twice for a while.
    storageBytes: Math.round(bytes * 2 + pcm),
  };
}
