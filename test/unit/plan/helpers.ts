/** Sources made up for the planner's tests: probes and frame indexes as ingest would give them. */
import type { AssetId } from '../../../src/core/base/ids.ts';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import type { Asset, VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { PlanSource } from '../../../src/core/timeline/layout.ts';
import { keyFrameName } from '../../../src/core/plan/video-steps.ts';

export interface MadeUp {
  readonly id?: string;
  readonly rate?: Rational;
  readonly frames?: number;
  readonly gop?: number;
  /** Frames between closed positions: with B-frames a copy cannot end everywhere. */
  readonly closedEvery?: number;
  readonly track?: Partial<VideoTrackProbe>;
  readonly audio?: {
    readonly channels?: number;
    readonly sampleRate?: number;
    readonly codec?: string;
  } | null;
  readonly container?: string;
}

export function makeSource(spec: MadeUp = {}): PlanSource & { readonly index: FrameIndex } {
  const rate = spec.rate ?? { num: 25, den: 1 };
  const frames = spec.frames ?? 250;
  const gop = spec.gop ?? 50;
  const timesUs = Float64Array.from({ length: frames }, (_, i) => frameToMicros(i, rate));
  const flags = Uint8Array.from({ length: frames }, (_, i) => {
    const key = i % gop === 0 ? FRAME_KEY : 0;
    const closed = i % gop === 0 || i % (spec.closedEvery ?? 1) === 0 ? FRAME_CLOSED : 0;
    return key | closed;
  });
  const endUs = frameToMicros(frames, rate);
  const track: VideoTrackProbe = {
    index: 0,
    order: 0,
    codec: 'avc',
    codecString: 'avc1.64001f',
    profile: 'High',
    codedWidth: 1280,
    codedHeight: 720,
    displayWidth: 1280,
    displayHeight: 720,
    rotation: 0,
    flip: false,
    frameRate: { kind: 'constant', rate },
    color: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
    bitDepth: 8,
    hdr: false,
    keyFrameSpacing: null,
    decodable: true,
    firstUs: 0,
    configHash: 'config-a',
    ...spec.track,
  };
  const audio =
    spec.audio === null
      ? []
      : [
          {
            index: 1,
            order: 0,
            codec: spec.audio?.codec ?? 'aac',
            codecString: null,
            profile: null,
            sampleRate: spec.audio?.sampleRate ?? 48_000,
            channels: spec.audio?.channels ?? 2,
            language: null,
            decodable: true,
            firstUs: 0,
          },
        ];
  const asset: Asset = {
    version: 1,
    id: (spec.id ?? 'asset-a') as AssetId,
    name: `${spec.id ?? 'asset-a'}.mp4`,
    kind: 'video',
    bytes: 10_000_000,
    fingerprint: `10000000-${spec.id ?? 'a'}`,
    type: 'video/mp4',
    importedAt: '2026-01-01T00:00:00.000Z',
    source: 'link',
    probe: {
      container: spec.container ?? 'mp4',
      reader: 'packets',
      durationUs: endUs,
      originUs: 0,
      video: [track],
      audio,
      other: [],
      primaryVideo: 0,
      primaryAudio: audio.length === 0 ? null : 0,
      recordedAt: null,
      warnings: [],
    },
  };
  return { asset, index: { version: 1, timesUs, flags, endUs, complete: true } };
}

/** All key frames of the sources, as found clean. */
export function allClean(sources: readonly PlanSource[]): Set<string> {
  const names = new Set<string>();
  for (const { asset, index } of sources) {
    index?.timesUs.forEach((time, i) => {
      if (((index.flags[i] ?? 0) & FRAME_KEY) !== 0) names.add(keyFrameName(asset.id, time));
    });
  }
  return names;
}
