/** The JSON proof that a finished file was re-opened, decoded and checked. */

/** What is checked; each has a line in the catalogue under `check.{name}`. */
export const CHECK_NAMES = [
  'tracks',
  'duration',
  'frame_count',
  'frame_times',
  'joins_decode',
  'join_pictures',
  'sound_start',
  'sound_duration',
  'sound_offset',
  'loudness',
  'black_or_frozen',
] as const;

/** One thing that was checked; `check.{name}` in the catalogue. */
export interface CertificateCheck {
  readonly name: (typeof CHECK_NAMES)[number];
  /** True as well where nothing could be compared: then `skipped` is set and `found` says why. */
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** Nothing was there to compare with. Absent in certificates of version 1. */
  readonly skipped?: boolean;
}

/** One join (or the start or the end) that was decoded. */
export interface CertificateJoin {
  /** Output time, microseconds. */
  readonly atUs: number;
  readonly framesDecoded: number;
  readonly clean: boolean;
  /** The decoder's complaint, if any. */
  readonly problem: string | null;
  /** Played through from the pictures before it; false: entered at its key frame. Absent in version 1. */
  readonly crossed?: boolean;
  /**
   * Largest mean difference of luma (0..255) between a picture beside the join and what it should be; null where there
   * was nothing to compare with. Absent in version 1.
   */
  readonly difference?: number | null;
}

/** The JSON proof that a finished file was re-opened, decoded and checked. */
export interface Certificate {
  /** 2 added pictures at joins, offset and level of the sound, black and frozen stretches. */
  readonly version: 1 | 2;
  /** ISO-8601. */
  readonly checkedAt: string;
  readonly fileName: string;
  readonly bytes: number;
  /** SHA-256 (hex) over size, head, middle and tail: the same fingerprint as for imported files. */
  readonly fingerprint: string;
  readonly decoder: 'webcodecs' | 'ffmpeg';
  readonly checks: readonly CertificateCheck[];
  readonly joins: readonly CertificateJoin[];
  /** What the check itself cost, milliseconds. Absent in version 1. */
  readonly wallMs?: number;
  readonly passed: boolean;
}
