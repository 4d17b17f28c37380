/** Comments in a real database. */
import { expect, it } from 'vitest';
import type { AnnotationId, AssetId } from '../../../src/core/base/ids.ts';
import { annotationOf, type Annotation } from '../../../src/core/schema/annotation.ts';
import { connect, freshName, open } from './helpers.ts';

const NOW = '2026-11-20T10:00:00.000Z';

function comment(id: string, assetId: string, timeUs: number | null): Annotation {
  const made = { id: id as AnnotationId, assetId: assetId as AssetId, isoNow: NOW };
  return annotationOf(
    { timeUs, text: `${id} 한국어`, author: 'Min', shapes: [{ kind: 'freehand', points: [[0, 0.5]] }] },
    made,
  );
}

const ids = (list: readonly Annotation[]): readonly string[] => list.map(({ id }) => id).sort();

it('are kept as they are, by asset, and leave with their asset', async () => {
  const name = freshName();
  const stores = await open(name);
  const [a, b, c] = [comment('a', 'one', 1), comment('b', 'one', null), comment('c', 'two', 3)];
  expect(await stores.annotations.write([a, b, c], [])).toEqual({ ok: true, value: null });
  expect(await stores.annotations.list('two' as AssetId)).toEqual([c]);
  expect(ids(await stores.annotations.list('one' as AssetId))).toEqual(['a', 'b']);
  expect((await stores.annotations.write([{ ...a, text: 'changed' }], [b.id])).ok).toBe(true);
  stores.close();
  const again = await open(name);
  expect(await again.annotations.list('one' as AssetId)).toEqual([{ ...a, text: 'changed' }]);
  expect((await again.assets.remove('one' as AssetId)).ok).toBe(true);
  expect(await again.annotations.list()).toEqual([c]);
  again.close();
});

it('of a newer build are left out, told of, and not written over; broken ones are kept', async () => {
  const name = freshName();
  const a = comment('a', 'one', 1);
  const connection = await connect(name);
  const newer = { id: 'a', assetId: 'one', record: { ...a, version: 99, text: 'of tomorrow' } };
  await connection.db.put('annotations', newer);
  await connection.db.put('annotations', { id: 'x', assetId: 'one', record: { version: 1, text: 5 } });
  connection.close();
  const stores = await open(name);
  expect(await stores.annotations.list()).toEqual([]);
  const problems = stores.problems().map(({ store, key, reason }) => ({ store, key, reason }));
  expect(problems).toEqual([
    { store: 'annotations', key: 'a', reason: 'newer_version' },
    { store: 'annotations', key: 'x', reason: 'unreadable' },
  ]);
  expect((await stores.annotations.write([a], [])).ok).toBe(true);
  stores.close();
  const after = await connect(name);
  expect(await after.db.get('annotations', 'a')).toEqual(newer);
  after.close();
});
