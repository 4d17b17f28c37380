/** Frames in a row, read a bounded few ahead of the moment at which they are shown. */
import type { Failure } from '../../core/base/failure.ts';
import type { PlaybackFrame } from '../contract/playback.ts';
import type { PlaybackLink } from './link.ts';

/** Frames kept ready. Each is a decoded picture: 3 MB at 1080p, 12 MB at 4K. */
const READY = 8;
/** Frames fetched at a time. */
const BATCH = 3;

/** A queue of decoded frames that fills itself. It owns its frames until it hands them out. */
export class FrameStream {
  readonly #link: PlaybackLink;
  #frames: PlaybackFrame[] = [];
  #run = 0;
  #pulling = false;
  #ended = true;
  #failure: Failure | null = null;
  /** Where the next frame begins. */
  #nextUs = 0;
  #restarted = false;

  constructor(link: PlaybackLink) {
    this.#link = link;
  }

  /** Frames that are ready. */
  get length(): number {
    return this.#frames.length;
  }

  /** Whether no frame will come any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why the stream ended early, null when it did not. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Starts at the frame on display at a time. */
  start(fromUs: number): void {
    this.clear();
    this.#ended = false;
    this.#failure = null;
    this.#restarted = false;
    this.#begin(fromUs);
  }

  #begin(fromUs: number): void {
    const run = this.#run;
    this.#nextUs = fromUs;
    this.#pulling = true;
    void this.#link
      .request((api) => api.startFrames(fromUs))
      .then((result) => {
        if (run !== this.#run) return;
        this.#pulling = false;
        if (result.ok) this.pump();
        else this.#fail(result.error);
      });
  }

  /** Whether the next frame is the one that follows the time at which the frame on display ends. */
  continuesAt(us: number): boolean {
    const next = this.#frames[0];
    return next !== undefined && Math.abs(next.timeUs - us) <= 1000;
  }

  /** Fetches where there is room. */
  pump(): void {
    if (this.#pulling || this.#ended || this.#frames.length > READY - BATCH) return;
    const run = this.#run;
    this.#pulling = true;
    void this.#link
      .request((api) => api.nextFrames(BATCH))
      .then((result) => {
        if (run !== this.#run) {
          if (result.ok) for (const { frame } of result.value) frame.close();
          return;
        }
        this.#pulling = false;
        if (!result.ok) {
          // The worker died and a new one knows nothing of the stream: go on where the old one was, once.
          if (result.error.code === 'not_ready' && !this.#restarted) {
            this.#restarted = true;
            this.#begin(this.#nextUs);
          } else this.#fail(result.error);
          return;
        }
        this.#restarted = false;
        const last = result.value.at(-1);
        if (last !== undefined) this.#nextUs = last.timeUs + last.durationUs;
        this.#frames.push(...result.value);
        if (result.value.length === 0) this.#ended = true;
        else this.pump();
      });
  }

  /** The newest frame that appears at or before a time; older ones are dropped. Null when none is due. */
  takeDue(us: number): PlaybackFrame | null {
    let due: PlaybackFrame | null = null;
    for (let next = this.#frames[0]; next !== undefined && next.timeUs <= us; next = this.#frames[0]) {
      due?.frame.close();
      due = next;
      this.#frames.shift();
    }
    return due;
  }

  /** The next frame if it is the one that is looked for. */
  takeIf(wanted: (frame: PlaybackFrame) => boolean): PlaybackFrame | null {
    const next = this.#frames[0];
    return next !== undefined && wanted(next) ? (this.#frames.shift() ?? null) : null;
  }

  /** Whether no frame before a time is to come. */
  passed(us: number): boolean {
    const next = this.#frames[0];
    return next === undefined ? this.#ended : next.timeUs >= us;
  }

  /** Lets all frames go and ends the stream. */
  clear(): void {
    this.#run += 1;
    this.#pulling = false;
    this.#ended = true;
    for (const { frame } of this.#frames.splice(0)) frame.close();
  }

  #fail(problem: Failure): void {
    this.#ended = true;
    this.#failure = problem;
  }
}
