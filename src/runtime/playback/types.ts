/** What a player is made of, and what it shows. The interface's `Player` (src/app/studio/types.ts) has this shape. */
import type { Failure } from '../../core/base/failure.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { PlaybackSource, PlaybackWorkerApi } from '../contract/playback.ts';
import type { Supervised } from '../contract/supervised.ts';

/** What the player uses of the page. */
export interface PlayerPorts {
  /** One worker for this player alone; `dispose` ends it. */
  readonly worker: Supervised<PlaybackWorkerApi>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly requestFrame: (callback: () => void) => number;
  readonly cancelFrame: (handle: number) => void;
  /** Called when sound is first played. Null, or a throw, plays without sound. */
  readonly audioContext: (sampleRate: number | null) => AudioContext | null;
}

/** What is played. */
export interface PlayerSource {
  /** From the probe. */
  readonly durationUs: number;
  /** Null when it cannot be opened yet (`setSource` then). */
  readonly media: PlaybackSource | null;
  /** True where `media` is a preview proxy. */
  readonly proxy: boolean;
  /** Of the sound track: the sound device then runs at it and resamples nothing. */
  readonly sampleRate: number | null;
  /** Mirrored about the vertical axis after rotation. */
  readonly flip: boolean;
}

/** What the player shows. */
export interface PlayerState {
  readonly status: 'opening' | 'preparing' | 'ready' | 'failed';
  /** 0..1 while a preview is being made. */
  readonly preparing: number | null;
  /** Why the player failed; while `ready`, why the frame that was asked for last cannot be shown. */
  readonly failure: Failure | null;
  /** Time of the frame on display, and when it ends. */
  readonly timeUs: number;
  readonly frameEndUs: number;
  /** Index of the frame on display, null until the frame index is there. */
  readonly frame: number | null;
  readonly durationUs: number;
  readonly playing: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly index: FrameIndex | null;
  /** 0..1 while the frame index is read. */
  readonly indexing: number | null;
  readonly proxy: boolean;
}

/** A player of one asset, with what the composition root tells it while files are opened and read. */
export interface RuntimePlayer {
  /** The same object until something changes. */
  get(): PlayerState;
  subscribe(listener: () => void): () => void;
  /** Draws into this canvas from now on; null to let go. */
  attach(canvas: HTMLCanvasElement | null): void;
  /** Goes to the frame on display at a time; goes on playing from there when it plays. */
  seek(timeUs: number): void;
  /** Steps by whole frames; stops playing. */
  step(frames: number): void;
  /** Plays at a rate: 1, 2, 4, 8, -1, -2 ... Sound at 1 and 2. From the end it starts over. */
  play(rate?: number): void;
  /** Stops; what was drawn last stays and is what the state says. */
  pause(): void;
  toggle(): void;
  /** Plays a stretch (end exclusive) and stops at its last frame, or loops. */
  playRange(startUs: number, endUs: number, loop?: boolean): void;
  /** 0..1. */
  setVolume(volume: number): void;
  /** Opens something else in its place (a preview proxy); the position stays. */
  setSource(media: PlaybackSource, proxy: boolean): void;
  /** From now on frames are found by the index. */
  setIndex(index: FrameIndex): void;
  /** 0..1 while the index is read, null when nobody reads. */
  setIndexing(fraction: number | null): void;
  /** 0..1 while a preview is made; `setSource` ends it. */
  setPreparing(fraction: number): void;
  /** Nothing can be shown. */
  fail(failure: Failure): void;
  dispose(): void;
}
