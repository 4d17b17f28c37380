/** A stretch of sound to PCM, through the browser's decoders. */
import type { Input } from 'mediabunny';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { CodecOutcome, PcmJob } from '../../../src/runtime/contract/webcodecs.ts';
import { failureOf, messageOf } from '../../shared/failure.ts';
import { withInput } from '../../shared/open.ts';
import { decodeBlocks, SoundDecodeError } from './blocks.ts';
import { SampleGrid } from './grid.ts';
import { SoundPlacer, UnfitSoundError } from './placer.ts';

/** PCM is handed to the browser's own store in parts of this size: it need not stay in the worker's memory. */
const PART_BYTES = 4 << 20;
/** Smallest step of progress that is told. */
const PROGRESS_STEP = 0.02;

/** Collects bytes as a Blob. */
class PcmParts {
  readonly #blobs: Blob[] = [];
  #chunks: Int16Array<ArrayBuffer>[] = [];
  #bytes = 0;

  readonly add = (chunk: Int16Array<ArrayBuffer>): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= PART_BYTES) this.#seal();
  };

  blob(): Blob {
    this.#seal();
    return new Blob(this.#blobs);
  }

  #seal(): void {
    if (this.#chunks.length > 0) this.#blobs.push(new Blob(this.#chunks));
    this.#chunks = [];
    this.#bytes = 0;
  }
}

function describe(cause: unknown): Failure {
  const message = messageOf(cause);
  if (cause instanceof SoundDecodeError && cause.reason !== 'step_failed') {
    return failure('unsupported_media', cause.reason, message, { cause: message });
  }
  if (cause instanceof SoundDecodeError || cause instanceof UnfitSoundError) {
    return failure('engine_failed', 'step_failed', `The browser could not decode the sound: ${message}`, {
      cause: message,
    });
  }
  return failureOf(cause);
}

async function fill(input: Input, job: PcmJob, grid: SampleGrid, tell: () => void): Promise<string> {
  const { step, settings, source } = job;
  const track = (await input.getAudioTracks())[source.order];
  if (track === undefined)
    throw new SoundDecodeError('The file does not have this sound track.', 'no_tracks');
  const placer = new SoundPlacer(grid, settings.sampleRate, settings.channels);
  const start = (step.startUs + source.originUs) / 1e6;
  const stretch = { start, end: start + step.samples / settings.sampleRate + 0.05 };
  const codec = await decodeBlocks(input, track, stretch, (block) => {
    placer.add(block);
    tell();
    return !grid.full;
  });
  placer.finish();
  return codec;
}

/** See `WebcodecsWorkerApi.decodeSound`. */
export async function decodeSound(
  job: PcmJob,
  onProgress: (fraction: number) => void,
): Promise<Result<CodecOutcome, Failure>> {
  const started = performance.now();
  const { step, settings } = job;
  const parts = new PcmParts();
  const grid = new SampleGrid({
    samples: step.samples,
    channels: settings.channels,
    fadeInSamples: step.fadeInSamples,
    fadeOutSamples: step.fadeOutSamples,
    emit: parts.add,
  });
  let told = 0;
  const tell = (): void => {
    const fraction = grid.cursor / Math.max(1, step.samples);
    if (fraction - told < PROGRESS_STEP) return;
    told = fraction;
    onProgress(fraction);
  };
  let codec = 'none';
  if (step.assetId !== null) {
    const decoded = await withInput<string>(job.source.file, async (input) => {
      try {
        return ok(await fill(input, job, grid, tell));
      } catch (cause) {
        // Anything else is about the file, and withInput() finds out what.
        if (!(cause instanceof SoundDecodeError || cause instanceof UnfitSoundError)) throw cause;
        return err(describe(cause));
      }
    });
    if (!decoded.ok) return decoded;
    codec = decoded.value;
  }
  grid.finish();
  onProgress(1);
  return ok({
    data: parts.blob(),
    frames: 0,
    config: [
      `decode ${codec}`,
      `pcm_s16le ${String(settings.sampleRate)} Hz, ${String(settings.channels)} channels`,
    ],
    wallMs: Math.round(performance.now() - started),
    references: [],
  });
}
