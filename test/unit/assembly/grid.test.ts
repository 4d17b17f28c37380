import { expect, it } from 'vitest';
import { ontoGrid } from '../../../workers/assembly/pieces.ts';

const NTSC = { num: 30000, den: 1001 };

it('puts times that a container rounded to milliseconds back on the grid of the rate', () => {
  expect([0, 33_000, 67_000, 100_000, 133_000].map((us) => ontoGrid(us, NTSC))).toEqual([
    0, 33_367, 66_733, 100_100, 133_467,
  ]);
});

it('leaves times alone that do not lie on the grid, and variable rates', () => {
  expect(ontoGrid(50_000, NTSC)).toBe(50_000);
  expect(ontoGrid(33_000, null)).toBe(33_000);
});
