/** Turning, mirroring, scaling, padding and changing the matrix of planes. */
import { expect, test } from 'vitest';
import {
  changeMatrix,
  mirror,
  pad,
  plane,
  scale,
  turn,
  type Plane,
} from '../../../workers/webcodecs/planes.ts';

function filled(width: number, height: number, value: (x: number, y: number) => number): Plane {
  const made = plane(width, height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) made.data[y * width + x] = value(x, y);
  return made;
}

const at = ({ width, data }: Plane, x: number, y: number): number => data[y * width + x] ?? -1;

test('a quarter turn clockwise brings the left edge to the top', () => {
  const from = filled(5, 3, (x, y) => 10 * y + x);
  const right = turn(from, 90);
  expect([right.width, right.height]).toEqual([3, 5]);
  expect(at(right, 2, 0)).toBe(at(from, 0, 0));
  expect(at(right, 0, 0)).toBe(at(from, 0, 2));
  expect(at(right, 0, 4)).toBe(at(from, 4, 2));
  expect(turn(turn(from, 90), 270).data).toEqual(from.data);
  expect(turn(turn(from, 180), 180).data).toEqual(from.data);
  expect(turn(turn(from, 90), 90).data).toEqual(turn(from, 180).data);
  expect(mirror(mirror(from)).data).toEqual(from.data);
  expect(at(mirror(from), 0, 1)).toBe(at(from, 4, 1));
});

test('a flat plane stays flat, a ramp stays a ramp, whatever the size', () => {
  for (const [width, height] of [
    [40, 30],
    [17, 9],
    [128, 96],
    [63, 47],
  ] as const) {
    const flat = scale(
      filled(64, 48, () => 200),
      width,
      height,
    );
    expect(new Set(flat.data)).toEqual(new Set([200]));
    const ramp = scale(
      filled(64, 48, (x) => 20 + 3 * x),
      width,
      height,
    );
    for (let x = 2; x < width - 2; x += 1) {
      const centre = ((x + 0.5) * 64) / width - 0.5;
      expect(Math.abs(at(ramp, x, height >> 1) - (20 + 3 * centre))).toBeLessThan(2);
    }
  }
});

test('padding puts the picture in its place', () => {
  const padded = pad(
    filled(2, 2, () => 9),
    6,
    4,
    2,
    1,
    16,
  );
  expect(at(padded, 2, 1)).toBe(9);
  expect(at(padded, 3, 2)).toBe(9);
  expect(at(padded, 1, 1)).toBe(16);
  expect(at(padded, 4, 3)).toBe(16);
});

test('another matrix shows the same colours; there and back is the same', () => {
  const rgb = (y: number, u: number, v: number, kr: number, kb: number): readonly number[] => {
    const luma = (y - 16) / 219;
    const red = luma + (2 * (1 - kr) * (v - 128)) / 224;
    const blue = luma + (2 * (1 - kb) * (u - 128)) / 224;
    return [red, (luma - kr * red - kb * blue) / (1 - kr - kb), blue];
  };
  for (const [y, u, v] of [
    [120, 110, 150],
    [60, 140, 120],
    [200, 128, 128],
    [90, 100, 90],
  ] as const) {
    const from = { y: filled(2, 2, () => y), u: filled(1, 1, () => u), v: filled(1, 1, () => v) };
    const change = { from: 'smpte170m', to: 'bt709', fromFull: false, toFull: false };
    const to = changeMatrix(from, change);
    const before = rgb(y, u, v, 0.299, 0.114);
    const after = rgb(at(to.y, 0, 0), at(to.u, 0, 0), at(to.v, 0, 0), 0.2126, 0.0722);
    before.forEach((value, i) => {
      expect(Math.abs(value - (after[i] ?? 9))).toBeLessThan(0.012);
    });
    const back = changeMatrix(to, { ...change, from: 'bt709', to: 'smpte170m' });
    expect(Math.abs(at(back.y, 0, 0) - y)).toBeLessThanOrEqual(1);
    expect(Math.abs(at(back.u, 0, 0) - u)).toBeLessThanOrEqual(1);
  }
});

test('full and limited range', () => {
  const grey = { y: filled(2, 2, () => 255), u: filled(1, 1, () => 128), v: filled(1, 1, () => 128) };
  const limited = changeMatrix(grey, { from: 'bt709', to: 'bt709', fromFull: true, toFull: false });
  expect(at(limited.y, 0, 0)).toBe(235);
  expect(at(limited.u, 0, 0)).toBe(128);
});
