import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvRows, csvText, delimiterOf } from '../../../src/core/interchange/csv.ts';
import { hostileText } from './support.ts';

const rowsOf = (text: string, delimiter = ','): readonly (readonly string[])[] =>
  [...csvRows(text, delimiter)].map(({ cells }) => cells);
const tables = fc.array(fc.array(hostileText, { minLength: 2, maxLength: 4 }), {
  minLength: 1,
  maxLength: 5,
});

describe('CSV', () => {
  it('gives back the cells that were written', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom('\n' as const, '\r\n' as const), (table, newline) => {
        expect(rowsOf(csvText(table, newline))).toEqual(table);
      }),
      { numRuns: 500 },
    );
  });

  it('is read as another implementation reads it', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(',', ';', '\t'), (table, delimiter) => {
        const text = Papa.unparse(table, { delimiter, newline: '\n' });
        const theirs = Papa.parse<string[]>(text, { delimiter, newline: '\n' }).data;
        expect(rowsOf(text, delimiter)).toEqual(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['\uFEFFa,"b ""x"""\n', [['a', 'b "x"']]],
    ['"a\r\nb",c', [['a\r\nb', 'c']]],
    ['"a" ,b', [['a ', 'b']]],
    ['"open,b\nc', [['open,b\nc']]],
    ['a,\n', [['a', '']]],
    ['a,', [['a', '']]],
    ['a"b,c', [['a"b', 'c']]],
    ['', []],
    ['\n', [['']]],
    ['""', [['']]],
  ] as const)('%j is %j', (text, rows) => {
    expect(rowsOf(text)).toEqual(rows);
  });

  it('knows the line of a row, after cells of several lines too', () => {
    expect([...csvRows('a\n"b\nc\r\nd\re"\nf', ',')].map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it('finds the delimiter by the first line', () => {
    expect(delimiterOf('a;b;c\n1,2,3,4')).toBe(';');
    expect(delimiterOf('a\tb\n')).toBe('\t');
    expect(delimiterOf('a')).toBe(',');
  });

  it('ends on text that takes other parsers quadratic time', () => {
    const evil = `"${'" '.repeat(500_000)}${' '.repeat(1_000_000)},\n`;
    expect(rowsOf(evil).flat().length).toBeGreaterThan(0);
    expect(rowsOf(`${','.repeat(2_000_000)}\nx`).map((cells) => cells.length)).toEqual([1000, 1]);
    expect(rowsOf('"'.repeat(1_000_001)).length).toBe(1);
  });
});
