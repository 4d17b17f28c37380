/** Sources that are gone, come back, or change while a job reads them. */
import { expect, test } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { settle, until } from './fake-clock.ts';
import { createWorld, failed, rung, type World } from './world.ts';

const missing = failure('source_missing', 'source_missing', 'gone');

/** A file that can be read until it is written to. */
function changingFile(): { readonly file: File; change(): void } {
  let changed = false;
  const file = new File(['bytes of the source'], 'source.mp4', { lastModified: 1 });
  const slice = file.slice.bind(file);
  Object.defineProperty(file, 'slice', {
    value: (...range: [number, number]) => {
      const part = slice(...range);
      if (!changed) return part;
      return Object.assign(part, {
        arrayBuffer: () => Promise.reject(new DOMException('changed', 'NotReadableError')),
      });
    },
  });
  return {
    file,
    change: () => {
      changed = true;
    },
  };
}

async function make(world: World, jobs = world.tab()): Promise<Export> {
  const made = await jobs.create(world.spec(), world.plan(), null);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const ends = (world: World, { id }: Export, status = 'completed'): Promise<void> =>
  until(`the job is ${status}`, () => world.records.get(id)?.status === status);
const waits = (world: World, { id }: Export): Promise<void> =>
  until('it waits for its source', () => world.records.get(id)?.waitingFor === 'source');

test('a source that is gone holds the job back, and it goes on by itself', async () => {
  const world = createWorld();
  world.faults.sourceGone = missing;
  const jobs = world.tab();
  const job = await make(world, jobs);
  await waits(world, job);
  expect(world.records.get(job.id)?.status).toBe('processing');
  expect(jobs.running.size).toBe(0);
  // Another source arrived: it looks, and waits on.
  world.arrives();
  await settle();
  await waits(world, job);
  world.faults.sourceGone = null;
  world.arrives();
  await ends(world, job);
  expect(world.records.get(job.id)?.waitingFor).toBeNull();
});

test('a job that waits for its source holds no place', async () => {
  const world = createWorld();
  world.limits = { running: 1, pixels: 0 };
  const jobs = world.tab();
  world.faults.sourceGone = missing;
  const waiting = await make(world, jobs);
  await waits(world, waiting);
  world.faults.sourceGone = null;
  const other = await make(world, jobs);
  await ends(world, other);
  world.arrives();
  await ends(world, waiting);
});

test('it lets go of its lock for a tab that may have the source, again and again, and ever more slowly', async () => {
  const world = createWorld();
  const without = world.tab({ hasSource: false });
  const job = await make(world, without);
  await waits(world, job);
  await world.clock.advance(60_000);
  // Nobody else is there: it stays where it is.
  expect(world.locks.has(`export:${job.id}`)).toBe(true);
  const alsoWithout = world.tab({ hasSource: false });
  await alsoWithout.takeUp();
  await world.clock.advance(120_000);
  const takes = world.log.filter((entry) => entry.event === 'job_waiting').length;
  expect(takes).toBeGreaterThan(3);
  expect(takes).toBeLessThan(40);
  await alsoWithout.close();
  const withIt = world.tab();
  await withIt.takeUp();
  for (let i = 0; i < 12 && world.records.get(job.id)?.status !== 'completed'; i += 1)
    await world.clock.advance(2_000);
  await ends(world, job);
});

test('it looks for its source, and lets go of its lock, although the queue is full', async () => {
  const world = createWorld();
  world.limits = { running: 1, pixels: 0 };
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const busy = world.tab();
  const first = await busy.create(world.spec(1500), world.plan(1500), null);
  await until('it renders', () => hanging.calls.length > 0);
  world.faults.sourceGone = missing;
  // Left behind by a tab that is no more.
  if (!first.ok) throw new Error(first.error.message);
  const id = 'export-left' as Export['id'];
  world.records.set(id, { ...first.value, id, order: 99, status: 'processing', waitingFor: 'source' });
  await busy.takeUp();
  await until('the busy tab waits for the source', () =>
    world.log.some((entry) => entry.event === 'job_waiting' && entry.jobId === id),
  );
  world.rungs = [rung('ffmpeg')];
  const free = world.tab();
  await free.takeUp();
  world.faults.sourceGone = null;
  for (let i = 0; i < 12 && world.records.get(id)?.status !== 'completed'; i += 1)
    await world.clock.advance(2_000);
  await until('it is completed', () => world.records.get(id)?.status === 'completed');
});

test('a source that is written to while it is read: the job fails with the reason, and nothing of it is kept', async () => {
  const world = createWorld();
  const { file, change } = changingFile();
  world.faults.file = file;
  let renders = 0;
  world.rungs = [
    rung('ffmpeg', () => {
      renders += 1;
      if (renders === 3) {
        change();
        // The same fingerprint: it was changed between the places that this looks at.
        world.faults.file = new File(['bytes of the source'], 'source.mp4', { lastModified: 2 });
      }
      return null;
    }),
  ];
  const job = await make(world);
  await ends(world, job, 'failed');
  expect(world.records.get(job.id)?.error?.reason).toBe('source_changed');
  expect([world.files.size, world.segments.size]).toEqual([0, 0]);
});

test('a source that has another content now: the job fails, it does not hang', async () => {
  const world = createWorld();
  const { file, change } = changingFile();
  world.faults.file = file;
  world.rungs = [
    rung('ffmpeg', () => {
      change();
      world.faults.sourceGone = failure('media_changed', 'source_changed', 'another file');
      return null;
    }),
  ];
  const job = await make(world);
  await ends(world, job, 'failed');
  expect(world.records.get(job.id)?.error?.reason).toBe('source_changed');
});

test('a source that is written to while the file is put together never gives a file of two contents', async () => {
  const world = createWorld();
  const { file, change } = changingFile();
  world.faults.file = file;
  world.faults.assemble = () => {
    change();
    world.faults.file = new File(['other bytes, as many'], 'source.mp4', { lastModified: 2 });
    return null;
  };
  const job = await make(world);
  await ends(world, job, 'failed');
  expect(world.records.get(job.id)?.error?.reason).toBe('source_changed');
  expect(world.files.size).toBe(0);
});

test('a source that disappears in the middle is waited for; what is rendered stays', async () => {
  const world = createWorld();
  const first = changingFile();
  world.faults.file = first.file;
  let renders = 0;
  const ffmpeg = rung('ffmpeg', () => {
    renders += 1;
    if (renders === 4) {
      first.change();
      world.faults.sourceGone = missing;
    }
    return null;
  });
  world.rungs = [ffmpeg];
  const job = await make(world);
  await waits(world, job);
  expect(world.records.get(job.id)?.stage).toBe('rendering');
  const before = ffmpeg.calls.length;
  const there = world.segments.size;
  // What was made while it disappeared is not kept: it may be of half a file.
  expect([1, 2, 3]).toContain(there);
  // Chosen again: a copy of it, with another date. Its fingerprint says that it is the same.
  world.faults.file = new File(['bytes of the source'], 'copy.mp4', { lastModified: 99 });
  world.faults.sourceGone = null;
  world.arrives();
  await ends(world, job);
  const steps = job.plan.steps.length;
  expect(ffmpeg.calls.length - before).toBe(steps - there);
});

test('a step that was cut in two stays so when the sources have to be opened again', async () => {
  const world = createWorld();
  const first = changingFile();
  world.faults.file = first.file;
  let renders = 0;
  const ffmpeg = rung('ffmpeg', (job) => {
    renders += 1;
    if (job.kind === 'video' && job.step.frames > 30) return failed('out_of_memory');
    if (renders === 6) {
      first.change();
      world.faults.file = new File(['bytes of the source'], 'source.mp4', { lastModified: 1 });
    }
    return null;
  });
  world.rungs = [ffmpeg];
  const job = await make(world);
  await ends(world, job);
  const wholes = ffmpeg.calls.filter((id) => job.plan.steps.some((step) => step.id === id));
  expect(new Set(wholes).size).toBe(wholes.length);
});

test('a source whose opening never answers does not hold the job for ever', async () => {
  const world = createWorld();
  world.faults.sourceHangs = true;
  const job = await make(world);
  await until('it opens its source', () => world.clock.pauses().length > 0);
  await world.clock.advance(17 * 60_000);
  await ends(world, job, 'failed');
  expect(world.records.get(job.id)?.error?.reason).toBe('worker_stuck');
});
