import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_ORDERS } from '../../../src/core/schema/export.ts';
import {
  chooseRows,
  ROW_KEY,
  rowFromKey,
  rowOf,
  type ExportRow,
  type RowKey,
} from '../../../src/runtime/storage/export-rows.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();

function row(id: string, more: Partial<ExportRow> = {}): ExportRow {
  return {
    id,
    seq: id.charCodeAt(0),
    createdAt: at(0),
    status: 'completed',
    type: 'combined',
    name: id,
    bytes: 0,
    order: 0,
    ...more,
  };
}

const anyRow = fc.record({
  id: fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: 4, maxLength: 8 }),
  seq: fc.nat(20),
  createdAt: fc.nat(5).map(at),
  status: fc.constantFrom('pending', 'processing', 'completed', 'failed', 'cancelled'),
  type: fc.constantFrom('single', 'combined'),
  name: fc.constantFrom('Clip 2', 'clip 10', '경기', '경기'.normalize('NFD'), 'Straße', ''),
  bytes: fc.nat(3),
  order: fc.nat(3),
});
const anyRows = fc.uniqueArray(anyRow, { selector: ({ id }) => id, maxLength: 25 });

describe('chooseRows', () => {
  it('finds names in any case and however they are composed', () => {
    const rows = [
      row('a', { name: '경기 하이라이트'.normalize('NFD') }),
      row('b', { name: 'Große STRASSE' }),
      row('c', { name: 'ΟΔΟΣ' }),
      row('d', { name: 'Café'.normalize('NFD') }),
    ];
    const find = (text: string) => chooseRows(rows, { text, order: 'oldest' }).ids.join('');
    expect(find('하이')).toBe('a');
    expect(find('하이'.normalize('NFD'))).toBe('a');
    expect(find('straße')).toBe('b');
    expect(find('große strasse')).toBe('b');
    expect(find('οδος')).toBe('c');
    expect(find('οδοσ')).toBe('c');
    expect(find('CAFÉ')).toBe('d');
    expect(find(' ')).toBe('abcd');
    expect(find('x')).toBe('');
    // Signs of patterns are signs.
    expect(find('.*')).toBe('');
  });

  it('puts names in the order of people: numbers by value, letters without regard to case', () => {
    const rows = ['clip 10', 'Clip 2', 'b', 'A', '나', '가'].map((name, i) => row(String(i), { name }));
    const names = chooseRows(rows, { order: 'name' }).ids.map((id) => rows[Number(id)]?.name);
    expect(names).toEqual(['A', 'b', 'Clip 2', 'clip 10', '가', '나']);
  });

  it('newest is what was made last, also after the clock was set back', () => {
    const rows = [row('a', { seq: 1, createdAt: at(50) }), row('b', { seq: 2, createdAt: at(1) })];
    expect(chooseRows(rows, {}).ids).toEqual(['b', 'a']);
    expect(chooseRows(rows, { order: 'oldest' }).ids).toEqual(['a', 'b']);
  });

  it('the queue: unfinished ones by their place, ended ones after them, newest first', () => {
    const rows = [
      row('a', { status: 'failed' }),
      row('b', { status: 'pending', order: 3 }),
      row('c', { status: 'processing', order: 2.5 }),
      row('e', { status: 'pending', order: 3 }),
      row('d', { status: 'completed', order: -1 }),
    ];
    expect(chooseRows(rows, { order: 'queue' }).ids.join('')).toBe('cbeda');
  });

  it('counts all that it finds, whatever the page', () => {
    const rows = [row('a'), row('b', { type: 'single' }), row('c', { status: 'failed' })];
    expect(chooseRows(rows, { limit: 1 })).toEqual({ ids: ['c'], total: 3 });
    expect(chooseRows(rows, { limit: 0 })).toEqual({ ids: [], total: 3 });
    expect(chooseRows(rows, { offset: 9 })).toEqual({ ids: [], total: 3 });
    expect(chooseRows(rows, { type: 'single' })).toEqual({ ids: ['b'], total: 1 });
    expect(chooseRows(rows, { type: ['single', 'combined'], status: [] })).toEqual({ ids: [], total: 0 });
  });

  it('has one order, however the rows come, and pages neither repeat nor leave out any', () => {
    fc.assert(
      fc.property(
        anyRows,
        fc.constantFrom(...EXPORT_ORDERS),
        fc.integer({ min: 1, max: 7 }),
        (rows, order, size) => {
          const { ids } = chooseRows(rows, { order });
          expect(chooseRows([...rows].reverse(), { order }).ids).toEqual(ids);
          expect([...ids].sort()).toEqual(rows.map(({ id }) => id).sort());
          const pages = Array.from({ length: Math.ceil(rows.length / size) }, (_, page) =>
            chooseRows(rows, { order, limit: size, offset: page * size }),
          );
          expect(pages.flatMap((page) => page.ids)).toEqual(ids);
          expect(pages.every((page) => page.total === rows.length)).toBe(true);
        },
      ),
    );
  });

  it('does not change the rows it was given', () => {
    const rows = Object.freeze([row('a'), row('b')]);
    chooseRows(rows, { order: 'largest' });
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('rowOf', () => {
  it('takes from a record what lists ask for', () => {
    const record = {
      createdAt: at(1),
      status: 'failed',
      type: 'single',
      name: 'n',
      bytes: 7,
      order: 3,
      plan: {},
    };
    const made = rowOf(record, { id: 'x', seq: 4 });
    expect(made).toEqual({
      id: 'x',
      seq: 4,
      createdAt: at(1),
      status: 'failed',
      type: 'single',
      name: 'n',
      bytes: 7,
      order: 3,
    });
    const key = ROW_KEY.map((field) => made[field]) as RowKey;
    expect(rowFromKey('x', key)).toEqual(made);
  });

  it('gives a record of version 1 the place that its migration gives it', () => {
    expect(rowOf({ createdAt: at(1) }, { id: 'x', seq: 1 }).order).toBe(Date.parse(at(1)));
  });

  it.each([
    [null],
    [undefined],
    ['text'],
    [{}],
    [{ createdAt: 7, order: Number.NaN, bytes: '9', name: null }],
  ])('makes a valid key of anything: %o', (record) => {
    const made = rowOf(record, { id: 'x', seq: Number.NaN });
    expect(made).toEqual({
      id: 'x',
      seq: 0,
      createdAt: '',
      status: '',
      type: '',
      name: '',
      bytes: 0,
      order: 0,
    });
  });
});
