/** Sound of one track from a time on, in stretches without seams. */
import { AudioSampleSink, type AudioSample, type InputAudioTrack } from 'mediabunny';
import type { PlaybackSound } from '../../src/runtime/contract/playback.ts';

/**
 * Packets whose times are this near to where the sound before them ended follow it without a seam: Matroska rounds
 * times to milliseconds, and a gap or overlap of half of one at every packet is a buzz.
 */
const SEAM_US = 5000;

/** A stretch being put together. */
interface Run {
  readonly startUs: number;
  readonly sampleRate: number;
  readonly parts: Float32Array<ArrayBuffer>[][];
  frames: number;
}

/** Reads forward from one time. */
export class SoundReader {
  readonly #samples: AsyncGenerator<AudioSample, void, unknown>;
  readonly #originUs: number;
  readonly #fromUs: number;
  /** Where the last stretch ended, exactly. */
  #endUs: number | null = null;

  constructor(track: InputAudioTrack, fromUs: number, originUs: number) {
    // Tracks begin with a negative time where the encoder's priming is hidden: never ask for less than is there.
    this.#samples = new AudioSampleSink(track).samples((fromUs + originUs) / 1e6);
    this.#originUs = originUs;
    this.#fromUs = fromUs;
  }

  /** The next stretches, together about `durationUs` long; none at the end. */
  async next(durationUs: number): Promise<PlaybackSound[]> {
    const runs: Run[] = [];
    let gotUs = 0;
    while (gotUs < durationUs) {
      const result = await this.#samples.next();
      if (result.done === true) break;
      const sample = result.value;
      try {
        gotUs += this.#take(sample, runs);
      } finally {
        sample.close();
      }
    }
    return runs.map(joined);
  }

  async close(): Promise<void> {
    await this.#samples.return().catch(() => undefined);
  }

  /** Adds a packet's sound to the last stretch, or begins one where there is a gap. Answers its length. */
  #take(sample: AudioSample, runs: Run[]): number {
    const { numberOfFrames: frames, sampleRate, numberOfChannels } = sample;
    const lengthUs = (frames * 1e6) / sampleRate;
    const toldUs = sample.timestamp * 1e6 - this.#originUs;
    if (frames === 0 || toldUs + lengthUs <= this.#fromUs) return 0;
    const seamless = this.#endUs !== null && Math.abs(toldUs - this.#endUs) < SEAM_US;
    const startUs = seamless && this.#endUs !== null ? this.#endUs : toldUs;
    let run = runs.at(-1);
    if (!run || !seamless || run.sampleRate !== sampleRate || run.parts.length !== numberOfChannels) {
      run = { startUs, sampleRate, parts: Array.from({ length: numberOfChannels }, () => []), frames: 0 };
      runs.push(run);
    }
    for (const [planeIndex, parts] of run.parts.entries()) {
      const plane = new Float32Array(frames);
      sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
      parts.push(plane);
    }
    run.frames += frames;
    this.#endUs = startUs + lengthUs;
    return lengthUs;
  }
}

function joined({ startUs, sampleRate, parts, frames }: Run): PlaybackSound {
  const channels = parts.map((planes) => {
    const whole = new Float32Array(frames);
    let at = 0;
    for (const plane of planes) {
      whole.set(plane, at);
      at += plane.length;
    }
    return whole;
  });
  return { startUs: Math.round(startUs), sampleRate, channels };
}
