import { describe, expect, it } from 'vitest';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import { createSegmentCache } from '../../../src/runtime/artifacts/segment-cache.ts';
import type { Clock } from '../../../src/runtime/contract/clock.ts';
import type { SegmentRecord, SegmentStore } from '../../../src/runtime/contract/stores.ts';

const [E1, E2] = ['e1', 'e2'] as ExportId[] as [ExportId, ExportId];
const full = failure('quota_exceeded', 'no_space', 'full');

/** Segments in memory that count uses as the real store does; `problem` is what a touch fails with. */
function world() {
  const kept = new Map<string, { record: SegmentRecord; data: Blob }>();
  const state: { problem: Failure | null; hour: number; clock: Clock } = {
    problem: null,
    hour: 10,
    clock: {
      now: () => 0,
      iso: () => `2026-11-20T${String(state.hour).padStart(2, '0')}:00:00.000Z`,
      sleep: () => Promise.resolve(true),
    },
  };
  let use = 0;
  const store: SegmentStore = {
    get: async (key) => kept.get(key) ?? null,
    sizeOf: async (key) => kept.get(key)?.record.bytes ?? null,
    isEmpty: async () => kept.size === 0,
    async put(record, data) {
      kept.set(record.key, { record: { ...record, use: (use += 1) }, data });
      return ok(null);
    },
    async touch(key, usedBy, at) {
      if (state.problem !== null) return err(state.problem);
      const found = kept.get(key);
      if (found === undefined) return err(failure('not_found', 'unexpected', 'no such segment'));
      const { record } = found;
      const users = [...new Set([...record.usedBy, usedBy])];
      kept.set(key, { ...found, record: { ...record, usedAt: at, usedBy: users, use: (use += 1) } });
      return ok(null);
    },
    async releaseExport(id) {
      let removed = 0;
      for (const [key, { record }] of [...kept]) {
        if (record.usedBy.length === 1 && record.usedBy[0] === id && kept.delete(key)) removed += 1;
      }
      return removed;
    },
    list: async () => [...kept.values()].map(({ record }) => record),
    async remove(key) {
      kept.delete(key);
      return ok(null);
    },
    async removeUnused(records) {
      let bytes = 0;
      for (const { key } of records) {
        bytes += kept.get(key)?.record.bytes ?? 0;
        kept.delete(key);
      }
      return bytes;
    },
  };
  const cache = createSegmentCache(store, state.clock);
  const put = (key: string, bytes: number, owner = E1, kind: SegmentRecord['kind'] = 'video') =>
    cache.put(
      key,
      kind,
      { data: new Blob(['x'.repeat(bytes)]), frames: 1, complaints: 0, references: [] },
      owner,
    );
  return { cache, store, state, put, keys: () => [...kept.keys()].join('') };
}

describe('the segment cache', () => {
  it('says how much it holds, and frees what is asked for, least recently used first', async () => {
    const { cache, put, keys } = world();
    for (const [key, bytes] of [
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ] as const) {
      await put(key, bytes);
    }
    expect(await cache.bytes()).toBe(60);
    expect(await cache.evict(5, new Set([E1]))).toBe(0);
    await cache.find('a', E2);
    expect(await cache.evict(5, new Set([E2]))).toBe(20);
    expect(keys()).toBe('ac');
    expect(await cache.evict(1000, new Set())).toBe(40);
    expect(await cache.bytes()).toBe(0);
    expect(await cache.evict(1000, new Set())).toBe(0);
  });

  it('goes by the order of use and not by a clock that was set back', async () => {
    const { cache, state, put, keys } = world();
    await put('a', 10);
    await put('b', 10);
    state.hour = 9;
    await cache.find('a', E2);
    expect(await cache.evict(1, new Set())).toBe(10);
    expect(keys()).toBe('a');
  });

  it('sweeps PCM and what is above the budget', async () => {
    const { cache, put, keys } = world();
    await put('a', 10);
    await put('p', 50, E1, 'pcm');
    await put('b', 10);
    await put('q', 50, E2, 'pcm');
    expect(await cache.sweep(new Set([E2]), 65)).toBe(60);
    expect(keys()).toBe('bq');
  });

  it('keeps what a job found on a full disk, where that cannot be written down', async () => {
    const { cache, state, put, keys } = world();
    await put('a', 10, E1);
    await put('b', 10, E1);
    state.problem = full;
    expect(await cache.find('a', E2)).toMatchObject({ frames: 1 });
    expect(await cache.evict(1000, new Set([E2]))).toBe(10);
    expect(keys()).toBe('a');
    // When that job has let go, nothing is left of its claim.
    await cache.release(E2);
    expect(await cache.evict(1000, new Set([E2]))).toBe(10);
    expect(keys()).toBe('');
  });

  it('does not hand out what is not what was stored: it is forgotten, and rendered again', async () => {
    const bytes = 'x'.repeat(100);
    for (const damage of [new Blob([bytes.slice(1)]), new Blob([`${bytes.slice(1)}y`]), new Blob([])]) {
      const { cache, store, put, keys } = world();
      await put('a', 100);
      await put('b', 100);
      const found = await store.get('a');
      if (found === null) throw new Error('nothing stored');
      await store.put(found.record, damage);
      expect(await cache.find('a', E2)).toBeNull();
      expect(keys()).toBe('b');
      expect(await cache.find('b', E2)).not.toBeNull();
    }
  });

  it('does not hand out what the disk has lost', async () => {
    const { cache, store, put, keys } = world();
    await put('a', 100);
    const found = await store.get('a');
    if (found === null) throw new Error('nothing stored');
    const lost = new Blob(['x'.repeat(100)]);
    lost.slice = () => {
      throw new DOMException('The file is gone.', 'NotReadableError');
    };
    await store.put(found.record, lost);
    expect(await cache.find('a', E2)).toBeNull();
    expect(keys()).toBe('');
  });

  it('hands out what an older build stored without a checksum, when it is as long as it was', async () => {
    const { cache, store, put } = world();
    await put('a', 100);
    const found = await store.get('a');
    if (found === null) throw new Error('nothing stored');
    await store.put({ ...found.record, digest: undefined }, new Blob(['y'.repeat(100)]));
    expect(await (await cache.find('a', E2))?.data.text()).toBe('y'.repeat(100));
    await store.put({ ...found.record, digest: undefined }, new Blob(['y'.repeat(99)]));
    expect(await cache.find('a', E2)).toBeNull();
  });

  it('does not hand out what another tab removed meanwhile', async () => {
    const { cache, state, put } = world();
    await put('a', 10);
    state.problem = failure('not_found', 'unexpected', 'gone');
    expect(await cache.find('a', E2)).toBeNull();
    expect(await cache.find('never', E2)).toBeNull();
  });
});
