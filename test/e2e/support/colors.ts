/** Clips of colour bars, tagged as a test says, and what a player shows of a finished file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { cached } from '../../fixtures/cache.ts';
import { mustRunFfmpeg } from '../../fixtures/ffmpeg-node.ts';
import { encodePictures } from '../../fixtures/generate.ts';
import { resolveSpec, type ClipSpec } from '../../fixtures/spec.ts';

/** Red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** What the bars show, from left to right. */
export const BARS: readonly Rgb[] = [
  [200, 0, 0],
  [0, 180, 0],
  [0, 0, 200],
  [160, 160, 160],
];

/** Luma weights of red and blue (ITU-T H.273, table 4). */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;
type Matrix = keyof typeof WEIGHTS;

/** How a clip is coded, and what it says of that. */
export interface BarsSpec {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly matrix: Matrix;
  readonly fullRange?: boolean;
  /** Whether the file names the matrix and the range. */
  readonly tagged: boolean;
  readonly codec?: 'h264' | 'vp9';
}

function samplesOf([red, green, blue]: Rgb, { matrix, fullRange = false }: BarsSpec): Rgb {
  const [kr, kb] = WEIGHTS[matrix];
  const luma = (kr * red + (1 - kr - kb) * green + kb * blue) / 255;
  const [base, scale, chroma] = fullRange ? [0, 255, 255] : [16, 219, 224];
  return [
    Math.round(base + scale * luma),
    Math.round(128 + (chroma * (blue / 255 - luma)) / (2 * (1 - kb))),
    Math.round(128 + (chroma * (red / 255 - luma)) / (2 * (1 - kr))),
  ];
}

function rgbOf([y, u, v]: Rgb, matrix: Matrix, fullRange: boolean): Rgb {
  const [kr, kb] = WEIGHTS[matrix];
  const [base, scale, chroma] = fullRange ? [0, 255, 255] : [16, 219, 224];
  const luma = (y - base) / scale;
  const red = luma + (2 * (1 - kr) * (v - 128)) / chroma;
  const blue = luma + (2 * (1 - kb) * (u - 128)) / chroma;
  const green = (luma - kr * red - kb * blue) / (1 - kr - kb);
  const byte = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return [byte(red), byte(green), byte(blue)];
}

/** Bars, and a light square that wanders along the top: a picture that stands still would look frozen. */
function painter(spec: BarsSpec): (frame: number) => Uint8Array {
  const { width, height } = spec;
  const still = new Uint8Array((width * height * 3) / 2);
  const planes = BARS.map((bar) => samplesOf(bar, spec));
  const fill = (plane: 0 | 1 | 2, at: number, w: number, h: number): void => {
    for (let i = 0; i < w * h; i += 1) still[at + i] = planes[Math.floor(((i % w) * 4) / w)]?.[plane] ?? 0;
  };
  fill(0, 0, width, height);
  fill(1, width * height, width / 2, height / 2);
  fill(2, (width * height * 5) / 4, width / 2, height / 2);
  return (frame) => {
    const picture = still.slice();
    const side = Math.floor(height / 4);
    const left = (frame * 8) % (width - side);
    for (let row = 0; row < side; row += 1) {
      picture.fill(frame % 2 === 0 ? 180 : 120, row * width + left, row * width + left + side);
    }
    return picture;
  };
}

/** The file of a clip of bars, 25 frames per second, a key frame every second. */
export async function makeBars(bars: BarsSpec): Promise<string> {
  const { matrix, fullRange = false, tagged, codec = 'h264' } = bars;
  const name = matrix === 'bt601' ? 'smpte170m' : 'bt709';
  const said = tagged ? name : 'unknown';
  const spec: ClipSpec = {
    width: bars.width,
    height: bars.height,
    seconds: bars.seconds,
    gop: 25,
    codec,
    container: codec === 'vp9' ? 'webm' : 'mp4',
    crf: codec === 'vp9' ? 20 : 12,
    audio: null,
    extraArgs: [
      ...['-color_primaries', said, '-color_trc', said, '-colorspace', said],
      ...['-color_range', fullRange ? 'pc' : 'tv'],
    ],
  };
  const resolved = resolveSpec(spec);
  return cached(['bars', 1, BARS, bars, resolved], `bars.${resolved.container}`, (path) =>
    encodePictures(resolved, path, painter(bars), null),
  );
}

/** What the middle of the lower half of each bar shows. */
const PLACES = BARS.map((_, i) => [(2 * i + 1) / 8, 0.75] as const);

/** What a file shows at a time, and what it says of colour. */
export interface Shown {
  readonly bars: readonly Rgb[];
  /** FFmpeg's names, null where the file says nothing. */
  readonly matrix: string | null;
  readonly width: number;
  readonly height: number;
}

/** As a player that is made of FFmpeg shows it: by the tag, or by BT.601 up to 576 lines and BT.709 above. */
export async function shownByFfmpeg(path: string, seconds: number): Promise<Shown> {
  const folder = mkdtempSync(join(tmpdir(), 'reelkeep-bars-'));
  try {
    const out = join(folder, 'picture');
    const { log } = await mustRunFfmpeg({
      args: [
        ...['-i', 'input', '-ss', String(seconds), '-vf', 'showinfo'],
        ...['-frames:v', '1', '-f', 'rawvideo', 'out'],
      ],
      inputPaths: { input: path },
      outputPaths: { out },
    });
    const told = log.join('\n');
    const said = /color_space:(\S+)/.exec(told)?.[1] ?? 'unknown';
    const full = /color_range:pc/.test(told);
    const [width = 0, height = 0] = (/ s:(\d+)x(\d+)/.exec(told) ?? []).slice(1).map(Number);
    const convention = height <= 576 ? 'bt601' : 'bt709';
    const matrix = said === 'unknown' ? convention : said === 'bt709' ? said : 'bt601';
    const data = readFileSync(out);
    const sample = (x: number, y: number): Rgb => {
      const [column, row] = [Math.floor((x * width) / 2), Math.floor((y * height) / 2)];
      const chroma = row * Math.ceil(width / 2) + column;
      const plane = Math.ceil(width / 2) * Math.ceil(height / 2);
      return [
        data[row * 2 * width + column * 2] ?? 0,
        data[width * height + chroma] ?? 0,
        data[width * height + plane + chroma] ?? 0,
      ];
    };
    return {
      bars: PLACES.map(([x, y]) => rgbOf(sample(x, y), matrix, full)),
      matrix: said === 'unknown' ? null : said,
      width,
      height,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As the browser shows it, drawn on a canvas. The page's file input takes the file. */
export async function shownByBrowser(page: Page, path: string, seconds: number): Promise<Rgb[]> {
  await page.locator('#file').setInputFiles(path);
  return page.evaluate(
    async ({ at, places }) => {
      const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
      if (file === undefined) throw new Error('no file was chosen');
      const video = document.createElement('video');
      video.muted = true;
      const url = URL.createObjectURL(file);
      const happens = (name: string): Promise<void> =>
        new Promise((resolve, reject) => {
          video.addEventListener(name, () => resolve(), { once: true });
          video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
        });
      const loaded = happens('loadeddata');
      video.src = url;
      await loaded;
      const sought = happens('seeked');
      const presented = new Promise<void>((resolve) => {
        video.requestVideoFrameCallback(() => resolve());
      });
      video.currentTime = at;
      await Promise.all([sought, presented]);
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.drawImage(video, 0, 0);
      const shown = places.map(([x, y]) => {
        const [red = 0, green = 0, blue = 0] = context.getImageData(
          Math.floor(x * canvas.width),
          Math.floor(y * canvas.height),
          1,
          1,
        ).data;
        return [red, green, blue] as const;
      });
      URL.revokeObjectURL(url);
      return shown;
    },
    { at: seconds, places: PLACES },
  );
}
