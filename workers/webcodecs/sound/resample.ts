/**
 * Sound at another sample rate: a windowed sinc, one set of taps for each position that an output sample can have
 * between two input samples. Pure.
 *
 * Output samples lie on the output's own grid, not where the input happens to begin, so that stretches that are
 * resampled separately join without a seam.
 */

/** Taps on each side of an output sample, at the lower of the two rates: flat to 0.77 of the lower Nyquist rate. */
const HALF_TAPS = 24;
/** The middle of the filter's slope, as a part of the lower Nyquist rate: nothing of weight is left above it. */
const CUTOFF = 0.89;
/** Kaiser's window; 9 keeps what must go below -90 dB. */
const BETA = 9;
/** Rates that share so few factors that the table would get large are left to another engine. */
const MAX_TABLE = 1 << 20;

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

interface Table {
  /** Positions between two input samples. */
  readonly phases: number;
  /** Positions from one output sample to the next. */
  readonly step: number;
  readonly half: number;
  /** Double precision here and in the input that is kept: nothing has to be converted in the innermost loop. */
  readonly taps: Float64Array;
}

const tables = new Map<string, Table | null>();

function tableFor(from: number, to: number): Table | null {
  const key = `${String(from)}>${String(to)}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = makeTable(from, to);
  tables.set(key, table);
  return table;
}

function makeTable(from: number, to: number): Table | null {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < 1) return null;
  const divisor = greatestDivisor(from, to);
  const phases = to / divisor;
  const narrow = Math.min(1, to / from);
  // Even, so that taps come in fours.
  const half = Math.ceil(HALF_TAPS / narrow / 2) * 2;
  if (phases * half * 2 > MAX_TABLE) return null;
  const taps = new Float64Array(phases * half * 2);
  const cutoff = CUTOFF * narrow;
  const scale = 1 / bessel(BETA);
  for (let phase = 0; phase < phases; phase += 1) {
    const row = taps.subarray(phase * half * 2, (phase + 1) * half * 2);
    let sum = 0;
    for (let k = 0; k < row.length; k += 1) {
      // Distance of tap k from the output sample, in input samples.
      const x = k - (half - 1) - phase / phases;
      const window = Math.abs(x) >= half ? 0 : bessel(BETA * Math.sqrt(1 - (x / half) ** 2)) * scale;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cutoff) / (Math.PI * x * cutoff);
      row[k] = cutoff * sinc * window;
      sum += row[k] as number;
    }
    // The same loudness at every position: otherwise a steady sound would whistle at the rate of the positions.
    for (let k = 0; k < row.length; k += 1) row[k] = (row[k] as number) / sum;
  }
  return { phases, step: from / divisor, half, taps };
}

/** Whether {@link Resampler} can do this. */
export function canResample(from: number, to: number): boolean {
  return tableFor(from, to) !== null;
}

/** Resampled sound: its first sample's place on the output's grid. */
export interface Resampled {
  readonly at: number;
  readonly planes: readonly Float32Array[];
}

/** One unbroken run of sound. */
export class Resampler {
  readonly #table: Table;
  /** Input that is still needed; `#base` is the number of its first sample in the run. */
  #planes: Float64Array[];
  #base: number;
  #received = 0;
  /** Next output sample. */
  #next: number;
  /** Where the run's first input sample lies on the output's grid, in positions. */
  readonly #origin: number;

  /**
   * @param start where the first input sample lies on the output's grid, in output samples; need not be whole.
   * @throws RangeError for rates of which `canResample` says no.
   */
  constructor(from: number, to: number, channels: number, start: number) {
    const table = tableFor(from, to);
    if (table === null) throw new RangeError(`no way from ${String(from)} to ${String(to)} Hz`);
    this.#table = table;
    this.#origin = Math.round(start * table.step);
    this.#next = Math.ceil(this.#origin / table.step);
    // Silence lies before the run.
    this.#base = -table.half;
    this.#planes = Array.from({ length: channels }, () => new Float64Array(table.half));
  }

  /** Adds input, answers what can be computed by now. */
  push(input: readonly Float32Array[]): Resampled {
    this.#received += input[0]?.length ?? 0;
    this.#append(input);
    // The output sample at position p needs input up to floor(p) + half.
    return this.#compute((this.#received - this.#table.half) * this.#table.phases);
  }

  /** The rest, as if silence followed. */
  end(): Resampled {
    const silence = new Float32Array(this.#table.half + 1);
    this.#append(this.#planes.map(() => silence));
    return this.#compute(this.#received * this.#table.phases);
  }

  #append(input: readonly (Float32Array | Float64Array)[]): void {
    this.#planes = this.#planes.map((kept, channel) => {
      const more = input[channel] ?? new Float32Array(0);
      const joined = new Float64Array(kept.length + more.length);
      joined.set(kept);
      joined.set(more, kept.length);
      return joined;
    });
  }

  /** All output samples before a position of the input. */
  #compute(limit: number): Resampled {
    const { phases, step, half, taps } = this.#table;
    const at = this.#next;
    const base = this.#base;
    const count = Math.max(0, Math.ceil((limit + this.#origin) / step) - at);
    const planes = this.#planes.map((plane) => {
      const out = new Float32Array(count);
      let position = at * step - this.#origin;
      for (let n = 0; n < count; n += 1) {
        const whole = Math.floor(position / phases);
        // Known to be small whole numbers: engines index arrays faster with those.
        const row = ((position - whole * phases) * half * 2) | 0;
        const first = (whole - (half - 1) - base) | 0;
        // Four sums side by side: one alone would wait for each addition before the next.
        let [a, b, c, d] = [0, 0, 0, 0];
        for (let k = 0; k < half * 2; k += 4) {
          a += (taps[row + k] as number) * (plane[first + k] as number);
          b += (taps[row + k + 1] as number) * (plane[first + k + 1] as number);
          c += (taps[row + k + 2] as number) * (plane[first + k + 2] as number);
          d += (taps[row + k + 3] as number) * (plane[first + k + 3] as number);
        }
        out[n] = a + b + (c + d);
        position += step;
      }
      return out;
    });
    this.#next += count;
    this.#forget();
    return { at, planes };
  }

  /** Lets go of input that no output sample needs any more. */
  #forget(): void {
    const { phases, step, half } = this.#table;
    const needed = Math.floor((this.#next * step - this.#origin) / phases) - (half - 1);
    const drop = Math.min(needed - this.#base, this.#planes[0]?.length ?? 0);
    if (drop <= 0) return;
    this.#planes = this.#planes.map((plane) => plane.slice(drop));
    this.#base += drop;
  }
}
