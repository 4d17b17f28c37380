/** Decoded sound of a track from a time on, block by block: bounded in memory, never hanging. */
import {
  AudioSampleSink,
  EncodedPacketSink,
  MATROSKA,
  WEBM,
  type EncodedPacket,
  type Input,
  type InputAudioTrack,
} from 'mediabunny';
import { messageOf } from '../../shared/failure.ts';
import { watchdog, type Watchdog } from '../../shared/watchdog.ts';
import type { SoundBlock } from './placer.ts';
import { opusPreSkip, unrounded, withoutPreSkip } from './times.ts';

/** How far before the wanted time decoding begins: MP3 keeps bits of a packet up to 9 packets earlier. */
const RUN_IN_SECONDS = 0.25;
/** A decoder that gives nothing for so long is stuck: sound is decoded hundreds of times faster than it plays. */
const SILENCE_MS = 15_000;
/** Packets in the decoder at once. */
const IN_DECODER = 24;

/** Below: a time that was meant to be negative, not one that was rounded. */
const NEGATIVE_SECONDS = -0.001;

/** The decoder gave up, or there is none. */
export class SoundDecodeError extends Error {
  constructor(
    message: string,
    readonly reason: 'step_failed' | 'no_decoder' | 'no_tracks' = 'step_failed',
  ) {
    super(message);
  }
}

/** Which part, in seconds of the file's own clock. Blocks are told from `start` on. */
export interface SoundStretch {
  readonly start: number;
  readonly end: number;
}

/** Takes decoded blocks in order; answers whether more are wanted. */
export type TakeBlock = (block: SoundBlock) => boolean;

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** Decodes a stretch. @throws SoundDecodeError, and what reading throws */
export async function decodeBlocks(
  input: Input,
  track: InputAudioTrack,
  stretch: SoundStretch,
  take: TakeBlock,
  silenceMs = SILENCE_MS,
): Promise<string> {
  const config = await track.getDecoderConfig();
  if (config === null) throw new SoundDecodeError('The codec of this sound is not known.', 'no_decoder');
  const dog = watchdog(silenceMs, `The decoder gave no sound for ${String(silenceMs / 1000)} seconds.`);
  try {
    if (config.codec.startsWith('pcm') || config.codec === 'ulaw' || config.codec === 'alaw') {
      await readPcm(track, stretch, take, dog);
    } else {
      const format = await input.getFormat();
      await decodePackets(track, config, format === MATROSKA || format === WEBM, stretch, take, dog);
    }
    return config.codec;
  } finally {
    dog.stop();
  }
}

function planesOf(data: {
  readonly numberOfFrames: number;
  readonly numberOfChannels: number;
  copyTo(destination: Float32Array<ArrayBuffer>, options: AudioDataCopyToOptions): void;
}): Float32Array[] {
  return Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(data.numberOfFrames);
    data.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
}

/** Sound that is not coded: the packet reader makes blocks of it. */
async function readPcm(
  track: InputAudioTrack,
  { start, end }: SoundStretch,
  take: TakeBlock,
  dog: Watchdog,
): Promise<void> {
  const samples = new AudioSampleSink(track).samples(start - RUN_IN_SECONDS, end);
  try {
    for (;;) {
      const next = await Promise.race([samples.next(), dog.silence]);
      if (next.done === true) return;
      const sample = next.value;
      try {
        dog.beat();
        const planes = planesOf(sample);
        if (!take({ seconds: sample.timestamp - start, sampleRate: sample.sampleRate, planes })) return;
      } finally {
        sample.close();
      }
    }
  } finally {
    // Not waited for: a reader that is stuck would keep us here.
    samples.return().catch(() => undefined);
  }
}

/** What a decoder needs to know, and how its packets' times are to be read. */
async function howToRead(
  track: InputAudioTrack,
  config: AudioDecoderConfig,
  coarse: boolean,
): Promise<{ readonly config: AudioDecoderConfig; readonly first: number; readonly shift: number }> {
  const first = await track.getFirstTimestamp();
  if (config.codec !== 'opus' || config.description === undefined) return { config, first, shift: 0 };
  const header = bytesOf(config.description);
  // Times in Matroska begin with the samples to skip, which the packet reader does not take off. A muxer that writes
  // negative times has taken them off itself.
  const shift = coarse && first > NEGATIVE_SECONDS ? -opusPreSkip(header) / 48_000 : 0;
  return { config: { ...config, description: withoutPreSkip(header) }, first, shift };
}

async function isDecodable(config: AudioDecoderConfig): Promise<boolean> {
  try {
    return (await AudioDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/**
 * Decoders of browsers give blocks with times that count on from the first packet's, whatever the packets say. They
 * give one block for each packet, though (Vorbis none for the first), so each block gets its own packet's time.
 */
async function decodePackets(
  track: InputAudioTrack,
  trackConfig: AudioDecoderConfig,
  coarse: boolean,
  stretch: SoundStretch,
  take: TakeBlock,
  dog: Watchdog,
): Promise<void> {
  const { config, first, shift } = await howToRead(track, trackConfig, coarse);
  if (typeof AudioDecoder === 'undefined' || !(await isDecodable(config))) {
    throw new SoundDecodeError(`This browser has no decoder for ${config.codec}.`, 'no_decoder');
  }
  const sink = new EncodedPacketSink(track);
  const enter = stretch.start - shift - RUN_IN_SECONDS;
  const start = (enter > first ? await sink.getPacket(enter) : null) ?? (await sink.getFirstPacket());
  if (start === null) return;

  const times: number[] = [];
  let problem: string | null = null;
  let wanted = true;
  let wake: () => void = () => undefined;
  const decoder = new AudioDecoder({
    output: (data) => {
      try {
        dog.beat();
        const time = times.shift();
        if (data.numberOfFrames === 0 || time === undefined || !wanted || problem !== null) return;
        const seconds = coarse ? unrounded(time, first, data.numberOfFrames / data.sampleRate) : time;
        wanted = take({
          seconds: seconds + shift - stretch.start,
          sampleRate: data.sampleRate,
          planes: planesOf(data),
        });
      } catch (cause) {
        problem ??= messageOf(cause);
      } finally {
        data.close();
        wake();
      }
    },
    error: (cause) => {
      problem ??= messageOf(cause);
      wake();
    },
  });
  decoder.addEventListener('dequeue', () => {
    wake();
  });
  // Asked anew each time: the callbacks change them behind the compiler's back.
  const ended = (): boolean => problem !== null || !wanted || decoder.state === 'closed';
  const packets = sink.packets(start);
  try {
    decoder.configure(config);
    let isFirst = true;
    for (;;) {
      const next = await Promise.race([packets.next(), dog.silence]);
      dog.beat();
      if (next.done === true || ended() || next.value.timestamp + shift >= stretch.end) break;
      // Vorbis packets overlap: the first one gives nothing until the second is there.
      if (!isFirst || config.codec !== 'vorbis') times.push(next.value.timestamp);
      isFirst = false;
      decoder.decode(chunkOf(next.value, start.timestamp));
      while (decoder.decodeQueueSize > IN_DECODER && !ended()) {
        const turn = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([turn, dog.silence]);
      }
    }
    if (!ended()) await Promise.race([decoder.flush(), dog.silence]);
  } catch (cause) {
    problem ??= messageOf(cause);
  } finally {
    packets.return().catch(() => undefined);
    if (decoder.state !== 'closed') decoder.close();
  }
  if (problem !== null) throw new SoundDecodeError(problem);
}

/** A packet for the decoder. Its time there has no meaning, but Chromium wants none below 0. */
function chunkOf(packet: EncodedPacket, startSeconds: number): EncodedAudioChunk {
  return new EncodedAudioChunk({
    type: 'key',
    data: packet.data,
    timestamp: Math.max(0, Math.round((packet.timestamp - startSeconds) * 1e6)),
    duration: packet.microsecondDuration,
  });
}
