import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blendInto,
  blendOf,
  paintColor,
  toPicture,
  type Pixels,
  type TargetPlane,
} from '../../../workers/shared/overlay/picture.ts';

const BT709 = paintColor('bt709', false);

function pixels(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number, number, number],
): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) data.set(at(x, y), (y * width + x) * 4);
  return { width, height, data };
}

const plane = (
  data: Uint8Array,
  width: number,
  height: number,
  step: 1 | 2 = 1,
  offset = 0,
): TargetPlane => ({
  data,
  offset,
  stride: width * step,
  step,
  width,
  height,
});

const CLEAR = [0, 0, 0, 0] as const;

describe('painted pictures in 4:2:0', () => {
  it.each([
    ['bt709', false, [255, 255, 255], [235, 128, 128]],
    ['bt709', false, [0, 0, 0], [16, 128, 128]],
    ['bt709', false, [255, 0, 0], [63, 102, 240]],
    ['smpte170m', false, [255, 0, 0], [81, 90, 240]],
    ['smpte170m', true, [0, 0, 255], [29, 255, 107]],
    ['bt709', true, [255, 255, 255], [255, 128, 128]],
  ] as const)('has the samples of %s, full range %s, for %o', (matrix, full, [r, g, b], [y, u, v]) => {
    const picture = toPicture(
      pixels(2, 2, () => [r, g, b, 255]),
      0,
      0,
      paintColor(matrix, full),
    );
    expect(Math.abs((picture?.luma[0] ?? 0) - y)).toBeLessThanOrEqual(1);
    expect(Math.abs((picture?.u[0] ?? 0) - u)).toBeLessThanOrEqual(1);
    expect(Math.abs((picture?.v[0] ?? 0) - v)).toBeLessThanOrEqual(1);
  });

  it('is cut to the even rectangle that is painted', () => {
    const one = pixels(9, 7, (x, y) => (x === 5 && y === 3 ? [255, 0, 0, 200] : CLEAR));
    expect(toPicture(one, 10, 20, BT709)).toMatchObject({ x: 14, y: 22, width: 2, height: 2 });
    expect(
      toPicture(
        pixels(4, 4, () => CLEAR),
        0,
        0,
        BT709,
      ),
    ).toBeNull();
    const corner = pixels(9, 7, (x, y) => (x === 8 && y === 6 ? [255, 0, 0, 200] : CLEAR));
    expect(toPicture(corner, 0, 0, BT709)).toMatchObject({ x: 8, y: 6, width: 2, height: 2 });
  });

  it('leaves every sample alone that nothing is painted on, and takes the paint where it is solid', () => {
    const source = pixels(8, 8, (x, y) =>
      x >= 2 && x < 6 && y >= 2 && y < 4 ? [255, 255, 255, 255] : CLEAR,
    );
    const picture = toPicture(source, 4, 2, BT709);
    if (picture === null) throw new Error('nothing painted');
    const blend = blendOf(picture);
    const luma = Uint8Array.from({ length: 16 * 12 }, (_, i) => i);
    blendInto(plane(luma, 16, 12), blend.y);
    for (let i = 0; i < luma.length; i += 1) {
      const [x, y] = [(i % 16) - 4, Math.floor(i / 16) - 2];
      const isPainted = x >= 2 && x < 6 && y >= 2 && y < 4;
      expect(luma[i]).toBe(isPainted ? 235 : i);
    }
    // Chroma planes that are interleaved: only every other byte belongs to each.
    const chroma = new Uint8Array(8 * 6 * 2).fill(7);
    blendInto(plane(chroma, 8, 6, 2), blend.u);
    blendInto(plane(chroma, 8, 6, 2, 1), blend.v);
    const changed = [...chroma.keys()].filter((i) => chroma[i] !== 7);
    expect(changed).toEqual([2 * 8 * 2 + 6, 2 * 8 * 2 + 7, 2 * 8 * 2 + 8, 2 * 8 * 2 + 9]);
  });

  it('mixes as FFmpeg’s overlay does, and never leaves the plane', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.tuple(fc.nat(255), fc.constantFrom(0, 1, 77, 128, 254, 255)), {
          minLength: 81,
          maxLength: 81,
        }),
        fc.nat(255),
        (width, height, values, below) => {
          const at = (x: number, y: number): readonly [number, number] => values[y * 9 + x] ?? [0, 0];
          const grey = pixels(width, height, (x, y) => {
            const [light, alpha] = at(x, y);
            return [light, light, light, alpha];
          });
          const picture = toPicture(grey, 0, 0, paintColor('bt709', true));
          const luma = new Uint8Array(width * height + 8).fill(below);
          if (picture !== null) blendInto(plane(luma, width, height), blendOf(picture).y);
          for (let y = 0; y < height; y += 1) {
            for (let x = 0; x < width; x += 1) {
              const [light, alpha] = at(x, y);
              const wanted = ((below * (255 - alpha) + light * alpha + 128) * 257) >> 16;
              expect(luma[y * width + x]).toBe(wanted);
            }
          }
          expect([...luma.subarray(width * height)]).toEqual(Array(8).fill(below));
        },
      ),
    );
  });
});
