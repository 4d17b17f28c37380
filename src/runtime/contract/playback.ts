/** The playback worker: decoded frames and sound for the player, by time stamp. Times are asset time, microseconds. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { BaseWorkerApi } from './supervised.ts';

/** What to open. `originUs` is the file's clock at asset time 0. Null orders: no such track. */
export interface PlaybackSource {
  readonly file: Blob;
  readonly videoOrder: number | null;
  readonly audioOrder: number | null;
  readonly originUs: number;
}

/** A decoded picture, transferred: whoever receives it must close it. Rotation is not applied yet. */
export interface PlaybackFrame {
  readonly frame: VideoFrame;
  readonly timeUs: number;
  readonly durationUs: number;
  readonly rotation: 0 | 90 | 180 | 270;
}

/** Decoded sound, transferred. */
export interface PlaybackSound {
  readonly startUs: number;
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

/** API of workers/playback. One worker serves one open source. */
export interface PlaybackWorkerApi extends BaseWorkerApi {
  open(source: PlaybackSource): Promise<Result<null, Failure>>;
  /** The frame on display at a time; null outside the picture track. */
  frameAt(timeUs: number): Promise<Result<PlaybackFrame | null, Failure>>;
  /** Starts reading forward from a time; earlier streams end. */
  startFrames(fromUs: number): Promise<Result<null, Failure>>;
  /** The next frames of the stream, at most `count`; empty at the end. */
  nextFrames(count: number): Promise<Result<PlaybackFrame[], Failure>>;
  /** Starts reading sound forward from a time. */
  startSound(fromUs: number): Promise<Result<null, Failure>>;
  /** The next stretch of sound, about `durationUs` long; empty at the end. */
  nextSound(durationUs: number): Promise<Result<PlaybackSound[], Failure>>;
  close(): Promise<void>;
}
