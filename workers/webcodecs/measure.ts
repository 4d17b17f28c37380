/**
 * What an encoder can really do: a few pictures that say their own number are encoded, decoded again and read. What a
 * browser says about itself is only where it begins: it is wrong in both directions.
 */
import type { EncoderFault } from '../../src/core/schema/encoder.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../src/runtime/contract/webcodecs.ts';
import { sameBytes } from '../shared/bytes.ts';
import { messageOf } from '../shared/failure.ts';
import { lumaGrid } from '../shared/luma.ts';
import { watchdog, type Watchdog } from '../shared/watchdog.ts';
import { measuredConfig, type MeasuredConfig } from './measure-config.ts';
import { patternPlanes, patternProblem } from './measure-pattern.ts';

/** Enough for an encoder that holds pictures back, and for a second key frame. */
const PICTURES = 8;
/** A key frame is asked for here, as at the start of every group. */
const SECOND_KEY = 5;
const SILENCE_MS = 20_000;
/** Pictures above this are not tried: their pixels alone would take the worker's memory. 16K by 8K. */
const MOST_PIXELS = 1 << 27;

/** The encoder cannot do it; the message says why in detail. */
class Unfit extends Error {
  constructor(
    readonly fault: EncoderFault,
    message: string,
  ) {
    super(message);
  }
}

interface Encoded {
  readonly chunks: readonly EncodedVideoChunk[];
  readonly decoderConfig: VideoDecoderConfig;
  readonly fps: number;
}

const timeOf = (picture: number, fps: number): number => Math.round((picture * 1e6) / fps);

function framesPerSecond(count: number, startedMs: number): number {
  return Math.round((count * 1e4) / Math.max(0.1, performance.now() - startedMs)) / 10;
}

async function isSupported(config: VideoEncoderConfig): Promise<boolean> {
  try {
    return (await VideoEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** The configuration the picture engine would take, as far as the browser says that it knows it. */
async function supportedConfig(question: EncoderQuestion): Promise<MeasuredConfig> {
  const quantized = measuredConfig(question, true);
  const usesQuantizer = quantized.config.bitrateMode === 'quantizer';
  if (usesQuantizer && (await isSupported(quantized.config))) return quantized;
  const plain = measuredConfig(question, false);
  if (await isSupported(plain.config)) return plain;
  throw new Unfit(
    'not_offered',
    `The browser says that it has no ${question.mode} encoder for ${plain.config.codec} of this size.`,
  );
}

async function encode(
  question: EncoderQuestion,
  { config, frame: options }: MeasuredConfig,
  dog: Watchdog,
): Promise<Encoded> {
  const { width, height, fps } = question;
  const chunks: EncodedVideoChunk[] = [];
  const configs: VideoDecoderConfig[] = [];
  let refuse: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  failed.catch(() => undefined);
  const encoder = new VideoEncoder({
    output: (chunk, meta) => {
      chunks.push(chunk);
      if (meta?.decoderConfig !== undefined) configs.push(meta.decoderConfig);
      dog.beat();
    },
    error: (cause) => {
      refuse(new Unfit('failed', `The encoder failed: ${messageOf(cause)}`));
    },
  });
  try {
    encoder.configure(config);
    const started = performance.now();
    for (let picture = 0; picture < PICTURES; picture += 1) {
      const frame = new VideoFrame(patternPlanes(picture, width, height), {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        timestamp: timeOf(picture, fps),
        duration: Math.round(1e6 / fps),
      });
      encoder.encode(frame, { ...options, keyFrame: picture === 0 || picture === SECOND_KEY });
      frame.close();
    }
    await Promise.race([encoder.flush(), failed, dog.silence]);
    const rate = framesPerSecond(PICTURES, started);
    const [decoderConfig] = configs;
    if (decoderConfig === undefined)
      throw new Unfit('failed', 'The encoder did not say how to decode its pictures.');
    return { chunks, decoderConfig, fps: rate };
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

/** Every picture one packet, in order, with its own time, key frames where they were asked for. */
function packetProblem(chunks: readonly EncodedVideoChunk[], fps: number): string | null {
  if (chunks.length !== PICTURES) {
    return `${String(chunks.length)} packets came out for ${String(PICTURES)} pictures.`;
  }
  const misplaced = chunks.findIndex((chunk, picture) => chunk.timestamp !== timeOf(picture, fps));
  if (misplaced >= 0) return `Packet ${String(misplaced)} has another time than its picture.`;
  if (chunks[0]?.type !== 'key' || chunks[SECOND_KEY]?.type !== 'key')
    return 'A key frame that was asked for is missing.';
  return null;
}

/** Decodes and reads the pictures; answers decoded pictures per second. */
async function readBack(question: EncoderQuestion, encoded: Encoded, dog: Watchdog): Promise<number> {
  const frames: VideoFrame[] = [];
  let refuse: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  failed.catch(() => undefined);
  const decoder = new VideoDecoder({
    output: (frame) => {
      frames.push(frame);
      dog.beat();
    },
    error: (cause) => {
      refuse(new Unfit('does_not_decode', `What was encoded does not decode: ${messageOf(cause)}`));
    },
  });
  try {
    decoder.configure(encoded.decoderConfig);
    const started = performance.now();
    for (const chunk of encoded.chunks) decoder.decode(chunk);
    await Promise.race([decoder.flush(), failed, dog.silence]);
    const rate = framesPerSecond(PICTURES, started);
    await look(question, frames, dog);
    return rate;
  } finally {
    for (const frame of frames) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

async function look(question: EncoderQuestion, frames: readonly VideoFrame[], dog: Watchdog): Promise<void> {
  const { width, height, fps } = question;
  if (frames.length !== PICTURES) {
    throw new Unfit(
      'does_not_decode',
      `${String(frames.length)} pictures were decoded of ${String(PICTURES)}.`,
    );
  }
  for (const [picture, frame] of frames.entries()) {
    const size = frame.visibleRect;
    if (size?.width !== width || size.height !== height) {
      const got = size === null ? 'no size' : `${String(size.width)}x${String(size.height)}`;
      throw new Unfit(
        'wrong_pictures',
        `Pictures came out as ${got} instead of ${String(width)}x${String(height)}.`,
      );
    }
    if (frame.timestamp !== timeOf(picture, fps))
      throw new Unfit('wrong_pictures', `Picture ${String(picture)} has another time.`);
    const grid = await Promise.race([lumaGrid(frame), dog.silence]);
    if (grid === null)
      throw new Unfit('wrong_pictures', 'The browser does not give the pixels of its pictures.');
    const problem = patternProblem(picture, grid);
    if (problem !== null) throw new Unfit('wrong_pictures', problem);
  }
}

function bytesOf(chunk: EncodedVideoChunk | undefined): Uint8Array {
  const bytes = new Uint8Array(chunk?.byteLength ?? 0);
  chunk?.copyTo(bytes);
  return bytes;
}

/**
 * Whether "hardware" is the software encoder by another name: some browsers say yes and use what they have. Two
 * different encoders never write the same bytes.
 */
async function isSoftware(question: EncoderQuestion, encoded: Encoded, dog: Watchdog): Promise<boolean> {
  try {
    const twin: EncoderQuestion = { ...question, mode: 'software' };
    const { chunks } = await encode(twin, await supportedConfig(twin), dog);
    return chunks.every((chunk, n) => sameBytes(bytesOf(chunk), bytesOf(encoded.chunks[n])));
  } catch {
    return false;
  }
}

function checkSize({ width, height, fps }: EncoderQuestion): void {
  const whole = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!whole || !(fps > 0) || !Number.isFinite(fps) || width * height > MOST_PIXELS) {
    throw new Unfit('not_offered', 'There are no pictures of this size and rate.');
  }
}

/** See `WebcodecsWorkerApi.measureEncoder`. Never throws, never hangs. */
export async function measureEncoder(question: EncoderQuestion): Promise<EncoderAnswer> {
  const dog = watchdog(SILENCE_MS, `The codec gave nothing for ${String(SILENCE_MS / 1000)} seconds.`);
  let encodeFps: number | null = null;
  try {
    if (typeof VideoEncoder === 'undefined' || typeof VideoDecoder === 'undefined') {
      throw new Unfit('not_offered', 'This browser has no WebCodecs.');
    }
    checkSize(question);
    const wanted = await Promise.race([supportedConfig(question), dog.silence]);
    const encoded = await encode(question, wanted, dog);
    encodeFps = encoded.fps;
    const problem = packetProblem(encoded.chunks, question.fps);
    if (problem !== null) throw new Unfit('wrong_packets', problem);
    const decodeFps = await readBack(question, encoded, dog);
    if (question.mode === 'hardware' && (await isSoftware(question, encoded, dog))) {
      throw new Unfit('software_again', 'The browser used its software encoder: it gives the same bytes.');
    }
    return { question, works: true, fault: null, problem: null, encodeFps, decodeFps };
  } catch (cause) {
    const fault = cause instanceof Unfit ? cause.fault : 'failed';
    return { question, works: false, fault, problem: messageOf(cause), encodeFps, decodeFps: null };
  } finally {
    dog.stop();
  }
}
