/** The universal engine as a renderer: plan steps to ffmpeg commands and back to segments. */
import { failure, type Failure } from '../../../core/base/failure.ts';
import { isOutOfMemory } from '../../../core/base/out-of-memory.ts';
import { err, ok, type Result } from '../../../core/base/result.ts';
import { primaryVideo } from '../../../core/schema/asset.ts';
import type { PaintFonts } from '../../../core/schema/overlay.ts';
import type { FfmpegEngine, FfmpegJob, FfmpegOutcome } from '../../contract/ffmpeg.ts';
import type { Renderer, RenderJob, RenderOptions, RenderOutcome } from '../../contract/renderer.ts';
import type { CallLimits } from '../../contract/supervised.ts';
import {
  AUDIO_SEGMENT,
  canEncodeWithFfmpeg,
  PCM_SEGMENT,
  soundChunkArgs,
  soundEncodeArgs,
  SOURCE_PATH,
  VIDEO_SEGMENT,
  videoChunkArgs,
} from './argv.ts';

/**
 * Part of every content key: change it when a newer core or other worker code gives other bytes for the same
 * arguments, so that old segments are not mixed with new ones.
 */
const ENGINE_BUILD = 'ffmpeg-core-0.12.10/2';

/** What FFmpeg's decoders log about a damaged stream. A picture entered between key frames complains of other things. */
const COMPLAINT =
  /error while decoding|concealing \d+|corrupt|Invalid NAL|bytestream|cabac decode|Invalid data found/i;

/** MPEG audio entered between two packets; what follows in the log says the same again. */
const NO_HEADER = /Header missing/;
/** Packets of sound that may be lost where a file is entered: the run-in is longer. */
const LOST_AT_ENTRY = 6;

/** Errors that the decoder reported, as far as the log was kept; not those of entering a file in the middle. */
export function complaintsIn(log: readonly string[]): number {
  let lost = 0;
  return log.filter((line, position) => {
    if (!COMPLAINT.test(line)) return false;
    if (!NO_HEADER.test(log[position - 1] ?? '')) return true;
    lost += 1;
    return lost > LOST_AT_ENTRY;
  }).length;
}

/** How much earlier a file is entered when a first try lost frames; the last is the file's start. */
const EARLIER_SEEKS_US = [0, 12_000_000, Number.MAX_SAFE_INTEGER / 2] as const;

/** Nobody waits longer than this for something that makes no progress. */
const MOST_SILENT_MS = 15 * 60_000;

const SOURCE_NAME = SOURCE_PATH.slice(SOURCE_PATH.lastIndexOf('/') + 1);

function argvOf(job: RenderJob, extraSeekUs = 0): string[] {
  switch (job.kind) {
    case 'video':
      return videoChunkArgs(job.step, job.source.probe, job.settings, extraSeekUs);
    case 'pcm':
      return soundChunkArgs(job.step, job.source?.probe ?? null, job.settings);
    case 'audio':
      return soundEncodeArgs(job.settings);
  }
}

function commandOf(job: RenderJob, argv: readonly string[], fonts: PaintFonts | undefined): FfmpegJob {
  const input = job.kind === 'audio' ? job.pcm : (job.source?.file ?? null);
  const output =
    job.kind === 'video'
      ? { name: VIDEO_SEGMENT, type: 'video/mp4' }
      : job.kind === 'pcm'
        ? { name: PCM_SEGMENT, type: 'application/octet-stream' }
        : { name: AUDIO_SEGMENT, type: 'audio/mp4' };
  return {
    tool: 'ffmpeg',
    args: argv,
    inputs: input === null ? [] : [{ name: SOURCE_NAME, data: input }],
    outputs: [output],
    ...(paints(job) && fonts !== undefined
      ? { paint: { step: job.step, settings: job.settings, fonts } }
      : {}),
  };
}

/** Whether comments are painted on a job's pictures. */
function paints(job: RenderJob): job is Extract<RenderJob, { kind: 'video' }> {
  return job.kind === 'video' && job.step.overlay !== undefined;
}

/** How much of a step a status line means, 0..1. */
function fractionOf(job: RenderJob, frames: number | null, timeUs: number | null): number {
  if (job.kind === 'video') return frames === null ? 0 : Math.min(1, frames / Math.max(1, job.step.frames));
  const lengthUs = (job.step.samples / job.settings.sampleRate) * 1_000_000;
  return timeUs === null ? 0 : Math.min(1, timeUs / Math.max(1, lengthUs));
}

/** Codecs that this build of ffmpeg has no decoder for. */
const NOT_DECODABLE = new Set(['av1', 'vvc', 'av2']);

/** Whether this build of ffmpeg decodes a codec, by its short name. */
export function ffmpegDecodes(codec: string): boolean {
  return !NOT_DECODABLE.has(codec);
}

function canDecode(job: Extract<RenderJob, { kind: 'video' }>): boolean {
  return ffmpegDecodes(primaryVideo(job.source.probe)?.codec ?? '');
}

/**
 * Renders with ffmpeg.
 *
 * @param fonts where the painter's font lies; steps that paint cannot be rendered without it
 */
export function createFfmpegRenderer(engine: FfmpegEngine, fonts?: PaintFonts): Renderer {
  const once = async (
    job: RenderJob,
    argv: readonly string[],
    options: RenderOptions,
    limits: CallLimits,
  ): Promise<Result<{ outcome: FfmpegOutcome; data: Blob | null; frames: number }, Failure>> => {
    let frames = 0;
    const result = await engine.run(commandOf(job, argv, fonts), {
      signal: options.signal,
      ...limits,
      onProgress: (progress) => {
        frames = progress.frames ?? frames;
        options.onProgress(fractionOf(job, progress.frames, progress.timeUs));
      },
    });
    if (!result.ok) return result;
    return ok({ outcome: result.value, data: result.value.outputs[0] ?? null, frames });
  };

  return {
    name: 'ffmpeg',
    rung: 'ffmpeg',
    canRender: (job) =>
      Promise.resolve(
        job.kind === 'pcm' || (canEncodeWithFfmpeg(job.settings) && (job.kind === 'audio' || canDecode(job))),
      ),
    keyMaterial(job) {
      const source = job.kind === 'audio' ? job.pieces : (job.source?.fingerprint ?? 'silence');
      const painted =
        job.kind === 'video' && job.step.overlay !== undefined ? { overlay: job.step.overlay } : {};
      return { build: ENGINE_BUILD, source, argv: argvOf(job), ...painted };
    },
    async render(job, options): Promise<Result<RenderOutcome, Failure>> {
      if (paints(job) && fonts === undefined)
        return err(failure('engine_failed', 'font_missing', 'There is no font to paint comments with.'));
      let best: Omit<RenderOutcome, 'argv' | 'references'> | null = null;
      let argv: string[] = [];
      let tail = '';
      for (const extraSeekUs of job.kind === 'video' ? EARLIER_SEEKS_US : [0]) {
        argv = argvOf(job, extraSeekUs);
        // From the file's start on the way may be long, and nothing is written on it.
        const limits =
          extraSeekUs === EARLIER_SEEKS_US.at(-1)
            ? { ...options.limits, stallMs: MOST_SILENT_MS }
            : options.limits;
        const result = await once(job, argv, options, limits);
        if (!result.ok) return result;
        const { outcome, data, frames } = result.value;
        tail = outcome.log.slice(-6).join('\n');
        if (outcome.exitCode !== 0 && isOutOfMemory(tail)) {
          return err(failure('engine_failed', 'out_of_memory', 'ffmpeg ran out of memory.', { tail }));
        }
        if (data === null || data.size === 0) continue;
        if (job.kind !== 'video') {
          return soundOutcome(job, data, argv, outcome);
        }
        if (best === null || frames > best.frames) {
          best = { data, frames, complaints: complaintsIn(outcome.log), wallMs: outcome.wallMs };
        }
        if (frames === job.step.frames) break;
        // Frames lost after entering 12 s earlier are damaged ones: reading from the start would not bring them back.
        if (extraSeekUs > 0 && frames > 0) break;
      }
      if (best === null || best.frames === 0) {
        return err(
          failure('unsupported_media', 'damaged', 'This stretch of the file could not be decoded.', { tail }),
        );
      }
      return ok({ ...best, argv, references: [] });
    },
  };
}

/** Checks that PCM has exactly the planned samples: a wrong number would shift everything after it. */
function soundOutcome(
  job: Extract<RenderJob, { kind: 'pcm' | 'audio' }>,
  data: Blob,
  argv: readonly string[],
  outcome: FfmpegOutcome,
): Result<RenderOutcome, Failure> {
  if (job.kind === 'pcm') {
    const expected = job.step.samples * job.settings.channels * 2;
    if (data.size !== expected) {
      return err(
        failure(
          'engine_failed',
          'step_failed',
          `Sound step ${job.step.id} gave the wrong number of samples.`,
          {
            found: data.size,
            expected,
            tail: outcome.log.slice(-6).join('\n'),
          },
        ),
      );
    }
  }
  const complaints = complaintsIn(outcome.log);
  return ok({ data, frames: 0, complaints, argv, wallMs: outcome.wallMs, references: [] });
}
