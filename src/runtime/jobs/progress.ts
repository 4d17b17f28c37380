/**
 * Progress of a job: each step weighs what it is expected to cost, so that the bar moves evenly; it never goes back
 * and reaches 100 only when the file is there.
 */

/** Weighted progress. Pure state with a clock passed in. */
export interface ProgressMeter {
  /** Fraction of one part, 0..1; lower values than before are ignored. */
  set(part: string, fraction: number): void;
  /** Work that turned out to be done already counts as finished but does not speed up the estimate. */
  skip(part: string): void;
  /** A part is done in pieces from now on, each with its share of what the part costs. */
  split(part: string, pieces: readonly { readonly name: string; readonly share: number }[]): void;
  /** 0..100. */
  percent(): number;
  /** Milliseconds left, or null while too little is known. */
  etaMs(nowMs: number): number | null;
  /** Parts finished. */
  done(): number;
  readonly total: number;
}

/** The bar stays below this until the job has really ended. */
const CEILING = 99;
/** Share of the work after which measured speed says more than the estimate. */
const TRUST_AFTER = 0.04;

/** Makes a meter for named parts with costs in milliseconds of one worker. */
export function createProgressMeter(
  costs: ReadonlyMap<string, number>,
  startedMs: number,
  estimatedMs: number,
): ProgressMeter {
  const parts = new Map(costs);
  const fractions = new Map<string, number>();
  const skipped = new Set<string>();
  let highest = 0;
  const totalCost = Math.max(
    1,
    [...parts.values()].reduce((sum, cost) => sum + cost, 0),
  );
  const costDone = (includeSkipped: boolean): number => {
    let sum = 0;
    for (const [part, cost] of parts) {
      if (!includeSkipped && skipped.has(part)) continue;
      sum += cost * (fractions.get(part) ?? 0);
    }
    return sum;
  };
  return {
    get total() {
      return parts.size;
    },
    split(part, pieces) {
      const cost = parts.get(part) ?? 0;
      parts.delete(part);
      fractions.delete(part);
      for (const { name, share } of pieces) parts.set(name, cost * share);
    },
    set(part, fraction) {
      const before = fractions.get(part) ?? 0;
      fractions.set(part, Math.max(before, Math.min(1, Math.max(0, fraction))));
    },
    skip(part) {
      skipped.add(part);
      fractions.set(part, 1);
    },
    percent() {
      highest = Math.max(highest, Math.min(CEILING, (costDone(true) / totalCost) * 100));
      return Math.round(highest * 10) / 10;
    },
    etaMs(nowMs) {
      const skippedCost = costDone(true) - costDone(false);
      const work = totalCost - skippedCost;
      if (work <= 0) return 0;
      const share = costDone(false) / work;
      const elapsed = nowMs - startedMs;
      if (share < TRUST_AFTER)
        return Math.max(0, Math.round(estimatedMs * (work / totalCost) - elapsed)) || null;
      return Math.max(0, Math.round((elapsed * (1 - share)) / share));
    },
    done() {
      let count = 0;
      for (const part of parts.keys()) if ((fractions.get(part) ?? 0) >= 1) count += 1;
      return count;
    },
  };
}
