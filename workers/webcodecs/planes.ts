/** Pictures as planes of 8-bit 4:2:0: turning, mirroring, scaling, padding and changing the matrix without RGB. */
import type { MatrixChange } from '../../src/core/schema/color.ts';

/** One plane of samples. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A picture of 8-bit 4:2:0. */
export interface Planes {
  readonly y: Plane;
  readonly u: Plane;
  readonly v: Plane;
}

/** Makes an empty plane. */
export function plane(width: number, height: number): Plane {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Turns a plane clockwise. */
export function turn(from: Plane, degrees: 0 | 90 | 180 | 270): Plane {
  const { width, height, data } = from;
  if (degrees === 0) return from;
  const sideways = degrees !== 180;
  const to = sideways ? plane(height, width) : plane(width, height);
  const out = to.data;
  if (degrees === 180) {
    for (let i = 0, last = data.length - 1; i <= last; i += 1) out[i] = data[last - i] ?? 0;
    return to;
  }
  // Row by row of the output, so that writing is in order; reading jumps by a row of the input.
  let at = 0;
  for (let row = 0; row < width; row += 1) {
    if (degrees === 90) for (let i = (height - 1) * width + row; i >= 0; i -= width) out[at++] = data[i] ?? 0;
    else for (let i = width - 1 - row; i < data.length; i += width) out[at++] = data[i] ?? 0;
  }
  return to;
}

/** Mirrors a plane about the vertical axis. */
export function mirror(from: Plane): Plane {
  const to = plane(from.width, from.height);
  for (let row = 0; row < from.height; row += 1) {
    const start = row * from.width;
    for (let i = 0; i < from.width; i += 1) to.data[start + i] = from.data[start + from.width - 1 - i] ?? 0;
  }
  return to;
}

interface Taps {
  /** First input sample of each output sample. */
  readonly starts: Int32Array;
  /** `count` weights each, in 1/4096. */
  readonly weights: Int16Array;
  readonly count: number;
}

const tapsMade = new Map<string, Taps>();

/** Catmull-Rom, the bicubic of most scalers; stretched when scaling down, so that nothing is skipped. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return 1.5 * t * t * t - 2.5 * t * t + 1;
  if (t < 2) return -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2;
  return 0;
}

function tapsFor(from: number, to: number): Taps {
  const name = `${String(from)}>${String(to)}`;
  const made = tapsMade.get(name);
  if (made !== undefined) return made;
  const ratio = from / to;
  const reach = 2 * Math.max(1, ratio);
  const count = Math.min(from, Math.ceil(reach * 2));
  const starts = new Int32Array(to);
  const weights = new Int16Array(to * count);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * ratio - 0.5;
    const start = Math.min(Math.max(0, Math.floor(centre - reach) + 1), from - count);
    starts[i] = start;
    const own = Array.from({ length: count }, (_, k) => cubic((start + k - centre) / Math.max(1, ratio)));
    const sum = own.reduce((total, weight) => total + weight, 0);
    let rest = 4096;
    let largest = 0;
    own.forEach((weight, k) => {
      const whole = Math.round((weight / sum) * 4096);
      weights[i * count + k] = whole;
      rest -= whole;
      if (weight > (own[largest] ?? 0)) largest = k;
    });
    // Weights add up to one exactly: a flat area stays what it is.
    weights[i * count + largest] = (weights[i * count + largest] ?? 0) + rest;
  }
  const taps = { starts, weights, count };
  tapsMade.set(name, taps);
  return taps;
}

/** Scales a plane, rows first. */
export function scale(from: Plane, width: number, height: number): Plane {
  if (from.width === width && from.height === height) return from;
  const across = tapsFor(from.width, width);
  const rows = new Int16Array(width * from.height);
  for (let row = 0; row < from.height; row += 1) {
    const base = row * from.width;
    for (let i = 0; i < width; i += 1) {
      let sum = 0;
      const start = base + (across.starts[i] ?? 0);
      const first = i * across.count;
      for (let k = 0; k < across.count; k += 1)
        sum += (from.data[start + k] ?? 0) * (across.weights[first + k] ?? 0);
      // Four more bits than a sample has are kept between the two passes.
      rows[row * width + i] = sum >> 8;
    }
  }
  const down = tapsFor(from.height, height);
  const to = plane(width, height);
  const line = new Int32Array(width);
  for (let row = 0; row < height; row += 1) {
    line.fill(0);
    const start = down.starts[row] ?? 0;
    for (let k = 0; k < down.count; k += 1) {
      const weight = down.weights[row * down.count + k] ?? 0;
      if (weight === 0) continue;
      const base = (start + k) * width;
      for (let i = 0; i < width; i += 1) line[i] = (line[i] ?? 0) + (rows[base + i] ?? 0) * weight;
    }
    const out = row * width;
    for (let i = 0; i < width; i += 1) {
      const value = ((line[i] ?? 0) + 32_768) >> 16;
      to.data[out + i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return to;
}

/** Puts a plane in the middle of a larger one. */
export function pad(
  from: Plane,
  width: number,
  height: number,
  left: number,
  top: number,
  value: number,
): Plane {
  const to = plane(width, height);
  to.data.fill(value);
  for (let row = 0; row < from.height; row += 1) {
    to.data.set(from.data.subarray(row * from.width, (row + 1) * from.width), (top + row) * width + left);
  }
  return to;
}

/** Luma weights of red and blue (ITU-T H.273, table 4). */
const WEIGHTS: Readonly<Record<string, readonly [red: number, blue: number]>> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
};

/** Other matrix or range, on the planes themselves: chroma depends on chroma alone, luma on the chroma beside it. */
export function changeMatrix({ y, u, v }: Planes, change: MatrixChange): Planes {
  const [fromRed, fromBlue] = WEIGHTS[change.from] ?? [0.2126, 0.0722];
  const [toRed, toBlue] = WEIGHTS[change.to] ?? [0.2126, 0.0722];
  const lumaIn = change.fromFull ? 255 : 219;
  const lumaOut = change.toFull ? 255 : 219;
  const chromaIn = change.fromFull ? 255 : 224;
  const chromaOut = change.toFull ? 255 : 224;
  const baseIn = change.fromFull ? 0 : 16;
  const baseOut = change.toFull ? 0 : 16;
  // R = Y + a·V, B = Y + b·U, G from the rest; then forward with the other weights.
  const redOf = 2 * (1 - fromRed);
  const blueOf = 2 * (1 - fromBlue);
  const green = 1 - fromRed - fromBlue;
  const greenU = (-fromBlue * blueOf) / green;
  const greenV = (-fromRed * redOf) / green;
  const toGreen = 1 - toRed - toBlue;
  // Y' = Y + yU·U + yV·V
  const yU = toBlue * blueOf + toGreen * greenU;
  const yV = toRed * redOf + toGreen * greenV;
  const uOut = 2 * (1 - toBlue);
  const vOut = 2 * (1 - toRed);
  const clip = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));
  const lumaGain = lumaOut / lumaIn;
  const outY = plane(y.width, y.height);
  const outU = plane(u.width, u.height);
  const outV = plane(v.width, v.height);
  for (let row = 0; row < y.height; row += 1) {
    const chromaRow = (row >> 1) * u.width;
    for (let i = 0; i < y.width; i += 1) {
      const cu = ((u.data[chromaRow + (i >> 1)] ?? 128) - 128) / chromaIn;
      const cv = ((v.data[chromaRow + (i >> 1)] ?? 128) - 128) / chromaIn;
      const at = row * y.width + i;
      outY.data[at] = clip(((y.data[at] ?? 0) - baseIn) * lumaGain + (yU * cu + yV * cv) * lumaOut + baseOut);
    }
  }
  for (let at = 0; at < u.data.length; at += 1) {
    const cu = ((u.data[at] ?? 128) - 128) / chromaIn;
    const cv = ((v.data[at] ?? 128) - 128) / chromaIn;
    outU.data[at] = clip((((blueOf - yU) * cu - yV * cv) / uOut) * chromaOut + 128);
    outV.data[at] = clip((((redOf - yV) * cv - yU * cu) / vOut) * chromaOut + 128);
  }
  return { y: outY, u: outU, v: outV };
}
