/**
 * Fits costs to what was measured: each sample is a time and what was done in it, and the cost of each thing done is
 * looked for. Robust, because a machine sleeps, is busy with something else, or is measured once only. Pure.
 */

/** What was done (counts of things that cost) and how long it took, milliseconds. */
export interface Sample {
  readonly x: readonly number[];
  readonly y: number;
  /** What the samples of one kind may differ in beside `x`: the codec that was decoded ... */
  readonly of?: string | undefined;
  /** ... and the asset, whose pictures are easy or hard in their own way. */
  readonly from?: string | undefined;
  /** How many lanes were busy meanwhile, on average. */
  readonly busy?: number | undefined;
}

/** How much each sample counts less than the one after it: a machine drifts. */
const FADE = 0.9;
/** How much the shape of what is expected counts against the samples: it decides while there are few. */
const TRUST = 0.03;
/** Relative errors above this many times the usual one count less and less. */
const OUTLIER = 1.5;
/** No cost is fitted below this part of what is expected: nothing is free. */
const LEAST_PART = 0.02;
const ROUNDS = 6;
const SWEEPS = 12;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The value that half of the weight lies below. Null without weight. */
export function weightedMedian(values: readonly (readonly [value: number, weight: number])[]): number | null {
  const sorted = values.filter(([, weight]) => weight > 0).sort(([a], [b]) => a - b);
  const half = sum(sorted.map(([, weight]) => weight)) / 2;
  let below = 0;
  for (const [position, [value, weight]] of sorted.entries()) {
    below += weight;
    if (below > half) return value;
    // Exactly half: between this one and the next, so that two samples count the same.
    if (below === half) return (value + (sorted[position + 1]?.[0] ?? value)) / 2;
  }
  return null;
}

/** Costs times counts. */
export function costOfCounts(costs: readonly number[], counts: readonly number[]): number {
  return counts.reduce((total, count, i) => total + count * (costs[i] ?? 0), 0);
}

/** Weights by age, the newest (last) sample counting 1. */
export function fading(count: number): number[] {
  return Array.from({ length: count }, (_, i) => FADE ** (count - 1 - i));
}

/**
 * The costs that explain the samples best.
 *
 * @param expected what they are thought to be; returned when there are no samples
 */
export function fitCosts(samples: readonly Sample[], expected: readonly number[]): readonly number[] {
  const usable = samples.filter(({ x, y }) => y > 0 && costOfCounts(expected, x) > 0);
  if (usable.length === 0) return expected;
  const age = fading(usable.length);
  // First how fast the machine is altogether; then how the costs share it, starting from how they were expected to.
  const scale =
    weightedMedian(usable.map(({ x, y }, i) => [y / costOfCounts(expected, x), age[i] ?? 0])) ?? 1;
  const prior = expected.map((cost) => cost * scale);
  // In units of the prior, and each sample by its own length: all errors are relative.
  const rows = usable.map(({ x, y }) => x.map((count, i) => (count * (prior[i] ?? 0)) / y));
  let costs = prior.map(() => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const errors = rows.map((row) => Math.abs(costOfCounts(costs, row) - 1));
    const usual = weightedMedian(errors.map((error, i) => [error, age[i] ?? 0])) ?? 0;
    const bound = Math.max(0.02, OUTLIER * usual);
    const weights = errors.map((error, i) => (age[i] ?? 0) * (error <= bound ? 1 : (bound / error) ** 2));
    costs = solve(rows, weights, costs);
  }
  return costs.map((cost, i) => cost * (prior[i] ?? 0));
}

/** Weighted least squares with a pull towards 1, cost by cost, none below its least. */
function solve(
  rows: readonly (readonly number[])[],
  weights: readonly number[],
  start: readonly number[],
): number[] {
  const costs = [...start];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let j = 0; j < costs.length; j += 1) {
      let top = TRUST;
      let bottom = TRUST;
      for (const [i, row] of rows.entries()) {
        const own = row[j] ?? 0;
        const rest = costOfCounts(costs, row) - own * (costs[j] ?? 0);
        top += (weights[i] ?? 0) * own * (1 - rest);
        bottom += (weights[i] ?? 0) * own * own;
      }
      costs[j] = Math.max(LEAST_PART, top / bottom);
    }
  }
  return costs;
}
