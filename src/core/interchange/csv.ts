/**
 * CSV as such. Papa Parse writes; reading is our own, because its parser takes quadratic time where a quote is followed by spaces
 * and no delimiter (320 kB of such text: 7 s), and these texts are hostile. Everything here takes linear time.
 */
import Papa from 'papaparse';
import { MAX_LINES } from './lines.ts';

/** A row and where it starts. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Line of the text, from 1. */
  readonly line: number;
}

/** Cells of one row beyond this are skipped: no format here has so many. */
const MAX_CELLS = 1000;
const QUOTE = 34;
const LF = 10;
const CR = 13;

/** The rows of a text: cells in quotes may hold anything, and what follows a closing quote belongs to the cell. */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow, void> {
  const split = delimiter.charCodeAt(0);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  const take = (cell: string): void => {
    if (cells.length < MAX_CELLS) cells.push(cell);
  };
  let rows = 0;
  // Beyond this, all that is taken has long been taken, or nothing is there.
  while (at < text.length && rows < MAX_LINES) {
    let cell = '';
    if (text.charCodeAt(at) === QUOTE) {
      const from = at + 1;
      let close = text.indexOf('"', from);
      while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
      const end = close < 0 ? text.length : close;
      cell = text.slice(from, end).replaceAll('""', '"');
      for (let here = from; here < end; here += 1) {
        const code = text.charCodeAt(here);
        if (code === LF || (code === CR && text.charCodeAt(here + 1) !== LF)) line += 1;
      }
      at = close < 0 ? end : close + 1;
    }
    const from = at;
    let code = text.charCodeAt(at);
    while (at < text.length && code !== split && code !== LF && code !== CR) {
      at += 1;
      code = text.charCodeAt(at);
    }
    take(cell + text.slice(from, at));
    if (at < text.length && code === split) {
      at += 1;
      // A delimiter at the very end is followed by an empty cell.
      if (at === text.length) take('');
      continue;
    }
    at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
    yield { cells, line: start };
    rows += 1;
    cells = [];
    line += 1;
    start = line;
  }
  if (cells.length > 0) yield { cells, line: start };
}

/** The delimiter of a text, by its first line: a spreadsheet writes another one where the comma is a decimal sign. */
export function delimiterOf(head: string): string {
  const [first = ''] = /^[^\r\n]{0,10000}/.exec(head) ?? [];
  let best = ',';
  for (const one of [';', '\t']) {
    if (first.split(one).length > first.split(best).length) best = one;
  }
  return best;
}

/**
 * The header of a CSV, as positions by name in lower case; null where the names that are needed are not there. Whoever has put the
 * columns into another order, or added some, is understood.
 */
export function headerOf(
  cells: readonly string[],
  needed: readonly string[],
): ReadonlyMap<string, number> | null {
  const names = new Map<string, number>();
  for (const [at, cell] of cells.entries()) {
    const name = cell
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase();
    if (!names.has(name)) names.set(name, at);
  }
  return needed.every((name) => names.has(name)) ? names : null;
}

/** The first row of a text. */
export function firstRow(head: string): readonly string[] {
  return csvRows(head, delimiterOf(head)).next().value?.cells ?? [];
}

/** What a spreadsheet would run, or take apart (OWASP ASVS 1.2.10, CWE-1236), full-width signs included. */
const DANGEROUS = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;

/** Whether a cell needs a guard: also where it looks as if it had one, so that taking guards away gives back the same text. */
function needsGuard(cell: string): boolean {
  let bare = 0;
  while (cell.charAt(bare) === "'") bare += 1;
  return DANGEROUS.test(bare === 0 ? cell : cell.slice(bare));
}

/** Puts an apostrophe before what a spreadsheet would run. */
export function guarded(cell: string): string {
  return needsGuard(cell) ? `'${cell}` : cell;
}

/** Takes away an apostrophe that `guarded` has put there, and no other. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && needsGuard(cell) ? cell.slice(1) : cell;
}

/** Writes rows. */
export function csvText(rows: readonly (readonly string[])[], newline: '\n' | '\r\n'): string {
  return Papa.unparse(rows, { newline }) + newline;
}
