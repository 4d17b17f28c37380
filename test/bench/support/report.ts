/** Figures of a row and their bars. A row hands them to the reporter as an attachment of its test. */
import { test } from '@playwright/test';
import { ratioOf, secondsOf, type Outcome, type Outcomes, type Sample, type Summary } from './repeat.ts';
import { settings } from './settings.ts';

/** What an issue asks for. */
export interface Bar {
  readonly kind: 'at most' | 'at least';
  readonly value: number;
  /** What would be better still. */
  readonly aim?: number;
}

/** One line of the table. */
export interface Figure {
  readonly work: string;
  readonly figure: string;
  readonly value: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** `×` for ratios. */
  readonly unit: string;
  readonly bar: Bar | null;
  /** Null where there is no bar or no value. */
  readonly met: boolean | null;
  /** What stands behind it, or why there is no value. */
  readonly note: string;
}

/** What a row hands to the reporter. */
export interface RowReport {
  readonly row: string;
  readonly footage: string;
  readonly figures: readonly Figure[];
  /** Every repetition of everybody. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
}

/** Name of the attachment that carries a `RowReport`. */
export const ATTACHMENT = 'reelkeep-bench-row';

export const atMost = (value: number, aim?: number): Bar => ({
  kind: 'at most',
  value,
  ...(aim === undefined ? {} : { aim }),
});
export const atLeast = (value: number): Bar => ({ kind: 'at least', value });

/** A bar as text. */
export const barText = ({ kind, value, aim }: Bar): string =>
  `${kind} ${Number(value.toPrecision(3))}${aim === undefined ? '' : `, aim ${aim}`}`;

const rounded = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

const inSeconds = (summary: Summary | null): string =>
  summary === null ? '' : `${summary.median.toPrecision(3)} s`;

/** Collects the figures of one row. */
export class Row {
  readonly #figures: Figure[] = [];
  readonly #samples: Record<string, readonly Sample[]> = {};

  constructor(
    private readonly work: string,
    private readonly footage = '',
  ) {}

  /** A figure measured once, or summed up elsewhere. */
  figure(
    figure: string,
    value: number | Summary | null,
    unit: string,
    bar: Bar | null = null,
    note = '',
  ): void {
    const middle = typeof value === 'object' ? (value?.median ?? null) : value;
    const reached =
      bar === null || middle === null
        ? null
        : bar.kind === 'at most'
          ? middle <= bar.value
          : middle >= bar.value;
    this.#figures.push({
      work: this.work,
      figure,
      value: rounded(middle),
      min: rounded(typeof value === 'object' ? (value?.min ?? null) : value),
      max: rounded(typeof value === 'object' ? (value?.max ?? null) : value),
      unit,
      bar,
      met: reached,
      note,
    });
  }

  /** `a`'s time divided by `b`'s. */
  ratio(outcomes: Outcomes, a: string, b: string, bar: Bar | null = null, note = ''): void {
    const [left, right] = [outcomes.get(a), outcomes.get(b)];
    this.#keep(left, right);
    const value = ratioOf(left, right);
    const behind =
      value === null
        ? ([left, right].find((one) => one === undefined || one.samples.length === 0)?.problem ??
          'not measured')
        : `${inSeconds(secondsOf(left))} to ${inSeconds(secondsOf(right))}`;
    this.figure(`${a} / ${b}`, value, '×', bar, [behind, note].filter(Boolean).join('; '));
  }

  /** How many times faster `a` is than `b`. */
  faster(outcomes: Outcomes, a: string, b: string, bar: Bar | null = null, note = ''): void {
    const [left, right] = [outcomes.get(a), outcomes.get(b)];
    this.#keep(left, right);
    const value = ratioOf(right, left);
    const behind =
      value === null
        ? ([left, right].find((one) => one === undefined || one.samples.length === 0)?.problem ??
          'not measured')
        : `${inSeconds(secondsOf(left))} to ${inSeconds(secondsOf(right))}`;
    this.figure(`${a} faster than ${b}`, value, '×', bar, [behind, note].filter(Boolean).join('; '));
  }

  /** The largest peak of memory among a contender's repetitions. */
  memory(outcomes: Outcomes, name: string, bar: Bar | null = null): void {
    const samples = outcomes.get(name)?.samples ?? [];
    const peaks = samples.flatMap(({ peakBytes }) => (peakBytes === undefined ? [] : [peakBytes / 1e6]));
    const starts = samples.flatMap(({ startBytes }) => (startBytes === undefined ? [] : [startBytes / 1e6]));
    this.figure(
      `${name}: peak memory, all browser processes`,
      peaks.length === 0 ? null : Math.max(...peaks),
      'MB',
      bar,
      starts.length === 0 ? '' : `${Math.max(...starts).toFixed(0)} MB of it before the work began`,
    );
  }

  /** Keeps the repetitions of somebody who stands in no ratio. */
  keep(outcomes: Outcomes): void {
    this.#keep(...outcomes.values());
  }

  #keep(...outcomes: readonly (Outcome | undefined)[]): void {
    for (const outcome of outcomes) {
      if (outcome !== undefined) this.#samples[outcome.name] = outcome.samples;
    }
  }

  /** Hands the row over. Throws at the end when ours could not do the work, so that the run is not green. */
  async hand(outcomes?: Outcomes): Promise<void> {
    const report: RowReport = {
      row: this.work,
      footage: this.footage,
      figures: this.#figures,
      samples: this.#samples,
    };
    await test.info().attach(ATTACHMENT, { body: JSON.stringify(report), contentType: 'application/json' });
    for (const outcome of outcomes?.values() ?? []) {
      if (outcome.name.startsWith('ours') && outcome.problem !== '')
        throw new Error(`${outcome.name} ${outcome.problem}`);
    }
  }
}

/** How far from whole the run is, for the names of rows whose work is cut short by BENCH_QUICK. */
export const shortened = (text: string): string => (settings.quick ? `${text} (shortened)` : text);
