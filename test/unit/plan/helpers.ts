/** Sources made up for the planner's tests: probes and frame indexes as ingest would give them. */
import type { AssetId } from '../../../src/core/base/ids.ts';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import type { Asset, VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec, type ExportSpec, type SpecSegment } from '../../../src/core/schema/spec.ts';
import { buildFrameIndex, packetTable } from '../../../workers/analysis/frame-index.ts';
import type { PlanSource } from '../../../src/core/timeline/layout.ts';
import type { Pace } from '../../../src/core/plan/pace.ts';
import { planRender, type RungNeed } from '../../../src/core/plan/plan.ts';
import { keyFrameName } from '../../../src/core/plan/smart-cut.ts';

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
  readonly bytes?: number;
  /** Frame index to use instead of the one that `frames`, `gop` and `closedEvery` make. */
  readonly index?: FrameIndex;
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
  const index = spec.index ?? {
    version: 1,
    timesUs,
    flags,
    endUs: frameToMicros(frames, rate),
    complete: true,
  };
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
    bytes: spec.bytes ?? 10_000_000,
    fingerprint: `10000000-${spec.id ?? 'a'}`,
    type: 'video/mp4',
    importedAt: '2026-01-01T00:00:00.000Z',
    source: 'link',
    probe: {
      container: spec.container ?? 'mp4',
      reader: 'packets',
      durationUs: index.endUs,
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
  return { asset, index };
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

/** Names of the key frames of a source at these positions, as found clean. */
export function cleanAt(source: PlanSource, frames: readonly number[]): Set<string> {
  return new Set(frames.map((frame) => keyFrameName(source.asset.id, source.index?.timesUs[frame] ?? -1)));
}

/** Packet times of a film as an encoder stores it, in frames: groups of `gop` frames with `b` B-frames between anchors. */
export function decodeOrder(shape: {
  readonly frames: number;
  readonly gop: number;
  readonly b: number;
  /** B-frames are shown before the key frame that they are stored behind. */
  readonly open?: boolean;
}): { readonly frame: number; readonly key: boolean }[] {
  const { frames, gop, b, open = false } = shape;
  const order = [{ frame: 0, key: true }];
  for (let anchor = 0; anchor < frames - 1;) {
    const nextKey = (Math.floor(anchor / gop) + 1) * gop;
    const reach = open || anchor === nextKey - 1 ? nextKey : nextKey - 1;
    const next = Math.min(anchor + b + 1, reach, frames - 1);
    order.push({ frame: next, key: next % gop === 0 });
    for (let frame = anchor + 1; frame < next; frame += 1) order.push({ frame, key: false });
    anchor = next;
  }
  return order;
}

/** The index that ingest makes of such packets. */
export function indexOf(
  order: readonly { readonly frame: number; readonly key: boolean }[],
  rate: Rational = { num: 25, den: 1 },
): FrameIndex {
  const table = packetTable();
  for (const { frame, key } of order) {
    table.times.push(frameToMicros(frame, rate));
    table.durations.push((1_000_000 * rate.den) / rate.num);
    table.keys.push(key);
  }
  return buildFrameIndex(table, { originUs: 0, editEndUs: null, editTickUs: 0, complete: true });
}

/** What a test may say of how a plan is made. */
export interface PlanWish {
  readonly clean?: ReadonlySet<string> | boolean;
  readonly neverCopy?: readonly number[];
  readonly workers?: number;
  readonly pixelsPerSecond?: number;
  readonly preview?: boolean;
  readonly pace?: Pace;
  readonly rungOf?: (need: RungNeed) => string;
}

/** Plans a combined export of these sources. */
export function tryPlan(
  spec: Partial<ExportSpec>,
  sources: readonly PlanSource[],
  more: PlanWish = {},
): ReturnType<typeof planRender> {
  const parsed = parseExportSpec({ version: 1, name: 'test', type: 'combined', segments: [], ...spec });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const clean = more.clean ?? true;
  return planRender({
    spec: parsed.value,
    sources: new Map(sources.map((source) => [source.asset.id, source])),
    cleanKeys: clean === true ? allClean(sources) : clean === false ? new Set() : clean,
    neverCopy: new Set(more.neverCopy),
    canDecode: (track) => track.codec !== 'av1' || track.decodable,
    workers: more.workers ?? 2,
    pixelsPerSecond: more.pixelsPerSecond ?? 14e6,
    preview: more.preview ?? false,
    ...(more.pace === undefined ? {} : { pace: more.pace }),
    ...(more.rungOf === undefined ? {} : { rungOf: more.rungOf }),
  });
}

/** The same, for plans that must come about. */
export function plan(...args: Parameters<typeof tryPlan>): RenderPlan {
  const result = tryPlan(...args);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A segment from one frame up to, and without, another. */
export function range(
  assetId: string,
  first: number,
  stop: number,
  rate: Rational = { num: 25, den: 1 },
): SpecSegment {
  return { assetId, startUs: frameToMicros(first, rate), endUs: frameToMicros(stop, rate) };
}
