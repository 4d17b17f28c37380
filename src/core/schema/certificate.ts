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

/**
 * What a check may say, by code, and what each of them needs to know; `checkText.{code}` in the catalogue. Times in
 * microseconds (`us`) or milliseconds (`ms`), levels in decibels, differences of luma out of 255.
 */
export interface CheckTextParams {
  readonly container: { readonly container: string };
  readonly picture: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly rotation: number;
  };
  readonly no_picture: Nothing;
  readonly sound: { readonly codec: string };
  readonly no_sound: Nothing;
  readonly length: { readonly us: number };
  readonly frames: { readonly count: number };
  /** Where what follows was found; stands before a colon. */
  readonly at: { readonly us: number };
  readonly between: { readonly us: number; readonly endUs: number };
  readonly clips_in_place: Nothing;
  readonly clip_begins: { readonly clip: number; readonly us: number };
  readonly clip_empty: { readonly clip: number };
  readonly clip_too_long: { readonly clip: number };
  readonly joins_clean: { readonly count: number };
  readonly joins_entered: { readonly count: number };
  readonly nothing_decoded: Nothing;
  /** The decoder's own words, in whatever language it has. */
  readonly decoder_said: { readonly said: string };
  readonly as_in_source: Nothing;
  readonly joins_compared: { readonly count: number; readonly total: number };
  readonly largest_difference: { readonly difference: number };
  readonly picture_differs: { readonly side: 'before' | 'after'; readonly difference: number };
  readonly picture_early: { readonly side: 'before' | 'after'; readonly count: number };
  readonly picture_late: { readonly side: 'before' | 'after'; readonly count: number };
  readonly starts_together: { readonly ms: number };
  readonly started_together: Nothing;
  readonly started_late: { readonly us: number };
  /** Sound before the first picture that players do not play: what an encoder needs to get going. */
  readonly run_in: { readonly us: number };
  readonly most_offset: { readonly ms: number };
  readonly offset: { readonly ms: number };
  readonly places_compared: { readonly count: number };
  readonly other_sound: { readonly ms: number };
  readonly most_level: { readonly db: number };
  readonly level: { readonly db: number };
  readonly noise: { readonly db: number };
  readonly silence: Nothing;
  readonly sound_copied: Nothing;
  /** Encoded for an earlier export: what it was encoded from is not there any more. */
  readonly sound_reused: Nothing;
  readonly sound_even: Nothing;
  readonly sound_short: Nothing;
  readonly sound_unread: { readonly said: string };
  readonly nothing_black: Nothing;
  readonly looked_at: { readonly count: number };
  readonly still_in_source: { readonly count: number };
  readonly still_not_compared: { readonly count: number };
  readonly black: Nothing;
  readonly frozen: Nothing;
}

type Nothing = Readonly<Record<string, never>>;

/** One thing that a check says. Several stand one after the other, with commas between. */
export type CheckText = {
  readonly [C in keyof CheckTextParams]: { readonly code: C; readonly params: CheckTextParams[C] };
}[keyof CheckTextParams];

/** One thing that was checked; `check.{name}` in the catalogue. */
export interface CertificateCheck {
  readonly name: (typeof CHECK_NAMES)[number];
  /** True as well where nothing could be compared: then `skipped` is set and `found` says why. */
  readonly passed: boolean;
  /** In English: what the certificate is read for outside of the studio. */
  readonly expected: string;
  readonly found: string;
  /** The same in codes, to be said in any language. Absent in certificates of older builds. */
  readonly expectedText?: readonly CheckText[];
  readonly foundText?: readonly CheckText[];
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
  /** The same in codes. Absent where nothing is wrong, and in certificates of older builds. */
  readonly problemText?: readonly CheckText[];
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
