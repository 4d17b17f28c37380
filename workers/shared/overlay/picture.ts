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
  const { red, blue } = color;
  // Sums over the four pixels of a place of chroma, each with the weight of its alpha.
  let weight = 0;
  let sumU = 0;
  let sumV = 0;
  const take = (word: number, at: number): void => {
    const a = word >>> 24;
    if (a === 0) return;
    const r = word & 255;
    const b = (word >> 16) & 255;
    const light = red * r + green * ((word >> 8) & 255) + blue * b;
    luma[at] = light * lumaGain + base + 0.5;
    alpha[at] = a;
    weight += a;
    sumU += a * (b - light);
    sumV += a * (r - light);
  };
  for (let row = 0; row < height; row += 2) {
    const from = (top + row) * pixels.width + left;
    // The rectangle may reach a pixel beyond pixels of odd size.
    const below = top + row + 1 < pixels.height ? pixels.width : 0;
    for (let column = 0; column < width; column += 2) {
      const beside = left + column + 1 < pixels.width ? 1 : 0;
      const start = from + column;
      const first = words[start] ?? 0;
      const second = beside === 0 ? 0 : (words[start + 1] ?? 0);
      const third = below === 0 ? 0 : (words[start + below] ?? 0);
      const fourth = below === 0 || beside === 0 ? 0 : (words[start + below + 1] ?? 0);
      if ((first | second | third | fourth) === 0) continue;
      weight = 0;
      sumU = 0;
      sumV = 0;
      const at = row * width + column;
      take(first, at);
      take(second, at + 1);
      take(third, at + width);
      take(fourth, at + width + 1);
      if (weight === 0) continue;
      const half = (row >> 1) * chromaWidth + (column >> 1);
      u[half] = Math.min(255, Math.max(0, (sumU / weight) * uGain + 128.5));
      v[half] = Math.min(255, Math.max(0, (sumV / weight) * vGain + 128.5));
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

/** What is blended into one plane: only where something is painted, run by run. */
interface Layer {
  readonly x: number;
  readonly y: number;
  /** Of all runs one after the other: sample times alpha, and what is left of the picture below (255 - alpha). */
  readonly paint: Uint16Array;
  readonly left: Uint8Array;
  /** Per run: row, first and stop. */
  readonly runs: Uint32Array;
}

function layerOf(samples: Uint8Array, alpha: Uint8Array, width: number, x: number, y: number): Layer {
  const runs: number[] = [];
  let painted = 0;
  for (let start = 0, row = 0; start < samples.length; start += width, row += 1) {
    const end = start + width;
    for (let i = start; i < end; i += 1) {
      if (alpha[i] === 0) continue;
      const first = i;
      while (i < end && alpha[i] !== 0) i += 1;
      runs.push(row, first - start, i - start);
      painted += i - first;
    }
  }
  const paint = new Uint16Array(painted);
  const left = new Uint8Array(painted);
  let at = 0;
  for (let n = 0; n < runs.length; n += 3) {
    const start = (runs[n] ?? 0) * width;
    for (let i = start + (runs[n + 1] ?? 0); i < start + (runs[n + 2] ?? 0); i += 1, at += 1) {
      const a = alpha[i] ?? 0;
      paint[at] = (samples[i] ?? 0) * a;
      left[at] = 255 - a;
    }
  }
  return { x, y, paint, left, runs: Uint32Array.from(runs) };
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
  let at = 0;
  for (let n = 0; n < runs.length; n += 3) {
    const py = layer.y + (runs[n] ?? 0);
    const first = runs[n + 1] ?? 0;
    const length = (runs[n + 2] ?? 0) - first;
    // Pictures of odd size end within the last even place.
    const taken = py < target.height ? Math.min(length, target.width - layer.x - first) : 0;
    let to = target.offset + py * target.stride + (layer.x + first) * step;
    for (let i = at; i < at + taken; i += 1, to += step) {
      data[to] = over255((data[to] ?? 0) * (left[i] ?? 0) + (paint[i] ?? 0));
    }
    at += length;
  }
}
