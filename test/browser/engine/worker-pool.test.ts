import { afterEach, describe, expect, it } from 'vitest';
import { WorkerPool, type PoolOptions } from '../../../src/runtime/engine/worker-pool.ts';
import type { OddApi } from './odd-worker.ts';

let pool: WorkerPool<OddApi> | null = null;
let spawned = 0;

function open(options: Partial<PoolOptions<OddApi>> = {}): WorkerPool<OddApi> {
  spawned = 0;
  pool = new WorkerPool<OddApi>({
    name: 'odd',
    size: 2,
    spawn: () => {
      spawned += 1;
      return new Worker(new URL('./odd-worker.ts', import.meta.url), { type: 'module' });
    },
    ...options,
  });
  return pool;
}

afterEach(() => {
  pool?.dispose();
});

describe('worker pool', () => {
  it('starts workers when they are needed, no more than its size', async () => {
    const workers = open();
    expect(workers.alive).toBe(0);
    await Promise.all(Array.from({ length: 6 }, () => workers.call((api) => api.sleep(30))));
    expect(spawned).toBe(2);
  });

  it('replaces a worker after a number of calls', async () => {
    const workers = open({ size: 1, maxCalls: 2 });
    const names: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer = await workers.call((api) => api.who());
      names.push(answer.ok ? answer.value : null);
    }
    expect(new Set(names).size).toBe(3);
    expect(names[0]).toBe(names[1]);
  });

  it('ends a worker after a call that asks for it', async () => {
    const workers = open({ size: 1 });
    const first = await workers.call((api) => api.who(), { endAfter: true });
    expect(workers.alive).toBe(0);
    const second = await workers.call((api) => api.who());
    expect(first.ok && second.ok && first.value !== second.value).toBe(true);
  });

  it('ends an idle worker', async () => {
    const workers = open({ idleMs: 50 });
    await workers.call((api) => api.who());
    await expect.poll(() => workers.alive, { timeout: 20_000 }).toBe(0);
  });

  it('a cancelled call ends its worker at once, and the next call gets a new one', async () => {
    const workers = open({ size: 1 });
    const abort = new AbortController();
    const first = workers.call((api) => api.hang(), { signal: abort.signal });
    const waiting = workers.call((api) => api.who());
    await expect.poll(() => workers.alive).toBe(1);
    abort.abort();
    expect(await first).toMatchObject({ ok: false, error: { code: 'aborted' } });
    expect((await waiting).ok).toBe(true);
    expect(spawned).toBe(2);
  });

  it('a call that waits for a worker can be cancelled', async () => {
    const workers = open({ size: 1 });
    const blocking = workers.call((api) => api.sleep(300));
    const abort = new AbortController();
    const waiting = workers.call((api) => api.who(), { signal: abort.signal });
    abort.abort();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'aborted' } });
    expect((await blocking).ok).toBe(true);
  });

  it('a crash fails the call under way with a code, and the pool goes on', async () => {
    const workers = open({ size: 1 });
    expect(await workers.call((api) => api.crash())).toMatchObject({
      ok: false,
      error: { code: 'engine_failed', reason: 'worker_crashed' },
    });
    expect((await workers.call((api) => api.who())).ok).toBe(true);
  });

  it('a worker without a sign of life is ended; a beat keeps it', async () => {
    const workers = open({ size: 1 });
    expect(await workers.call((api) => api.hang(), { stallMs: 150 })).toMatchObject({
      ok: false,
      error: { reason: 'worker_stuck' },
    });
    const kept = await workers.call(
      async (api, beat) => {
        for (let i = 0; i < 8; i += 1) {
          await api.sleep(50);
          beat();
        }
        return api.who();
      },
      { stallMs: 5_000 },
    );
    expect(kept.ok).toBe(true);
  });

  it('the same number again and again is no progress', async () => {
    const workers = open({ size: 1 });
    const told: number[] = [];
    const answer = await workers.call(
      async (api, beat) => {
        // Longer than the limit many times over: only the number that never changes can end it.
        for (let i = 0; i < 2000; i += 1) {
          await api.sleep(20);
          beat(7);
          told.push(i);
        }
        return api.who();
      },
      { stallMs: 500 },
    );
    expect(answer).toMatchObject({ ok: false, error: { reason: 'worker_stuck' } });
    expect(told.length).toBeGreaterThan(1);
    const moving = await workers.call(
      async (api, beat) => {
        for (let i = 0; i < 10; i += 1) {
          await api.sleep(30);
          beat(i);
        }
        return api.who();
      },
      { stallMs: 5_000 },
    );
    expect(moving.ok).toBe(true);
  });

  it('a call that goes on for too long in all is ended, progress or not', async () => {
    const workers = open({ size: 1 });
    const answer = await workers.call(
      async (api, beat) => {
        for (let i = 0; i < 2000; i += 1) {
          await api.sleep(20);
          beat(i);
        }
        return api.who();
      },
      { stallMs: 60_000, totalMs: 400 },
    );
    expect(answer).toMatchObject({ ok: false, error: { reason: 'worker_stuck' } });
    expect((await workers.call((api) => api.who())).ok).toBe(true);
  });

  it('a limit counts from when the worker begins, not from when the call began to wait for one', async () => {
    const workers = open({ size: 1 });
    const first = workers.call((api) => api.sleep(1500), { stallMs: 60_000 });
    const second = workers.call((api) => api.who(), { stallMs: 60_000, totalMs: 1000 });
    expect([(await first).ok, (await second).ok]).toEqual([true, true]);
  });

  it('memory that ran out is told apart from other crashes', async () => {
    const workers = open({ size: 1 });
    expect(await workers.call((api) => api.crash('out of memory'))).toMatchObject({
      error: { reason: 'out_of_memory' },
    });
  });

  it('a bug in a worker becomes a failure, not a rejection', async () => {
    const workers = open({ size: 1 });
    expect(await workers.call((api) => api.reject())).toMatchObject({
      ok: false,
      error: { code: 'engine_failed' },
    });
  });

  it('a worker that cannot start says so', async () => {
    const workers = open({
      spawn: () =>
        new Worker(URL.createObjectURL(new Blob(['throw new Error("no")'], { type: 'text/javascript' }))),
    });
    expect(await workers.call((api) => api.who())).toMatchObject({
      ok: false,
      error: { code: 'engine_failed', reason: 'worker_start_failed' },
    });
  });

  it('closing fails what runs and what waits', async () => {
    const workers = open({ size: 1 });
    const running = workers.call((api) => api.hang());
    const waiting = workers.call((api) => api.who());
    await expect.poll(() => workers.alive).toBe(1);
    workers.dispose();
    expect(await running).toMatchObject({ ok: false, error: { code: 'closed' } });
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'closed' } });
    expect(workers.alive).toBe(0);
  });
});
