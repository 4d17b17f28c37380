/**
 * Where the player is: the frame that is wanted and the frame that is shown. What the state says is on display is
 * what the stage shows; the wanted frame runs ahead of it while a frame is being decoded.
 */
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { PlaybackFrame, PlaybackSource } from '../contract/playback.ts';
import type { Stage } from './draw.ts';
import type { PlaybackLink } from './link.ts';
import { frameAtTime, frameEndUs, frameOfDecoded, frameStartUs, insideFrameUs } from './lookup.ts';
import type { Seeker } from './seeker.ts';
import type { Store } from './store.ts';
import type { FrameStream } from './stream.ts';
import type { PlayerState } from './types.ts';

/** An open source and what reads from it. */
export interface Opened {
  readonly media: PlaybackSource;
  readonly link: PlaybackLink;
  readonly seeker: Seeker;
  readonly stream: FrameStream;
}

/** The place in the asset. */
export class Cursor {
  /** What is read; null while nothing can be. */
  opened: Opened | null = null;
  readonly #store: Store<PlayerState>;
  readonly #stage: Stage;
  /** Where the person wants to be; steps count from here. */
  #wantedUs = 0;
  #wantedFrame: number | null = null;
  #shown: { readonly timeUs: number; readonly durationUs: number } | null = null;
  #shuttledUs: number | null = null;

  constructor(store: Store<PlayerState>, stage: Stage) {
    this.#store = store;
    this.#stage = stage;
  }

  get wantedUs(): number {
    return this.#wantedUs;
  }

  /** Whether the source has pictures. */
  get hasVideo(): boolean {
    return this.opened !== null && this.opened.media.videoOrder !== null;
  }

  /** Forgets what is shown: it belongs to another source. */
  reset(): void {
    this.#shown = null;
  }

  /** Where the person is while nothing plays: what is on its way counts more than what is shown. */
  here(): number {
    return this.opened?.seeker.busy === true ? this.#wantedUs : this.#store.get().timeUs;
  }

  /** Goes to the frame on display at a time. */
  goTo(us: number): void {
    this.#wantedUs = us;
    if (this.opened === null) return;
    const index = this.#index();
    if (!this.hasVideo) this.tell(us);
    else if (index !== null) this.#goToFrame(index, frameAtTime(index, us));
    else {
      this.#wantedFrame = null;
      this.opened.stream.clear();
      this.opened.seeker.request(us);
    }
  }

  /** Goes on by whole frames, from the frame that is wanted. */
  step(count: number): void {
    if (count === 0 || this.opened === null || !this.hasVideo) return;
    const { timeUs, frameEndUs: endUs, frame, durationUs } = this.#store.get();
    const index = this.#index();
    if (index !== null) {
      this.#goToFrame(index, (this.#wantedFrame ?? frame ?? frameAtTime(index, this.#wantedUs)) + count);
      return;
    }
    // Without the index the frame's own length stands for its neighbours'.
    const length = Math.max(1, endUs - timeUs);
    const next = count > 0 ? endUs + (count - 1) * length : timeUs - 1 + (count + 1) * length;
    const us = this.opened.seeker.busy ? this.#wantedUs + count * length : next;
    this.goTo(Math.min(Math.max(us, 0), durationUs));
  }

  /** Starts to play from here: until a frame is drawn, this is where the person wants to be. */
  playFrom(us: number): void {
    this.#wantedUs = us;
    this.#wantedFrame = null;
    this.#shuttledUs = null;
  }

  /** Asks for the frame of a moment of fast or backward playing; false while a frame is on its way. */
  shuttleTo(us: number): boolean {
    if (this.opened === null || this.opened.seeker.busy) return false;
    if (!this.hasVideo) {
      this.tell(us);
      return true;
    }
    const index = this.#index();
    const exact = index === null ? us : insideFrameUs(index, frameAtTime(index, us));
    // Asked and answered, even where a damaged file answers with another frame.
    if (this.isShown(us) || exact === this.#shuttledUs) return true;
    this.#shuttledUs = exact;
    this.opened.seeker.request(exact);
    return false;
  }

  /** Shows a frame and owns it. */
  present(frame: PlaybackFrame): void {
    this.#shown = { timeUs: frame.timeUs, durationUs: frame.durationUs };
    this.#stage.show(frame);
    this.#tellShown();
  }

  /** The position of a source without pictures. */
  tell(us: number): void {
    this.#wantedUs = us;
    this.#store.patch({ timeUs: Math.round(us), frameEndUs: Math.round(us) });
  }

  /** What is shown is where the person wants to be. */
  settle(): void {
    this.#wantedUs = this.#store.get().timeUs;
    this.#wantedFrame = this.#store.get().frame;
  }

  /** The index has come: says which frame it is that is shown. */
  indexed(): void {
    if (this.opened === null || !this.hasVideo) return;
    if (this.#shown === null) {
      this.goTo(this.#wantedUs);
      return;
    }
    this.#tellShown();
    if (!this.opened.seeker.busy) this.settle();
  }

  /** Whether the frame on display at a time is shown. */
  isShown(us: number): boolean {
    if (!this.hasVideo) return true;
    if (this.#shown === null) return false;
    const { timeUs, frameEndUs: endUs, frame } = this.#store.get();
    const index = this.#index();
    return index === null ? timeUs <= us && us < endUs : frameAtTime(index, us) === frame;
  }

  /** Whether nothing is left to play forward from a time. */
  isLast(us: number): boolean {
    const { durationUs, frameEndUs: endUs, timeUs } = this.#store.get();
    const index = this.#index();
    if (us >= durationUs) return true;
    if (!this.hasVideo) return false;
    if (index === null) return us >= timeUs && this.#shown !== null && endUs >= durationUs;
    return frameAtTime(index, us) >= index.timesUs.length - 1;
  }

  #index(): FrameIndex | null {
    const { index } = this.#store.get();
    return index !== null && index.timesUs.length > 0 ? index : null;
  }

  #goToFrame(index: FrameIndex, wanted: number): void {
    const opened = this.opened;
    if (opened === null) return;
    const frame = Math.min(Math.max(wanted, 0), index.timesUs.length - 1);
    this.#wantedFrame = frame;
    this.#wantedUs = Math.max(0, frameStartUs(index, frame));
    if (!opened.seeker.busy) {
      if (frame === this.#store.get().frame && this.#shown !== null) return;
      // After a pause the next frames are decoded already.
      const ready = opened.stream.takeIf((one) => frameOfDecoded(index, one) === frame);
      if (ready !== null) {
        this.present(ready);
        return;
      }
    }
    opened.stream.clear();
    opened.seeker.request(insideFrameUs(index, frame));
  }

  #tellShown(): void {
    const shown = this.#shown;
    if (shown === null) return;
    const index = this.#index();
    if (index === null) {
      this.#store.patch({ timeUs: shown.timeUs, frameEndUs: shown.timeUs + shown.durationUs, frame: null });
      return;
    }
    const frame = frameOfDecoded(index, shown);
    // The first frame may have begun before the asset does, where an edit list cuts into it.
    const timeUs = Math.max(0, frameStartUs(index, frame));
    this.#store.patch({ timeUs, frameEndUs: frameEndUs(index, frame), frame });
  }
}
