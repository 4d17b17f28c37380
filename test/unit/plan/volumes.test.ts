/** Files of a bundle shared out among ZIPs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestBytes, planVolumes, VOLUME_BYTES, type VolumeFile } from '../../../src/core/plan/volumes.ts';

const GIB = 1024 ** 3;
const names = (volumes: readonly (readonly VolumeFile[])[]): string[][] =>
  volumes.map((volume) => volume.map(({ name }) => name));

test('what fits into one ZIP is one ZIP', () => {
  const files = [
    { name: 'a.mp4', bytes: 3.5 * GIB },
    { name: 'a.csv', bytes: 1e6 },
    { name: 'thumbnails/001.jpg', bytes: 4e4 },
  ];
  expect(names(planVolumes(files))).toEqual([['a.mp4', 'a.csv', 'thumbnails/001.jpg']]);
  expect(planVolumes([])).toEqual([]);
});

test('a file that is larger than a volume stands alone, the others beside it', () => {
  const files = [
    { name: 'a.mp4', bytes: 9 * GIB },
    { name: 'a.csv', bytes: 1e6 },
    { name: 'spec.json', bytes: 1e3 },
  ];
  expect(names(planVolumes(files))).toEqual([['a.mp4'], ['a.csv', 'spec.json']]);
});

test('a byte over the limit makes another volume', () => {
  const file = (bytes: number): VolumeFile[] => [
    { name: 'a', bytes },
    { name: 'b', bytes: 100 },
  ];
  const most = Array.from({ length: 4000 }, (_, n) => VOLUME_BYTES - 4000 + n - manifestBytes(file(0)));
  const counts = most.map((bytes) => planVolumes(file(bytes)).length);
  expect(new Set(counts)).toEqual(new Set([1, 2]));
  expect([...counts].sort()).toEqual(counts);
});

test('every file is in exactly one volume, in order, and no volume of several files is too large', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 3 * GIB }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 100_000, max: 4 * GIB }),
      (sizes, limit) => {
        const files = sizes.map((bytes, n) => ({ name: `${String(n)}.bin`, bytes }));
        const volumes = planVolumes(files, limit);
        expect(volumes.flat()).toEqual(files);
        for (const volume of volumes) {
          expect(volume.length).toBeGreaterThan(0);
          const bytes = volume.reduce((sum, file) => sum + file.bytes, manifestBytes(files));
          if (volume.length > 1) expect(bytes).toBeLessThan(limit);
        }
        // None could have taken the first file of the next one.
        for (const [n, volume] of volumes.slice(0, -1).entries()) {
          const next = volumes[n + 1]?.[0]?.bytes ?? 0;
          const bytes = volume.reduce((sum, file) => sum + file.bytes, manifestBytes(files));
          expect(bytes + next + 1000 * (volume.length + 1)).toBeGreaterThan(limit);
        }
      },
    ),
  );
});
