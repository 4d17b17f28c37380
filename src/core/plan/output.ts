/** What the finished file will be: size, encoder settings, sound. Decided once for the whole output. */
import { SECOND_US, type Rational } from '../base/time.ts';
import { primaryVideo, type Asset, type ColorInfo, type VideoTrackProbe } from '../schema/asset.ts';
import { matrixOf, REACHABLE_MATRICES, readAlike, untaggedMatrix } from '../schema/color.ts';
import type { AudioSettings, PictureRate, VideoFilter, VideoSettings } from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import type { TimelineClip } from '../timeline/layout.ts';

/** CRF and bit-rate ceiling at 1080p for each quality (DESIGN.md, section 7). */
const QUALITY = {
  high: { crf: 18, ceiling: 8_000_000, audio: 192_000 },
  medium: { crf: 23, ceiling: 4_000_000, audio: 160_000 },
  low: { crf: 28, ceiling: 2_000_000, audio: 128_000 },
} as const;

const RESOLUTION = {
  source: null,
  '720p': { long: 1280, short: 720 },
  '1080p': { long: 1920, short: 1080 },
  '4k': { long: 3840, short: 2160 },
} as const;

/**
 * Id of the parameter sets in our own H.264 packets. Encoders nearly always use 0, so copied and encoded packets
 * can share one track, each naming its own sets; where a source uses this id too, nothing of it is copied.
 */
export const OWN_PARAMETER_SET_ID = 13;

/** Colour that is written where sources disagree or say nothing: BT.709, limited range. */
export const DEFAULT_COLOR: ColorInfo = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  fullRange: false,
};

/** The shorter side that a resolution asks for, null for the source's own. */
export function askedHeight(resolution: CheckedSpec['resolution']): number | null {
  return RESOLUTION[resolution]?.short ?? null;
}

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size that fits inside the asked-for resolution, even in both directions; larger than the source only when asked. */
export function outputSize(
  width: number,
  height: number,
  resolution: CheckedSpec['resolution'],
  enlarge: boolean,
): Size {
  const box = RESOLUTION[resolution];
  return box === null
    ? { width: even(width), height: even(height) }
    : fitInside(width, height, box, enlarge ? Infinity : 1);
}

function fitInside(
  width: number,
  height: number,
  box: { readonly long: number; readonly short: number },
  largest: number,
): Size {
  const landscape = width >= height;
  const scale = Math.min(
    largest,
    box.long / (landscape ? width : height),
    box.short / (landscape ? height : width),
  );
  return { width: even(width * scale), height: even(height * scale) };
}

/** Pictures of one size. */
interface SizeGroup {
  readonly track: VideoTrackProbe;
  readonly pixels: number;
  lengthUs: number;
}

/**
 * The picture of the clip that decides the size. Where the sources' own size is asked for, that of most of the time line,
 * so that only the odd clip is scaled; else the one with the most pixels. The earliest of equals.
 */
function leadingPicture(clips: readonly TimelineClip[], longest: boolean): VideoTrackProbe | null {
  const groups = new Map<string, SizeGroup>();
  for (const clip of clips) {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    if (track === null) continue;
    const { displayWidth, displayHeight } = track;
    const name = `${String(displayWidth)}x${String(displayHeight)}`;
    const group = groups.get(name) ?? { track, pixels: displayWidth * displayHeight, lengthUs: 0 };
    group.lengthUs += clip.endUs - clip.startUs;
    groups.set(name, group);
  }
  const [leading] = [...groups.values()].sort(
    (a, b) => (longest ? b.lengthUs - a.lengthUs : 0) || b.pixels - a.pixels,
  );
  return leading?.track ?? null;
}

function sameColor(a: ColorInfo, b: ColorInfo): boolean {
  return (
    a.primaries === b.primaries &&
    a.transfer === b.transfer &&
    a.matrix === b.matrix &&
    (a.fullRange ?? false) === (b.fullRange ?? false)
  );
}

/** Whether a track's pictures come out right under the tags of others of its size: what one does not say, players make up alike. */
export function looksAlike(track: VideoTrackProbe, color: ColorInfo): boolean {
  const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b;
  const untagged = untaggedMatrix(track.codedHeight);
  return (
    agree(track.color.primaries, color.primaries) &&
    agree(track.color.transfer, color.transfer) &&
    matrixOf(track.color, untagged) === matrixOf(color, untagged) &&
    (track.color.fullRange ?? false) === (color.fullRange ?? false)
  );
}

/**
 * One colour for the output: that of the packets that can be copied; else the sources' own where they agree and every
 * player goes on to read it the same; else BT.709, which samples are then brought to.
 *
 * @param copied a track whose packets can be copied, so that it has the output's size; null when there is none
 */
export function outputColor(
  tracks: readonly VideoTrackProbe[],
  copied: VideoTrackProbe | null,
  output: Pick<VideoSettings, 'codec' | 'height'>,
): ColorInfo {
  const [first] = tracks;
  if (first === undefined) return DEFAULT_COLOR;
  if (copied !== null) {
    const { color } = copied;
    const matrix = matrixOf(color, untaggedMatrix(copied.codedHeight));
    const alike = (track: VideoTrackProbe): boolean => !track.hdr && sameColor(track.color, color);
    return REACHABLE_MATRICES.has(matrix) || tracks.every(alike) ? color : DEFAULT_COLOR;
  }
  if (tracks.some((track) => track.hdr || !sameColor(track.color, first.color))) return DEFAULT_COLOR;
  const pictures = { codec: output.codec, codedHeight: output.height };
  const stays = first.color.matrix !== null || tracks.every((track) => readAlike(track, pictures));
  return stays ? first.color : DEFAULT_COLOR;
}

/** The constant rate that all pictures share, or null. */
export function commonRate(clips: readonly TimelineClip[]): Rational | null {
  let common: Rational | null = null;
  for (const clip of clips) {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    if (track === null || track.frameRate.kind === 'variable') return null;
    const { rate } = track.frameRate;
    if (common !== null && (common.num !== rate.num || common.den !== rate.den)) return null;
    common = rate;
  }
  return common;
}

/** The fastest rate among the pictures, frames per second, for levels and key-frame distance. */
function fastestRate(clips: readonly TimelineClip[]): number {
  let fastest = 1;
  for (const clip of clips) {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    if (track === null) continue;
    const rate = track.frameRate.kind === 'constant' ? track.frameRate.rate : track.frameRate.average;
    fastest = Math.max(fastest, rate.num / rate.den);
  }
  return Math.min(fastest, 240);
}

/** H.264 levels: max macroblocks per second and per frame (ITU-T H.264, table A-1). */
const LEVELS: readonly (readonly [level: number, perSecond: number, perFrame: number])[] = [
  [30, 40_500, 1620],
  [31, 108_000, 3600],
  [32, 216_000, 5120],
  [40, 245_760, 8192],
  [42, 522_240, 8704],
  [50, 589_824, 22_080],
  [51, 983_040, 36_864],
  [52, 2_073_600, 36_864],
  [60, 4_177_920, 139_264],
  [62, 16_711_680, 139_264],
];

/** The lowest level that holds the size and rate. */
export function levelFor(width: number, height: number, fps: number): number {
  const perFrame = Math.ceil(width / 16) * Math.ceil(height / 16);
  const found = LEVELS.find(([, perSecond, frame]) => perFrame * fps <= perSecond && perFrame <= frame);
  return found?.[0] ?? 62;
}

/** Longest side of a preview of a file that the browser cannot decode. */
const PREVIEW_SIDE = 640;

/** Bits per second of a source, all its tracks together: there is no better figure without reading it. */
export function sourceBitrate(asset: Asset): number {
  return (asset.bytes * 8) / Math.max(0.01, asset.probe.durationUs / SECOND_US);
}

/** How the pictures are to be made beside what the spec says. */
export interface PictureWish {
  /** Small and quick to make. */
  readonly preview: boolean;
  /** Clockwise degrees that the output keeps as metadata: pictures are encoded as they are stored. */
  readonly rotation: VideoTrackProbe['rotation'];
}

const isQuarterTurn = (degrees: number): boolean => degrees === 90 || degrees === 270;

/** A size before or behind a turn. */
export function turned({ width, height }: Size, degrees: number): Size {
  return isQuarterTurn(degrees) ? { width: height, height: width } : { width, height };
}

/** Encoder settings of the picture; null when no clip has one. */
export function videoSettings(
  spec: CheckedSpec,
  clips: readonly TimelineClip[],
  wish: PictureWish,
): VideoSettings | null {
  const { preview } = wish;
  const leading = leadingPicture(clips, spec.resolution === 'source' && !preview);
  if (leading === null) return null;
  const size = preview
    ? fitInside(leading.displayWidth, leading.displayHeight, { long: PREVIEW_SIDE, short: PREVIEW_SIDE }, 1)
    : outputSize(leading.displayWidth, leading.displayHeight, spec.resolution, spec.enlarge);
  const fps = fastestRate(clips);
  const quality = preview ? 'low' : spec.quality;
  // The ceilings are for 1080p at up to 30 frames per second; other sizes and rates get their share.
  const share = ((size.width * size.height) / (1920 * 1080)) * Math.max(1, fps / 30);
  const codec = spec.format === 'webm' ? 'vp9' : 'avc';
  const coded = turned(size, wish.rotation);
  return {
    codec,
    ...coded,
    rate: {
      quality,
      crf: QUALITY[quality].crf,
      maxBitrate: Math.max(400_000, Math.round((QUALITY[spec.quality].ceiling * share) / 1000) * 1000),
    },
    preset: preview ? 'ultrafast' : 'veryfast',
    // Stepping through a preview jumps about: keep its key frames close together.
    gop: preview ? 12 : Math.max(12, Math.round(fps * 2)),
    fps: Math.round(fps * 1000) / 1000,
    level: levelFor(size.width, size.height, fps),
    parameterSetId: OWN_PARAMETER_SET_ID,
    color: outputColor(
      clips.flatMap((clip) => (clip.span === null ? [] : (primaryVideo(clip.source.asset.probe) ?? []))),
      null,
      { codec, height: coded.height },
    ),
  };
}

/** How encoded ends of a clip are made, so that they look like the copied pictures between them. */
export function rateBesideCopy(asset: Asset, settings: VideoSettings): PictureRate {
  return {
    quality: 'high',
    crf: QUALITY.high.crf,
    maxBitrate: Math.max(settings.rate.maxBitrate, Math.round((sourceBitrate(asset) * 2) / 1000) * 1000),
  };
}

/** What channels cost, in shares of a channel: the low-frequency one next to nothing, the rest goes together. */
const CHANNEL_SHARES: Readonly<Record<number, number>> = { 1: 1.3, 2: 2, 6: 5 };

/** Encoder settings of the sound; null when it is dropped or no clip has any. */
export function audioSettings(spec: CheckedSpec, clips: readonly TimelineClip[]): AudioSettings | null {
  if (spec.audio === 'drop') return null;
  const tracks = clips.flatMap((clip) => clip.audio?.track ?? []);
  if (tracks.length === 0) return null;
  const most = Math.max(...tracks.map((track) => track.channels));
  const channels = most >= 6 && spec.surround === 'keep' ? 6 : most > 1 ? 2 : 1;
  const perChannel = QUALITY[spec.quality].audio / 2;
  const bitrate = Math.round(perChannel * (CHANNEL_SHARES[channels] ?? 2));
  if (spec.format === 'webm') return { codec: 'opus', sampleRate: 48_000, channels, bitrate };
  const rates = new Set(tracks.map((track) => track.sampleRate));
  const [only] = rates;
  const sampleRate = rates.size === 1 && (only === 44_100 || only === 32_000) ? only : 48_000;
  return { codec: 'aac', sampleRate, channels, bitrate };
}

/**
 * What happens to a clip's picture between decoding and encoding.
 *
 * @param rotation clockwise degrees that the output keeps as metadata, the same as the track's; 0 when they are baked in
 */
export function videoFilter(
  track: VideoTrackProbe,
  settings: VideoSettings,
  rotation: VideoTrackProbe['rotation'],
): VideoFilter {
  const kept = rotation !== 0;
  const base = {
    width: settings.width,
    height: settings.height,
    rotate: kept ? 0 : track.rotation,
    flip: kept ? false : track.flip,
    toneMap: track.hdr,
    sourceColor: track.color,
    untaggedMatrix: untaggedMatrix(track.codedHeight),
  } as const;
  const shown = turned({ width: track.displayWidth, height: track.displayHeight }, rotation);
  const scale = Math.min(settings.width / shown.width, settings.height / shown.height);
  const inner = { width: even(shown.width * scale), height: even(shown.height * scale) };
  const fills = Math.abs(inner.width - settings.width) <= 2 && Math.abs(inner.height - settings.height) <= 2;
  if (fills) {
    const same = shown.width === settings.width && shown.height === settings.height;
    return {
      ...base,
      fit: same && sameShape(track) ? 'none' : 'scale',
      innerWidth: settings.width,
      innerHeight: settings.height,
    };
  }
  return {
    ...base,
    fit: 'pad',
    innerWidth: Math.min(inner.width, settings.width),
    innerHeight: Math.min(inner.height, settings.height),
  };
}

/** Whether a clip's picture is made larger, by more than to make its size even. */
export function isEnlarged(
  track: VideoTrackProbe,
  filter: VideoFilter,
  rotation: VideoTrackProbe['rotation'],
): boolean {
  const shown = turned({ width: track.displayWidth, height: track.displayHeight }, rotation);
  return filter.innerWidth > shown.width + 2 || filter.innerHeight > shown.height + 2;
}

/** Whether stored and displayed sizes agree but for rotation, that is, pixels are square. */
export function sameShape(track: VideoTrackProbe): boolean {
  const shown = turned({ width: track.codedWidth, height: track.codedHeight }, track.rotation);
  return shown.width === track.displayWidth && shown.height === track.displayHeight;
}
