/** The encoder configurations that are measured: for what plans ask for, the same as the picture engine's. Pure. */
import { levelFor } from '../../src/core/plan/output.ts';
import type { VideoSettings } from '../../src/core/schema/plan.ts';
import type { EncoderQuestion } from '../../src/runtime/contract/webcodecs.ts';
import { baseConfig, bitPlans, withBits } from './config.ts';

/** Plenty: what is asked is whether pictures come out right, not how few bits they can do with. */
const BITS_PER_PIXEL = 0.2;

/** AV1 levels (seq_level_idx) and HEVC levels (times 30): luma samples per second that they hold, and per picture. */
const LEVELS: readonly (readonly [av1: number, hevc: number, perSecond: number, perFrame: number])[] = [
  [4, 93, 33_177_600, 983_040],
  [8, 120, 66_846_720, 2_228_224],
  [9, 123, 133_693_440, 2_228_224],
  [12, 150, 267_386_880, 8_912_896],
  [13, 153, 534_773_760, 8_912_896],
  [14, 156, 1_069_547_520, 8_912_896],
];

function otherCodec({ codec, width, height, fps }: EncoderQuestion): string {
  if (codec === 'vp8') return 'vp8';
  const perFrame = width * height;
  const found = LEVELS.find(([, , perSecond, frame]) => perFrame <= frame && perFrame * fps <= perSecond);
  const [av1, hevc] = found ?? [18, 186];
  return codec === 'av1' ? `av01.0.${String(av1).padStart(2, '0')}M.08` : `hvc1.1.6.L${String(hevc)}.B0`;
}

/** One configuration, and what every frame is encoded with. */
export interface MeasuredConfig {
  readonly config: VideoEncoderConfig;
  readonly frame: VideoEncoderEncodeOptions;
}

/** How the question's pictures would be encoded. */
export function measuredConfig(question: EncoderQuestion, takesQuantizer: boolean): MeasuredConfig {
  const { codec, mode, width, height, fps } = question;
  const bitrate = Math.max(200_000, Math.round(width * height * fps * BITS_PER_PIXEL));
  if (codec !== 'avc' && codec !== 'vp9') {
    const config: VideoEncoderConfig = {
      codec: otherCodec(question),
      width,
      height,
      framerate: fps,
      latencyMode: 'quality',
      hardwareAcceleration: mode === 'hardware' ? 'prefer-hardware' : 'prefer-software',
      bitrate,
      bitrateMode: 'variable',
    };
    return { config, frame: {} };
  }
  const rate = { quality: 'medium', crf: 23, maxBitrate: bitrate } as const;
  const settings: VideoSettings = {
    codec,
    width,
    height,
    rate,
    preset: 'veryfast',
    gop: 60,
    fps,
    level: levelFor(width, height, fps),
    parameterSetId: 0,
    color: { primaries: null, transfer: null, matrix: null, fullRange: null },
  };
  const first = bitPlans(settings, rate, mode, takesQuantizer)[0] ?? ({ kind: 'bitrate', bitrate } as const);
  // What is measured first in an export is what is tried here.
  const plan = first.kind === 'measured' ? first.by : first;
  const frame = plan.kind === 'quantizer' ? { [codec]: { quantizer: plan.quantizer } } : {};
  return { config: withBits(baseConfig(settings, mode), plan), frame };
}
