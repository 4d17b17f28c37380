/** One stretch of playing: frames in a row with a clock (streaming), or frames by time (shuttling). */
import type { Failure } from '../../core/base/failure.ts';
import type { PlaybackFrame } from '../contract/playback.ts';
import { positionAt, StallWatch, type Anchor } from './clock.ts';
import type { SoundRun } from './sound.ts';
import type { FrameStream } from './stream.ts';

/** Sound that has not started after this long is left out: the page may not have been clicked yet. */
const SOUND_PATIENCE_MS = 700;
/** A sound clock that stands still for this long is no clock. */
const CLOCK_STALL_MS = 1000;
/** Pictures that are later than this behind the clock jump to where it is. */
const LATE_US = 700_000;

/** What a run needs and tells. */
export interface RunHost {
  readonly now: () => number;
  /** Shows a frame and owns it. */
  readonly present: (frame: PlaybackFrame) => void;
  /** The position, for files without pictures. */
  readonly tell: (us: number) => void;
  /** The run has come to its end; the last frame before it is shown. */
  readonly done: () => void;
  readonly failed: (failure: Failure) => void;
}

/** Something that plays. `advance` is called at every animation frame, and may be called more often. */
export interface Run {
  readonly rate: number;
  advance(): void;
  stop(): void;
}

/** Plays every frame forward, to the sound's clock or to the page's. */
export class StreamRun implements Run {
  readonly rate: number;
  readonly #host: RunHost;
  readonly #stream: FrameStream | null;
  readonly #fromUs: number;
  readonly #endUs: number;
  readonly #startedMs: number;
  readonly #stall = new StallWatch();
  #sound: SoundRun | null;
  #anchor: Anchor | null = null;
  #shownEndUs: number;
  #restartedMs = 0;

  constructor(
    host: RunHost,
    options: {
      readonly fromUs: number;
      readonly endUs: number;
      readonly rate: number;
      readonly stream: FrameStream | null;
      readonly sound: SoundRun | null;
    },
  ) {
    this.#host = host;
    this.rate = options.rate;
    this.#fromUs = options.fromUs;
    this.#endUs = options.endUs;
    this.#stream = options.stream;
    this.#sound = options.sound;
    this.#shownEndUs = options.fromUs;
    this.#startedMs = host.now();
  }

  advance(): void {
    const now = this.#host.now();
    this.#stream?.pump();
    this.#sound?.pump();
    if (this.#stream?.failure != null) {
      this.#host.failed(this.#stream.failure);
      return;
    }
    const us = this.#anchor === null ? this.#begin(now) : this.#positionUs(now);
    if (us === null) return;
    const due = this.#stream?.takeDue(Math.min(us, this.#endUs - 1)) ?? null;
    if (due !== null) {
      this.#shownEndUs = due.timeUs + due.durationUs;
      this.#host.present(due);
    } else if (this.#stream === null) {
      this.#host.tell(Math.min(us, this.#endUs));
    }
    if (this.#isDone(us)) this.#host.done();
    else this.#catchUp(us, now);
  }

  stop(): void {
    this.#sound?.stop();
  }

  /** Shows the first frame as soon as it is there, and starts the clock when pictures and sound can follow it. */
  #begin(now: number): number | null {
    const first = this.#stream?.takeDue(Math.min(this.#fromUs, this.#endUs - 1)) ?? null;
    if (first !== null) {
      this.#shownEndUs = first.timeUs + first.durationUs;
      this.#host.present(first);
    }
    const sound = this.#sound;
    if (sound !== null && (sound.silent || (!sound.ready && now - this.#startedMs > SOUND_PATIENCE_MS))) {
      this.#dropSound();
    }
    const pictures = this.#stream === null || this.#stream.length >= 2 || this.#stream.ended;
    if (!pictures || (this.#sound !== null && !this.#sound.ready)) return null;
    this.#sound?.begin();
    this.#anchor = { mediaUs: this.#fromUs, hostMs: now, rate: this.rate };
    return this.#fromUs;
  }

  #positionUs(now: number): number {
    const sound = this.#sound;
    if (sound !== null) {
      const us = sound.positionUs();
      if (!this.#stall.stalled(sound.deviceSeconds, now, CLOCK_STALL_MS)) return us;
      this.#dropSound();
      this.#anchor = { mediaUs: us, hostMs: now, rate: this.rate };
    }
    return this.#anchor === null ? this.#fromUs : positionAt(this.#anchor, now);
  }

  #dropSound(): void {
    this.#sound?.stop();
    this.#sound = null;
  }

  #isDone(us: number): boolean {
    const stream = this.#stream;
    if (us >= this.#endUs) return stream === null || stream.passed(this.#endUs);
    // What is there may be shorter than the file says.
    if (stream !== null && !(stream.ended && stream.length === 0)) return false;
    const silentEndUs = stream === null ? this.#endUs : this.#shownEndUs;
    if (this.#sound === null) return us >= silentEndUs;
    return this.#sound.ended && us >= Math.max(this.#sound.endUs, stream === null ? 0 : silentEndUs);
  }

  /** Decoding that cannot keep up must not fall behind more and more: the pictures jump to the clock. */
  #catchUp(us: number, now: number): void {
    const stream = this.#stream;
    if (stream === null || stream.ended || stream.length > 0) return;
    if (us - this.#shownEndUs < LATE_US * this.rate || now - this.#restartedMs < CLOCK_STALL_MS) return;
    this.#restartedMs = now;
    stream.start(Math.min(us, this.#endUs - 1));
  }
}

/** Plays backward or fast: asks for the frame of the moment, and for the next one when that is shown. */
export class ShuttleRun implements Run {
  readonly rate: number;
  readonly #host: RunHost;
  readonly #endUs: number;
  readonly #anchor: Anchor;
  readonly #show: (us: number) => boolean;

  /** `show` asks for a frame and answers false while another one is on its way. */
  constructor(
    host: RunHost,
    options: {
      readonly fromUs: number;
      readonly endUs: number;
      readonly rate: number;
      readonly show: (us: number) => boolean;
    },
  ) {
    this.#host = host;
    this.rate = options.rate;
    this.#endUs = options.endUs;
    this.#show = options.show;
    this.#anchor = { mediaUs: options.fromUs, hostMs: host.now(), rate: options.rate };
  }

  advance(): void {
    const us = positionAt(this.#anchor, this.#host.now());
    const shown = this.#show(Math.min(Math.max(us, 0), this.#endUs - 1));
    if (shown && (us <= 0 || us >= this.#endUs)) this.#host.done();
  }

  stop(): void {
    // Nothing of its own to stop: the wish for a frame is the player's.
  }
}
