/** What the sound tests have in common. */
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { expect } from 'vitest';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { AssetId } from '../../../src/core/base/ids.ts';
import type { Result } from '../../../src/core/base/result.ts';
import type { AudioSettings, DecodeAudioStep } from '../../../src/core/schema/plan.ts';
import type { PcmJob } from '../../../src/runtime/contract/webcodecs.ts';
import { findClicks } from '../../fixtures/clicks.ts';
import { expectedClicks, type ClipSpec, type ExpectedClick } from '../../fixtures/spec.ts';

export const AAC: AudioSettings = { codec: 'aac', sampleRate: 48_000, channels: 2, bitrate: 192_000 };

/** The value of a result that must be good. */
export function value<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.code}/${result.error.reason}: ${result.error.message}`);
  return result.value;
}

/** A stretch of a file to decode. */
export function pcmJob(
  file: Blob,
  startUs: number,
  samples: number,
  more: {
    readonly settings?: Partial<AudioSettings>;
    readonly originUs?: number;
    readonly step?: Partial<DecodeAudioStep>;
    readonly order?: number;
  } = {},
): PcmJob {
  const settings = { ...AAC, ...more.settings };
  const step: DecodeAudioStep = {
    kind: 'decode-audio',
    id: 'sound-1',
    clip: 0,
    assetId: 'asset-1' as AssetId,
    track: more.order ?? 0,
    startUs,
    endUs: startUs + Math.round((samples / settings.sampleRate) * 1e6),
    samples,
    fadeInSamples: 0,
    fadeOutSamples: 0,
    ...more.step,
  };
  return { step, settings, source: { file, originUs: more.originUs ?? 0, order: more.order ?? 0 } };
}

/** Interleaved 16-bit samples to planes of -1..1. */
export async function planesOf(pcm: Blob, channels: number): Promise<Float32Array<ArrayBuffer>[]> {
  const all = new Int16Array(await pcm.arrayBuffer());
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(
      { length: all.length / channels },
      (__, n) => (all[n * channels + channel] ?? 0) / 32_768,
    ),
  );
}

/** How far each click is from where it must be, samples; fails when one is missing or is not a click of the clip. */
export function clickErrors(
  samples: Float32Array,
  sampleRate: number,
  startUs: number,
  expected: readonly ExpectedClick[],
): number[] {
  const endUs = startUs + (samples.length / sampleRate) * 1e6;
  const { clicks } = findClicks(samples, sampleRate);
  const inside = expected.filter(({ timeUs }) => timeUs >= startUs && timeUs + 61_000 <= endUs);
  expect(clicks.map(({ frame }) => frame)).toEqual(inside.map(({ frame }) => frame));
  return clicks.map(
    ({ seconds }, n) => seconds * sampleRate - (((inside[n]?.timeUs ?? 0) - startUs) * sampleRate) / 1e6,
  );
}

/** The largest of them, whatever its sign. */
export const worst = (errors: readonly number[]): number => Math.max(...errors.map(Math.abs));

/** Clicks of a clip. */
export const clicksOf = (spec: ClipSpec): readonly ExpectedClick[] => expectedClicks(spec);

/** How loud samples are. */
export const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));

async function withInput<T>(file: Blob, work: (input: Input) => Promise<T>): Promise<T> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  try {
    return await work(input);
  } finally {
    input.dispose();
  }
}

/** When the first picture appears in the file's own clock: where clicks are counted from. */
export const pictureOriginUs = (file: Blob): Promise<number> =>
  withInput(file, async (input) => {
    const track = await input.getPrimaryVideoTrack();
    return track === null ? 0 : Math.round((await track.getFirstTimestamp()) * 1e6);
  });

/** When a file's sound begins and ends, as the assembly reads it, seconds. */
export const firstAndLength = (file: Blob): Promise<{ first: number; end: number }> =>
  withInput(file, async (input) => {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw new Error('There is no sound.');
    return { first: await track.getFirstTimestamp(), end: await track.computeDuration() };
  });

/** The packets of an Opus file as WebM, with the times that they have. */
export const toWebm = (file: Blob): Promise<Blob> =>
  withInput(file, async (input) => {
    const track = await input.getPrimaryAudioTrack();
    const decoderConfig = await track?.getDecoderConfig();
    if (!track || !decoderConfig) throw new Error('There is no sound.');
    const target = new BufferTarget();
    const output = new Output({ format: new WebMOutputFormat(), target });
    const source = new EncodedAudioPacketSource('opus');
    output.addAudioTrack(source);
    await output.start();
    for await (const packet of new EncodedPacketSink(track).packets())
      await source.add(packet, { decoderConfig });
    await output.finalize();
    return new Blob([target.buffer ?? new ArrayBuffer(0)], { type: 'video/webm' });
  });
