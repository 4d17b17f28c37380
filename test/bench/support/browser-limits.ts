/** The machine's own limits in the same browser: decoding alone, encoding alone, copying bytes to private storage. */
import type { Made } from './ours.ts';
import type { Range } from './native.ts';
import { MEDIABUNNY_PAGE } from './mediabunny.ts';
import { withPage } from './pages.ts';
import type { Contender, Sample } from './repeat.ts';
import { FPS, GOP } from './settings.ts';

/** The part of an encoder's configuration that decides its speed. */
export interface EncoderSettings {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  readonly latencyMode: LatencyMode;
}

/** What the webcodecs engine says in its receipts that it configured, else what 1080p at medium quality takes. */
export function encoderSettingsOf(made: Made | undefined): EncoderSettings {
  const words = (made?.record.receipts ?? [])
    .filter(({ kind, engine }) => kind === 'encode-video' && engine === 'webcodecs')
    .flatMap(({ argv }) => argv)
    .join(' ');
  const picture = made?.record.plan.output.video;
  return {
    codec: /avc1\.[0-9a-f]{6}/i.exec(words)?.[0] ?? 'avc1.640028',
    width: picture?.width ?? 1920,
    height: picture?.height ?? 1080,
    bitrate: Number(/bitrate\D{1,4}(\d{4,})/i.exec(words)?.[1] ?? 4_000_000),
    latencyMode: /realtime/.test(words) ? 'realtime' : 'quality',
  };
}

/** Decodes a range with nothing done to the pictures; `lanes` parts of it side by side. */
export function decodeOnly(name: string, source: string, range: Range, lanes: number): Contender {
  return {
    name,
    run: (): Promise<Sample> =>
      withPage({ ...MEDIABUNNY_PAGE, file: source }, (page) =>
        page.evaluate(
          async ({ range, lanes }) => {
            const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
            if (file === undefined) throw new Error('no file was chosen');
            const library = window.mediabunny;
            const decode = async (start: number, end: number): Promise<void> => {
              const input = new library.Input({
                formats: library.ALL_FORMATS,
                source: new library.BlobSource(file),
              });
              const track = await input.getPrimaryVideoTrack();
              if (track === null) throw new Error('no picture');
              for await (const sample of new library.VideoSampleSink(track).samples(start, end))
                sample.close();
              input.dispose();
            };
            await decode(range.start, range.start + 0.5);
            const began = performance.now();
            const length = (range.end - range.start) / lanes;
            await Promise.all(
              Array.from({ length: lanes }, (_, lane) =>
                decode(range.start + lane * length, range.start + (lane + 1) * length),
              ),
            );
            return { seconds: (performance.now() - began) / 1000 };
          },
          { range, lanes },
        ),
      ),
  };
}

/**
 * Encodes as many pictures as a range has, out of a few that were decoded before the clock starts: there and back again,
 * so that they move as the footage does. `lanes` encoders side by side share the pictures.
 */
export function encodeOnly(
  name: string,
  source: string,
  range: Range,
  lanes: number,
  settings: () => EncoderSettings,
): Contender {
  return {
    name,
    run: (): Promise<Sample> =>
      withPage({ ...MEDIABUNNY_PAGE, file: source }, (page) =>
        page.evaluate(
          async ({ range, lanes, fps, gop, settings }) => {
            const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
            if (file === undefined) throw new Error('no file was chosen');
            const library = window.mediabunny;
            const input = new library.Input({
              formats: library.ALL_FORMATS,
              source: new library.BlobSource(file),
            });
            const track = await input.getPrimaryVideoTrack();
            if (track === null) throw new Error('no picture');
            const canvas = new OffscreenCanvas(settings.width, settings.height);
            const context = canvas.getContext('2d');
            const same =
              (await track.getDisplayWidth()) === settings.width &&
              (await track.getDisplayHeight()) === settings.height;
            // Eight pictures from each of five places: what is hard to encode is not the same everywhere.
            const sink = new library.VideoSampleSink(track);
            const places = 5;
            const perPlace = 8;
            const length = range.end - range.start;
            const held: VideoFrame[][] = [];
            for (let place = 0; place < places; place += 1) {
              const start = range.start + (place * length) / places;
              const group: VideoFrame[] = [];
              for await (const sample of sink.samples(start, start + (perPlace - 0.5) / fps)) {
                if (same) group.push(sample.toVideoFrame());
                else {
                  sample.draw(context!, 0, 0, settings.width, settings.height);
                  group.push(new VideoFrame(canvas, { timestamp: Math.round(sample.timestamp * 1e6) }));
                }
                sample.close();
              }
              held.push(group);
            }
            const total = Math.round(length * fps);
            const pictureOf = (frame: number): VideoFrame => {
              const group = held[Math.min(places - 1, Math.floor((frame * places) / total))] ?? [];
              const position = frame % (2 * group.length - 2);
              const picture = group[position < group.length ? position : 2 * group.length - 2 - position];
              if (picture === undefined) throw new Error('no pictures were decoded');
              return picture;
            };
            const encode = async (from: number, to: number): Promise<void> => {
              const failures: DOMException[] = [];
              let chunks = 0;
              const encoder = new VideoEncoder({
                output: () => {
                  chunks += 1;
                },
                error: (error) => failures.push(error),
              });
              encoder.configure({
                ...settings,
                framerate: fps,
                bitrateMode: 'variable',
                avc: { format: 'avc' },
              });
              for (let frame = from; frame < to && failures.length === 0; frame += 1) {
                const picture = new VideoFrame(pictureOf(frame), {
                  timestamp: Math.round((frame * 1e6) / fps),
                });
                encoder.encode(picture, { keyFrame: (frame - from) % gop === 0 });
                picture.close();
                while (encoder.encodeQueueSize > 4) {
                  await new Promise((done) => encoder.addEventListener('dequeue', done, { once: true }));
                }
              }
              await encoder.flush();
              encoder.close();
              // An encoder that leaves pictures out is no limit of anything.
              if (chunks !== to - from)
                throw new Error(`${String(chunks)} of ${String(to - from)} were encoded`);
            };
            await encode(0, 10);
            const began = performance.now();
            await Promise.all(
              Array.from({ length: lanes }, (_, lane) =>
                encode(Math.round((lane * total) / lanes), Math.round(((lane + 1) * total) / lanes)),
              ),
            );
            const seconds = (performance.now() - began) / 1000;
            for (const picture of held.flat()) picture.close();
            return { seconds };
          },
          { range, lanes, fps: FPS, gop: GOP, settings: settings() },
        ),
      ),
  };
}

/** Copies bytes of a file into private storage, 4 MB at a time: reading, and writing through a sync access handle. */
export function copyToStorage(name: string, source: string, bytes: () => number): Contender {
  return {
    name,
    run: (): Promise<Sample> =>
      withPage({ ...MEDIABUNNY_PAGE, file: source }, (page) =>
        page.evaluate(async (bytes) => {
          const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
          if (file === undefined) throw new Error('no file was chosen');
          const body = `onmessage = async ({ data: { file, bytes } }) => {
            const root = await navigator.storage.getDirectory();
            const handle = await (await root.getFileHandle('copy', { create: true })).createSyncAccessHandle();
            const began = performance.now();
            for (let at = 0; at < bytes; at += 4194304) {
              const part = await file.slice(at, Math.min(at + 4194304, bytes)).arrayBuffer();
              handle.write(new Uint8Array(part), { at });
            }
            handle.flush();
            const seconds = (performance.now() - began) / 1000;
            handle.close();
            await root.removeEntry('copy');
            postMessage({ seconds, bytes });
          };`;
          const worker = new Worker(URL.createObjectURL(new Blob([body], { type: 'text/javascript' })));
          const answer = new Promise<{ seconds: number; bytes: number }>((done, fail) => {
            worker.onmessage = ({ data }: MessageEvent<{ seconds: number; bytes: number }>) => done(data);
            worker.onerror = ({ message }) => fail(new Error(message));
          });
          worker.postMessage({ file, bytes: Math.min(bytes, file.size) });
          return answer;
        }, bytes()),
      ),
  };
}
