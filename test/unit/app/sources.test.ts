/** Where the bytes of an asset are looked for: files that were chosen live as long as the page, by database. */
import { expect, it } from 'vitest';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Asset } from '../../../src/core/schema/asset.ts';
import type { SourceRef, Stores } from '../../../src/runtime/contract/stores.ts';
import { createSources } from '../../../src/app/sources.ts';

const asset = (id: string): Asset =>
  ({ id: id as AssetId, name: `${id}.mp4`, fingerprint: 'bytes' }) as unknown as Asset;
const file = new File(['bytes'], 'film.mp4');

/** An instance of the page over a database whose assets are all reached in one way. */
function instance(database: string, source: SourceRef = { kind: 'link' }, copy: File | null = null) {
  const stores = {
    assets: { source: () => Promise.resolve(source) },
    files: { open: () => Promise.resolve(copy) },
  } as unknown as Stores;
  return createSources(database, stores, async (one) => ok(await one.text()));
}

it('a file that was chosen is known to the next instance of the page over the same database, and to no other', async () => {
  instance('remount').link('a' as AssetId, file);
  const next = instance('remount');
  expect(await next.open(asset('a'))).toEqual(ok(file));
  expect(await next.access(asset('a'))).toBe('ready');
  expect(await next.open(asset('b'))).toMatchObject({ ok: false, error: { code: 'source_missing' } });
  const other = instance('another');
  expect(await other.open(asset('a'))).toMatchObject({ ok: false, error: { code: 'source_missing' } });
  expect(await other.access(asset('a'))).toBe('missing');
  next.forget('a' as AssetId);
  expect(await instance('remount').access(asset('a'))).toBe('missing');
});

it('jobs of every instance of the page look again when one of them is given a file', async () => {
  const woken = instance('shared').arrives(new AbortController().signal);
  instance('shared').link('a' as AssetId, file);
  await woken;
});

it('a way that is kept comes before what an earlier instance was given', async () => {
  instance('copied').link('a' as AssetId, new File(['of then'], 'film.mp4'));
  const next = instance('copied', { kind: 'copy', path: 'sources/a' }, file);
  expect(await next.open(asset('a'))).toEqual(ok(file));
});
