/**
 * A full disk, as Chromium really has it: the quota of this origin is lowered. Every kind of write answers `no_space`, leaves
 * what was there as it was and nothing half-written; removing still works, and then so does writing.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import type { Result } from '../../../src/core/base/result.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { OpenStores } from '../../../src/runtime/storage/stores.ts';
import { dumpDatabase } from '../../fixtures/databases/dump.ts';
import { asset, document, exportRecord, freshName, NOW, open, segment } from './helpers.ts';

const A = 'a' as AssetId;
const okNull = { ok: true, value: null };
const full = { ok: false, error: { code: 'quota_exceeded', reason: 'no_space' } };
const MEGABYTE = 1 << 20;

/** What the origin may store, bytes; the browser's own limit without a number. */
async function limit(quotaSize?: number): Promise<void> {
  const session = cdp() as { send(method: string, params: object): Promise<unknown> };
  const { origin } = location;
  await session.send(
    'Storage.overrideQuotaForOrigin',
    quotaSize === undefined ? { origin } : { origin, quotaSize },
  );
}

afterEach(() => limit());

/** Data that cannot be compressed on its way to the disk. */
function noise(bytes: number): Blob {
  return new Blob(
    Array.from({ length: bytes / 65_536 }, () => crypto.getRandomValues(new Uint8Array(65_536))),
  );
}

const largeIndex = (): FrameIndex => ({
  version: 1,
  timesUs: Float64Array.from({ length: 200_000 }, (_, at) => at * 40_000),
  flags: new Uint8Array(200_000),
  endUs: 1,
  complete: true,
});

/**
 * Chromium asks the quota when it writes a database, but remembers for up to half a minute how much was left: waits until
 * it has asked again.
 */
async function untilFull(stores: OpenStores): Promise<void> {
  await expect
    .poll(async () => (await stores.settings.set('probe', new Blob(['x'.repeat(1000)]))).ok, {
      timeout: 300_000,
      interval: 1000,
    })
    .toBe(false);
}

describe('a full disk', () => {
  it('stops every kind of write and damages nothing', async () => {
    const name = freshName();
    const stores = await open(name);
    const { assets, documents, exports, segments, settings, files, log } = stores;
    await assets.put(asset('a'), { kind: 'link' }, new Blob(['picture']));
    await documents.save(document());
    await exports.put(exportRecord('1', NOW));
    await segments.put(segment('k', ['1']), noise(MEGABYTE));
    await segments.put(segment('l', ['1']), noise(MEGABYTE));
    await files.write('exports/1/old.mp4', new Blob(['film']));

    await limit(1);
    await untilFull(stores);
    const before = await dumpDatabase(name);
    const writes: readonly (() => Promise<Result<null, Failure>>)[] = [
      () => assets.put(asset('b'), { kind: 'link' }, noise(MEGABYTE)),
      () => assets.setSource(A, { kind: 'copy', path: 'sources/a' }),
      () => assets.setPoster(A, noise(MEGABYTE)),
      () => assets.setFrameIndex(A, largeIndex()),
      () => assets.setProxy(A, 'previews/a'),
      () => documents.save({ ...document(), name: 'changed' }),
      () => exports.put(exportRecord('1', NOW, 'processing')),
      () => exports.put(exportRecord('2', NOW)),
      () => segments.put(segment('m', ['1']), noise(MEGABYTE)),
      () => segments.put(segment('k', ['2']), noise(MEGABYTE)),
      () => segments.touch('k', '2' as ExportId, NOW),
      () => settings.set('theme', 'dark'),
      () => files.write('exports/1/new.mp4', noise(MEGABYTE)),
      () => files.write('exports/1/old.mp4', noise(MEGABYTE)),
      () => files.write('sources/a', noise(8 * MEGABYTE)),
    ];
    for (const write of writes) expect(await write(), write.toString()).toMatchObject(full);
    await log.append([{ time: NOW, event: 'opened', jobId: null, durationMs: null, code: null, data: {} }]);
    expect(await dumpDatabase(name)).toEqual(before);

    // What can be freed, is; and what did not fit before, does.
    expect(await segments.removeUnused(await segments.list())).toBe(8);
    expect(await exports.remove('1' as ExportId)).toEqual(okNull);
    await files.remove('exports/1');
    expect(await segments.list()).toEqual([]);
    expect(await files.list('')).toEqual([]);
    await limit();
    for (const write of writes.filter((one) => !one.toString().includes('touch'))) {
      expect(await write(), write.toString()).toEqual(okNull);
    }
    expect(stores.problems()).toEqual([]);
  });

  it('in the middle of a file leaves nothing of it', async () => {
    const { files } = await open();
    const used = (await files.used()) ?? 0;
    await limit(used + 6 * MEGABYTE);
    const fractions: number[] = [];
    const options = { onProgress: (fraction: number) => fractions.push(fraction) };
    expect(await files.write('exports/x/out.mp4', noise(16 * MEGABYTE), options)).toMatchObject(full);
    // Some of it was on disk already.
    expect(fractions.length).toBeGreaterThan(0);
    expect(await files.list('')).toEqual([]);
    await limit();
    expect(await files.write('exports/x/out.mp4', noise(16 * MEGABYTE))).toEqual(okNull);
    expect(await files.list('')).toEqual([{ path: 'exports/x/out.mp4', bytes: 16 * MEGABYTE }]);
  });

  // Chromium 156 says that ten gigabytes more than what is used may be used, whatever the quota is: only a write shows it.
  it('shows in the write, whatever the browser says is free', async () => {
    const { files } = await open();
    await files.write('x', noise(MEGABYTE));
    await limit(1);
    expect(await files.used()).toBeGreaterThan(MEGABYTE);
    expect(await files.free()).not.toBeNull();
    expect(await files.write('y', noise(MEGABYTE))).toMatchObject(full);
    expect(await files.list('')).toEqual([{ path: 'x', bytes: MEGABYTE }]);
  });
});
