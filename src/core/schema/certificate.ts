/** The JSON proof that a finished file was re-opened, decoded and checked. */

/** One thing that was checked; `check.{name}` in the catalogue. */
export interface CertificateCheck {
  readonly name:
    'tracks' | 'duration' | 'frame_count' | 'frame_times' | 'joins_decode' | 'sound_start' | 'sound_duration';
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** One join (or the start or the end) that was decoded. */
export interface CertificateJoin {
  /** Output time, microseconds. */
  readonly atUs: number;
  readonly framesDecoded: number;
  readonly clean: boolean;
  /** The decoder's complaint, if any. */
  readonly problem: string | null;
}

/** The JSON proof that a finished file was re-opened, decoded and checked. */
export interface Certificate {
  readonly version: 1;
  /** ISO-8601. */
  readonly checkedAt: string;
  readonly fileName: string;
  readonly bytes: number;
  /** SHA-256 (hex) over size, head, middle and tail: the same fingerprint as for imported files. */
  readonly fingerprint: string;
  readonly decoder: 'webcodecs' | 'ffmpeg';
  readonly checks: readonly CertificateCheck[];
  readonly joins: readonly CertificateJoin[];
  readonly passed: boolean;
}
