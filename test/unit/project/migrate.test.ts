import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../../../src/core/project/document.ts';
import { migrateDocument } from '../../../src/core/project/migrate.ts';
import { migrateRecord, type MigrationStep } from '../../../src/core/schema/migrate-record.ts';

const document = emptyDocument('p', '2026-11-20T10:00:00.000Z');
const steps: readonly MigrationStep[] = [
  { to: 2, up: (record) => ({ ...record, title: record['name'], name: undefined }) },
  { to: 3, up: (record) => ({ ...record, tags: [] }) },
];

describe('migrateDocument', () => {
  it('reads a document of this version', () => {
    expect(migrateDocument(structuredClone(document))).toEqual({ ok: true, value: document });
  });

  it('calls a newer document newer, however it looks', () => {
    expect(migrateDocument({ version: 3, nothing: 'known' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_spec', reason: 'newer_version', details: { version: 3 } },
    });
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    [],
    {},
    { version: 0 },
    { version: '1' },
    { version: 1.5 },
    { version: 1 },
  ])('calls %o not a document', (raw) => {
    expect(migrateDocument(raw)).toMatchObject({ ok: false, error: { reason: 'bad_spec' } });
  });

  it('reads a document of version 1, whose clips name no sound track', () => {
    const old = { id: 'c', assetId: 'a', startUs: 0, endUs: 5, label: '' };
    expect(migrateDocument({ ...document, version: 1, clips: [old] })).toEqual({
      ok: true,
      value: { ...document, clips: [old] },
    });
  });

  it.each([[2], [undefined]])('keeps the sound track of a clip: %o', (audioTrack) => {
    const clip = { id: 'c', assetId: 'a', startUs: 0, endUs: 5, label: '' };
    const clips = [audioTrack === undefined ? clip : { ...clip, audioTrack }];
    expect(migrateDocument(structuredClone({ ...document, clips }))).toEqual({
      ok: true,
      value: { ...document, clips },
    });
  });

  it('says where a document is broken', () => {
    const raw = { ...document, clips: [{ id: 'c', assetId: 'a', startUs: 0, endUs: 'late', label: '' }] };
    expect(migrateDocument(raw)).toMatchObject({ ok: false, error: { details: { path: 'clips.0.endUs' } } });
  });
});

describe('migrateRecord', () => {
  it('takes every step from the version of the record on, and only those', () => {
    expect(migrateRecord({ version: 1, name: 'n' }, 3, steps)).toEqual({
      ok: true,
      value: { version: 3, title: 'n', name: undefined, tags: [] },
    });
    expect(migrateRecord({ version: 2, title: 't' }, 3, steps)).toEqual({
      ok: true,
      value: { version: 3, title: 't', tags: [] },
    });
    const newest = { version: 3, title: 't', tags: ['x'] };
    expect(migrateRecord(newest, 3, steps)).toEqual({ ok: true, value: newest });
    expect(migrateRecord({ version: 4 }, 3, steps)).toMatchObject({
      ok: false,
      error: { reason: 'newer_version' },
    });
  });

  it('does not change the record it was given', () => {
    const raw = Object.freeze({ version: 1, name: 'n' });
    migrateRecord(raw, 3, steps);
    expect(raw).toEqual({ version: 1, name: 'n' });
  });

  it('a table with a gap is a bug and does not start', () => {
    expect(() => migrateRecord({ version: 1 }, 4, steps)).toThrow('Broken assumption');
    expect(() => migrateRecord({ version: 1 }, 3, [...steps].reverse())).toThrow('Broken assumption');
  });
});
