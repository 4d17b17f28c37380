/**
 * What lists of exports are chosen and put in order by. Pure: the database's index answers with rows, this file says which of
 * them a page shows.
 */
import { UNFINISHED, type ExportQuery } from '../../core/schema/export.ts';

/** The light part of an export record: it lies beside the record, and is the key of the index. */
export interface ExportRow {
  readonly id: string;
  /** The order in which exports were made: two may be made in the same millisecond, and clocks are set back by an hour. */
  readonly seq: number;
  readonly createdAt: string;
  readonly status: string;
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
  /** Place in the queue. */
  readonly order: number;
}

/** Fields of a row that make the key of the index, in this order. The id is the key of the record itself. */
export const ROW_KEY = ['createdAt', 'seq', 'status', 'type', 'name', 'bytes', 'order'] as const;

/** A key of the index. */
export type RowKey = [string, number, string, string, string, number, number];

/** The row of a record of any version, however broken: a row whose key is not valid would be in no list. */
export function rowOf(record: unknown, { id, seq }: Pick<ExportRow, 'id' | 'seq'>): ExportRow {
  const fields = (typeof record === 'object' && record !== null ? record : {}) as Readonly<
    Record<string, unknown>
  >;
  const createdAt = textOf(fields['createdAt']);
  return {
    id,
    seq: numberOf(seq) ?? 0,
    createdAt,
    status: textOf(fields['status']),
    type: textOf(fields['type']),
    name: textOf(fields['name']),
    bytes: numberOf(fields['bytes']) ?? 0,
    // As the migration of version 1 has it.
    order: numberOf(fields['order']) ?? numberOf(Date.parse(createdAt)) ?? 0,
  };
}

/** A row from its key in the index. */
export function rowFromKey(id: string, key: RowKey): ExportRow {
  const [createdAt, seq, status, type, name, bytes, order] = key;
  return { id, seq, createdAt, status, type, name, bytes, order };
}

/** What of a row changes with its record: whether a record can be read is remembered for as long as this stays the same. */
export function stampOf({ seq, createdAt, status, type, name, bytes, order }: ExportRow): string {
  return [seq, createdAt, status, type, name, bytes, order].join('\n');
}

/**
 * The page of a list: ids in order, and how many exports the query finds in all. `isShown` leaves out those whose records are
 * known to be unreadable: what lies in a row does not tell.
 */
export function chooseRows(
  rows: readonly ExportRow[],
  query: ExportQuery,
  isShown: (row: ExportRow) => boolean = () => true,
): { readonly ids: readonly string[]; readonly total: number } {
  const text = folded(query.text?.trim() ?? '');
  const found = rows.filter(
    (row) =>
      isOneOf(row.status, query.status) &&
      isOneOf(row.type, query.type) &&
      (text === '' || folded(row.name).includes(text)) &&
      isShown(row),
  );
  const offset = Math.max(0, query.offset ?? 0);
  const end = query.limit === undefined ? undefined : offset + Math.max(0, query.limit);
  const ids = found
    .sort(ORDERS[query.order ?? 'newest'])
    .slice(offset, end)
    .map((row) => row.id);
  return { ids, total: found.length };
}

type Compare = (a: ExportRow, b: ExportRow) => number;

/** Whoever looks for "straße" may write "STRASSE"; the same letters may be composed in several ways (file names of macOS). */
function folded(text: string): string {
  // Upper case: lower case has two letters for the Greek sigma, and leaves the German sharp s alone.
  return text.normalize('NFKC').toUpperCase().normalize('NFKC');
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId: Compare = (a, b) => byText(a.id, b.id);
const newest: Compare = (a, b) => b.seq - a.seq || byText(b.createdAt, a.createdAt) || byId(b, a);
// One locale whatever the browser speaks, so that every tab sees the same order. "Clip 2" comes before "Clip 10".
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const hasEnded = (row: ExportRow): boolean => !(UNFINISHED as readonly string[]).includes(row.status);

/** Every order settles its ties, so that pages neither repeat nor leave out anything. */
const ORDERS: Readonly<Record<NonNullable<ExportQuery['order']>, Compare>> = {
  newest,
  oldest: (a, b) => newest(b, a),
  name: (a, b) => collator.compare(a.name.normalize('NFKC'), b.name.normalize('NFKC')) || newest(a, b),
  largest: (a, b) => b.bytes - a.bytes || newest(a, b),
  queue(a, b) {
    if (hasEnded(a) !== hasEnded(b)) return hasEnded(a) ? 1 : -1;
    return hasEnded(a) ? newest(a, b) : a.order - b.order || byId(a, b);
  },
};

function isOneOf(value: string, wanted: string | readonly string[] | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? value === wanted : wanted.includes(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
