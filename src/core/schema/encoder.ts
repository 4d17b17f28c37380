/** What was found out about the browser's own encoders. Plain types: part of the published ones. */

/** Where an encoder runs. */
export type CodecMode = 'hardware' | 'software';

/** A question about an encoder: can it make pictures of this size that come out right? */
export interface EncoderQuestion {
  readonly codec: 'avc' | 'vp9' | 'av1' | 'hevc' | 'vp8';
  readonly mode: CodecMode;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Why an encoder is not used. */
export const ENCODER_FAULTS = [
  /** The browser says that it has none for such pictures. */
  'not_offered',
  /** It is the software encoder by another name. */
  'software_again',
  /** It gave up, or gave nothing for a long time. */
  'failed',
  /** Packets are missing, misplaced, or not the key frames that were asked for. */
  'wrong_packets',
  /** What it made does not decode. */
  'does_not_decode',
  /** The decoded pictures are not those that went in. */
  'wrong_pictures',
  /** Nobody could find out. */
  'not_measured',
] as const;
/** Why an encoder is not used. */
export type EncoderFault = (typeof ENCODER_FAULTS)[number];

/** What was measured: some frames encoded, decoded again and looked at. */
export interface EncoderAnswer {
  readonly question: EncoderQuestion;
  readonly works: boolean;
  /** Why not; null when it works. */
  readonly fault: EncoderFault | null;
  /** The same with its details, in English, for reports; null when it works. */
  readonly problem: string | null;
  /** Frames per second over the few frames that were encoded; a hint, not a promise. */
  readonly encodeFps: number | null;
  readonly decodeFps: number | null;
}
