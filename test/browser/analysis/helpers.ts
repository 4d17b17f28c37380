import { wrap, type Remote } from 'comlink';
import {
  BufferTarget,
  CanvasSource,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
  type OutputFormat,
} from 'mediabunny';
import { afterEach } from 'vitest';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { Result } from '../../../src/core/base/result.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';

const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

/** Starts the real worker; it is ended after the test. */
export function analysis(): Remote<AnalysisWorkerApi> {
  const worker = new Worker(new URL('../../../workers/analysis/worker.ts', import.meta.url), {
    type: 'module',
  });
  workers.push(worker);
  return wrap<AnalysisWorkerApi>(worker);
}

/** The value of a result that must be good. */
export function value<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.code}/${result.error.reason}: ${result.error.message}`);
  return result.value;
}

/** The reason of a result that must be bad. */
export function reason(result: Result<unknown, Failure>): string {
  return result.ok ? 'ok' : result.error.reason;
}

/** Kinds of files that the tests write with the browser's own encoder. */
export const CONTAINERS: Readonly<Record<string, () => OutputFormat>> = {
  mp4: () => new Mp4OutputFormat({ fastStart: 'in-memory' }),
  'mp4 with its index last': () => new Mp4OutputFormat({ fastStart: false }),
  'fragmented mp4': () => new Mp4OutputFormat({ fastStart: 'fragmented' }),
  mov: () => new MovOutputFormat({ fastStart: 'in-memory' }),
  webm: () => new WebMOutputFormat(),
  mkv: () => new MkvOutputFormat(),
};

/** What a clip of the tests is made of. */
export interface Clip {
  readonly container?: string;
  readonly codec?: 'avc' | 'vp9' | 'vp8';
  readonly frames?: number;
  readonly fps?: number;
  readonly width?: number;
  readonly height?: number;
  readonly rotation?: 0 | 90 | 180 | 270;
  /** Seconds at which frame i is shown, where the rate is not constant. */
  readonly at?: (frame: number) => number;
}

/** Writes a clip: frame i is a grey of its own with a bar that moves. Key frame each second. */
export async function makeClip(clip: Clip = {}): Promise<File> {
  const { container = 'mp4', frames = 50, fps = 25, width = 320, height = 180, rotation = 0 } = clip;
  const codec = clip.codec ?? (container === 'webm' ? 'vp9' : 'avc');
  const at = clip.at ?? ((frame: number) => frame / fps);
  const format = CONTAINERS[container];
  if (format === undefined) throw new Error(`No such container: ${container}`);
  const target = new BufferTarget();
  const output = new Output({ format: format(), target });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  const source = new CanvasSource(canvas, {
    codec,
    quality: new Quality('medium'),
    keyFrameInterval: 1,
    latencyMode: 'realtime',
  });
  output.addVideoTrack(source, { rotation, ...(clip.at === undefined ? { frameRate: fps } : {}) });
  await output.start();
  for (let frame = 0; frame < frames; frame++) {
    const grey = 40 + ((frame * 37) % 160);
    context.fillStyle = `rgb(${String(grey)} ${String(grey)} ${String(grey)})`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'red';
    context.fillRect((frame * 7) % width, 0, 20, 40);
    await source.add(at(frame), at(frame + 1) - at(frame));
  }
  await output.finalize();
  return new File(
    [target.buffer!],
    `clip.${container === 'webm' ? 'webm' : container === 'mkv' ? 'mkv' : 'mp4'}`,
  );
}
