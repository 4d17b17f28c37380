/** What the local log adds up to: counters, and how things went over time. Pure. */
import type { FailureReason } from '../base/failure.ts';
import type { LogEntry } from '../schema/log.ts';

/** How often something failed for a reason. */
export interface FailureCount {
  readonly name: FailureReason;
  readonly count: number;
}

/** A column of a histogram: from (included) up to (not included; null: no end). */
export interface Column {
  readonly from: number;
  readonly to: number | null;
  readonly count: number;
}

/** Values of something, sorted into columns. */
export interface Histogram {
  readonly count: number;
  readonly median: number | null;
  readonly columns: readonly Column[];
}

/** How fast an engine encoded. */
export interface EngineSpeed {
  /** The rung of the ladder, where it is known; else the engine. */
  readonly rung: string;
  readonly steps: number;
  /** Millions of pixels per second of one worker: the middle step, and a tenth of them below and above. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** A value at a time. */
export interface Point {
  /** ISO-8601. */
  readonly time: string;
  readonly value: number;
}

/** How jobs ended on a day (UTC). */
export interface Day {
  readonly day: string;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** What the log adds up to. */
export interface Statistics {
  readonly entries: number;
  readonly fromTime: string | null;
  readonly toTime: string | null;
  /** `partial`: those among the completed that lack clips. */
  readonly jobs: Readonly<Record<'created' | 'completed' | 'partial' | 'failed' | 'cancelled', number>>;
  readonly speeds: readonly EngineSpeed[];
  /** Milliseconds that encoded picture steps took. */
  readonly stepTimes: Histogram;
  /** Failures of jobs, of tries and of single clips, by reason, the most frequent first. */
  readonly failures: readonly FailureCount[];
  /** Steps that were there already, of all; null when there were none. */
  readonly cache: { readonly reused: number; readonly steps: number; readonly share: number } | null;
  /** Jobs that had been made and not ended, after each change. */
  readonly queue: readonly Point[];
  /** Bytes of private storage in use, as often as it was noted. */
  readonly storage: readonly Point[];
  readonly days: readonly Day[];
  /** How often a rung was left out, a step cut in two, a try failed. */
  readonly breakers: number;
  readonly splits: number;
  readonly failedTries: number;
}

/** Bounds of the columns for times, milliseconds. */
const TIME_BOUNDS = [0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000] as const;

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Sorts values into columns with these lower bounds; the last one has no end. */
export function histogram(values: readonly number[], bounds: readonly number[]): Histogram {
  const columns = bounds.map((from, i): Column => {
    const to = bounds[i + 1] ?? null;
    const count = values.filter((value) => value >= from && (to === null || value < to)).length;
    return { from, to, count };
  });
  const median = values.length === 0 ? null : quantile(ascending(values), 0.5);
  return { count: values.length, median, columns };
}

/** Counts reasons, the most frequent first. */
function counted(names: readonly FailureReason[]): FailureCount[] {
  const counts = new Map<FailureReason, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

const number = (entry: LogEntry, key: string): number | null => {
  const value = entry.data[key];
  return typeof value === 'number' ? value : null;
};
const word = (entry: LogEntry, key: string): string | null => {
  const value = entry.data[key];
  return typeof value === 'string' ? value : null;
};

/** How an entry says that its job ended. One without a code and without a word has come to its good end. */
function endOf(entry: LogEntry): 'completed' | 'failed' | 'cancelled' {
  const status = word(entry, 'status');
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return status;
  if (entry.code === 'cancelled') return 'cancelled';
  return entry.code === null ? 'completed' : 'failed';
}

/** Steps shorter than this say nothing of speed: they are all start-up. */
const LEAST_SPEED_MS = 50;

function speedsOf(steps: readonly LogEntry[]): EngineSpeed[] {
  const byRung = new Map<string, number[]>();
  for (const entry of steps) {
    const pixels = number(entry, 'pixels') ?? 0;
    const ms = entry.durationMs ?? 0;
    const rung = word(entry, 'rung') ?? word(entry, 'engine');
    if (rung === null || pixels <= 0 || ms < LEAST_SPEED_MS) continue;
    byRung.set(rung, [...(byRung.get(rung) ?? []), pixels / 1000 / ms]);
  }
  return [...byRung]
    .map(([rung, all]): EngineSpeed => {
      const sorted = ascending(all);
      return {
        rung,
        steps: all.length,
        median: quantile(sorted, 0.5),
        low: quantile(sorted, 0.1),
        high: quantile(sorted, 0.9),
      };
    })
    .sort((a, b) => b.median - a.median);
}

function queueOf(entries: readonly LogEntry[]): Point[] {
  const open = new Set<string>();
  const points: Point[] = [];
  for (const { event, jobId, time } of entries) {
    if (jobId === null) continue;
    const before = open.size;
    // The ring may have lost the entry that made a job: it shows itself when it starts.
    if (event === 'job_created' || event === 'job_started' || event === 'job_taken_over') open.add(jobId);
    if (event === 'job_ended') open.delete(jobId);
    if (open.size !== before) points.push({ time, value: open.size });
  }
  return points;
}

function daysOf(ended: readonly LogEntry[]): Day[] {
  const days = new Map<string, { completed: number; failed: number; cancelled: number }>();
  for (const entry of ended) {
    const day = new Date(Date.parse(entry.time)).toISOString().slice(0, 10);
    const counts = days.get(day) ?? { completed: 0, failed: 0, cancelled: 0 };
    counts[endOf(entry)] += 1;
    days.set(day, counts);
  }
  return [...days].map(([day, counts]) => ({ day, ...counts })).sort((a, b) => a.day.localeCompare(b.day));
}

/** A job that ended well although clips of it failed: the log says that it ended, its record why they did. */
export interface IncompleteJob {
  readonly jobId: string;
  readonly reasons: readonly FailureReason[];
}

/** Adds up the log; jobs that lack clips count where the log knows their end. Entries are taken in the order in which they were written: the time of day may have been set back. */
export function statisticsOf(
  entries: readonly LogEntry[],
  incomplete: readonly IncompleteJob[] = [],
): Statistics {
  const of = (event: LogEntry['event']): LogEntry[] => entries.filter((entry) => entry.event === event);
  const steps = of('step_ended');
  const done = steps.filter((entry) => entry.data['reused'] !== true);
  const ended = of('job_ended');
  const failedTries = of('step_failed');
  const ends = ended.map(endOf);
  const count = (end: ReturnType<typeof endOf>): number => ends.filter((one) => one === end).length;
  const pictureTimes = done
    .filter((entry) => (number(entry, 'pixels') ?? 0) > 0)
    .flatMap((entry) => entry.durationMs ?? []);
  const completed = new Set(ended.filter((entry) => endOf(entry) === 'completed').map(({ jobId }) => jobId));
  const partial = incomplete.filter(({ jobId }) => completed.has(jobId));
  const failures = [...failedTries, ...ended.filter((entry) => endOf(entry) === 'failed')];
  const reused = steps.length - done.length;
  return {
    entries: entries.length,
    fromTime: entries[0]?.time ?? null,
    toTime: entries.at(-1)?.time ?? null,
    jobs: {
      created: of('job_created').length,
      completed: count('completed'),
      partial: partial.length,
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
    speeds: speedsOf(done),
    stepTimes: histogram(pictureTimes, TIME_BOUNDS),
    failures: counted([
      ...failures.flatMap(({ code }) => code ?? []),
      ...partial.flatMap(({ reasons }) => reasons),
    ]),
    cache: steps.length === 0 ? null : { reused, steps: steps.length, share: reused / steps.length },
    queue: queueOf(entries),
    storage: entries.flatMap((entry) => {
      const value = number(entry, 'usedBytes');
      return value === null ? [] : [{ time: entry.time, value }];
    }),
    days: daysOf(ended),
    breakers: of('breaker_opened').length,
    splits: of('step_split').length,
    failedTries: failedTries.length,
  };
}
