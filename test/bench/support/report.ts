/** Collects figures, prints them as a table and writes them as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';

/** One figure. */
export interface Figure {
  readonly work: string;
  readonly figure: string;
  readonly value: number | null;
  readonly unit: string;
  /** What an issue asks for, as text; empty where nothing does. */
  readonly bar: string;
}

const figures: Figure[] = [];

/** Notes a figure. */
export function note(work: string, figure: string, value: number | null, unit: string, bar = ''): void {
  figures.push({ work, figure, value: value === null ? null : Math.round(value * 1000) / 1000, unit, bar });
}

/** Prints and writes everything noted. */
export function writeReport(name: string): void {
  const text = (value: number | null): string => (value === null ? 'not measured' : String(value));
  const widths = {
    work: Math.max(...figures.map((f) => f.work.length)),
    figure: Math.max(...figures.map((f) => f.figure.length)),
  };
  console.log('');
  for (const { work, figure, value, unit, bar } of figures) {
    console.log(
      `${work.padEnd(widths.work)}  ${figure.padEnd(widths.figure)}  ${`${text(value)} ${unit}`.padStart(18)}  ${bar}`,
    );
  }
  mkdirSync('bench-results', { recursive: true });
  writeFileSync(`bench-results/${name}.json`, `${JSON.stringify(figures, null, 2)}\n`);
}
