/**
 * ffmpeg.wasm behind Comlink. Sources are mounted by reference (WORKERFS reads slices of the Blob when ffmpeg asks
 * for them), so a file is never read whole; outputs are small chunks and leave as Blobs.
 *
 * The single-threaded core is used on purpose: the threaded one needs cross-origin isolation and is known to hang.
 */
import { FFmpeg, FFFSType } from '@ffmpeg/ffmpeg';
import { isOutOfMemory } from '../../src/core/base/out-of-memory.ts';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type {
  FfmpegAssets,
  FfmpegJob,
  FfmpegOutcome,
  FfmpegProgress,
  FfmpegWorkerApi,
} from '../../src/runtime/contract/ffmpeg.ts';
import { exposeWorker } from '../shared/expose.ts';
import { overlayInputs } from './overlay-inputs.ts';
import { parseProgress } from './progress.ts';

/** Lines of log that are kept: enough for a receipt, bounded for a command that complains about every frame. */
const LOG_LINES = 60;

let engine: FFmpeg | null = null;
let lastAssets: FfmpegAssets | null = null;

/** A core that failed (a trap, a command that ended badly) gives wrong answers afterwards: the next one starts anew. */
function discard(ffmpeg: FFmpeg): void {
  ffmpeg.terminate();
  if (engine === ffmpeg) engine = null;
}

async function load(assets: FfmpegAssets): Promise<Result<null, Failure>> {
  lastAssets = assets;
  if (engine !== null) return ok(null);
  const fresh = new FFmpeg();
  try {
    await fresh.load({
      coreURL: assets.coreUrl,
      wasmURL: assets.wasmUrl,
      classWorkerURL: assets.classWorkerUrl,
    });
  } catch (cause) {
    fresh.terminate();
    return err(
      failure('engine_failed', 'worker_start_failed', `ffmpeg could not be loaded: ${String(cause)}`, {
        cause: String(cause),
      }),
    );
  }
  engine = fresh;
  return ok(null);
}

async function run(
  job: FfmpegJob,
  onProgress: (progress: FfmpegProgress) => void,
): Promise<Result<FfmpegOutcome, Failure>> {
  if (engine === null && lastAssets !== null) {
    const loaded = await load(lastAssets);
    if (!loaded.ok) return loaded;
  }
  if (engine === null) {
    return err(failure('engine_failed', 'worker_start_failed', 'ffmpeg was used before it was loaded.'));
  }
  const ffmpeg = engine;
  let healthy = false;
  const log: string[] = [];
  const stdout: string[] = [];
  const listen = ({ type, message }: { type: string; message: string }): void => {
    if (type === 'stdout') {
      stdout.push(message);
      return;
    }
    const progress = parseProgress(message);
    if (progress !== null) onProgress(progress);
    else {
      log.push(message);
      if (log.length > LOG_LINES) log.shift();
    }
  };
  const started = performance.now();
  const painted = job.paint === undefined ? ok([]) : await overlayInputs(job.paint);
  if (!painted.ok) return painted;
  const inputs = [...job.inputs, ...painted.value];
  ffmpeg.on('log', listen);
  try {
    await ffmpeg.createDir('/in');
    await ffmpeg.createDir('/out');
    if (inputs.length > 0) {
      await ffmpeg.mount(
        FFFSType.WORKERFS,
        { blobs: inputs.map(({ name, data }) => ({ name, data })) },
        '/in',
      );
    }
    // The log level outlives a command inside one core: a quiet command before would hide this one's status lines.
    const args = [
      '-hide_banner',
      '-loglevel',
      'info',
      ...(job.tool === 'ffmpeg' ? ['-stats'] : []),
      ...job.args,
    ];
    const exitCode = job.tool === 'ffprobe' ? await ffmpeg.ffprobe(args) : await ffmpeg.exec(args);
    const outputs: (Blob | null)[] = [];
    for (const { name, type } of job.outputs) outputs.push(await take(ffmpeg, `/out/${name}`, type));
    // ffprobe of this core never sets an exit code (-1); what it printed says whether it worked.
    healthy = exitCode === 0 || job.tool === 'ffprobe';
    return ok({
      exitCode,
      log,
      outputs,
      stdout: stdout.join('\n'),
      wallMs: Math.round(performance.now() - started),
    });
  } catch (cause) {
    const tail = log.slice(-5).join('\n');
    const reason = isOutOfMemory(String(cause)) || isOutOfMemory(tail) ? 'out_of_memory' : 'step_failed';
    return err(
      failure('engine_failed', reason, `ffmpeg broke off: ${String(cause)}`, {
        cause: String(cause),
        tail,
      }),
    );
  } finally {
    ffmpeg.off('log', listen);
    if (healthy) await cleanUp(ffmpeg, inputs.length > 0);
    else discard(ffmpeg);
  }
}

/** Takes an output out of the engine's memory; null when the command did not write it. */
async function take(ffmpeg: FFmpeg, path: string, type: string): Promise<Blob | null> {
  try {
    const bytes = await ffmpeg.readFile(path);
    await ffmpeg.deleteFile(path);
    return typeof bytes === 'string' ? new Blob([bytes], { type }) : new Blob([bytes as BlobPart], { type });
  } catch {
    return null;
  }
}

async function cleanUp(ffmpeg: FFmpeg, mounted: boolean): Promise<void> {
  try {
    if (mounted) await ffmpeg.unmount('/in');
    await ffmpeg.deleteDir('/in');
    for (const node of await ffmpeg.listDir('/out')) {
      if (!node.isDir) await ffmpeg.deleteFile(`/out/${node.name}`);
    }
    await ffmpeg.deleteDir('/out');
  } catch {
    discard(ffmpeg);
  }
}

const api: FfmpegWorkerApi = { ping: () => Promise.resolve('pong'), load, run };
exposeWorker(api);
