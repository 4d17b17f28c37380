import {
  AudioSampleSource,
  AudioSample,
  BlobSource,
  BufferTarget,
  CanvasSource,
  EncodedPacketSink,
  Input,
  ALL_FORMATS,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSampleSink,
} from 'mediabunny';
import { afterEach } from 'vitest';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { PlaybackSource, PlaybackWorkerApi } from '../../../src/runtime/contract/playback.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';
import { createPlayer } from '../../../src/runtime/playback/player.ts';
import type { PlayerSource, PlayerState, RuntimePlayer } from '../../../src/runtime/playback/types.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A worker as the page starts it. */
export function worker(): WorkerPool<PlaybackWorkerApi> {
  const pool = new WorkerPool<PlaybackWorkerApi>({
    name: 'playback',
    size: 1,
    spawn: () =>
      new Worker(new URL('../../../workers/playback/worker.ts', import.meta.url), { type: 'module' }),
  });
  cleanUps.push(() => pool.dispose());
  return pool;
}

/** A worker that serves one source for the whole test. */
export function withSource<T>(
  source: PlaybackSource,
  work: (api: Parameters<Parameters<WorkerPool<PlaybackWorkerApi>['call']>[0]>[0]) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    void worker()
      .call(async (api) => {
        const opened = await api.open(source);
        if (!opened.ok) return opened;
        await work(api).then(resolve, reject);
        return { ok: true, value: null };
      })
      .then((result) => {
        if (!result.ok) reject(new Error(result.error.message));
      });
  });
}

/** Bits of the frame number as black and white columns: what is decoded says which frame it is. */
const BITS = 10;

export const WIDTH = 320;
export const HEIGHT = 180;

function paint(context: OffscreenCanvasRenderingContext2D, frame: number): void {
  context.fillStyle = '#557799';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let bit = 0; bit < BITS; bit += 1) {
    context.fillStyle = (frame >> bit) & 1 ? '#ffffff' : '#000000';
    context.fillRect(bit * 30 + 10, 60, 30, 60);
  }
}

/** Reads the frame number from what a canvas shows. */
export function numberOn(canvas: HTMLCanvasElement | OffscreenCanvas): number {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const [red = 0] = context.getImageData(bit * 30 + 25, 90, 1, 1).data;
    if (red > 127) number |= 1 << bit;
  }
  return number;
}

/** Reads the frame number from a decoded frame, and closes it. */
export function numberOf(frame: VideoFrame): number {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, WIDTH, HEIGHT);
  frame.close();
  return numberOn(canvas);
}

export interface ClipOptions {
  readonly frames: number;
  /** Seconds of frame n; default 25 a second. */
  readonly timeOf?: (frame: number) => number;
  readonly keyEvery?: number;
  readonly sound?: boolean;
  readonly container?: 'mp4' | 'mkv';
  readonly rotation?: 0 | 90 | 180 | 270;
}

/** A clip of numbered frames; the sound is a tone that starts with the picture. */
export async function clip(options: ClipOptions): Promise<Blob> {
  const timeOf = options.timeOf ?? ((frame: number) => frame / 25);
  const target = new BufferTarget();
  const format = options.container === 'mkv' ? new MkvOutputFormat() : new Mp4OutputFormat();
  const output = new Output({ format, target });
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d')!;
  const video = new CanvasSource(canvas, {
    codec: options.container === 'mkv' ? 'vp9' : 'avc',
    quality: new Quality('high'),
    keyFrameInterval: 1e9,
  });
  output.addVideoTrack(video, { rotation: options.rotation ?? 0 });
  const audio =
    options.sound === true ? new AudioSampleSource({ codec: 'opus', quality: new Quality('high') }) : null;
  if (audio !== null) output.addAudioTrack(audio);
  await output.start();
  for (let frame = 0; frame < options.frames; frame += 1) {
    paint(context, frame);
    const start = timeOf(frame);
    await video.add(start, timeOf(frame + 1) - start, { keyFrame: frame % (options.keyEvery ?? 25) === 0 });
  }
  if (audio !== null) {
    const sampleRate = 48_000;
    const count = Math.round(timeOf(options.frames) * sampleRate);
    const data = Float32Array.from(
      { length: count },
      (_, at) => Math.sin((at * 440 * 2 * Math.PI) / sampleRate) * 0.1,
    );
    const tone = new AudioSample({ data, format: 'f32', numberOfChannels: 1, sampleRate, timestamp: 0 });
    await audio.add(tone);
    tone.close();
  }
  await output.finalize();
  return new Blob([target.buffer!], { type: 'video/mp4' });
}

/** The index as the packet reader's headers say. */
export async function indexOf(file: Blob, order = 0, originUs = 0): Promise<FrameIndex> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  const track = (await input.getVideoTracks())[order]!;
  const times: number[] = [];
  let endUs = 0;
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    times.push(Math.round(packet.timestamp * 1e6) - originUs);
    endUs = Math.max(endUs, Math.round((packet.timestamp + packet.duration) * 1e6) - originUs);
  }
  input.dispose();
  const timesUs = Float64Array.from(times).sort();
  return { version: 1, timesUs, flags: new Uint8Array(times.length), endUs, complete: true };
}

/** A few pixels of a picture, to compare pictures by. */
export function look(picture: CanvasImageSource): readonly number[] {
  const canvas = new OffscreenCanvas(16, 16);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, 16, 16);
  return [...context.getImageData(0, 0, 16, 16).data];
}

/** What all frames of a file look like, decoded in a row by the library alone, upright. */
export async function looks(file: Blob, order = 0): Promise<readonly (readonly number[])[]> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  const track = (await input.getVideoTracks())[order]!;
  const found: (readonly number[])[] = [];
  for await (const sample of new VideoSampleSink(track).samples()) {
    const canvas = new OffscreenCanvas(sample.displayWidth, sample.displayHeight);
    sample.draw(canvas.getContext('2d')!, 0, 0);
    sample.close();
    found.push(look(canvas));
  }
  input.dispose();
  return found;
}

/** Mean difference of two looks: a picture that was scaled twice differs at its edges. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 999)), 0) / a.length;
}

/** A player on the page, as the composition root makes it. */
export function playerOn(
  media: PlaybackSource,
  more: Partial<PlayerSource> = {},
): { readonly player: RuntimePlayer; readonly canvas: HTMLCanvasElement } {
  const player = createPlayer(
    {
      worker: worker(),
      now: () => performance.now(),
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => cancelAnimationFrame(handle),
      audioContext: (sampleRate) => new AudioContext(sampleRate === null ? {} : { sampleRate }),
    },
    { durationUs: 4_000_000, media, proxy: false, sampleRate: 48_000, flip: false, ...more },
  );
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  player.attach(canvas);
  cleanUps.push(() => {
    player.dispose();
    canvas.remove();
  });
  return { player, canvas };
}

/** Waits until the state is as wished. */
export async function until(
  player: RuntimePlayer,
  wished: (state: PlayerState) => boolean,
  ms = 20_000,
): Promise<PlayerState> {
  const end = performance.now() + ms;
  while (!wished(player.get())) {
    if (performance.now() > end)
      throw new Error(`The player stays at ${JSON.stringify({ ...player.get(), index: null })}`);
    await new Promise(requestAnimationFrame);
  }
  return player.get();
}

export const sourceOf = (file: Blob, more: Partial<PlaybackSource> = {}): PlaybackSource => ({
  file,
  videoOrder: 0,
  audioOrder: null,
  originUs: 0,
  ...more,
});
