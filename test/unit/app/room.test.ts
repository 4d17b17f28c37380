/** What is freed for whom, and when waiting for room is over. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import type { LogNews } from '../../../src/core/schema/log.ts';
import { STORAGE_POLICY_KEY } from '../../../src/core/schema/storage-policy.ts';
import { budgetOutlook, evictableBytes, type StorageUse } from '../../../src/app/budget.ts';
import { createRoom, isRoomNow, resultsToDrop } from '../../../src/app/room.ts';
import type { Stores } from '../../../src/runtime/contract/stores.ts';
import { fakeExport } from '../ui/fake-exports.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const MB = 1_000_000;

function finished(id: string, day: number, part: Partial<Export> = {}): Export {
  const date = `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  return fakeExport(id, {
    status: 'completed',
    createdAt: date,
    completedAt: date,
    expiresAt: `2026-11-${String(day + 7).padStart(2, '0')}T12:00:00.000Z`,
    bytes: 10 * MB,
    files: [{ name: `${id}.mp4`, type: 'video/mp4', bytes: 10 * MB, path: `exports/${id}/${id}.mp4` }],
    ...part,
  });
}

const cleanup: AbortController[] = [];
afterEach(() => {
  for (const controller of cleanup.splice(0)) controller.abort();
});

/** A machine: a disk of some size, segments that may be evicted, and a clock that sleeps until it is told. */
function machine(given: {
  readonly exports?: readonly Export[];
  readonly disk?: number | null;
  readonly used?: number | null;
  readonly segments?: number;
  readonly policy?: unknown;
  readonly readOnly?: boolean;
}) {
  const records = new Map((given.exports ?? []).map((record) => [record.id, record]));
  const saved = new Map<string, unknown>([[STORAGE_POLICY_KEY, given.policy]]);
  const removed: string[] = [];
  const logged: LogNews[] = [];
  const told: string[] = [];
  const kept: ReadonlySet<ExportId>[] = [];
  let segments = given.segments ?? 0;
  let used = given.used === undefined ? 100 * MB : given.used;
  const sleepers: (() => void)[] = [];
  const went = (bytes: number): void => {
    if (used !== null) used -= bytes;
  };
  const stores = {
    readOnly: given.readOnly ?? false,
    exports: {
      list: async (query: { status?: string } = {}) => {
        const all = [...records.values()].filter(
          ({ status }) => query.status === undefined || status === query.status,
        );
        return { exports: all, total: all.length };
      },
      unreadable: async () => [],
      get: async (id: ExportId) => records.get(id) ?? null,
      put: async (record: Export) => {
        records.set(record.id, record);
        return ok(null);
      },
    },
    files: {
      free: async () => (given.disk == null || used === null ? null : given.disk - used),
      used: async () => used,
      list: async (folder: string) => [{ path: `${folder}/film.mp4`, bytes: 10 * MB }],
      remove: async (path: string) => {
        removed.push(path);
        if (path.endsWith('.mp4')) went(10 * MB);
        return ok(null);
      },
    },
    settings: {
      get: async (key: string) => saved.get(key),
      set: async (key: string, value: unknown) => {
        saved.set(key, value);
        return ok(null);
      },
    },
  } as unknown as Stores;
  const room = createRoom({
    stores,
    cache: {
      evict: async (bytes, keep) => {
        kept.push(keep);
        const gone = Math.min(bytes, segments);
        segments -= gone;
        went(gone);
        return gone;
      },
    },
    clock: {
      now: () => 0,
      iso: () => NOW,
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) {
            resolve(false);
            return;
          }
          const end = (slept: boolean) => (): void => {
            signal?.removeEventListener('abort', stop);
            resolve(slept);
          };
          const stop = end(false);
          signal?.addEventListener('abort', stop);
          sleepers.push(end(true));
        }),
    },
    log: (news) => logged.push(news),
    changed: ({ id }) => told.push(`changed ${id}`),
    freed: () => told.push('freed'),
  });
  return {
    room,
    removed,
    logged,
    told,
    kept,
    records,
    /** Lets everybody who sleeps wake up, as often as they ask again. */
    tick: async () => {
      await new Promise((resolve) => setTimeout(resolve));
      for (const wake of sleepers.splice(0)) wake();
      await new Promise((resolve) => setTimeout(resolve));
    },
    leave: went,
  };
}

describe('free room', () => {
  it('is what the browser gives, or what the hard budget leaves', async () => {
    const gb = 1000 ** 3;
    expect(await machine({ disk: 150 * MB, used: 100 * MB }).room.free()).toBe(50 * MB);
    const tight = { softBytes: 110 * MB, hardBytes: 120 * MB };
    expect(await machine({ disk: 900 * MB, used: 100 * MB, policy: tight }).room.free()).toBe(20 * MB);
    expect(await machine({ disk: 900 * MB, used: 200 * MB, policy: tight }).room.free()).toBe(0);
    expect(await machine({ disk: null, used: null }).room.free()).toBeNull();
    // No policy was saved: the default budget holds.
    expect(await machine({ disk: null, used: 4 * gb }).room.free()).toBe(20 * gb);
  });
});

describe('making room', () => {
  it('takes expired results first, then segments, and no more than is needed', async () => {
    const { room, removed, kept, records, logged, told } = machine({
      disk: 105 * MB,
      used: 100 * MB,
      segments: 50 * MB,
      exports: [
        finished('old', 1),
        finished('pinned', 1, { pinned: true }),
        finished('fresh', 19),
        fakeExport('running', { status: 'processing' }),
      ],
    });
    expect(await room.make(30 * MB)).toBe(true);
    expect(removed).toEqual(['exports/old/film.mp4', 'exports/old']);
    expect(records.get('old' as ExportId)?.files).toEqual([]);
    expect(records.get('pinned' as ExportId)?.files).toHaveLength(1);
    expect([...(kept[0] ?? [])].sort()).toEqual(['pinned', 'running']);
    expect(await room.free()).toBe(30 * MB);
    expect(logged.map(({ event, data }) => [event, data])).toEqual([
      ['storage_freed', { bytes: 10 * MB, what: 'results' }],
      ['storage_freed', { bytes: 15 * MB, what: 'segments' }],
    ]);
    expect(told).toEqual(['changed old', 'freed', 'freed']);
  });

  it('says when it is not enough, and does not touch results that have not expired', async () => {
    const { room, removed } = machine({ disk: 100 * MB, segments: 5 * MB, exports: [finished('fresh', 19)] });
    expect(await room.make(30 * MB)).toBe(false);
    expect(removed).toEqual([]);
  });

  it('frees what was asked for where a write failed although the browser says that there is room', async () => {
    const { room } = machine({ disk: 500 * MB, segments: 40 * MB });
    expect(await room.make(30 * MB)).toBe(true);
    expect(await room.free()).toBe(430 * MB);
    expect(await room.make(30 * MB)).toBe(false);
  });

  it('does nothing in a database of a newer build', async () => {
    const { room, removed, kept } = machine({
      disk: 100 * MB,
      segments: 50 * MB,
      readOnly: true,
      exports: [finished('old', 1)],
    });
    expect(await room.make(MB)).toBe(false);
    expect(removed).toEqual([]);
    expect(kept).toEqual([]);
  });
});

describe('waiting for room', () => {
  const wait = (room: ReturnType<typeof machine>['room']) => {
    const controller = new AbortController();
    cleanup.push(controller);
    const state = { over: false };
    const done = room.changes(controller.signal).then(() => {
      state.over = true;
    });
    return { state, done, controller };
  };

  it('ends when something is freed here, elsewhere, or by another policy', async () => {
    for (const free of ['noteFreed', 'noteFreedElsewhere'] as const) {
      const { room } = machine({ disk: 100 * MB });
      const { done } = wait(room);
      room[free]();
      await done;
    }
    const { room, tick } = machine({ disk: 100 * MB });
    const { done, state } = wait(room);
    await tick();
    expect(state.over).toBe(false);
    const saved = await room.setPolicy({ hardBytes: 1, softBytes: 1, keepDays: null });
    expect(saved).toMatchObject({ ok: true, value: { hardBytes: 1, keepDays: null } });
    await done;
    expect(await room.keepDays()).toBeNull();
  });

  it('ends by itself when the person has freed the disk elsewhere', async () => {
    const { room, tick, leave } = machine({ disk: 100 * MB });
    const { done, state } = wait(room);
    await tick();
    leave(0.2 * MB);
    await tick();
    expect(state.over).toBe(false);
    leave(5 * MB);
    await tick();
    await done;
    expect(state.over).toBe(true);
  });

  it('ends for another try where the numbers do not say why a write failed, less and less often', async () => {
    const { room, tick } = machine({ disk: 900 * MB, segments: 0 });
    // There is room by the numbers, and still a write has failed.
    expect(await room.make(MB)).toBe(false);
    const looks: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { state } = wait(room);
      let count = 0;
      while (!state.over && count < 100) {
        await tick();
        count += 1;
      }
      looks.push(count);
    }
    expect(looks.map((count) => count * 10)).toEqual([30, 60, 120, 240, 300, 300]);
  });

  it('does not try again where the numbers say that it is too much', async () => {
    const { room, tick } = machine({ disk: 101 * MB, segments: 0 });
    expect(await room.make(30 * MB)).toBe(false);
    const { state } = wait(room);
    for (let look = 0; look < 50; look += 1) await tick();
    expect(state.over).toBe(false);
  });

  it('ends with its signal', async () => {
    const { room } = machine({ disk: 100 * MB });
    const { done, controller } = wait(room);
    controller.abort();
    await done;
    await room.changes(controller.signal);
  });

  it('looks at what was wanted, however little more that is', () => {
    expect(isRoomNow(10, 20, 15)).toBe(true);
    expect(isRoomNow(10, 20, 25)).toBe(false);
    // There was as much as was wanted, and still the write failed: only more than before is a change.
    expect(isRoomNow(20, 20, 15)).toBe(false);
    expect(isRoomNow(null, 5, null)).toBe(true);
    expect(isRoomNow(null, null, 5)).toBe(false);
    expect(isRoomNow(5, null, null)).toBe(true);
  });
});

describe('results to drop', () => {
  const all = [finished('a', 1), finished('b', 2, { pinned: true }), finished('c', 3), finished('d', 19)];
  const ids = (...of: Parameters<typeof resultsToDrop>) => resultsToDrop(...of).map(({ id }) => id);

  it('are the expired ones, or the oldest until there is enough', () => {
    expect(ids(all, 'expired', 0, NOW)).toEqual(['a', 'c']);
    expect(ids(all, 'oldest', 1, NOW)).toEqual(['a']);
    expect(ids(all, 'oldest', 11 * MB, NOW)).toEqual(['a', 'c']);
    expect(ids(all, 'oldest', 999 * MB, NOW)).toEqual(['a', 'c', 'd']);
    expect(ids([finished('gone', 1, { files: [] })], 'oldest', 1, NOW)).toEqual([]);
  });
});

describe('the budget', () => {
  const use: StorageUse = {
    usedBytes: 100,
    freeBytes: 1000,
    resultBytes: 50,
    segmentBytes: 40,
    evictableBytes: 30,
    copyBytes: 10,
  };
  const policy = { keepDays: 7, softBytes: 150, hardBytes: 200, cacheBytes: 100 };

  it('counts on segments that nothing needs', () => {
    expect(budgetOutlook(use, policy, 80)).toEqual({ state: 'fine', missingBytes: 0 });
    expect(budgetOutlook(use, policy, 81)).toEqual({ state: 'soft', missingBytes: 0 });
    expect(budgetOutlook(use, policy, 130)).toEqual({ state: 'soft', missingBytes: 0 });
    expect(budgetOutlook(use, policy, 131)).toEqual({ state: 'hard', missingBytes: 1 });
    expect(budgetOutlook({ ...use, freeBytes: 40 }, policy, 71)).toEqual({ state: 'full', missingBytes: 1 });
  });

  it('lets everything pass where the browser says nothing', () => {
    const silent = { ...use, usedBytes: null, freeBytes: null };
    expect(budgetOutlook(silent, policy, 1e15)).toEqual({ state: 'fine', missingBytes: 0 });
  });

  it('knows which segments nothing needs', () => {
    const [a, b] = ['a', 'b'] as ExportId[];
    const segments = [
      { bytes: 1, usedBy: [a!] },
      { bytes: 2, usedBy: [b!] },
      { bytes: 4, usedBy: [a!, b!] },
      { bytes: 8, usedBy: [] },
    ];
    expect(evictableBytes(segments, new Set([a!]))).toBe(10);
    expect(evictableBytes(segments, new Set())).toBe(15);
  });
});
