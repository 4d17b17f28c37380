/**
 * The asset record and its probe: what an imported file says of itself. Saved in the browser's database; the
 * bytes stay where the person keeps them.
 */
import { z } from 'zod';
import type { AssetId } from '../base/ids.ts';

/** Version of the asset record; a change of shape takes the next number and a migration step. */
export const ASSET_VERSION = 1;

const rational = z.object({ num: z.number().int().positive(), den: z.number().int().positive() });

/** Exact rate where it is constant, the average where it is not. */
export const frameRateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant'), rate: rational }),
  z.object({ kind: z.literal('variable'), average: rational }),
]);

/** Colour description in the terms of ITU-T H.273, by WebCodecs' names; null where the file does not say. */
export const colorSchema = z.object({
  primaries: z.string().nullable(),
  transfer: z.string().nullable(),
  matrix: z.string().nullable(),
  fullRange: z.boolean().nullable(),
});

/** One picture track. `index` is its position among all streams of the container, as ffmpeg counts (0:index). */
export const videoTrackSchema = z.object({
  index: z.number().int().nonnegative(),
  /** Position among the picture tracks, as the packet reader counts (0 is the first). */
  order: z.number().int().nonnegative(),
  /** Short family name: avc, hevc, vp8, vp9, av1, mjpeg, mpeg4 ... */
  codec: z.string(),
  /** Full codec string (RFC 6381) where known, e.g. avc1.64001f. */
  codecString: z.string().nullable(),
  profile: z.string().nullable(),
  /** Stored size in pixels. */
  codedWidth: z.number().int().positive(),
  codedHeight: z.number().int().positive(),
  /** Displayed size: square pixels, rotation applied. */
  displayWidth: z.number().int().positive(),
  displayHeight: z.number().int().positive(),
  /** Clockwise degrees that the picture is turned for display. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** Mirrored about the vertical axis after rotation. */
  flip: z.boolean(),
  frameRate: frameRateSchema,
  color: colorSchema,
  bitDepth: z.number().int().nullable(),
  hdr: z.boolean(),
  /** Typical and largest distance between key frames in what was looked at, microseconds; null when unknown. */
  keyFrameSpacing: z.object({ typicalUs: z.number(), maxUs: z.number() }).nullable(),
  /** Whether this browser's own decoder takes it. */
  decodable: z.boolean(),
  /** First presentation time in the file's own clock, microseconds. */
  firstUs: z.number().int(),
  /** SHA-256 (hex) of the decoder configuration (avcC ...); null when the parameter sets travel in-band. */
  configHash: z.string().nullable(),
  /**
   * What to add to the packet reader's time to get ffmpeg's, microseconds: ffmpeg run with `-copyts` and, for mp4 and
   * mov, `-ignore_editlist 1` (its own edit lists are off by some milliseconds in some files). Absent for files with
   * reader `ffmpeg`: their times are ffmpeg's own, without that option.
   */
  engineOffsetUs: z.number().int().optional(),
});

/** One sound track. */
export const audioTrackSchema = z.object({
  index: z.number().int().nonnegative(),
  order: z.number().int().nonnegative(),
  codec: z.string(),
  codecString: z.string().nullable(),
  profile: z.string().nullable(),
  sampleRate: z.number().int().positive(),
  channels: z.number().int().positive(),
  language: z.string().nullable(),
  decodable: z.boolean(),
  /** First packet in the file's own clock, microseconds; below 0 where the encoder's priming is hidden. */
  firstUs: z.number().int(),
  /** As `engineOffsetUs` of a picture track; sound and picture may differ. */
  engineOffsetUs: z.number().int().optional(),
});

/** What the file itself says. */
export const probeSchema = z.object({
  /** Container family: mp4, mov, mkv, webm, mpegts, avi, flv, asf, mpegps, mp3, wav, ogg, flac ... */
  container: z.string(),
  /** Who can read its packets: the packet reader (mediabunny) or only ffmpeg. */
  reader: z.enum(['packets', 'ffmpeg']),
  /** Length of the asset's time line, microseconds. */
  durationUs: z.number().int().nonnegative(),
  /** The file's own clock at asset time 0: asset time = file time - originUs. */
  originUs: z.number().int(),
  video: z.array(videoTrackSchema),
  audio: z.array(audioTrackSchema),
  /** Other tracks (subtitles, data), by kind and codec. */
  other: z.array(z.object({ kind: z.string(), codec: z.string() })),
  /** Which picture and sound track the product uses: positions in `video` and `audio`. */
  primaryVideo: z.number().int().nonnegative().nullable(),
  primaryAudio: z.number().int().nonnegative().nullable(),
  /** When it was recorded, ISO-8601, where the file says. */
  recordedAt: z.string().nullable(),
  /** Things about the file that a person should know; each has a sentence in the catalogue (`warning.{code}`). */
  warnings: z.array(
    z.enum([
      'truncated',
      'duration_estimated',
      'times_odd',
      'several_video_tracks',
      'drm_track_skipped',
      'interlaced',
    ]),
  ),
});

/** Containers with edit lists, which shift a track in time and hide some of its pictures. */
export const HAS_EDIT_LISTS: ReadonlySet<string> = new Set(['mp4', 'mov']);

/** How the bytes are reached after a reload. */
export const sourceKindSchema = z.enum(['handle', 'copy', 'link']);

/** The saved record of an imported file. */
export const assetSchema = z.object({
  version: z.literal(ASSET_VERSION),
  id: z.string().transform((id) => id as AssetId),
  /** File name, NFC. Hostile text: never used as a path or as HTML. */
  name: z.string(),
  kind: z.enum(['video', 'image', 'audio']),
  bytes: z.number().int().nonnegative(),
  /** Size and hashes of head, middle and tail: recognises the same file under another name. */
  fingerprint: z.string(),
  /** MIME type as the browser says, may be empty. */
  type: z.string(),
  importedAt: z.string(),
  source: sourceKindSchema,
  probe: probeSchema,
});

/** Exact rate where it is constant, the average where it is not. */
export type FrameRate = z.infer<typeof frameRateSchema>;
/** Colour description; null where the file does not say. */
export type ColorInfo = z.infer<typeof colorSchema>;
/** One picture track. */
export type VideoTrackProbe = z.infer<typeof videoTrackSchema>;
/** One sound track. */
export type AudioTrackProbe = z.infer<typeof audioTrackSchema>;
/** What the file itself says. */
export type Probe = z.infer<typeof probeSchema>;
/** How the bytes are reached after a reload: a file handle, a private copy, or by linking the file again. */
export type SourceKind = z.infer<typeof sourceKindSchema>;
/** The saved record of an imported file. */
export type Asset = z.infer<typeof assetSchema>;

/** The picture track the product uses, or null for sound-only files. */
export function primaryVideo(probe: Probe): VideoTrackProbe | null {
  return probe.primaryVideo === null ? null : (probe.video[probe.primaryVideo] ?? null);
}

/** Whether frames keep a rate, so that a time tells its frame without the file being read. */
export function isCounted({ probe }: Pick<Asset, 'probe'>): boolean {
  return primaryVideo(probe)?.frameRate.kind === 'constant';
}

/** The sound track the product uses, or null for silent files. */
export function primaryAudio(probe: Probe): AudioTrackProbe | null {
  return probe.primaryAudio === null ? null : (probe.audio[probe.primaryAudio] ?? null);
}
