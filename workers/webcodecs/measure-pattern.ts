/** Pictures that say which one they are: blocks of light and dark that spell a number, up to the picture's edges. Pure. */
import { REFERENCE_HEIGHT, REFERENCE_WIDTH } from '../../src/runtime/contract/reference.ts';

/** Blocks across and down. Each is a whole number of cells of the grid that pictures are read by. */
const COLUMNS = 8;
const ROWS = 6;
const CELLS_ACROSS = REFERENCE_WIDTH / COLUMNS;
const CELLS_DOWN = REFERENCE_HEIGHT / ROWS;
/** Luma of the blocks; far apart, and away from black and white. */
const DARK = 60;
const LIGHT = 190;
/** The mean of all cells may be this far from what went in: coarse quantizers blur the edges of blocks. */
const MEAN_TOLERANCE = 12;
/**
 * So many blocks may be misread. Fast encoders leave a stale patch behind now and then (VP9 in Chromium does, 40 pixels
 * wide); another picture, or garbage, has about half of the blocks wrong.
 */
const BLOCKS_TOLERANCE = 4;

/** Whether a block is light. Of two numbers about half of the blocks differ. */
export function isLight(picture: number, column: number, row: number): boolean {
  let hash = Math.imul(picture + 1, 0x9e3779b1) ^ Math.imul(row * COLUMNS + column + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash & 1) === 1;
}

/** Where block `index` begins: at a border of the grid's cells. */
const borderOf = (index: number, cells: number, grid: number, size: number): number =>
  Math.floor((index * cells * size) / grid);

/** Picture number `picture` as planes of 4:2:0, one behind the other. */
export function patternPlanes(picture: number, width: number, height: number): Uint8Array<ArrayBuffer> {
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const planes = new Uint8Array(width * height + 2 * halfWidth * halfHeight);
  for (let row = 0; row < ROWS; row += 1) {
    const top = borderOf(row, CELLS_DOWN, REFERENCE_HEIGHT, height);
    const bottom = borderOf(row + 1, CELLS_DOWN, REFERENCE_HEIGHT, height);
    if (bottom === top) continue;
    const line = planes.subarray(top * width, (top + 1) * width);
    for (let column = 0; column < COLUMNS; column += 1) {
      const left = borderOf(column, CELLS_ACROSS, REFERENCE_WIDTH, width);
      const right = borderOf(column + 1, CELLS_ACROSS, REFERENCE_WIDTH, width);
      line.fill(isLight(picture, column, row) ? LIGHT : DARK, left, right);
    }
    for (let y = top + 1; y < bottom; y += 1) planes.copyWithin(y * width, top * width, (top + 1) * width);
  }
  planes.fill(128, width * height);
  return planes;
}

/** Luma over the grid that picture number `picture` has. */
export function patternGrid(picture: number): Uint8Array {
  return Uint8Array.from({ length: REFERENCE_WIDTH * REFERENCE_HEIGHT }, (_, cell) => {
    const column = Math.floor((cell % REFERENCE_WIDTH) / CELLS_ACROSS);
    const row = Math.floor(Math.floor(cell / REFERENCE_WIDTH) / CELLS_DOWN);
    return isLight(picture, column, row) ? LIGHT : DARK;
  });
}

/** What is wrong with a picture that should be number `picture`; null when it is. */
export function patternProblem(picture: number, grid: Uint8Array): string | null {
  const off = new Float64Array(COLUMNS * ROWS);
  let sum = 0;
  for (const [cell, value] of patternGrid(picture).entries()) {
    const difference = Math.abs(value - (grid[cell] ?? 0));
    const column = Math.floor((cell % REFERENCE_WIDTH) / CELLS_ACROSS);
    const row = Math.floor(Math.floor(cell / REFERENCE_WIDTH) / CELLS_DOWN);
    off[row * COLUMNS + column] = (off[row * COLUMNS + column] ?? 0) + difference;
    sum += difference;
  }
  const mean = sum / grid.length;
  const half = ((LIGHT - DARK) / 2) * CELLS_ACROSS * CELLS_DOWN;
  const wrong = off.filter((blockSum) => blockSum >= half).length;
  if (mean <= MEAN_TOLERANCE && wrong <= BLOCKS_TOLERANCE) return null;
  const parts = `${String(wrong)} of ${String(off.length)} parts are wrong`;
  return `Picture ${String(picture)} did not come out as it went in: ${parts}, brightness is off by ${mean.toFixed(0)}.`;
}
