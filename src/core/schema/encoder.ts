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

/** What was measured: some frames encoded, decoded again and looked at. */
export interface EncoderAnswer {
  readonly question: EncoderQuestion;
  readonly works: boolean;
  /** Why not; null when it works. In English, for the diagnostics view. */
  readonly problem: string | null;
  /** Frames per second over the few frames that were encoded; a hint, not a promise. */
  readonly encodeFps: number | null;
  readonly decodeFps: number | null;
}
