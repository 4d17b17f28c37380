/** Where the parts of a chart lie, in a box of 100 by 100 that is stretched to its place. Pure. */
import type { Statistics } from '../../app/studio/activity.ts';

type Point = Statistics['queue'][number];
type Day = Statistics['days'][number];

/** Points that a line has at most: more cannot be told apart. */
const MOST_POINTS = 160;
/** Days that are shown. */
const MOST_DAYS = 14;

/** The round number at or above a value: 1, 2, 5, 10, 20 ... */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

/** Fewer points, the highest of each stretch: a peak must not be lost. */
export function thinned(points: readonly Point[], most: number = MOST_POINTS): readonly Point[] {
  if (points.length <= most) return points;
  const each = points.length / most;
  return Array.from({ length: most }, (_, i) => {
    const part = points.slice(Math.floor(i * each), Math.floor((i + 1) * each));
    return part.reduce((best, point) => (point.value > best.value ? point : best));
  });
}

/** A line that holds each value until the next one. */
export interface Line {
  /** SVG paths: the line, and the area below it. */
  readonly line: string;
  readonly area: string;
  /** The value at the top of the box. */
  readonly top: number;
}

/** The line of points in time. Null without any. */
export function lineOf(all: readonly Point[]): Line | null {
  const points = thinned(all);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const times = points.map(({ time }) => Date.parse(time));
  const from = Math.min(...times);
  const span = Math.max(...times) - from;
  const top = roundUp(Math.max(...points.map(({ value }) => value)));
  const text = (value: number): string => String(Math.round(value * 100) / 100);
  // The time of day may have been set back: a line goes on to the right all the same.
  let right = 0;
  const parts = points.map(({ value }, i) => {
    right = Math.max(right, span === 0 ? 0 : (((times[i] ?? from) - from) / span) * 100);
    const y = text(100 - (value / top) * 100);
    return i === 0 ? `M0 ${y}` : `H${text(right)}V${y}`;
  });
  const line = `${parts.join('')}H100`;
  return { line, area: `${line}V100H0Z`, top };
}

/** The last days, those on which nothing ended included. */
export function lastDays(days: readonly Day[], most: number = MOST_DAYS): readonly Day[] {
  const last = days.at(-1);
  if (last === undefined) return [];
  const end = Date.parse(`${last.day}T00:00:00Z`);
  const known = new Map(days.map((day) => [day.day, day]));
  const list = Array.from({ length: most }, (_, i) => {
    const day = new Date(end - (most - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return known.get(day) ?? { day, completed: 0, failed: 0, cancelled: 0 };
  });
  const from = list.findIndex(({ completed, failed, cancelled }) => completed + failed + cancelled > 0);
  // A week at least, so that one day is not one broad column.
  return list.slice(Math.min(Math.max(0, from), most - 7));
}

/** One part of a column: from its lower end, both 0..100. */
export interface Stack {
  readonly name: 'completed' | 'failed' | 'cancelled';
  readonly y: number;
  readonly height: number;
}

/** The parts of a day's column, from the bottom. */
export function stackOf(day: Day, top: number): readonly Stack[] {
  let below = 0;
  return (['completed', 'failed', 'cancelled'] as const).flatMap((name): Stack[] => {
    const height = (day[name] / Math.max(1, top)) * 100;
    const y = 100 - below - height;
    below += height;
    return height === 0 ? [] : [{ name, y, height }];
  });
}
