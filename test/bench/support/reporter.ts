/** Prints all rows as one table when the run is over, and keeps them as JSON after each row. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { locateChromium } from '../../../scripts/chromium.mjs';
import { nativeVersion } from './native.ts';
import { ATTACHMENT, barText, type Figure, type RowReport } from './report.ts';
import { settings, settingsText } from './settings.ts';

const FOLDER = 'bench-results';

function browserVersion(): string {
  const program = locateChromium();
  if (program === undefined) return 'unknown';
  try {
    return execFileSync(program, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

const text = ({ value, unit }: Figure): string =>
  value === null ? 'not measured' : `${String(Number(value.toPrecision(3)))} ${unit}`;

const verdict = ({ met }: Figure): string => (met === null ? '' : met ? 'met' : 'NOT MET');

/** The rows as a table. */
export function table(figures: readonly Figure[]): string {
  const lines = figures.map((one, position) => [
    figures[position - 1]?.work === one.work ? '' : one.work,
    one.figure,
    text(one),
    one.min === null || one.min === one.max ? '' : `${String(one.min)} – ${String(one.max)}`,
    one.bar === null ? '' : barText(one.bar),
    verdict(one),
    one.note,
  ]);
  const rows = [['work', 'figure', 'value', 'min – max', 'bar', '', 'behind it'], ...lines];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The reporter named in playwright.bench.config.ts. */
export default class BenchReporter implements Reporter {
  readonly #began = new Date();
  readonly #rows: RowReport[] = [];
  readonly #failures: { readonly row: string; readonly message: string }[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { name, body } of result.attachments) {
      if (name === ATTACHMENT && body !== undefined)
        this.#rows.push(JSON.parse(body.toString('utf8')) as RowReport);
    }
    if (result.status !== 'passed' && result.status !== 'skipped')
      this.#failures.push({ row: test.title, message: result.error?.message ?? result.status });
    this.#write();
  }

  onEnd(_result: FullResult): void {
    const figures = this.#rows.flatMap((row) => row.figures);
    if (figures.length === 0) return;
    const barred = figures.filter(({ bar }) => bar !== null);
    const count = (met: boolean | null): number => barred.filter((one) => one.met === met).length;
    console.log(
      `\n${table(figures)}\n\n${settingsText()}. Of ${String(barred.length)} bars ${String(count(true))} met, ` +
        `${String(count(false))} not met, ${String(count(null))} not measured. All of it: ${this.#path()}`,
    );
  }

  printsToStdio(): boolean {
    return false;
  }

  #path(): string {
    return `${FOLDER}/${this.#began.toISOString().replaceAll(':', '-').slice(0, 19)}.json`;
  }

  #write(): void {
    if (this.#rows.length === 0 && this.#failures.length === 0) return;
    const processors = cpus();
    const results = `${JSON.stringify(
      {
        date: this.#began.toISOString(),
        settings,
        machine: {
          system: `${platform()} ${release()} ${arch()}`,
          processor: processors[0]?.model ?? 'unknown',
          cores: processors.length,
          memoryBytes: totalmem(),
          node: process.version,
          browser: browserVersion(),
          ffmpeg: nativeVersion() ?? 'not installed',
        },
        rows: this.#rows,
        failures: this.#failures,
      },
      null,
      2,
    )}\n`;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(this.#path(), results);
    writeFileSync(`${FOLDER}/latest.json`, results);
  }
}
