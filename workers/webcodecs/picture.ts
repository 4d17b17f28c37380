/** One chunk of picture: decode, shape, encode, under parameter-set ids of our own, as a small file. */
import type { InputVideoTrack } from 'mediabunny';
import { isOutOfMemory } from '../../src/core/base/out-of-memory.ts';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { PictureReference } from '../../src/runtime/contract/reference.ts';
import type { CodecOutcome, PictureJob } from '../../src/runtime/contract/webcodecs.ts';
import { parseAvcRecord, writeAvcRecord } from '../shared/h264/avc-record.ts';
import { bytesOf } from '../shared/bytes.ts';
import { withVideo } from '../shared/open.ts';
import { nameOf, unreadable } from '../shared/failure.ts';
import { lumaGrid } from '../shared/luma.ts';
import {
  lookOf,
  parseSequenceSet,
  rewriteSequenceSet,
  SQUARE_PIXELS,
} from '../shared/h264/parameter-sets.ts';
import {
  baseConfig,
  bitPlans,
  colorNumbers,
  containerColor,
  vuiColor,
  withBits,
  type BitPlan,
} from './config.ts';
import { decodeStretch, type Stretch } from './decode.ts';
import { PictureEncoder, type EncodedPicture } from './encode.ts';
import { muxPictures } from './mux.ts';
import { PaintProblem, PictureOverlay } from './paint.ts';
import { CodecProblem } from './problem.ts';
import { shaperFor } from './shape.ts';
import { vp9CodecString } from './vp9-color.ts';

/** Pictures that tell how many bits a stretch needs. */
const SAMPLE_FRAMES = 16;
/** A stretch shorter than this takes its ceiling: sampling would cost more than the bits it saves. */
const WORTH_SAMPLING = 6 * SAMPLE_FRAMES;
/** Pictures between two reports of progress. */
const REPORT_EVERY = 6;
/** How far above its ceiling a chunk may come out; short ones are forgiven more. */
const ABOVE_CEILING = 1.15;
/** A chunk shorter than this is mostly its key frame, which says little about its rate. */
const SHORT_US = 1_000_000;

function stretchOf(job: PictureJob): Stretch {
  const { step, source } = job;
  return {
    firstUs: step.firstFrameUs + source.originUs,
    stopUs: step.stopFrameUs + source.originUs,
    seekUs: step.seekUs + source.originUs,
    frames: step.frames,
  };
}

/** A chunk will not keep to its ceiling: what its first pictures took says so. */
class TooManyBits extends Error {}

interface Run {
  readonly pictures: readonly EncodedPicture[];
  readonly config: VideoDecoderConfig;
  readonly bytes: number;
  readonly references: readonly PictureReference[];
}

interface RunOptions {
  readonly track: InputVideoTrack;
  readonly job: PictureJob;
  readonly config: VideoEncoderConfig;
  readonly plan: BitPlan;
  /** Only the first so many pictures. */
  readonly limit: number;
  /** Bits per second at which to give up early with `TooManyBits`. */
  readonly stopAbove: number;
  readonly onProgress: (frames: number) => void;
  /** What is painted on the pictures; null for nothing. */
  readonly overlay: PictureOverlay | null;
}

/** What a job is rendered with, whichever way bits are shared out. */
type Common = Pick<RunOptions, 'track' | 'job' | 'overlay' | 'onProgress'>;

function encodeOptions(plan: BitPlan, codec: 'avc' | 'vp9', key: boolean): VideoEncoderEncodeOptions {
  const options: VideoEncoderEncodeOptions = { keyFrame: key };
  if (plan.kind !== 'quantizer') return options;
  return codec === 'avc'
    ? { ...options, avc: { quantizer: plan.quantizer } }
    : { ...options, vp9: { quantizer: plan.quantizer } };
}

/** Decodes and encodes side by side: the decoder works on while the encoder takes its time. */
async function run(options: RunOptions): Promise<Run> {
  const { track, job, config, plan, limit, stopAbove, overlay, onProgress } = options;
  const { step, settings, source } = job;
  const shape = shaperFor(step, settings);
  const encoder = new PictureEncoder(config);
  const references: PictureReference[] = [];
  const originUs = step.startUs + source.originUs;
  const wanted = Math.min(limit, step.frames);
  let count = 0;
  try {
    for await (const frame of decodeStretch(track, { ...stretchOf(job), frames: wanted })) {
      // The first picture may have appeared before the cut; it is held from the cut on.
      const timestampUs = Math.max(0, Math.round(frame.timestamp - originUs));
      const assetUs = frame.timestamp - source.originUs;
      let shaped: VideoFrame;
      try {
        shaped = await shape(frame, timestampUs, frame.duration ?? 0);
      } finally {
        frame.close();
      }
      if (overlay !== null) shaped = await overlay.apply(shaped, assetUs);
      const isKey = count % settings.gop === 0;
      // Key frames are what the check of the finished file samples, the last picture stands before a join.
      if (limit === Infinity && (isKey || count === wanted - 1)) {
        const luma = await lumaGrid(shaped);
        if (luma !== null) references.push({ offsetUs: timestampUs, luma });
      }
      await encoder.add(shaped, encodeOptions(plan, settings.codec, isKey));
      count += 1;
      // Each report is a message to the page.
      if (count % REPORT_EVERY === 0) onProgress(count);
      if (count === SAMPLE_FRAMES && rateOf(encoder.pictures, settings) > stopAbove) throw new TooManyBits();
    }
    await encoder.finish();
    if (count !== wanted || encoder.pictures.length !== wanted) {
      throw new CodecProblem(
        `${String(encoder.pictures.length)} pictures came out instead of ${String(wanted)}.`,
      );
    }
    if (encoder.description === null)
      throw new CodecProblem('The encoder did not say how to decode its pictures.');
    return { pictures: encoder.pictures, config: encoder.description, bytes: encoder.bytes, references };
  } finally {
    encoder.close();
  }
}

/** Bits per second by a few pictures: a key frame for each group, the rest between. */
function rateOf(pictures: readonly EncodedPicture[], { gop, fps }: PictureJob['settings']): number {
  const [key, ...others] = pictures.map((picture) => picture.data.length * 8);
  if (key === undefined) return 0;
  const between = others.length === 0 ? key : others.reduce((a, b) => a + b, 0) / others.length;
  return ((key + between * (gop - 1)) / gop) * fps;
}

/** Bits per second that some pictures take with a plan. */
async function measuredBitrate(common: Common, plan: BitPlan): Promise<number> {
  const { settings, mode } = common.job;
  const sample = await run({
    ...common,
    plan,
    config: withBits(baseConfig(settings, mode), plan),
    limit: SAMPLE_FRAMES,
    stopAbove: Infinity,
    onProgress: () => undefined,
  });
  return rateOf(sample.pictures, settings);
}

async function bitrateFor(
  common: Common,
  { by, factor, floor }: Extract<BitPlan, { kind: 'measured' }>,
): Promise<number> {
  const { rate, frames } = common.job.step;
  if (frames < WORTH_SAMPLING) return rate.maxBitrate;
  const wanted = (await measuredBitrate(common, by)) * factor;
  return Math.round(Math.min(rate.maxBitrate, Math.max(rate.maxBitrate * floor, wanted)));
}

/** Whether a chunk came out larger than its ceiling allows. */
function tooLarge(bytes: number, job: PictureJob): boolean {
  const lengthUs = Math.max(SHORT_US, job.step.endUs - job.step.startUs);
  return (bytes * 8 * 1_000_000) / lengthUs > job.step.rate.maxBitrate * ABOVE_CEILING;
}

/** The first way to share out bits whose result keeps to the ceiling; the last is taken as it comes. */
async function encodeWithinCeiling(
  common: Common,
): Promise<{ readonly result: Run; readonly config: VideoEncoderConfig }> {
  const { job } = common;
  const base = baseConfig(job.settings, job.mode);
  const quantized = { ...base, bitrateMode: 'quantizer' as const };
  const support = await VideoEncoder.isConfigSupported(quantized).catch(() => null);
  const plans = bitPlans(job.settings, job.step.rate, job.mode, support?.supported === true);
  for (const [position, wish] of plans.entries()) {
    const plan: BitPlan =
      wish.kind === 'measured' ? { kind: 'bitrate', bitrate: await bitrateFor(common, wish) } : wish;
    const config = withBits(base, plan);
    const isLast = position === plans.length - 1 || plan.kind === 'bitrate';
    const stopAbove = isLast ? Infinity : job.step.rate.maxBitrate * ABOVE_CEILING;
    try {
      const result = await run({ ...common, plan, config, limit: Infinity, stopAbove });
      if (isLast || !tooLarge(result.bytes, job)) return { result, config };
    } catch (cause) {
      if (!(cause instanceof TooManyBits)) throw cause;
    }
  }
  throw new CodecProblem('There is no way to share out bits.');
}

/** What the container is told: the output's colour, in the codec's own terms too. */
function colored(job: PictureJob, config: VideoDecoderConfig): VideoDecoderConfig {
  const { settings } = job;
  const colorSpace = containerColor(settings.color);
  const { colorSpace: _own, ...rest } = config;
  const told: VideoDecoderConfig = colorSpace === undefined ? rest : { ...rest, colorSpace };
  if (settings.codec !== 'avc') {
    const numbers = colorNumbers(settings.color);
    return { ...told, codec: vp9CodecString(config.codec, numbers, numbers.fullRange) };
  }
  const bytes = bytesOf(config.description);
  const record = bytes === null ? null : parseAvcRecord(bytes);
  if (record === null) throw new CodecProblem('The encoder gave no H.264 configuration.');
  const sps = record.sps.map((set) => {
    const look = { ...lookOf(set), aspect: SQUARE_PIXELS, color: vuiColor(settings.color) };
    return rewriteSequenceSet(set, parseSequenceSet(set).id, look);
  });
  return { ...told, description: writeAvcRecord({ ...record, sps }) };
}

function describe(cause: unknown): Failure {
  if (cause instanceof PaintProblem) return cause.failure;
  if (nameOf(cause) === 'NotReadableError' || nameOf(cause) === 'NotFoundError') return unreadable(cause);
  const problem = CodecProblem.of(cause);
  const { message, reclaimed } = problem;
  const reason = isOutOfMemory(message) ? 'out_of_memory' : 'step_failed';
  return failure('engine_failed', reason, `The browser's codec failed: ${message}`, {
    cause: message,
    reclaimed,
  });
}

/** See `WebcodecsWorkerApi.renderPicture`. */
export async function renderPicture(
  job: PictureJob,
  onProgress: (frames: number) => void,
): Promise<Result<CodecOutcome, Failure>> {
  const started = performance.now();
  return withVideo(job.source.file, job.source.order, async (track) => {
    try {
      const { step, settings, fonts } = job;
      const overlay =
        step.overlay === undefined || fonts === null
          ? null
          : new PictureOverlay({ overlay: step.overlay, fonts }, step, settings);
      const { result, config } = await encodeWithinCeiling({ track, job, overlay, onProgress });
      const lengthUs = job.step.endUs - job.step.startUs;
      const data = await muxPictures(result.pictures, job.settings, colored(job, result.config), lengthUs);
      return ok({
        data,
        frames: result.pictures.length,
        config: [JSON.stringify(config)],
        wallMs: performance.now() - started,
        references: result.references,
      });
    } catch (cause) {
      return err(describe(cause));
    }
  });
}
