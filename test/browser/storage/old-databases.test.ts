/** What people have in their browsers, of every version that has shipped: opened by today's build. */
import { describe, expect, it } from 'vitest';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import { DOCUMENT_VERSION } from '../../../src/core/schema/document.ts';
import { EXPORT_VERSION, type Export } from '../../../src/core/schema/export.ts';
import { rowOf } from '../../../src/runtime/storage/export-rows.ts';
import { openDatabase } from '../../../src/runtime/storage/database.ts';
import { UPGRADE_STEPS } from '../../../src/runtime/storage/upgrades.ts';
import { decoded, dumpDatabase, restoreDatabase, type DatabaseDump } from '../../fixtures/databases/dump.ts';
import { connect, freshName, open } from './helpers.ts';

const stored = Object.values(
  import.meta.glob<DatabaseDump>('../../fixtures/databases/v*.json', { eager: true, import: 'default' }),
).sort((a, b) => a.version - b.version);
const oldest = stored[0]!;

type Row = { readonly record: Export; readonly [field: string]: unknown };

/** The values of a store as they were before they were dumped. */
function values<T>(dump: DatabaseDump, store: string): readonly T[] {
  return (dump.stores[store]?.records ?? []).map(({ value }) => decoded(value) as T);
}

const versionsIn = (records: readonly { readonly version: number }[]): readonly number[] =>
  [...new Set(records.map((record) => record.version))].sort();

/** Everything but what lists are chosen by. */
const recordsOf = (dump: DatabaseDump) =>
  dump.stores['exports']?.records.map(({ value }) => (value as Row).record);

describe('the stored databases', () => {
  it('are of every version before ours, and have records of every version before ours', () => {
    const before = (version: number) => Array.from({ length: version - 1 }, (_, at) => at + 1);
    expect(stored.map((dump) => dump.version)).toEqual(before(UPGRADE_STEPS.length));
    const documents = stored.flatMap((dump) => values<{ version: number }>(dump, 'documents'));
    const exports = stored.flatMap((dump) => values<Row>(dump, 'exports').map((row) => row.record));
    expect(versionsIn(documents)).toEqual(expect.arrayContaining(before(DOCUMENT_VERSION)));
    expect(versionsIn(exports)).toEqual(expect.arrayContaining(before(EXPORT_VERSION)));
    const statuses = new Set(exports.map((record) => record.status));
    expect(statuses).toEqual(new Set(['completed', 'failed', 'processing']));
  });

  it.each(stored.map((dump) => [dump.version, dump] as const))(
    'version %d is what the steps up to it make',
    async (version, dump) => {
      const name = freshName();
      (await connect(name, UPGRADE_STEPS.slice(0, version))).close();
      const made = await dumpDatabase(name);
      const shapes = ({ stores }: DatabaseDump) =>
        Object.fromEntries(Object.entries(stores).map(([store, { shape }]) => [store, shape]));
      // A step that has shipped is never changed: these are the databases that it made.
      expect(shapes(made)).toEqual(shapes(dump));
    },
  );
});

describe.each(stored.map((dump) => [dump.version, dump] as const))('version %d', (_version, dump) => {
  it('is restored as it was', async () => {
    const name = freshName();
    await restoreDatabase(name, dump);
    expect(await dumpDatabase(name)).toEqual(dump);
  });

  it('is all there after the upgrade', async () => {
    const name = freshName();
    await restoreDatabase(name, dump);
    const stores = await open(name);
    expect(stores.readOnly).toBe(false);

    const assets = values<{ id: AssetId; record: unknown }>(dump, 'assets');
    expect(await stores.assets.list()).toEqual(assets.map((row) => row.record));
    expect(assets.length).toBeGreaterThan(0);
    for (const { id } of assets) {
      expect(await stores.assets.poster(id)).toMatchObject({ size: expect.any(Number) as number });
      expect((await stores.assets.frameIndex(id))?.timesUs.length).toBeGreaterThan(0);
      const source = await stores.assets.source(id);
      const file = source?.kind === 'copy' ? await stores.files.open(source.path) : null;
      expect(file?.size).toBe((await stores.assets.get(id))?.bytes);
    }

    for (const document of values<{ id: string }>(dump, 'documents')) {
      const loaded = await stores.documents.load(document.id);
      expect(loaded).toEqual({ ok: true, value: { ...document, version: DOCUMENT_VERSION } });
    }

    const before = values<Row>(dump, 'exports').map((row) => row.record);
    const { exports, total } = await stores.exports.list({ order: 'oldest' });
    expect(total).toBe(before.length);
    for (const record of before) {
      const now = await stores.exports.get(record.id);
      expect(now).toMatchObject({ ...record, version: EXPORT_VERSION });
      expect(exports).toContainEqual(now);
      for (const file of record.files) {
        expect((await stores.files.open(file.path))?.size).toBe(file.bytes);
      }
    }

    for (const record of await stores.segments.list()) {
      const read = await stores.segments.get(record.key);
      expect(read?.data.size).toBe(record.bytes);
      const claimed = record.usedBy.every((id) => before.some((job) => job.id === id));
      expect(claimed).toBe(true);
    }
    expect(await stores.segments.list()).toHaveLength(dump.stores['segments']!.records.length);
    for (const { key, value } of dump.stores['settings']!.records) {
      expect(await stores.settings.get(key as string)).toEqual(decoded(value));
    }
    expect(stores.problems()).toEqual([]);
  });

  it('is changed by the first opening only', async () => {
    const name = freshName();
    await restoreDatabase(name, dump);
    (await open(name)).close();
    const once = await dumpDatabase(name);
    expect(once.version).toBe(UPGRADE_STEPS.length);
    const again = await open(name);
    await again.exports.list({ order: 'queue' });
    again.close();
    expect(await dumpDatabase(name)).toEqual(once);
    // Records stay as they were until they are next written.
    expect(recordsOf(once)).toEqual(recordsOf(dump));
    expect(once.files).toEqual(dump.files);
  });

  it.each(UPGRADE_STEPS.filter((step) => step.to > dump.version).map((step) => [step.to] as const))(
    'stays as it was when the step to %d fails at its end',
    async (to) => {
      const name = freshName();
      await restoreDatabase(name, dump);
      const failing = UPGRADE_STEPS.map((step) => ({
        to: step.to,
        async run(...[db, transaction]: Parameters<typeof step.run>) {
          await step.run(db, transaction);
          if (step.to === to) throw new Error('a bug');
        },
      }));
      expect(await openDatabase(name, failing)).toMatchObject({
        ok: false,
        error: { code: 'storage_failed' },
      });
      expect(await dumpDatabase(name)).toEqual(dump);
      // And today's build still opens it.
      expect((await (await open(name)).exports.list()).total).toBe(dump.stores['exports']!.records.length);
    },
  );
});

describe('from version 1', () => {
  it('lists are chosen without reading records', async () => {
    const name = freshName();
    await restoreDatabase(name, oldest);
    const { exports } = await open(name);
    const before = values<Row>(oldest, 'exports').map((row) => row.record);
    const made = (record: Export) => Date.parse(record.createdAt);
    const queue = before.filter((record) => record.status === 'processing').sort((a, b) => made(a) - made(b));
    const page = await exports.list({ order: 'queue', status: 'processing', limit: 1 });
    expect(page.total).toBe(queue.length);
    expect(page.exports.map((record) => record.id)).toEqual([queue[0]?.id]);
    expect(page.exports[0]).toMatchObject({
      order: made(queue[0]!),
      paused: false,
      pinned: false,
      origin: null,
    });
    const largest = [...before].sort((a, b) => b.bytes - a.bytes)[0];
    expect((await exports.list({ order: 'largest', limit: 1 })).exports[0]?.id).toBe(largest?.id);
    expect((await exports.list({ text: '완성' })).total).toBe(
      before.filter((record) => record.name.includes('완성')).length,
    );
    const rows = (await dumpDatabase(name)).stores['exports']!.records.map(({ value }) => value as Row);
    for (const { record, ...row } of rows) {
      const { id, seq } = row as unknown as { id: string; seq: number };
      expect(row).toEqual(rowOf(record, { id, seq }));
    }
  });

  it('segments are in the order in which they were used', async () => {
    const name = freshName();
    await restoreDatabase(name, oldest);
    const { segments } = await open(name);
    const list = await segments.list();
    const byUse = list.toSorted((a, b) => (a.use ?? 0) - (b.use ?? 0));
    const byDate = list.toSorted((a, b) => (a.usedAt < b.usedAt ? -1 : 1));
    expect(byUse.map((one) => one.key)).toEqual(byDate.map((one) => one.key));
    expect(byUse.map((one) => one.use)).toEqual(byUse.map((_, at) => at + 1));
    // Those that are used from now on come after them.
    await segments.touch(byUse[0]!.key, 'new' as ExportId, '2020-01-01T00:00:00.000Z');
    const touched = (await segments.list()).find((one) => one.key === byUse[0]!.key);
    expect(touched?.use).toBe(list.length + 1);
  });

  it('a record that is broken does not stop the upgrade', async () => {
    const name = freshName();
    const records = oldest.stores['exports']!.records;
    const broken = [
      { key: null, value: { id: 'x', seq: 90, createdAt: 'never', status: 'completed', record: null } },
      {
        key: null,
        value: { id: 'y', seq: 91, createdAt: 'never', status: 'completed', record: { version: 1 } },
      },
      {
        key: null,
        value: { id: 'z', seq: 92, createdAt: 'never', status: 'completed', record: { version: 9 } },
      },
    ];
    await restoreDatabase(name, {
      ...oldest,
      stores: {
        ...oldest.stores,
        exports: { shape: oldest.stores['exports']!.shape, records: [...records, ...broken] },
      },
    });
    const stores = await open(name);
    const { exports } = await stores.exports.list();
    expect(exports).toHaveLength(records.length);
    expect(stores.problems().map(({ key, reason }) => [key, reason])).toEqual(
      expect.arrayContaining([
        ['x', 'unreadable'],
        ['y', 'unreadable'],
        ['z', 'newer_version'],
      ]),
    );
    const kept = (await dumpDatabase(name)).stores['exports']!.records.map(
      ({ value }) => (value as Row).record,
    );
    expect(kept).toEqual(expect.arrayContaining([null, { version: 1 }, { version: 9 }]));
  });
});
