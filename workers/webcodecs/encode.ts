/** The browser's picture encoder: bounded, never hanging, packets in the order in which they are made. */
import { CodecProblem } from './problem.ts';
import { Turn } from './turn.ts';

/** Pictures inside the encoder. */
const IN_ENCODER = 4;

/** An encoded picture. */
export interface EncodedPicture {
  readonly data: Uint8Array;
  readonly key: boolean;
  /** Microseconds from the start of the segment. */
  readonly timestampUs: number;
}

/** One run of an encoder. */
export class PictureEncoder {
  readonly pictures: EncodedPicture[] = [];
  /** The decoder's configuration, known after the first picture. */
  description: VideoDecoderConfig | null = null;
  bytes = 0;
  readonly #encoder: VideoEncoder;
  readonly #turn = new Turn();
  #problem: CodecProblem | null = null;

  constructor(config: VideoEncoderConfig) {
    this.#encoder = new VideoEncoder({
      output: (chunk, meta) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        this.bytes += data.length;
        this.pictures.push({ data, key: chunk.type === 'key', timestampUs: chunk.timestamp });
        this.description ??= meta?.decoderConfig ?? null;
        this.#turn.wake();
      },
      error: (cause) => {
        this.#problem ??= CodecProblem.of(cause);
        this.#turn.wake();
      },
    });
    this.#encoder.addEventListener('dequeue', this.#turn.wake);
    this.#encoder.configure(config);
  }

  /** Takes a picture (and closes it); resolves when there is room for the next one. */
  async add(frame: VideoFrame, options: VideoEncoderEncodeOptions): Promise<void> {
    try {
      this.#check();
      this.#encoder.encode(frame, options);
    } finally {
      frame.close();
    }
    while (this.#encoder.encodeQueueSize > IN_ENCODER) {
      await this.#turn.wait();
      this.#check();
    }
  }

  /** Waits for what is inside. */
  async finish(): Promise<void> {
    let flushed = false;
    this.#encoder.flush().then(
      () => {
        flushed = true;
        this.#turn.wake();
      },
      (cause: unknown) => {
        this.#problem ??= CodecProblem.of(cause);
        this.#turn.wake();
      },
    );
    const done = (): boolean => flushed;
    while (!done()) {
      this.#check();
      await this.#turn.wait();
    }
    this.#check();
  }

  close(): void {
    if (this.#encoder.state !== 'closed') this.#encoder.close();
  }

  #check(): void {
    if (this.#problem !== null) throw this.#problem;
  }
}
