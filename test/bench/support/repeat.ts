/** Repetitions side by side: ours, native, ours, native …, so that a machine that slows down slows all of them down. */
import { settings } from './settings.ts';

/** One repetition. */
export interface Sample {
  readonly seconds: number;
  /** As the export's own record has it, where it is ours. */
  readonly recordSeconds?: number;
  readonly peakBytes?: number;
  /** Memory just before. */
  readonly startBytes?: number;
  readonly bytes?: number;
}

/** Somebody who does the work. */
export interface Contender {
  readonly name: string;
  /** Takes minutes: one repetition is enough. */
  readonly once?: boolean;
  /** Throws when it cannot; the others go on. Null: it is not here. */
  readonly run: (() => Promise<Sample>) | null;
  /** Why it is not here. */
  readonly missing?: string;
}

/** What came of a contender. */
export interface Outcome {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** Why there are no samples, or none after some repetition; empty when all went well. */
  readonly problem: string;
}

/** All of a row. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Middle, smallest, largest. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (high + (sorted[middle - 1] ?? Number.NaN)) / 2 : high;
}

/** Summary of some values, null of none. */
export function summarise(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    count: values.length,
  };
}

/** Runs all contenders in turn, `settings.repeats` times. One that fails is left out from then on. */
export async function interleave(contenders: readonly Contender[]): Promise<Outcomes> {
  const states = contenders.map((contender) => ({
    contender,
    samples: [] as Sample[],
    problem: contender.run === null ? (contender.missing ?? 'not here') : '',
  }));
  for (let turn = 0; turn < settings.repeats; turn += 1) {
    for (const state of states) {
      const { contender } = state;
      if (contender.run === null || state.problem !== '' || (contender.once === true && turn > 0)) continue;
      try {
        const sample = await contender.run();
        state.samples.push(sample);
        console.log(
          `  ${contender.name}, ${String(turn + 1)} of ${contender.once === true ? 1 : settings.repeats}: ${sample.seconds.toFixed(2)} s`,
        );
      } catch (error) {
        state.problem = `failed: ${error instanceof Error ? error.message : String(error)}`;
        console.log(`  ${contender.name} ${state.problem}`);
      }
    }
  }
  return new Map(
    states.map(({ contender, samples, problem }) => [
      contender.name,
      { name: contender.name, samples, problem },
    ]),
  );
}

/** Seconds of an outcome. */
export const secondsOf = (outcome: Outcome | undefined): Summary | null =>
  summarise((outcome?.samples ?? []).map(({ seconds }) => seconds));

/**
 * How `a` compares with `b`: of each pair of neighbouring repetitions where both have the same number, so that drift
 * cancels out; else of the medians.
 */
export function ratioOf(a: Outcome | undefined, b: Outcome | undefined): Summary | null {
  const left = (a?.samples ?? []).map(({ seconds }) => seconds);
  const right = (b?.samples ?? []).map(({ seconds }) => seconds);
  if (left.length === 0 || right.length === 0) return null;
  if (left.length === right.length)
    return summarise(left.map((value, turn) => value / (right[turn] ?? Number.NaN)));
  return summarise([median(left) / median(right)]);
}
