/** The universal engine: a pool of ffmpeg workers, one per core. */
import { proxy } from 'comlink';
import type {
  FfmpegAssets,
  FfmpegEngine,
  FfmpegJob,
  FfmpegOutcome,
  FfmpegProgress,
  FfmpegWorkerApi,
} from '../../contract/ffmpeg.ts';
import type { Failure } from '../../../core/base/failure.ts';
import type { Result } from '../../../core/base/result.ts';
import type { CallOptions } from '../../contract/supervised.ts';
import { WorkerPool } from '../worker-pool.ts';

/** WebAssembly memory never shrinks, and the core gets unreliable after dozens of commands: replace it early. */
const MAX_COMMANDS = 8;

/** Starts nothing yet: workers come with the first command. */
export function createFfmpegEngine(options: {
  readonly spawn: () => Worker;
  readonly assets: FfmpegAssets;
  readonly concurrency: number;
}): FfmpegEngine {
  const pool = new WorkerPool<FfmpegWorkerApi>({
    name: 'ffmpeg',
    size: options.concurrency,
    spawn: options.spawn,
    prepare: (api) => api.load(options.assets),
    maxCalls: MAX_COMMANDS,
    startMs: 120_000,
    stallMs: 180_000,
  });
  return {
    concurrency: options.concurrency,
    get alive() {
      return pool.alive;
    },
    run(
      job: FfmpegJob,
      callOptions: CallOptions & { readonly onProgress?: (progress: FfmpegProgress) => void } = {},
    ): Promise<Result<FfmpegOutcome, Failure>> {
      return pool.call(async (api, beat) => {
        const listen = proxy((progress: FfmpegProgress) => {
          // Two numbers in one, as each may stand still while the other goes on.
          beat((progress.frames ?? 0) + (progress.timeUs ?? 0));
          callOptions.onProgress?.(progress);
        });
        return api.run(job, listen);
      }, callOptions);
    },
    dispose() {
      pool.dispose();
    },
  };
}
