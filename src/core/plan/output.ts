/** What the finished file will be: size, encoder settings, sound. Decided once for the whole output. */
import type { Rational } from '../base/time.ts';
import { primaryAudio, primaryVideo, type ColorInfo, type VideoTrackProbe } from '../schema/asset.ts';
import type { AudioSettings, VideoFilter, VideoSettings } from '../schema/plan.ts';
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

/** Size that fits inside the asked-for resolution, never larger than the source, even in both directions. */
export function outputSize(
  width: number,
  height: number,
  resolution: CheckedSpec['resolution'],
): { readonly width: number; readonly height: number } {
  const box = RESOLUTION[resolution];
  return box === null ? { width: even(width), height: even(height) } : fitInside(width, height, box);
}

function fitInside(
  width: number,
  height: number,
  box: { readonly long: number; readonly short: number },
): { readonly width: number; readonly height: number } {
  const landscape = width >= height;
  const scale = Math.min(
    1,
    box.long / (landscape ? width : height),
    box.short / (landscape ? height : width),
  );
  return { width: even(width * scale), height: even(height * scale) };
}

/** The picture of the clip that decides the size: the one with the most pixels, the earliest of equals. */
function leadingPicture(clips: readonly TimelineClip[]): VideoTrackProbe | null {
  let leading: VideoTrackProbe | null = null;
  for (const clip of clips) {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    if (track === null) continue;
    const pixels = track.displayWidth * track.displayHeight;
    if (leading === null || pixels > leading.displayWidth * leading.displayHeight) leading = track;
  }
  return leading;
}

function sameColor(a: ColorInfo, b: ColorInfo): boolean {
  return (
    a.primaries === b.primaries &&
    a.transfer === b.transfer &&
    a.matrix === b.matrix &&
    (a.fullRange ?? false) === (b.fullRange ?? false)
  );
}

/** One colour for the output: the sources' own where they agree and are not HDR, else BT.709. */
function outputColor(clips: readonly TimelineClip[]): ColorInfo {
  let common: ColorInfo | null = null;
  for (const clip of clips) {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    if (track === null) continue;
    if (track.hdr) return DEFAULT_COLOR;
    if (common !== null && !sameColor(common, track.color)) return DEFAULT_COLOR;
    common = track.color;
  }
  return common ?? DEFAULT_COLOR;
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

/** Encoder settings of the picture; null when no clip has one. A preview is small and quick to make. */
export function videoSettings(
  spec: CheckedSpec,
  clips: readonly TimelineClip[],
  preview = false,
): VideoSettings | null {
  const leading = leadingPicture(clips);
  if (leading === null) return null;
  const size = preview
    ? fitInside(leading.displayWidth, leading.displayHeight, { long: PREVIEW_SIDE, short: PREVIEW_SIDE })
    : outputSize(leading.displayWidth, leading.displayHeight, spec.resolution);
  const fps = fastestRate(clips);
  const quality = QUALITY[spec.quality];
  // The ceilings are for 1080p at up to 30 frames per second; other sizes and rates get their share.
  const share = ((size.width * size.height) / (1920 * 1080)) * Math.max(1, fps / 30);
  return {
    codec: 'avc',
    ...size,
    crf: preview ? QUALITY.low.crf : quality.crf,
    preset: preview ? 'ultrafast' : 'veryfast',
    maxBitrate: Math.max(400_000, Math.round((quality.ceiling * share) / 1000) * 1000),
    // Stepping through a preview jumps about: keep its key frames close together.
    gop: preview ? 12 : Math.max(12, Math.round(fps * 2)),
    level: levelFor(size.width, size.height, fps),
    parameterSetId: OWN_PARAMETER_SET_ID,
    color: outputColor(clips),
  };
}

/** Encoder settings of the sound; null when it is dropped or no clip has any. */
export function audioSettings(spec: CheckedSpec, clips: readonly TimelineClip[]): AudioSettings | null {
  if (spec.audio === 'drop') return null;
  const tracks = clips
    .map((clip) => primaryAudio(clip.source.asset.probe))
    .filter((track): track is NonNullable<typeof track> => track !== null);
  if (tracks.length === 0) return null;
  const rates = new Set(tracks.map((track) => track.sampleRate));
  const [only] = rates;
  const sampleRate = rates.size === 1 && (only === 44_100 || only === 32_000) ? only : 48_000;
  const channels = tracks.some((track) => track.channels > 1) ? 2 : 1;
  const perChannel = QUALITY[spec.quality].audio / 2;
  return { codec: 'aac', sampleRate, channels, bitrate: Math.round(perChannel * (channels === 1 ? 1.3 : 2)) };
}

/** What happens to a clip's picture between decoding and encoding. */
export function videoFilter(track: VideoTrackProbe, settings: VideoSettings): VideoFilter {
  const base = {
    width: settings.width,
    height: settings.height,
    toneMap: track.hdr,
    sourceColor: track.color,
    untaggedMatrix: track.codedHeight <= 576 ? 'smpte170m' : 'bt709',
  } as const;
  const scale = Math.min(settings.width / track.displayWidth, settings.height / track.displayHeight);
  // Fit inside, but never blow a smaller clip up beyond its own size.
  const inner = { width: even(track.displayWidth * scale), height: even(track.displayHeight * scale) };
  const fills = Math.abs(inner.width - settings.width) <= 2 && Math.abs(inner.height - settings.height) <= 2;
  if (fills) {
    const same = track.displayWidth === settings.width && track.displayHeight === settings.height;
    const square = sameShape(track);
    return {
      ...base,
      fit: same && square ? 'none' : 'scale',
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

/** Whether stored and displayed sizes agree but for rotation, that is, pixels are square. */
export function sameShape(track: VideoTrackProbe): boolean {
  const turned = track.rotation === 90 || track.rotation === 270;
  const width = turned ? track.codedHeight : track.codedWidth;
  const height = turned ? track.codedWidth : track.codedHeight;
  return width === track.displayWidth && height === track.displayHeight;
}
