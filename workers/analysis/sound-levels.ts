/** Decodes a few stretches of a finished file's sound and holds them against the PCM that it was made from. */
import { EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import {
  compareStretch,
  SOUND_REACH_US,
  SOUND_WINDOW_US,
  worthHearing,
  type SoundWindow,
} from '../../src/core/plan/certify-sound.ts';
import type { SoundRequest } from '../../src/runtime/contract/analysis.ts';
import { bytesOf } from '../shared/bytes.ts';
import { messageOf } from '../shared/failure.ts';
import { withInput } from '../shared/open.ts';

/** Stretches that are compared. */
const MOST_WINDOWS = 6;
/** Decoders need some sound before what they give is right (overlapping blocks, 80 ms for Opus). */
const RUN_IN_US = 100_000;

/** Channels differ in weight, so that equal and opposite ones do not cancel out. */
const weightOf = (channel: number): number => 1 / (1 + 0.25 * channel);

/** Samples `from` to `from + count` of the PCM as mono; silence outside of it. */
async function plannedSound(request: SoundRequest, from: number, count: number): Promise<Float32Array> {
  const { pcm, channels } = request;
  const frameBytes = channels * 2;
  const start = Math.max(0, from);
  const view = new DataView(await pcm.slice(start * frameBytes, (from + count) * frameBytes).arrayBuffer());
  const mono = new Float32Array(count);
  const there = Math.floor(view.byteLength / frameBytes);
  for (let i = 0; i < there; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += weightOf(channel) * view.getInt16((i * channels + channel) * 2, true);
    }
    mono[start - from + i] = sum / 32_768;
  }
  return mono;
}

/** Added to all times for the decoder: it moves what lies before 0 to 0. */
const SHIFT_US = 10_000_000;

/**
 * The decoder's configuration for entering in the middle of a track. An Opus decoder drops the first samples that it
 * gives (the header's pre-skip), wherever it was entered, and sound would seem to come that much early.
 */
function enteredAnywhere(config: AudioDecoderConfig): AudioDecoderConfig {
  const head = config.codec === 'opus' ? bytesOf(config.description) : null;
  if (head === null || head.length < 12) return config;
  head.fill(0, 10, 12);
  return { ...config, description: head };
}

/** Samples `from` to `from + count` of a track as mono; silence where it has none. Throws the decoder's complaint. */
async function decodedSound(
  track: InputAudioTrack,
  config: AudioDecoderConfig,
  from: number,
  count: number,
): Promise<Float32Array> {
  const mono = new Float32Array(count);
  const { sampleRate } = config;
  const startSeconds = from / sampleRate - RUN_IN_US / 1e6;
  const endSeconds = (from + count) / sampleRate;
  // In an object: the callbacks change it between two looks.
  const state: { next: number | null; problem: Error | null } = { next: null, problem: null };
  const take = (data: AudioData): void => {
    const told = Math.round(((data.timestamp - SHIFT_US) * sampleRate) / 1e6) - from;
    // Packets follow each other without a seam; containers that count milliseconds round their times.
    const place = state.next !== null && Math.abs(told - state.next) < sampleRate / 200 ? state.next : told;
    if (data.sampleRate !== sampleRate) state.problem ??= new Error('The sound has another sample rate.');
    const plane = new Float32Array(data.numberOfFrames);
    for (let channel = 0; channel < data.numberOfChannels; channel++) {
      data.copyTo(plane, { planeIndex: channel, format: 'f32-planar' });
      const weight = weightOf(channel);
      for (let i = Math.max(0, -place); i < plane.length && place + i < count; i++) {
        mono[place + i] = (mono[place + i] ?? 0) + weight * (plane[i] ?? 0);
      }
    }
    state.next = place + data.numberOfFrames;
  };
  const decoder = new AudioDecoder({
    output: (data) => {
      try {
        take(data);
      } finally {
        data.close();
      }
    },
    error: (cause) => {
      state.problem ??= cause;
    },
  });
  try {
    decoder.configure(config);
    const sink = new EncodedPacketSink(track);
    let packet = (await sink.getPacket(startSeconds)) ?? (await sink.getFirstPacket());
    while (packet !== null && packet.timestamp < endSeconds && state.problem === null) {
      decoder.decode(
        new EncodedAudioChunk({
          type: 'key',
          data: packet.data,
          timestamp: packet.microsecondTimestamp + SHIFT_US,
          duration: packet.microsecondDuration,
        }),
      );
      packet = await sink.getNextPacket(packet);
    }
    await decoder.flush();
  } catch (cause) {
    state.problem ??= cause instanceof Error ? cause : new Error(String(cause));
  } finally {
    if (decoder.state !== 'closed') decoder.close();
  }
  if (state.problem !== null) throw state.problem;
  return mono;
}

const levelOf = (samples: Float32Array): number => {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);
  return 10 * Math.log10(Math.max(power, 1e-12));
};

/** See `AnalysisWorkerApi.compareSound`. */
export async function compareSound(
  file: Blob,
  request: SoundRequest,
): Promise<Result<SoundWindow[], Failure>> {
  return withInput(file, async (input) => {
    const track = await input.getPrimaryAudioTrack();
    const cannot = (cause: string): Result<never, Failure> =>
      err(failure('unsupported_media', 'no_decoder', 'The browser cannot decode this sound.', { cause }));
    const told = (await track?.getDecoderConfig()) ?? null;
    if (track === null || told === null || !(await track.canDecode())) return cannot('no decoder');
    const config = enteredAnywhere(told);
    const { sampleRate, channels, pcm } = request;
    if (config.sampleRate !== sampleRate) return cannot('another sample rate');
    const total = Math.floor(pcm.size / (channels * 2));
    const length = Math.min(Math.round((SOUND_WINDOW_US * sampleRate) / 1e6), total);
    const reach = Math.round((SOUND_REACH_US * sampleRate) / 1e6);
    const places = request.atUs.map((us) => Math.min(total - length, Math.round((us * sampleRate) / 1e6)));
    const planned: Float32Array[] = [];
    for (const from of places) planned.push(await plannedSound(request, from, length));
    const windows: SoundWindow[] = [];
    for (const i of worthHearing(planned.map(levelOf), MOST_WINDOWS)) {
      const from = places[i] ?? 0;
      const stretch = planned[i];
      if (stretch === undefined || length === 0) continue;
      try {
        const found = await decodedSound(track, config, from - reach, length + 2 * reach);
        windows.push({
          atUs: Math.round((from * 1e6) / sampleRate),
          ...compareStretch(stretch, found, reach, sampleRate),
        });
      } catch (cause) {
        return cannot(messageOf(cause));
      }
    }
    return ok(windows);
  });
}
