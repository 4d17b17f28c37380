import { openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { openDatabase } from '../../../src/runtime/storage/database.ts';
import { openStores } from '../../../src/runtime/storage/stores.ts';
import { writeIn, type Reachable, type WriteTransaction } from '../../../src/runtime/storage/transactions.ts';
import { UPGRADE_STEPS, type Database, type UpgradeStep } from '../../../src/runtime/storage/upgrades.ts';
import { document, exportRecord, freshName, NOW, open, segment } from './helpers.ts';

const nothing: UpgradeStep['run'] = () => undefined;

/** The step that comes after ours. */
const next = (run: UpgradeStep['run']): UpgradeStep => ({ to: UPGRADE_STEPS.length + 1, run });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('opening', () => {
  it('two connections see each other', async () => {
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    await one.exports.put(exportRecord('1', NOW));
    expect(await two.exports.get('1' as ExportId)).toMatchObject({ id: '1' });
    await Promise.all([
      one.segments.put(segment('k', ['e1']), new Blob(['data'])),
      two.segments.put(segment('k', ['e2']), new Blob(['data'])),
    ]);
    expect((await one.segments.list())[0]?.usedBy.toSorted()).toEqual(['e1', 'e2']);
  });

  it('an upgrade runs the missing steps only, and an old tab lets go', async () => {
    const name = freshName();
    const old = await open(name);
    await old.documents.save(document());
    const ran: number[] = [];
    const steps = [
      ...UPGRADE_STEPS.map(({ to }) => ({ to, run: () => void ran.push(to) })),
      { to: UPGRADE_STEPS.length + 1, run: () => void ran.push(UPGRADE_STEPS.length + 1) },
    ];
    const newer = await openDatabase(name, steps);
    expect(newer.ok).toBe(true);
    expect(ran).toEqual([UPGRADE_STEPS.length + 1]);
    expect(await old.whenClosed).toBe('versionchange');
    // The old tab's writes fail as data; what it saved is there.
    expect(await old.documents.save(document('q'))).toMatchObject({
      ok: false,
      error: { code: 'storage_failed', reason: 'newer_version', details: { closed: true } },
    });
    expect(await old.documents.load('p')).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    if (newer.ok) {
      expect(await newer.value.db.get('documents', 'p')).toEqual(document());
      newer.value.close();
    }
  });

  it('a tab that does not let go is a failure and not a hang', async () => {
    const name = freshName();
    const stubborn = await openDB(name, UPGRADE_STEPS.length);
    const result = await openDatabase(name, [...UPGRADE_STEPS, next(nothing)], 100);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'storage_failed', details: { blocked: true } },
    });
    stubborn.close();
  });

  it('an upgrade that fails leaves the database as it was', async () => {
    const name = freshName();
    const old = await open(name);
    await old.documents.save(document());
    old.close();
    const broken = next((db) => {
      db.deleteObjectStore('documents');
      throw new Error('a bug');
    });
    const result = await openDatabase(name, [...UPGRADE_STEPS, broken]);
    expect(result).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(await (await open(name)).documents.load('p')).toEqual({ ok: true, value: document() });
  });

  it('steps with a gap are a bug', async () => {
    await expect(openDatabase(freshName(), [{ to: 2, run: nothing }])).rejects.toThrow('Broken assumption');
  });

  it('no IndexedDB is storage_unavailable', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect(await openStores(freshName())).toMatchObject({
      ok: false,
      error: { reason: 'storage_unavailable' },
    });
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
    expect(await openStores(freshName())).toMatchObject({
      ok: false,
      error: { reason: 'storage_unavailable' },
    });
  });
});

describe('writing', () => {
  it('is all or nothing', async () => {
    const result = await openDatabase(freshName());
    if (!result.ok) throw new Error(result.error.message);
    const { db, close } = result.value;
    const written = await writeIn(result.value, ['settings'], async (transaction) => {
      await transaction.objectStore('settings').put(1, 'one');
      throw new Error('a bug');
    });
    expect(written).toMatchObject({
      ok: false,
      error: { code: 'storage_failed', details: { message: 'a bug' } },
    });
    expect(await db.get('settings', 'one')).toBeUndefined();
    close();
  });
});

describe('a full disk', () => {
  // As a real one does it (quota.test.ts): the request succeeds or is aborted, the transaction has the reason.
  it('is quota_exceeded for a record', async () => {
    const quota = new DOMException('', 'QuotaExceededError');
    const done = Promise.reject(quota);
    done.catch(() => undefined);
    const store = { put: () => Promise.reject(new DOMException('', 'AbortError')) };
    const transaction = { done, error: quota, objectStore: () => store, abort: () => undefined };
    const db = { transaction: () => transaction } as unknown as Database;
    const double: Reachable = { db, readOnly: false, closedBy: () => null };
    const put = async (at: WriteTransaction) => {
      await at.objectStore('settings').put(1, 'one');
      return null;
    };
    expect(await writeIn(double, ['settings'], put)).toMatchObject({
      ok: false,
      error: { code: 'quota_exceeded', reason: 'no_space' },
    });
  });
});
