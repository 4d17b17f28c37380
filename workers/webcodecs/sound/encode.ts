/**
 * All PCM of an output to one stream of packets. Sample 0 of the PCM lies at time 0: the packets that an encoder needs
 * to run in come before it, with negative times, and an edit list hides them.
 */
import {
  AudioSample,
  AudioSampleSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp4OutputFormat,
  Output,
  Quality,
  type AudioSource,
} from 'mediabunny';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { AudioSettings } from '../../../src/core/schema/plan.ts';
import type { CodecOutcome, SoundJob } from '../../../src/runtime/contract/webcodecs.ts';
import { failureOf, messageOf } from '../../shared/failure.ts';
import { watchdog, type Watchdog } from '../../shared/watchdog.ts';
import { BlobTarget } from './blob-target.ts';
import { opusPreSkip } from './times.ts';

/** Samples per channel that are read at once. */
const SLICE_FRAMES = 1 << 16;
/** FFmpeg's AAC encoder holds back one packet: the first one it gives is its run-in. */
const AAC_RUN_IN = 1024;
/** Opus counts in this clock, whatever the sound's own. */
const OPUS_RATE = 48_000;
const OPUS_PACKET_SECONDS = 0.02;
/** An encoder that gives nothing for so long is stuck. Loading and starting the AAC encoder takes a fraction of it. */
const SILENCE_MS = 20_000;
/** Data in the encoder at once. */
const IN_ENCODER = 4;

/** The encoder gave up. */
class SoundEncodeError extends Error {}
/** There is no encoder for such sound: trying again will not make one. */
class NoSoundEncoder extends Error {}

interface Pcm {
  readonly settings: AudioSettings;
  readonly frames: number;
  /** Interleaved samples from a frame on; silence beyond the end. */
  read(from: number, count: number): Promise<Int16Array<ArrayBuffer>>;
}

function pcmOf({ pcm, settings }: SoundJob): Pcm {
  const frameBytes = settings.channels * 2;
  const frames = Math.floor(pcm.size / frameBytes);
  return {
    settings,
    frames,
    read: async (from, count) => {
      const samples = new Int16Array(count * settings.channels);
      const part = pcm.slice(from * frameBytes, Math.min(from + count, frames) * frameBytes);
      samples.set(new Int16Array(await part.arrayBuffer()));
      return samples;
    },
  };
}

type Progress = (fraction: number) => void;

/** FFmpeg's own AAC encoder, compiled small. It is loaded when it is needed: it is a megabyte. */
async function encodeAac(pcm: Pcm, output: Output, dog: Watchdog, tell: Progress): Promise<string> {
  const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
  // Also where the browser has an AAC encoder: the same sound, and the same run-in, on every machine.
  registerAacEncoder();
  const { sampleRate, channels, bitrate } = pcm.settings;
  let codec = '';
  const source = new AudioSampleSource({
    codec: 'aac',
    quality: new Quality({ bitrate }),
    onEncoderConfig: (config) => {
      codec = config.codec;
    },
    onEncodedPacket: () => {
      dog.beat();
    },
  });
  await start(output, source);
  for (let at = 0; at < pcm.frames; at += SLICE_FRAMES) {
    const count = Math.min(SLICE_FRAMES, pcm.frames - at);
    const sample = new AudioSample({
      data: await pcm.read(at, count),
      format: 's16',
      numberOfChannels: channels,
      sampleRate,
      timestamp: (at - AAC_RUN_IN) / sampleRate,
    });
    try {
      await Promise.race([source.add(sample), dog.silence]);
    } finally {
      sample.close();
    }
    tell(at / pcm.frames);
  }
  await Promise.race([output.finalize(), dog.silence]);
  return `${codec} ${String(bitrate)} (@mediabunny/aac-encoder)`;
}

/** The browser's own Opus encoder. */
async function encodeOpus(pcm: Pcm, output: Output, dog: Watchdog, tell: Progress): Promise<string> {
  const { sampleRate, channels, bitrate } = pcm.settings;
  const config: AudioEncoderConfig = {
    codec: 'opus',
    sampleRate,
    numberOfChannels: channels,
    bitrate,
    opus: { frameDuration: OPUS_PACKET_SECONDS * 1e6, application: 'audio' },
  } as AudioEncoderConfig;
  // At other rates browsers resample first, with a delay of their own that the header does not tell.
  const tells = sampleRate === OPUS_RATE;
  if (!tells || typeof AudioEncoder === 'undefined' || !(await isEncodable(config))) {
    throw new NoSoundEncoder(
      `This browser has no Opus encoder for ${String(channels)} channels at ${String(sampleRate)} Hz.`,
    );
  }
  const source = new EncodedAudioPacketSource('opus');
  await start(output, source);
  const packets = new OpusPackets(source, dog);
  const encoder = new AudioEncoder({ output: packets.take, error: packets.fail });
  encoder.addEventListener('dequeue', () => {
    packets.wake();
  });
  try {
    encoder.configure(config);
    // As much silence at the end as comes out late: encoders do not give it by themselves.
    const tail = Math.ceil(OPUS_PACKET_SECONDS * 2 * sampleRate);
    for (let at = 0; at < pcm.frames + tail; at += SLICE_FRAMES) {
      const count = Math.min(SLICE_FRAMES, pcm.frames + tail - at);
      const data = new AudioData({
        data: await pcm.read(at, count),
        format: 's16',
        numberOfChannels: channels,
        numberOfFrames: count,
        sampleRate,
        timestamp: Math.round((at / sampleRate) * 1e6),
      });
      encoder.encode(data);
      data.close();
      while (encoder.encodeQueueSize > IN_ENCODER) await packets.news();
      await packets.write(pcm.frames / sampleRate);
      tell(Math.min(1, at / Math.max(1, pcm.frames)));
    }
    await Promise.race([encoder.flush(), dog.silence]);
    await packets.write(pcm.frames / sampleRate);
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
  await Promise.race([output.finalize(), dog.silence]);
  return `opus ${String(bitrate)} (WebCodecs)`;
}

async function isEncodable(config: AudioEncoderConfig): Promise<boolean> {
  try {
    return (await AudioEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** Gives the packets of an Opus encoder their times. */
class OpusPackets {
  readonly #source: EncodedAudioPacketSource;
  readonly #dog: Watchdog;
  readonly #waiting: Uint8Array<ArrayBuffer>[] = [];
  #config: AudioDecoderConfig | null = null;
  #written = 0;
  #problem: string | null = null;
  wake: () => void = () => undefined;

  constructor(source: EncodedAudioPacketSource, dog: Watchdog) {
    this.#source = source;
    this.#dog = dog;
  }

  readonly take = (chunk: EncodedAudioChunk, meta?: EncodedAudioChunkMetadata): void => {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    this.#waiting.push(bytes);
    this.#config ??= meta?.decoderConfig ?? null;
    this.#dog.beat();
    this.wake();
  };

  readonly fail = (cause: unknown): void => {
    this.#problem ??= messageOf(cause);
    this.wake();
  };

  async news(): Promise<void> {
    this.#check();
    const turn = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([turn, this.#dog.silence]);
    this.#check();
  }

  /** Writes what is there; nothing that begins after the end of the sound. */
  async write(endSeconds: number): Promise<void> {
    this.#check();
    for (const data of this.#waiting.splice(0)) {
      const config = this.#config;
      if (config?.description === undefined) throw new SoundEncodeError('The encoder gave no header.');
      const { description } = config;
      const header = ArrayBuffer.isView(description)
        ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
        : new Uint8Array(description);
      const seconds = this.#written * OPUS_PACKET_SECONDS - opusPreSkip(header) / OPUS_RATE;
      if (seconds >= endSeconds) continue;
      await this.#source.add(
        new EncodedPacket(data, 'key', seconds, OPUS_PACKET_SECONDS),
        this.#written === 0 ? { decoderConfig: config } : undefined,
      );
      this.#written += 1;
    }
  }

  #check(): void {
    if (this.#problem !== null) throw new SoundEncodeError(this.#problem);
  }
}

async function start(output: Output, source: AudioSource): Promise<void> {
  output.addAudioTrack(source);
  await output.start();
}

/** See `WebcodecsWorkerApi.encodeSound`. */
export async function encodeSound(
  job: SoundJob,
  onProgress: Progress,
): Promise<Result<CodecOutcome, Failure>> {
  const started = performance.now();
  const pcm = pcmOf(job);
  const { settings } = job;
  const file = new BlobTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: false }), target: file.target });
  const dog = watchdog(
    SILENCE_MS,
    `The sound encoder gave nothing for ${String(SILENCE_MS / 1000)} seconds.`,
  );
  try {
    if (pcm.frames === 0) throw new SoundEncodeError('There is no sound to encode.');
    const encode = settings.codec === 'aac' ? encodeAac : encodeOpus;
    const config = await encode(pcm, output, dog, onProgress);
    onProgress(1);
    return ok({
      data: file.blob('audio/mp4'),
      frames: 0,
      config: [config, `${String(settings.sampleRate)} Hz, ${String(settings.channels)} channels`],
      wallMs: Math.round(performance.now() - started),
      references: [],
    });
  } catch (cause) {
    // Ends the encoder's own worker too.
    output.cancel().catch(() => undefined);
    const fails = failureOf(cause);
    const known = fails.code === 'quota_exceeded' || fails.code === 'unsupported_media';
    if (known || fails.reason === 'out_of_memory') return err(fails);
    const message = messageOf(cause);
    if (cause instanceof NoSoundEncoder)
      return err(failure('engine_failed', 'no_encoder', message, { format: 'webm', cause: message }));
    return err(
      failure('engine_failed', 'step_failed', `The sound could not be encoded: ${message}`, {
        cause: message,
      }),
    );
  } finally {
    dog.stop();
  }
}
