/**
 * Painted pictures in the terms of video: 4:2:0 with alpha, blended into decoded planes without a detour over RGB, so that what nothing is
 * painted on keeps every bit. The sums are those of FFmpeg's overlay filter: both engines give the same picture. Pure.
 */

/** What a matrix makes of RGB. */
export interface PaintColor {
  /** Luma weights of red and blue. */
  readonly red: number;
  readonly blue: number;
  readonly fullRange: boolean;
}

/** Luma weights by WebCodecs' names of matrices (ITU-T H.273, table 4). */
const WEIGHTS: Readonly<Record<string, readonly [red: number, blue: number]>> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
  'bt2020-ncl': [0.2627, 0.0593],
};

/** How colours are written for an output's matrix and range. */
export function paintColor(matrix: string, fullRange: boolean): PaintColor {
  const [red, blue] = WEIGHTS[matrix] ?? [0.2126, 0.0722];
  return { red, blue, fullRange };
}

/** A painted rectangle: places and sizes are even, chroma has half of them. */
export interface OverlayPicture {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly alpha: Uint8Array;
}

/** Pixels as a canvas gives them: not premultiplied. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The even rectangle around everything that is painted; null when nothing is. */
function boundsOf(words: Uint32Array, width: number, height: number): Bounds | null {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let row = 0; row < height; row += 1) {
    const start = row * width;
    let first = 0;
    // The last byte of a pixel, its alpha, is in the highest bits: browsers run on little-endian machines only.
    while (first < width && (words[start + first] ?? 0) >>> 24 === 0) first += 1;
    if (first === width) continue;
    let last = width - 1;
    while ((words[start + last] ?? 0) >>> 24 === 0) last -= 1;
    left = Math.min(left, first);
    right = Math.max(right, last);
    if (top < 0) top = row;
    bottom = row;
  }
  if (top < 0) return null;
  const even = (value: number): number => value - (value % 2);
  return { left: even(left), top: even(top), right: even(right) + 2, bottom: even(bottom) + 2 };
}

/** Pixels that lie at an even place of a picture, as 4:2:0 with alpha. Null when nothing is painted. */
export function toPicture(pixels: Pixels, x: number, y: number, color: PaintColor): OverlayPicture | null {
  const { data } = pixels;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  const bounds = boundsOf(words, pixels.width, pixels.height);
  if (bounds === null) return null;
  const { left, top } = bounds;
  const width = bounds.right - left;
  const height = bounds.bottom - top;
  const chromaWidth = width / 2;
  const luma = new Uint8Array(width * height);
  const alpha = new Uint8Array(width * height);
  const u = new Uint8Array(luma.length / 4).fill(128);
  const v = new Uint8Array(luma.length / 4).fill(128);
  const green = 1 - color.red - color.blue;
  const lumaGain = color.fullRange ? 1 : 219 / 255;
  const base = color.fullRange ? 0 : 16;
  const chromaGain = color.fullRange ? 1 : 224 / 255;
  const uGain = chromaGain / (2 * (1 - color.blue));
  const vGain = chromaGain / (2 * (1 - color.red));
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      let weight = 0;
      let sumU = 0;
      let sumV = 0;
      for (let n = 0; n < 4; n += 1) {
        const px = column + (n & 1);
        const py = row + (n >> 1);
        const [sx, sy] = [left + px, top + py];
        // The rectangle may reach a pixel beyond pixels of odd size.
        if (sx >= pixels.width || sy >= pixels.height) continue;
        const word = words[sy * pixels.width + sx] ?? 0;
        const a = word >>> 24;
        if (a === 0) continue;
        const [r, g, b] = [word & 255, (word >> 8) & 255, (word >> 16) & 255];
        const light = color.red * r + green * g + color.blue * b;
        const at = py * width + px;
        luma[at] = Math.round(light * lumaGain + base);
        alpha[at] = a;
        weight += a;
        sumU += a * (b - light);
        sumV += a * (r - light);
      }
      if (weight === 0) continue;
      const at = (row >> 1) * chromaWidth + (column >> 1);
      u[at] = Math.min(255, Math.max(0, Math.round((sumU / weight) * uGain + 128)));
      v[at] = Math.min(255, Math.max(0, Math.round((sumV / weight) * vGain + 128)));
    }
  }
  return { x: x + left, y: y + top, width, height, luma, u, v, alpha };
}

/** One plane of a decoded picture: samples of a line lie `step` apart (two where chroma planes are interleaved). */
export interface TargetPlane {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly step: 1 | 2;
  readonly width: number;
  readonly height: number;
}

/** As FFmpeg divides. */
const over255 = (value: number): number => ((value + 128) * 257) >> 16;

/** What is blended into one plane: where something is painted, and what of the picture below is left there. */
interface Layer {
  readonly x: number;
  readonly y: number;
  /** Sample times alpha. */
  readonly paint: Uint16Array;
  /** 255 - alpha. */
  readonly left: Uint8Array;
  readonly width: number;
  /** Per run: row, first and stop. */
  readonly runs: Uint32Array;
}

function layerOf(samples: Uint8Array, alpha: Uint8Array, width: number, x: number, y: number): Layer {
  const paint = new Uint16Array(samples.length);
  const left = new Uint8Array(samples.length);
  const runs: number[] = [];
  for (let start = 0, row = 0; start < samples.length; start += width, row += 1) {
    let from = -1;
    for (let i = 0; i <= width; i += 1) {
      const a = i < width ? (alpha[start + i] ?? 0) : 0;
      if (a !== 0) {
        paint[start + i] = (samples[start + i] ?? 0) * a;
        left[start + i] = 255 - a;
        if (from < 0) from = i;
      } else if (from >= 0) {
        runs.push(row, from, i);
        from = -1;
      }
    }
  }
  return { x, y, paint, left, width, runs: Uint32Array.from(runs) };
}

/** A picture made ready to be blended into many others. */
export interface Blend {
  readonly y: Layer;
  readonly u: Layer;
  readonly v: Layer;
}

/** Alpha of chroma: the mean of the four pixels, cut off as FFmpeg does. */
function chromaAlpha({ alpha, width }: OverlayPicture): Uint8Array {
  const out = new Uint8Array(alpha.length / 4);
  for (let at = 0, row = 0; at < out.length; row += 2) {
    for (let i = row * width, end = i + width; i < end; i += 2, at += 1) {
      const sum =
        (alpha[i] ?? 0) + (alpha[i + 1] ?? 0) + (alpha[i + width] ?? 0) + (alpha[i + width + 1] ?? 0);
      out[at] = sum >> 2;
    }
  }
  return out;
}

/** Prepares a picture for blending. */
export function blendOf(picture: OverlayPicture): Blend {
  const { x, y, width, luma, u, v, alpha } = picture;
  const half = chromaAlpha(picture);
  return {
    y: layerOf(luma, alpha, width, x, y),
    u: layerOf(u, half, width / 2, x / 2, y / 2),
    v: layerOf(v, half, width / 2, x / 2, y / 2),
  };
}

/** Blends a layer into a plane. */
export function blendInto(target: TargetPlane, layer: Layer): void {
  const { data, step } = target;
  const { paint, left, runs } = layer;
  for (let n = 0; n < runs.length; n += 3) {
    const row = runs[n] ?? 0;
    const py = layer.y + row;
    if (py >= target.height) break;
    const first = runs[n + 1] ?? 0;
    const stop = Math.min(runs[n + 2] ?? 0, target.width - layer.x);
    let to = target.offset + py * target.stride + (layer.x + first) * step;
    const start = row * layer.width;
    for (let i = start + first; i < start + stop; i += 1, to += step) {
      data[to] = over255((data[to] ?? 0) * (left[i] ?? 0) + (paint[i] ?? 0));
    }
  }
}
