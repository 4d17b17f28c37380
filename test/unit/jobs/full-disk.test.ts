/** A full disk: room is made, or waited for; nothing is lost and nothing half-written is left. */
import { expect, test } from 'vitest';
import type { Export } from '../../../src/core/schema/export.ts';
import { settle, until } from './fake-clock.ts';
import { createWorld, failed, rung, type World } from './world.ts';

async function make(world: World): Promise<{ job: Export; jobs: ReturnType<World['tab']> }> {
  const jobs = world.tab();
  const made = await jobs.create(world.spec(), world.plan(), null);
  if (!made.ok) throw new Error(made.error.message);
  return { job: made.value, jobs };
}

const ends = (world: World, { id }: Export, status = 'completed'): Promise<void> =>
  until(`the job is ${status}`, () => world.records.get(id)?.status === status);
const waits = (world: World, { id }: Export): Promise<void> =>
  until('it waits for storage', () => world.records.get(id)?.waitingFor === 'storage');

test.each(['segment', 'file'] as const)(
  'a %s that does not fit: room is made and it goes on',
  async (what) => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg');
    world.rungs = [ffmpeg];
    world.faults.full.add(what);
    world.faults.canMakeRoom = true;
    const { job } = await make(world);
    await ends(world, job);
    expect(world.asked.length).toBeGreaterThan(0);
    // Nothing was rendered a second time for it.
    expect(new Set(ffmpeg.calls).size).toBe(ffmpeg.calls.length);
    expect(world.log.some((entry) => entry.event === 'job_waiting')).toBe(false);
  },
);

test.each(['segment', 'file'] as const)(
  'a %s that does not fit: it waits, in its stage, and goes on',
  async (what) => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg');
    world.rungs = [ffmpeg];
    world.faults.full.add(what);
    const { job, jobs } = await make(world);
    await waits(world, job);
    expect(world.records.get(job.id)).toMatchObject({
      status: 'processing',
      stage: what === 'segment' ? 'rendering' : 'assembling',
    });
    // It holds no place, but it holds its lock: storage is the same for every tab.
    expect(jobs.running.size).toBe(0);
    expect(world.locks.has(`export:${job.id}`)).toBe(true);
    if (what === 'file') expect(world.files.size).toBe(0);
    // Something was freed, but not enough: it waits on.
    world.freed();
    await settle();
    await waits(world, job);
    world.faults.full.clear();
    world.freed();
    await ends(world, job);
    expect(world.records.get(job.id)?.waitingFor).toBeNull();
    expect(new Set(ffmpeg.calls).size).toBe(ffmpeg.calls.length);
    expect(world.log.filter((entry) => entry.event === 'job_waiting').length).toBeGreaterThan(0);
  },
);

test.each(['segment', 'file'] as const)(
  'room that was made and is not there does not make it try for ever: %s',
  async (what) => {
    const world = createWorld();
    world.faults.full.add(what);
    world.faults.saysRoom = true;
    const { job } = await make(world);
    await waits(world, job);
    world.faults.full.clear();
    world.freed();
    await ends(world, job);
  },
);

test('too little room for the whole: it does not begin before there is some', async () => {
  const world = createWorld();
  const ffmpeg = rung('ffmpeg');
  world.rungs = [ffmpeg];
  world.faults.free = 1000;
  const { job } = await make(world);
  await waits(world, job);
  expect(ffmpeg.calls).toEqual([]);
  expect(world.asked).toEqual([job.plan.estimate.storageBytes]);
  world.faults.free = job.plan.estimate.storageBytes;
  world.freed();
  await ends(world, job);
});

test('a job that waits for storage lets others work, and can be cancelled and held', async () => {
  const world = createWorld();
  world.limits = { running: 1, pixels: 0 };
  world.faults.free = 1000;
  const { job, jobs } = await make(world);
  await waits(world, job);
  world.faults.free = null;
  const other = await jobs.create(world.spec(), world.plan(), null);
  if (!other.ok) throw new Error(other.error.message);
  await ends(world, other.value);
  expect(await jobs.pause(job.id)).toMatchObject({ ok: true, value: { paused: true, waitingFor: null } });
  expect(await jobs.cancel(job.id)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
});

test('a record that cannot be written loses nothing: it is kept and goes with the next write', async () => {
  const world = createWorld();
  const ffmpeg = rung('ffmpeg', (job) => {
    // From the first step on the disk is full for records alone.
    if (job.kind === 'video') world.faults.full.add('record');
    return null;
  });
  world.rungs = [ffmpeg];
  const { job, jobs } = await make(world);
  await until('all is put together', () => world.assembled.length === 1);
  await until('it is shown that storage is wanted', () =>
    world.shown.some(({ record }) => record.waitingFor === 'storage'),
  );
  await settle();
  expect(world.records.get(job.id)?.status).toBe('processing');
  // The store cannot say so; whoever asks in this tab is told.
  expect(world.records.get(job.id)?.waitingFor).toBeNull();
  expect(await jobs.get(job.id)).toMatchObject({
    ok: true,
    value: { status: 'processing', waitingFor: 'storage' },
  });
  expect((await jobs.list()).exports[0]?.waitingFor).toBe('storage');
  world.faults.full.clear();
  world.freed();
  await ends(world, job);
  const record = world.records.get(job.id);
  expect(record?.receipts).toHaveLength(job.plan.steps.length);
  expect(record?.files).toHaveLength(1);
  expect(record?.waitingFor).toBeNull();
  expect(record?.actual?.work?.['ffmpeg']?.steps).toBe(job.plan.steps.length);
});

test('what was refused first is not forgotten for what comes later', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const made = await jobs.create(world.spec(), world.plan(), null);
  if (!made.ok) throw new Error(made.error.message);
  // Full before the job could say that it has begun.
  world.faults.full.add('record');
  await until('all is put together', () => world.assembled.length === 1);
  world.faults.full.clear();
  world.freed();
  await ends(world, made.value);
  expect(world.records.get(made.value.id)?.startedAt).toBe('2026-01-01T00:00:00.000Z');
});

test('a new job that cannot be written is refused, not half made', async () => {
  const world = createWorld();
  world.faults.full.add('record');
  const jobs = world.tab();
  expect(await jobs.create(world.spec(), world.plan(), null)).toMatchObject({
    ok: false,
    error: { reason: 'no_space' },
  });
  expect([world.records.size, world.locks.size, jobs.running.size]).toEqual([0, 0, 0]);
  world.faults.canMakeRoom = true;
  expect((await jobs.create(world.spec(), world.plan(), null)).ok).toBe(true);
});

test('a database that a newer build took over: the job is left as it is, for that build', async () => {
  const world = createWorld();
  world.rungs = [
    rung('ffmpeg', () => {
      world.faults.put = () => failed('newer_version');
      return null;
    }),
  ];
  const { job, jobs } = await make(world);
  await until('it has let go', () => world.locks.size === 0 && world.faults.put !== null);
  expect(world.records.get(job.id)).toMatchObject({ status: 'processing', error: null });
  expect(jobs.running.size).toBe(0);
});
