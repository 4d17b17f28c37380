import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { migrateExport } from '../../../src/core/schema/export-migrate.ts';
import { EXPORT_VERSION } from '../../../src/core/schema/export.ts';

/** Records as builds with version 1 wrote them. */
const stored = (
  JSON.parse(readFileSync(new URL('../../fixtures/databases/v1.json', import.meta.url), 'utf8')) as {
    stores: { exports: { records: { value: { record: Record<string, unknown> } }[] } };
  }
).stores.exports.records.map(({ value }) => value.record);

describe('migrateExport', () => {
  it.each(stored.map((record) => [record['name'], record['status'], record] as const))(
    'brings %s (%s) of version 1 up to date, keeps all else, and changes nothing the second time',
    (_name, _status, record) => {
      const before = structuredClone(record);
      const migrated = migrateExport(record);
      expect(migrated).toEqual({
        ok: true,
        value: {
          ...before,
          version: EXPORT_VERSION,
          order: Date.parse(before['createdAt'] as string),
          paused: false,
          pinned: false,
          origin: null,
        },
      });
      expect(record).toEqual(before);
      if (migrated.ok) expect(migrateExport(migrated.value)).toEqual(migrated);
    },
  );

  it('keeps what version 2 says', () => {
    const migrated = migrateExport(stored[0]);
    if (!migrated.ok) throw new Error(migrated.error.message);
    const record = {
      ...migrated.value,
      order: 1.5,
      paused: true,
      pinned: true,
      origin: { documentId: 'main', clipIds: ['c'] },
    };
    expect(migrateExport(record)).toEqual({ ok: true, value: record });
  });

  it('a record whose date says nothing comes first in the queue', () => {
    expect(migrateExport({ ...stored[0], createdAt: 'soon' })).toMatchObject({
      ok: true,
      value: { order: 0 },
    });
  });

  it('calls a newer record newer, however it looks', () => {
    expect(migrateExport({ version: EXPORT_VERSION + 1, nothing: 'known' })).toMatchObject({
      ok: false,
      error: { reason: 'newer_version', details: { version: EXPORT_VERSION + 1 } },
    });
  });

  it.each([[null], ['text'], [[]], [{}], [{ version: 0 }], [{ version: 1 }], [{ version: '2' }]])(
    'calls %o broken',
    (raw) => {
      expect(migrateExport(raw)).toMatchObject({ ok: false, error: { reason: 'bad_spec' } });
    },
  );

  it.each([
    ['status', 'resting'],
    ['files', [{ name: 'x' }]],
    ['order', Number.NaN],
    ['paused', 'yes'],
    ['expiresAt', 7],
  ])('says that "%s" is wrong', (field, value) => {
    const migrated = migrateExport(stored[0]);
    if (!migrated.ok) throw new Error(migrated.error.message);
    const broken = migrateExport({ ...migrated.value, [field]: value });
    expect(broken).toMatchObject({ ok: false, error: { reason: 'bad_spec' } });
    if (!broken.ok) expect(broken.error.details?.['path']).toMatch(new RegExp(`^${field}`));
  });
});
