/** How the browser's encoders are asked for what a plan wants. Pure. */
import type { ColorInfo } from '../../src/core/schema/asset.ts';
import type { PictureRate, VideoSettings } from '../../src/core/schema/plan.ts';
import type { CodecMode } from '../../src/runtime/contract/webcodecs.ts';
import type { VuiColor } from '../shared/h264/parameter-sets.ts';

/** VP9 levels: luma samples per second and per picture (VP9 levels, annex of the bitstream specification). */
const VP9_LEVELS: readonly (readonly [level: string, perSecond: number, perFrame: number])[] = [
  ['10', 829_440, 36_864],
  ['11', 2_764_800, 73_728],
  ['20', 4_608_000, 122_880],
  ['21', 9_216_000, 245_760],
  ['30', 20_736_000, 552_960],
  ['31', 36_864_000, 983_040],
  ['40', 83_558_400, 2_228_224],
  ['41', 160_432_128, 2_228_224],
  ['50', 311_951_360, 8_912_896],
  ['51', 588_251_136, 8_912_896],
  ['52', 1_176_502_272, 8_912_896],
  ['60', 1_176_502_272, 35_651_584],
];

/** The codec string (RFC 6381) of an output's picture. */
export function codecString(
  settings: Pick<VideoSettings, 'codec' | 'width' | 'height' | 'fps' | 'level'>,
): string {
  if (settings.codec === 'avc') return `avc1.6400${settings.level.toString(16).padStart(2, '0')}`;
  const perFrame = settings.width * settings.height;
  const found = VP9_LEVELS.find(
    ([, perSecond, frame]) => perFrame <= frame && perFrame * settings.fps <= perSecond,
  );
  return `vp09.00.${found?.[0] ?? '62'}.08`;
}

/** The encoder's configuration without anything that decides about bits. */
export function baseConfig(settings: VideoSettings, mode: CodecMode): VideoEncoderConfig {
  return {
    codec: codecString(settings),
    width: settings.width,
    height: settings.height,
    framerate: settings.fps,
    latencyMode: 'quality',
    hardwareAcceleration: mode === 'hardware' ? 'prefer-hardware' : 'prefer-software',
    ...(settings.codec === 'avc' ? { avc: { format: 'avc' as const } } : {}),
  };
}

/** How bits are shared out. */
export type BitPlan =
  /** A quantizer for every frame. */
  | { readonly kind: 'quantizer'; readonly quantizer: number }
  /** No aim given: Chromium's OpenH264 then keeps to quantizer 26, less by 3 to 4 for the lower of several layers. */
  | { readonly kind: 'steady'; readonly layers: 1 | 2 | 3 }
  /** So many times the bits that some pictures take in another way, from a share of the ceiling up to the ceiling. */
  | {
      readonly kind: 'measured';
      readonly by: Exclude<BitPlan, { readonly kind: 'measured' }>;
      readonly factor: number;
      readonly floor: number;
    }
  | { readonly kind: 'bitrate'; readonly bitrate: number };

/** H.264 quantizers (0..51) that look like x264's CRF 18, 23 and 28 veryfast, for encoders that take one. */
const AVC_QUANTIZER: Readonly<Record<PictureRate['quality'], number>> = { high: 19, medium: 23, low: 27 };
/**
 * VP9 as Chromium's libvpx codes it: its quantizer (0..63) looks like CRF 18 at 44, and at its far end is still better than
 * CRF 23. What is to be smaller is given a share of the bits that this end takes (docs/decisions/0009).
 */
const COARSEST_VP9 = { kind: 'quantizer', quantizer: 63 } as const;
const SOFTWARE_VP9: Readonly<Record<PictureRate['quality'], BitPlan>> = {
  high: { kind: 'quantizer', quantizer: 44 },
  medium: { kind: 'measured', by: COARSEST_VP9, factor: 0.65, floor: 0 },
  low: { kind: 'measured', by: COARSEST_VP9, factor: 0.35, floor: 0 },
};

/**
 * What OpenH264 does without a quantizer of our choice, set by measurement (docs/decisions/0009): its rate control
 * starves hard stretches and wastes bits on easy ones, so it is left off where its own quantizer serves.
 */
const SOFTWARE_AVC: Readonly<Record<PictureRate['quality'], BitPlan>> = {
  high: { kind: 'measured', by: { kind: 'steady', layers: 1 }, factor: 6, floor: 0.5 },
  medium: { kind: 'steady', layers: 3 },
  low: { kind: 'steady', layers: 1 },
};

/** How the bits of a chunk are shared out, best way first. */
export function bitPlans(
  settings: VideoSettings,
  rate: PictureRate,
  mode: CodecMode,
  takesQuantizer: boolean,
): readonly BitPlan[] {
  const ceiling: BitPlan = { kind: 'bitrate', bitrate: rate.maxBitrate };
  if (takesQuantizer) {
    const plan: BitPlan =
      settings.codec === 'avc'
        ? { kind: 'quantizer', quantizer: AVC_QUANTIZER[rate.quality] }
        : SOFTWARE_VP9[rate.quality];
    return [plan, ceiling];
  }
  if (settings.codec === 'avc' && mode === 'software') return [SOFTWARE_AVC[rate.quality], ceiling];
  return [ceiling];
}

/** A bit plan in the encoder's own terms. */
export function withBits(base: VideoEncoderConfig, plan: BitPlan): VideoEncoderConfig {
  switch (plan.kind) {
    case 'quantizer':
      return { ...base, bitrateMode: 'quantizer' };
    case 'steady':
      return plan.layers === 1 ? base : { ...base, scalabilityMode: `L1T${String(plan.layers)}` };
    case 'measured':
      return base;
    case 'bitrate':
      return { ...base, bitrate: plan.bitrate, bitrateMode: 'variable' };
  }
}

/** Numbers of ITU-T H.273 by WebCodecs' names. */
const PRIMARIES: Readonly<Record<string, number>> = {
  bt709: 1,
  bt470bg: 5,
  smpte170m: 6,
  bt2020: 9,
  smpte432: 12,
};
const TRANSFER: Readonly<Record<string, number>> = {
  bt709: 1,
  smpte170m: 6,
  linear: 8,
  'iec61966-2-4': 11,
  'iec61966-2-1': 13,
  pq: 16,
  hlg: 18,
};
const MATRIX: Readonly<Record<string, number>> = {
  rgb: 0,
  bt709: 1,
  bt470bg: 5,
  smpte170m: 6,
  'bt2020-ncl': 9,
};

/** Numbers of a colour; 2 where it says nothing. */
export function colorNumbers(color: ColorInfo): VuiColor {
  return {
    primaries: PRIMARIES[color.primaries ?? ''] ?? 2,
    transfer: TRANSFER[color.transfer ?? ''] ?? 2,
    matrix: MATRIX[color.matrix ?? ''] ?? 2,
    fullRange: color.fullRange ?? false,
  };
}

/** Whether a colour says no more than what everybody takes for granted. */
function saysNothing({ primaries, transfer, matrix, fullRange }: ColorInfo): boolean {
  return primaries === null && transfer === null && matrix === null && fullRange !== true;
}

/** What is written about colour into our own parameter sets; null where the output says nothing. */
export function vuiColor(color: ColorInfo): VuiColor | null {
  return saysNothing(color) ? null : colorNumbers(color);
}

/** The colour as a container's header takes it; undefined where the output says nothing. */
export function containerColor(color: ColorInfo): VideoColorSpaceInit | undefined {
  if (saysNothing(color)) return undefined;
  const { primaries, transfer, matrix, fullRange } = color;
  return {
    primaries: primaries as VideoColorPrimaries | null,
    transfer: transfer as VideoTransferCharacteristics | null,
    matrix: matrix as VideoMatrixCoefficients | null,
    fullRange: fullRange ?? false,
  };
}
