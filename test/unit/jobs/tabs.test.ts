/** Several tabs: one works, the others wait for its lock, and all may change what it works on. */
import { expect, test } from 'vitest';
import type { Export } from '../../../src/core/schema/export.ts';
import { until } from './fake-clock.ts';
import { createWorld, gatedRung, make, reaches, rung, statusOf } from './world.ts';

test('two tabs: one works, the other takes over when it dies', async () => {
  const world = createWorld();
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const one = world.tab();
  const ffmpeg = rung('ffmpeg');
  world.rungs = [ffmpeg];
  const other = world.tab();
  const job = await make(world, one);
  await other.takeUp();
  await until('it renders', () => hanging.calls.length > 0);
  expect(ffmpeg.calls).toEqual([]);
  expect(other.running.size).toBe(0);
  // What the other tab answers comes from the record, not from what it knew when it began to wait.
  expect(await other.get(job.id)).toMatchObject({ ok: true, value: { status: 'processing' } });
  await one.close();
  await reaches(world, job, 'completed');
  expect(new Set(ffmpeg.calls).size).toBe(ffmpeg.calls.length);
});

test('another tab cancels: the one that runs the job is asked, and the other waits until it has stopped', async () => {
  const world = createWorld();
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const one = world.tab();
  const other = world.tab();
  const job = await make(world, one);
  await until('it renders', () => hanging.calls.length > 0);
  one.askedHere(job.id, 'cancel');
  expect(await other.cancel(job.id)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
  expect([world.segments.size, world.locks.size, one.running.size]).toEqual([0, 0, 0]);
});

test('a tab that does not answer sees in the record that its job was cancelled', async () => {
  const world = createWorld();
  let go: () => void = () => undefined;
  const slow = rung(
    'ffmpeg',
    () =>
      new Promise((resolve) => {
        go = () => {
          resolve(null);
        };
      }),
  );
  world.rungs = [slow];
  const frozen = world.tab();
  const other = world.tab();
  const job = await make(world, frozen, 40);
  await until('it renders', () => slow.calls.length > 0);
  const cancelled = other.cancel(job.id);
  await world.clock.advance(11_000);
  expect(await cancelled).toMatchObject({ ok: true, value: { status: 'cancelled' } });
  go();
  await until('it has let go', () => world.locks.size === 0);
  expect(statusOf(world, job)).toBe('cancelled');
  expect([world.segments.size, world.files.size]).toEqual([0, 0]);
});

test('a tab that is as good as done sees that its job was cancelled, and takes its file away', async () => {
  const world = createWorld();
  let go: () => void = () => undefined;
  let checking = false;
  world.faults.verify = () => {
    checking = true;
    return new Promise((resolve) => {
      go = () => {
        resolve(null);
      };
    });
  };
  const frozen = world.tab();
  const other = world.tab();
  const job = await make(world, frozen, 40);
  await until('it is checked', () => checking);
  const cancelled = other.cancel(job.id);
  await world.clock.advance(11_000);
  expect(await cancelled).toMatchObject({ ok: true, value: { status: 'cancelled' } });
  // The frozen tab put its file there after the other had cleared up.
  world.files.set(`exports/${job.id}/test.mp4`, 10);
  go();
  await until('it has let go', () => world.locks.size === 0);
  expect(statusOf(world, job)).toBe('cancelled');
  expect([world.segments.size, world.files.size]).toEqual([0, 0]);
});

test('a job that was held is not taken over by a tab that waited for its lock', async () => {
  const world = createWorld();
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const one = world.tab();
  const job = await make(world, one);
  await until('it renders', () => hanging.calls.length > 0);
  const ffmpeg = rung('ffmpeg');
  world.rungs = [ffmpeg];
  const other = world.tab();
  await other.takeUp();
  expect((await one.pause(job.id)).ok).toBe(true);
  await until('the other has looked', () => world.locks.size === 0);
  await other.takeUp();
  await until('it has looked again', () => world.locks.size === 0);
  expect(world.records.get(job.id)).toMatchObject({ status: 'pending', paused: true });
  expect(ffmpeg.calls).toEqual([]);
});

test('what another tab changes while a job runs is kept: place, pin, staleness', async () => {
  const world = createWorld();
  const gate = gatedRung();
  world.rungs = [gate.ffmpeg];
  const one = world.tab();
  const other = world.tab();
  const job = await make(world, one);
  await until('it renders', () => gate.ffmpeg.calls.length > 0);
  expect((await other.pin(job.id, true)).ok).toBe(true);
  expect((await other.markStale(job.id, true)).ok).toBe(true);
  await one.changedElsewhere(job.id);
  expect(await one.get(job.id)).toMatchObject({ ok: true, value: { pinned: true, stale: true } });
  // A message may be lost, or come late: what is in the record is kept all the same.
  expect((await other.move(job.id, null)).ok).toBe(true);
  world.records.set(job.id, { ...(world.records.get(job.id) as Export), order: 77, stale: false });
  gate.open();
  await reaches(world, job, 'completed');
  expect(world.records.get(job.id)).toMatchObject({
    pinned: true,
    stale: false,
    order: 77,
    expiresAt: null,
  });
});

test('a job that another tab lets go on is waited for here, too', async () => {
  const world = createWorld();
  const one = world.tab();
  const other = world.tab();
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const slow = world.tab();
  const job = await make(world, slow);
  await until('it renders', () => hanging.calls.length > 0);
  expect((await slow.pause(job.id)).ok).toBe(true);
  expect((await slow.unpause(job.id)).ok).toBe(true);
  await other.changedElsewhere(job.id);
  await slow.close();
  await reaches(world, job, 'completed');
  expect(one.running.size).toBe(0);
});
