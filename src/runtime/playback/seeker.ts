/** Single frames by time. Dragging asks faster than frames are decoded: only the newest wish is kept. */
import type { Failure } from '../../core/base/failure.ts';
import type { PlaybackFrame } from '../contract/playback.ts';
import type { PlaybackLink } from './link.ts';

/**
 * A frame that is asked for is waited for this long before a newer wish takes its place: so dragging over short
 * groups of pictures shows every frame that it can, and over long ones does not wait for each.
 */
const PATIENCE_MS = 150;

/** What the seeker needs and tells. */
export interface SeekerHost {
  readonly now: () => number;
  readonly requestFrame: (callback: () => void) => unknown;
  /** Null: nothing is on display at that time. Whoever gets the frame owns it. */
  readonly found: (frame: PlaybackFrame | null, askedUs: number) => void;
  readonly failed: (failure: Failure, askedUs: number) => void;
}

/** Asks for frames; one answer at a time, for the newest wish. */
export class Seeker {
  readonly #host: SeekerHost;
  readonly #link: PlaybackLink;
  #newest = 0;
  #waiting = false;
  #sinceMs = 0;
  #next: number | null = null;

  constructor(link: PlaybackLink, host: SeekerHost) {
    this.#link = link;
    this.#host = host;
  }

  /** Whether a frame is on its way. */
  get busy(): boolean {
    return this.#waiting;
  }

  /** Wishes for the frame at a time. */
  request(us: number): void {
    if (!this.#waiting) {
      this.#ask(us);
      return;
    }
    const watching = this.#next !== null;
    this.#next = us;
    if (!watching) this.#watch();
  }

  /** Forgets all wishes. */
  cancel(): void {
    this.#newest += 1;
    this.#waiting = false;
    this.#next = null;
  }

  #ask(us: number): void {
    const number = (this.#newest += 1);
    this.#waiting = true;
    this.#sinceMs = this.#host.now();
    this.#next = null;
    void this.#link
      .request((api) => api.frameAt(us))
      .then((result) => {
        if (number !== this.#newest) {
          if (result.ok) result.value?.frame.close();
          return;
        }
        this.#waiting = false;
        const next = this.#next;
        if (result.ok) this.#host.found(result.value, us);
        else if (result.error.code !== 'aborted') this.#host.failed(result.error, us);
        // `found` may have asked for another one, or have cancelled.
        if (next !== null && number === this.#newest) this.#ask(next);
      });
  }

  #watch(): void {
    if (!this.#waiting || this.#next === null) return;
    if (this.#host.now() - this.#sinceMs >= PATIENCE_MS) this.#ask(this.#next);
    else this.#host.requestFrame(() => this.#watch());
  }
}
