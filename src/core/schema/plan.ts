/** The render plan: what will be done, step by step, and why. Pure data made from spec, probes and frame indexes. */
import type { AssetId } from '../base/ids.ts';
import type { Rational } from '../base/time.ts';
import type { ColorInfo } from './asset.ts';
import type { StepOverlay } from './overlay.ts';

/** Why a stretch is copied or encoded. Each has a sentence in the catalogue under `reason.{code}`. */
export const STEP_REASONS = [
  'packets_fit',
  'starts_off_key_frame',
  'ends_inside_group',
  'codec_differs',
  'size_changes',
  'rotation_baked',
  'parameters_differ',
  'parameters_in_band',
  'pixel_format_differs',
  'color_differs',
  'open_group',
  'edit_list_cuts_in',
  'check_failed_before',
  'cut_before_key_frame',
  'cut_after_last_reference',
  'rate_above_ceiling',
  'comments_painted',
  'sound_joined',
  'sound_unbroken',
  'sound_codec_differs',
] as const;
/** Why a stretch is copied or encoded. */
export type StepReason = (typeof STEP_REASONS)[number];

/** A place where the output differs from the plain reading of the request; `deviation.{code}` in the catalogue. */
export const DEVIATION_CODES = [
  'cut_moved',
  'range_clamped',
  'stream_reencoded',
  'picture_fitted',
  'hdr_tone_mapped',
  'sound_downmixed',
  'silence_added',
  'tracks_left_out',
  'rate_variable',
  'odd_size_evened',
  'copy_replaced',
  'source_truncated',
  'no_sound',
  'frames_lost',
  'depth_reduced',
  'not_enlarged',
  'source_damaged',
  'picture_gap',
  'sound_joined_by_packets',
  'clip_enlarged',
  'clip_failed',
  'legacy_comments_left_out',
  'legacy_comments',
  'comments_outside_ranges',
  'csv_cells_long',
  'thumbnails_missing',
  'bundle_in_volumes',
] as const;
/** A place where the output differs from the plain reading of the request. */
export interface Deviation {
  readonly code: (typeof DEVIATION_CODES)[number];
  /** Position of the clip it belongs to, null for the whole output. */
  readonly clip: number | null;
  /** What the sentence needs. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** One clip on the output's time line. */
export interface PlannedClip {
  readonly position: number;
  readonly assetId: AssetId;
  readonly label: string;
  /** The source range that is really used (after a key-frame cut moved it), microseconds of asset time. */
  readonly startUs: number;
  readonly endUs: number;
  /** Where it lies in the output, microseconds. */
  readonly outStartUs: number;
  readonly outEndUs: number;
  /** Number of frames shown. 0 for sound only. */
  readonly frames: number;
  /** What has to be decoded of it: estimates depend on that. Absent without a picture, and in older plans. */
  readonly source?: { readonly codec: string; readonly pixels: number } | undefined;
}

/** How good a picture is to be, and how many bits it may take. */
export interface PictureRate {
  readonly quality: 'high' | 'medium' | 'low';
  /** x264's constant rate factor; other encoders aim at the picture it gives. */
  readonly crf: number;
  /** Ceiling in bits per second. */
  readonly maxBitrate: number;
}

/** Settings of the picture encoder, the same for all chunks of an output. */
export interface VideoSettings {
  readonly codec: 'avc' | 'vp9';
  /** Size of the pictures that are encoded: as displayed, unless the output keeps a rotation as metadata. */
  readonly width: number;
  readonly height: number;
  readonly rate: PictureRate;
  /** x264's trade of speed for size: exports, or previews that only have to be looked at. */
  readonly preset: 'veryfast' | 'ultrafast';
  /** Longest distance between key frames, frames. */
  readonly gop: number;
  /** The fastest rate among the pictures, frames per second: for encoders that share out bits by time. */
  readonly fps: number;
  /** H.264 level, e.g. 40 for 4.0. */
  readonly level: number;
  /**
   * Parameter-set id of x264's packets: one that others do not use, so that they need no new one beside copied packets.
   */
  readonly parameterSetId: number;
  readonly color: ColorInfo;
}

/** Settings of the sound encoder. */
export interface AudioSettings {
  readonly codec: 'aac' | 'opus';
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitrate: number;
}

/** Packets of the source, untouched. */
export interface CopyVideoStep {
  readonly kind: 'copy-video';
  readonly id: string;
  readonly clip: number;
  readonly assetId: AssetId;
  readonly startUs: number;
  readonly endUs: number;
  readonly outStartUs: number;
  readonly frames: number;
  readonly reason: StepReason;
}

/** A chunk to decode, filter and encode; starts with a key frame in the output. */
export interface EncodeVideoStep {
  readonly kind: 'encode-video';
  readonly id: string;
  readonly clip: number;
  readonly assetId: AssetId;
  /** Microseconds of asset time; the first frame shown may have appeared before startUs and is held from there. */
  readonly startUs: number;
  readonly endUs: number;
  readonly outStartUs: number;
  readonly frames: number;
  /** When the first frame to take appears in the asset, and the first one not to take (asset time). */
  readonly firstFrameUs: number;
  readonly stopFrameUs: number;
  /** A time at or before which a key frame lies that decoding can start from, asset time. */
  readonly seekUs: number;
  /** Picture filter needs, decided here; the engine writes them in its own language. */
  readonly filter: VideoFilter;
  /** The output's own rate, or a better one where the stretch stands beside copied packets of the same clip. */
  readonly rate: PictureRate;
  readonly reason: StepReason;
  /** What is painted on the pictures; absent where nothing is. */
  readonly overlay?: StepOverlay | undefined;
}

/** What happens to a picture between decoding and encoding. */
export interface VideoFilter {
  readonly width: number;
  readonly height: number;
  /** Scale to fit and pad with black to the output's size when the shapes differ. */
  readonly fit: 'scale' | 'pad' | 'none';
  /** Size of the picture inside the padding. */
  readonly innerWidth: number;
  readonly innerHeight: number;
  /** Clockwise degrees to turn the decoded picture before anything else; 0 where the output keeps it as metadata. */
  readonly rotate: 0 | 90 | 180 | 270;
  /** Mirror about the vertical axis after turning. */
  readonly flip: boolean;
  readonly toneMap: boolean;
  readonly sourceColor: ColorInfo;
  /** The matrix that a picture without a tag is taken to have, as players do: BT.601 up to 576 lines, else BT.709. */
  readonly untaggedMatrix: 'smpte170m' | 'bt709';
}

/** A stretch of sound to decode to PCM with exactly `samples` samples per channel. */
export interface DecodeAudioStep {
  readonly kind: 'decode-audio';
  readonly id: string;
  readonly clip: number;
  /** Null: silence. */
  readonly assetId: AssetId | null;
  /** Position among the asset's sound tracks. */
  readonly track: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly samples: number;
  /** Length of the fades at joins, samples; 0 where the sound goes on unbroken. */
  readonly fadeInSamples: number;
  readonly fadeOutSamples: number;
}

/** All PCM joined and encoded once. */
export interface EncodeAudioStep {
  readonly kind: 'encode-audio';
  readonly id: string;
  readonly samples: number;
}

/** Sound packets of the source, untouched: one unbroken range, or one of several that are cut at key frames. */
export interface CopyAudioStep {
  readonly kind: 'copy-audio';
  readonly id: string;
  readonly clip: number;
  readonly assetId: AssetId;
  /** Position among the asset's sound tracks. */
  readonly track: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly outStartUs: number;
  readonly outEndUs: number;
  readonly reason: StepReason;
}

/** One thing to do. */
export type PlanStep = CopyVideoStep | EncodeVideoStep | DecodeAudioStep | EncodeAudioStep | CopyAudioStep;

/** What the finished file will be. */
export interface PlannedOutput {
  readonly container: 'mp4' | 'mov' | 'webm';
  readonly fileName: string;
  readonly durationUs: number;
  readonly video: {
    /** As displayed: after the rotation. */
    readonly width: number;
    readonly height: number;
    readonly frames: number;
    /** Clockwise degrees written as metadata: where pictures are copied, and the rest is encoded as it is stored. */
    readonly rotation: 0 | 90 | 180 | 270;
    /** Constant rate, or null when frames keep varying times. */
    readonly rate: Rational | null;
    readonly settings: VideoSettings;
  } | null;
  readonly audio: AudioSettings | null;
}

/** What it is expected to cost. */
export interface PlanEstimate {
  readonly wallMs: number;
  readonly bytes: number;
  /** Peak of what is stored meanwhile: segments, PCM and the result. */
  readonly storageBytes: number;
  /** Milliseconds of one worker by engine, `copy` those of putting copied packets together; absent in older records. */
  readonly work?: Readonly<Partial<Record<'webcodecs' | 'ffmpeg' | 'copy', number>>> | undefined;
  /** Steps whose segments were there when it was planned: they cost nothing. Absent in older records. */
  readonly reused?: number | undefined;
}

/** Version of the plan's shape. Plans of unfinished jobs of an older build are made anew. */
export const PLAN_VERSION = 2;

/** What will be done, step by step, and why. */
export interface RenderPlan {
  readonly version: typeof PLAN_VERSION;
  readonly output: PlannedOutput;
  readonly clips: readonly PlannedClip[];
  readonly steps: readonly PlanStep[];
  readonly deviations: readonly Deviation[];
  /** Clips whose picture is copied in full, those copied but for their ends, and those encoded, with the reason. */
  readonly summary: {
    readonly copied: number;
    readonly smart: readonly {
      readonly clip: number;
      readonly copiedFrames: number;
      readonly encodedFrames: number;
    }[];
    readonly encoded: readonly { readonly clip: number; readonly reason: StepReason }[];
    /** What happens to the sound of the whole output. */
    readonly sound: 'none' | 'copied' | 'encoded';
  };
  readonly estimate: PlanEstimate;
  /** How many comments the export lists, how many of them have no time, how many it leaves out; absent where it lists none. */
  readonly comments?:
    { readonly listed: number; readonly legacy: number; readonly outside: number } | undefined;
}
