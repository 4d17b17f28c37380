/** Puts decoded sound where its times say, in the output's channels and sample rate. Pure. */
import type { SampleGrid } from './grid.ts';
import { mix, mixMatrix, type MixMatrix } from './mix.ts';
import { canResample, Resampler, type Resampled } from './resample.ts';

/**
 * Blocks whose times are this near to where the sound before them ended follow it without a seam: containers round
 * times, and a gap or an overlap of a few samples at every packet is a buzz. Larger jumps are real.
 */
const SEAM_SECONDS = 0.015;

/** One block as it came out of a decoder. */
export interface SoundBlock {
  /** When its first sample is heard, seconds from the start of the stretch; may be negative. */
  readonly seconds: number;
  readonly sampleRate: number;
  readonly planes: readonly Float32Array[];
}

/** Sound that this engine cannot turn into what is wanted; another one may. */
export class UnfitSoundError extends Error {}

/** An unbroken stretch of blocks. */
interface Run {
  readonly sampleRate: number;
  readonly channels: number;
  readonly matrix: MixMatrix | 'identity';
  /** Null where the rate is the output's. */
  readonly resampler: Resampler | null;
  readonly startSeconds: number;
  /** Where it starts on the output's grid. */
  readonly at: number;
  frames: number;
}

/** Takes blocks in the order of time. */
export class SoundPlacer {
  readonly #grid: SampleGrid;
  readonly #sampleRate: number;
  readonly #channels: number;
  #run: Run | null = null;

  constructor(grid: SampleGrid, sampleRate: number, channels: number) {
    this.#grid = grid;
    this.#sampleRate = sampleRate;
    this.#channels = channels;
  }

  /** @throws UnfitSoundError */
  add(block: SoundBlock): void {
    const frames = block.planes[0]?.length ?? 0;
    if (frames === 0) return;
    const run = this.#runFor(block);
    const planes = mix(block.planes, run.matrix);
    if (run.resampler === null) this.#grid.write(run.at + run.frames, planes);
    else this.#put(run.resampler.push(planes));
    run.frames += frames;
  }

  /** Ends the sound: what a resampler still holds is written. */
  finish(): void {
    if (this.#run?.resampler) this.#put(this.#run.resampler.end());
    this.#run = null;
  }

  #put({ at, planes }: Resampled): void {
    this.#grid.write(at, planes);
  }

  #runFor(block: SoundBlock): Run {
    const run = this.#run;
    if (run?.sampleRate === block.sampleRate && run.channels === block.planes.length) {
      const expected = run.startSeconds + run.frames / run.sampleRate;
      if (Math.abs(block.seconds - expected) < SEAM_SECONDS) return run;
    }
    this.finish();
    const fresh = this.#start(block);
    this.#run = fresh;
    return fresh;
  }

  #start({ seconds, sampleRate, planes }: SoundBlock): Run {
    const matrix = mixMatrix(planes.length, this.#channels);
    if (matrix === null) {
      throw new UnfitSoundError(
        `${String(planes.length)} channels cannot be mixed to ${String(this.#channels)}.`,
      );
    }
    const same = sampleRate === this.#sampleRate;
    if (!same && !canResample(sampleRate, this.#sampleRate)) {
      throw new UnfitSoundError(
        `Sound of ${String(sampleRate)} Hz cannot be made ${String(this.#sampleRate)} Hz.`,
      );
    }
    const start = seconds * this.#sampleRate;
    return {
      sampleRate,
      channels: planes.length,
      matrix,
      resampler: same ? null : new Resampler(sampleRate, this.#sampleRate, this.#channels, start),
      startSeconds: seconds,
      at: Math.round(start),
      frames: 0,
    };
  }
}
