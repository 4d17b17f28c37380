/** Exports that this build cannot read take no places in lists, and lists of thousands stay quick. */
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { EXPORT_VERSION, type Export, type ExportQuery } from '../../../src/core/schema/export.ts';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { rowOf } from '../../../src/runtime/storage/export-rows.ts';
import type { OpenStores } from '../../../src/runtime/storage/stores.ts';
import { exportRecord, freshName, NOW, open } from './helpers.ts';

/** Changes records behind the back of the stores, as another build does; what lists are chosen by stays. */
async function change(name: string, ids: readonly string[], part: object): Promise<void> {
  const db = await openDB(name);
  const store = db.transaction('exports', 'readwrite').store;
  for (const id of ids) {
    const row = (await store.get(id)) as { readonly record: object };
    await store.put({ ...row, record: { ...row.record, ...part } });
  }
  db.close();
}

const NEWER = { version: EXPORT_VERSION + 97 };

/** Five exports, newest first: 5 4 3 2 1. */
async function five(): Promise<{ readonly name: string; readonly stores: OpenStores }> {
  const name = freshName();
  const stores = await open(name);
  for (const id of ['1', '2', '3', '4', '5']) await stores.exports.put(exportRecord(id, NOW, 'completed'));
  return { name, stores };
}

const listed = async ({ exports }: OpenStores, query: ExportQuery): Promise<string> => {
  const { exports: found, total } = await exports.list(query);
  return `${found.map(({ id }) => id).join('')} of ${String(total)}`;
};

describe('exports that cannot be read', () => {
  it('take no place on a page and are not counted, whichever page is asked for first', async () => {
    for (const [query, want] of [
      [{ limit: 2 }, '31 of 2'],
      [{ limit: 1, offset: 1 }, '1 of 2'],
      [{ limit: 2, offset: 2 }, ' of 2'],
      [{ limit: 0 }, ' of 2'],
      [{ offset: 1 }, '1 of 2'],
      [{ status: 'completed', order: 'oldest', limit: 1 }, '1 of 2'],
      [{}, '31 of 2'],
    ] as const) {
      const { name } = await five();
      await change(name, ['5', '4'], NEWER);
      await change(name, ['2'], { files: 'none' });
      const stores = await open(name);
      expect(await listed(stores, query), JSON.stringify(query)).toBe(want);
      expect(
        stores
          .problems()
          .map(({ key, reason }) => `${key} ${reason}`)
          .sort(),
      ).toEqual(['2 unreadable', '4 newer_version', '5 newer_version']);
    }
  });

  it('leave their places to others also when another build has changed them since', async () => {
    const { name, stores } = await five();
    expect(await listed(stores, { limit: 2 })).toBe('54 of 5');
    await change(name, ['5', '4'], NEWER);
    expect(await listed(stores, { limit: 2 })).toBe('32 of 3');
    expect(await listed(stores, { limit: 2, offset: 2 })).toBe('1 of 3');
  });

  it('come back once they can be read, and are no problem any more once they are gone', async () => {
    const { name, stores } = await five();
    await change(name, ['5', '4', '2'], NEWER);
    expect(await listed(stores, { limit: 1 })).toBe('3 of 2');
    await change(name, ['5'], { version: EXPORT_VERSION });
    expect(await stores.exports.get('5' as ExportId)).toMatchObject({ id: '5' });
    expect(await listed(stores, { limit: 1 })).toBe('5 of 3');
    const other = await open(name);
    await other.exports.remove('2' as ExportId);
    expect(await listed(stores, {})).toBe('531 of 3');
    expect(stores.problems().map(({ key }) => key)).toEqual(['4']);
  });

  it('cost a list of thousands one look at each, and no more', async () => {
    const name = freshName();
    (await open(name)).close();
    // As large as the record of a reel of some twenty ranges.
    const steps = Array.from({ length: 150 }, (_, n) => ({
      id: `step-${String(n)}`,
      kind: 'encode-video',
      argv: 'x'.repeat(60),
    }));
    const plan = { steps } as unknown as Export['plan'];
    const db = await openDB(name);
    const transaction = db.transaction('exports', 'readwrite');
    for (let n = 0; n < 3000; n += 1) {
      const id = String(n).padStart(4, '0');
      const record = { ...exportRecord(id, NOW, 'completed', { plan }), ...(n % 500 === 7 ? NEWER : {}) };
      void transaction.store.put({ ...rowOf(record, { id, seq: n + 1 }), record });
    }
    await transaction.done;
    db.close();
    const { exports } = await open(name);
    const timed = async (query: ExportQuery): Promise<number> => {
      const began = performance.now();
      const { exports: page, total } = await exports.list(query);
      expect([page.length, total]).toEqual([20, 2994]);
      return performance.now() - began;
    };
    const first = await timed({ limit: 20 });
    const later = [];
    for (const offset of [0, 20, 1000, 2900]) later.push(await timed({ limit: 20, offset }));
    expect(Math.max(...later)).toBeLessThan(first);
  });
});
