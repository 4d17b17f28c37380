/** The samples of a stretch: exactly so many, silence where nothing was put, with fades, as 16-bit numbers. Pure. */

/** Frames (one sample of every channel) that are handed on at once: 1.4 s of stereo at 48 kHz. */
const CHUNK_FRAMES = 65_536;

/** What a stretch is to be. */
export interface GridOptions {
  /** Samples per channel. */
  readonly samples: number;
  readonly channels: number;
  /** Length of the linear fades at its ends, samples. */
  readonly fadeInSamples: number;
  readonly fadeOutSamples: number;
  /** Takes finished samples, interleaved, in order. The array is not used again. */
  readonly emit: (chunk: Int16Array<ArrayBuffer>) => void;
}

/** Takes sound in the order of time. */
export class SampleGrid {
  readonly #options: GridOptions;
  #chunk: Int16Array<ArrayBuffer>;
  /** Next sample to be written, from the start of the stretch. */
  #cursor = 0;
  /** Frames in the chunk. */
  #filled = 0;

  constructor(options: GridOptions) {
    this.#options = options;
    this.#chunk = new Int16Array(CHUNK_FRAMES * options.channels);
  }

  /** The first sample that is still to come. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Nothing more is wanted. */
  get full(): boolean {
    return this.#cursor >= this.#options.samples;
  }

  /** Puts sound with its first sample at `at`. What lies before the cursor or outside of the stretch is left out. */
  write(at: number, planes: readonly Float32Array[]): void {
    const length = planes[0]?.length ?? 0;
    const start = Math.max(at, this.#cursor);
    const end = Math.min(at + length, this.#options.samples);
    if (end <= start) return;
    this.#silenceTo(start);
    while (this.#cursor < end) {
      const count = Math.min(end - this.#cursor, CHUNK_FRAMES - this.#filled);
      for (const [channel, plane] of planes.entries())
        this.#quantise(plane, this.#cursor - at, count, channel);
      this.#advance(count);
    }
  }

  /** Silence for the rest; hands on what is left. */
  finish(): void {
    this.#silenceTo(this.#options.samples);
    if (this.#filled > 0) this.#options.emit(this.#chunk.slice(0, this.#filled * this.#options.channels));
    this.#filled = 0;
  }

  #silenceTo(index: number): void {
    while (this.#cursor < index) {
      const count = Math.min(index - this.#cursor, CHUNK_FRAMES - this.#filled);
      const { channels } = this.#options;
      this.#chunk.fill(0, this.#filled * channels, (this.#filled + count) * channels);
      this.#advance(count);
    }
  }

  #quantise(plane: Float32Array, from: number, count: number, channel: number): void {
    const { channels, samples, fadeInSamples, fadeOutSamples } = this.#options;
    const chunk = this.#chunk;
    const cursor = this.#cursor;
    const fades = cursor < fadeInSamples || cursor + count > samples - fadeOutSamples;
    let out = this.#filled * channels + channel;
    for (let n = 0; n < count; n += 1) {
      let value = (plane[from + n] as number) * 32_768;
      if (fades) value *= this.#gain(cursor + n);
      chunk[out] = value >= 32_767 ? 32_767 : value <= -32_768 ? -32_768 : Math.round(value);
      out += channels;
    }
  }

  /** FFmpeg's `afade` with its default curve. */
  #gain(index: number): number {
    const { samples, fadeInSamples, fadeOutSamples } = this.#options;
    const rise = index < fadeInSamples ? index / fadeInSamples : 1;
    const left = samples - index;
    return left < fadeOutSamples ? rise * (left / fadeOutSamples) : rise;
  }

  #advance(count: number): void {
    this.#cursor += count;
    this.#filled += count;
    if (this.#filled < CHUNK_FRAMES) return;
    this.#options.emit(this.#chunk);
    this.#chunk = new Int16Array(CHUNK_FRAMES * this.#options.channels);
    this.#filled = 0;
  }
}
