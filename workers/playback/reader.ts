/** One pass forward over decoded frames that always knows when a frame ends: at the time of the next one. */
import type { VideoSample } from 'mediabunny';

/** A decoded frame on its way; whoever takes it closes the sample. Times in microseconds of the asset. */
export interface ReadFrame {
  readonly sample: VideoSample;
  readonly timeUs: number;
  /** The next frame's time; for the last frame its own time and length. */
  readonly endUs: number;
  readonly last: boolean;
}

/** Reads forward. One frame is always decoded ahead; the packet reader decodes a bounded few more. */
export class FrameReader {
  readonly #samples: AsyncGenerator<VideoSample, void, unknown>;
  readonly #originUs: number;
  #ahead: VideoSample | null = null;
  #started = false;
  #closed = false;

  constructor(samples: AsyncGenerator<VideoSample, void, unknown>, originUs: number) {
    this.#samples = samples;
    this.#originUs = originUs;
  }

  /** When the next frame appears; null before the first one was read and after the last one. */
  get nextUs(): number | null {
    return this.#ahead === null ? null : this.#timeOf(this.#ahead);
  }

  /** The next frame, null after the last one. */
  async next(): Promise<ReadFrame | null> {
    if (!this.#started) {
      this.#started = true;
      this.#ahead = await this.#pull();
    }
    const sample = this.#ahead;
    if (sample === null) return null;
    this.#ahead = null;
    try {
      this.#ahead = await this.#pull();
    } catch (error) {
      sample.close();
      throw error;
    }
    const timeUs = this.#timeOf(sample);
    const last = this.#ahead === null;
    const endUs =
      this.#ahead === null ? timeUs + Math.max(1, sample.microsecondDuration) : this.#timeOf(this.#ahead);
    return { sample, timeUs, endUs, last };
  }

  /** Lets the decoder and everything decoded ahead go. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ahead?.close();
    this.#ahead = null;
    await this.#samples.return().catch(() => undefined);
  }

  async #pull(): Promise<VideoSample | null> {
    const result = await this.#samples.next();
    if (result.done === true) return null;
    if (!this.#closed) return result.value;
    result.value.close();
    return null;
  }

  #timeOf(sample: VideoSample): number {
    return Math.round(sample.timestamp * 1e6) - this.#originUs;
  }
}
