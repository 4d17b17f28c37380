/**
 * Finds the moment of one version of a film in another one: the same picture after a new cut, a new grade or a new encode. Pictures
 * are very small ones (luma of 32 x 18, as certificates use); they are told apart by a difference hash (each bit says whether
 * brightness rises from one cell to its neighbour), which survives grading and encoding. Pure.
 * Hash: N. Krawetz, "Kind of Like That" (2013).
 */

/** Size of the pictures that are compared. */
export const LOOK_WIDTH = 32;
/** Size of the pictures that are compared. */
export const LOOK_HEIGHT = 18;
/** Distance of the pictures that are compared first, microseconds. */
export const LOOK_STEP_US = 250_000;
/** Pictures before and after a moment that are compared with it. */
export const LOOK_REACH = 8;

/** A very small picture of an asset. */
export interface Look {
  /** Asset time, microseconds. */
  readonly timeUs: number;
  /** Luma, row by row. */
  readonly luma: Uint8Array;
}

/** Why a moment was not found again. */
export type LostReason = 'not_found' | 'ambiguous' | 'no_detail';

/** Where a moment lies in the other version. */
export type Placed =
  | { readonly found: true; readonly timeUs: number; readonly distance: number }
  | { readonly found: false; readonly reason: LostReason };

const COLUMNS = 8;
const ROWS = 8;
/** Bits that may differ, of 64, on average over a stretch: encoding changes up to four, other pictures twenty and more. */
const MOST_BITS = 10;
/** Another place must be worse by so many bits, or nobody knows which of them is meant. */
const CLEARER_BITS = 3;
/** Two neighbouring looks that differ by so many are of different shots. */
const CUT_BITS = 22;
/** Places nearer than this are one place, microseconds. */
const SAME_PLACE_US = 1_000_000;
/** A picture with less contrast (standard deviation of luma) has nothing to be recognised by. */
const LEAST_CONTRAST = 4;

/** What is compared of a picture. */
interface Print {
  readonly bits: readonly [number, number];
  readonly plain: boolean;
}

function cell(luma: Uint8Array, column: number, columns: number, row: number): number {
  const left = Math.floor((column * LOOK_WIDTH) / columns);
  const right = Math.max(left + 1, Math.floor(((column + 1) * LOOK_WIDTH) / columns));
  const top = Math.floor((row * LOOK_HEIGHT) / ROWS);
  const bottom = Math.max(top + 1, Math.floor(((row + 1) * LOOK_HEIGHT) / ROWS));
  let sum = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) sum += luma[y * LOOK_WIDTH + x] ?? 0;
  }
  return sum / ((right - left) * (bottom - top));
}

/** The hash of a picture, and whether it has anything to be recognised by. */
function printOf(luma: Uint8Array): Print {
  const bits: [number, number] = [0, 0];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const rises = cell(luma, column + 1, COLUMNS + 1, row) > cell(luma, column, COLUMNS + 1, row);
      const bit = row * COLUMNS + column;
      const half = bit < 32 ? 0 : 1;
      if (rises) bits[half] = (bits[half] | (1 << (bit % 32))) >>> 0;
    }
  }
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  const variance = luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length;
  return { bits, plain: Math.sqrt(variance) < LEAST_CONTRAST };
}

function ones(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

const distanceOf = (a: Print, b: Print): number =>
  ones((a.bits[0] ^ b.bits[0]) >>> 0) + ones((a.bits[1] ^ b.bits[1]) >>> 0);

/** Looks of a film in the order of time, ready to be compared. */
export interface Reel {
  readonly looks: readonly Look[];
  readonly prints: readonly Print[];
}

/** Prepares looks. */
export function reelOf(looks: readonly Look[]): Reel {
  const sorted = [...looks].sort((a, b) => a.timeUs - b.timeUs);
  return { looks: sorted, prints: sorted.map(({ luma }) => printOf(luma)) };
}

/** Position of the look nearest to a time; -1 when there is none. */
function nearest({ looks }: Reel, timeUs: number): number {
  let best = -1;
  let distance = Infinity;
  for (const [at, look] of looks.entries()) {
    const away = Math.abs(look.timeUs - timeUs);
    if (away < distance) [best, distance] = [at, away];
  }
  return best;
}

/** How far a stretch around `at` goes on both sides within one shot. */
function shotAround({ prints }: Reel, at: number): readonly [before: number, after: number] {
  const isCut = (a: number, b: number): boolean => {
    const [one, other] = [prints[a], prints[b]];
    return one === undefined || other === undefined || distanceOf(one, other) > CUT_BITS;
  };
  let before = 0;
  while (before < LOOK_REACH && !isCut(at - before, at - before - 1)) before += 1;
  let after = 0;
  while (after < LOOK_REACH && !isCut(at + after, at + after + 1)) after += 1;
  return [before, after];
}

/** Mean distance of two stretches; what sticks out at an end, or has no detail, is not counted. Null when nothing is left. */
function stretchDistance(
  a: Reel,
  at: number,
  b: Reel,
  to: number,
  before: number,
  after: number,
): number | null {
  let sum = 0;
  let count = 0;
  for (let step = -before; step <= after; step += 1) {
    const [one, other] = [a.prints[at + step], b.prints[to + step]];
    if (one === undefined || other === undefined || one.plain) continue;
    sum += distanceOf(one, other);
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/**
 * Finds a moment in the other version, to about a look's distance (see `refine`).
 *
 * @param expectedUs how far the moments around this one have moved, where that is known: decides between places that look alike
 */
export function findMoment(from: Reel, to: Reel, timeUs: number, expectedUs: number | null): Placed {
  const at = nearest(from, timeUs);
  if (at < 0 || to.looks.length === 0) return { found: false, reason: 'not_found' };
  const [before, after] = shotAround(from, at);
  const scores = to.looks.flatMap((look, position) => {
    const own = stretchDistance(from, at, to, position, before, after);
    if (own === null || own > MOST_BITS) return [];
    // What lies around the shot decides between places of a shot that stands still.
    const around = stretchDistance(from, at, to, position, LOOK_REACH, LOOK_REACH) ?? own;
    return [{ timeUs: look.timeUs, own, around }];
  });
  if (scores.length === 0) {
    const anything = stretchDistance(from, at, from, at, before, after) !== null;
    return { found: false, reason: anything ? 'not_found' : 'no_detail' };
  }
  const least = Math.min(...scores.map(({ own }) => own));
  const alike = scores.filter(({ own }) => own <= least + CLEARER_BITS);
  const best = alike.reduce((one, other) => (other.around < one.around ? other : one));
  const rivals = alike.filter(
    (one) => Math.abs(one.timeUs - best.timeUs) > SAME_PLACE_US && one.around <= best.around + CLEARER_BITS,
  );
  if (rivals.length === 0) return { found: true, timeUs: best.timeUs, distance: best.own };
  if (expectedUs !== null) {
    const wanted = timeUs + expectedUs;
    const near = [best, ...rivals].find((one) => Math.abs(one.timeUs - wanted) <= SAME_PLACE_US / 2);
    if (near !== undefined) return { found: true, timeUs: near.timeUs, distance: near.own };
  }
  return { found: false, reason: 'ambiguous' };
}

/**
 * Finds all moments: first those that are clear, then the others with what their neighbours have moved by.
 *
 * @param around the looks around a moment, `LOOK_STEP_US` apart
 */
export function findMoments(
  around: (timeUs: number) => Reel,
  to: Reel,
  timesUs: readonly number[],
): readonly Placed[] {
  const clear = timesUs.map((timeUs) => findMoment(around(timeUs), to, timeUs, null));
  const moved = clear.flatMap((one, at) => {
    const timeUs = timesUs[at];
    return one.found && timeUs !== undefined ? [{ timeUs, byUs: one.timeUs - timeUs }] : [];
  });
  return clear.map((one, at) => {
    const timeUs = timesUs[at];
    if (one.found || one.reason !== 'ambiguous' || timeUs === undefined) return one;
    const [next] = [...moved].sort((a, b) => Math.abs(a.timeUs - timeUs) - Math.abs(b.timeUs - timeUs));
    // Without a neighbour the first guess is that nothing has moved.
    return findMoment(around(timeUs), to, timeUs, next?.byUs ?? 0);
  });
}

/**
 * The frame that fits best among those near the place: pictures compared as they are.
 *
 * @param wanted the frame itself and its neighbours, by how far they are from it, microseconds
 * @param candidates every frame around the place, ascending
 */
export function refine(
  wanted: readonly { readonly offsetUs: number; readonly luma: Uint8Array }[],
  candidates: readonly Look[],
  aroundUs: number,
): number {
  let best = { timeUs: aroundUs, score: Infinity };
  for (const { timeUs } of candidates) {
    let sum = 0;
    let count = 0;
    for (const { offsetUs, luma } of wanted) {
      const shown = candidates.findLast((one) => one.timeUs <= timeUs + offsetUs + 1000);
      if (shown === undefined) continue;
      sum += differenceOf(luma, shown.luma);
      count += 1;
    }
    // A candidate at the end of what was looked at has fewer neighbours; half of them are needed.
    if (count * 2 < wanted.length) continue;
    const score = sum / count + Math.abs(timeUs - aroundUs) / 1e9;
    if (score < best.score) best = { timeUs, score };
  }
  return best.timeUs;
}

/** Mean difference after the mean brightness is taken out: a new grade is no other picture. */
function differenceOf(a: Uint8Array, b: Uint8Array): number {
  const mean = (list: Uint8Array): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) {
    sum += Math.abs((a[at] ?? 0) - meanA - ((b[at] ?? 0) - meanB));
  }
  return sum / a.length;
}
