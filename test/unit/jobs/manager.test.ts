/** The jobs of one tab: made, queued, held, cancelled, tried again, kept. */
import { expect, test } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { progressOfRecord } from '../../../src/runtime/jobs/records.ts';
import { until } from './fake-clock.ts';
import { createWorld, failed, gatedRung, make, reaches, rung, statusOf } from './world.ts';

test('a job runs to its end: durable before it is shown, with what it took', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs);
  expect(job).toMatchObject({ status: 'pending', order: 1, paused: false, pinned: false, version: 2 });
  await reaches(world, job, 'completed');
  const record = world.records.get(job.id);
  expect(record).toMatchObject({
    percent: 100,
    stage: 'verifying',
    bytes: 10,
    waitingFor: null,
    error: null,
  });
  expect(record?.files.map((file) => file.path)).toEqual([`exports/${job.id}/test.mp4`]);
  expect(record?.receipts.length).toBe(job.plan.steps.length);
  expect(record?.actual?.work).toEqual({
    ffmpeg: { wallMs: 100 * job.plan.steps.length, steps: job.plan.steps.length, pixels: 1280 * 720 * 200 },
  });
  expect(record?.actual?.bytes).toBe(10);
  expect(record?.actual?.storageBytes).toBeGreaterThan(10);
  expect(world.log.map((entry) => entry.event)).toEqual(
    expect.arrayContaining(['job_created', 'job_started', 'stage_ended', 'step_ended', 'job_ended']),
  );
  // What was shown had been written: nobody sees a state that a crash would take back.
  for (const { record: shown } of world.shown) expect(world.records.has(shown.id)).toBe(true);
  const percents = world.shown.map(({ progress }) => progress.percent);
  expect([...percents].sort((a, b) => a - b)).toEqual(percents);
  await until('nothing runs', () => jobs.running.size === 0 && world.locks.size === 0);
});

test('ten at once all finish, at most so many side by side', async () => {
  const world = createWorld();
  world.limits = { running: 2, pixels: 1e9 };
  let most = 0;
  const jobs = world.tab();
  world.faults.assemble = () => {
    most = Math.max(most, jobs.running.size);
    return null;
  };
  const made = await Promise.all(Array.from({ length: 10 }, () => make(world, jobs)));
  expect(new Set(made.map((job) => job.order)).size).toBe(10);
  for (const job of made) await reaches(world, job, 'completed');
  // One more than the limit: the short one.
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
});

test('a paused job stops at once, keeps what is rendered, and goes on from there', async () => {
  const world = createWorld();
  const gate = gatedRung();
  world.rungs = [gate.ffmpeg];
  const jobs = world.tab();
  const job = await make(world, jobs);
  await until('it renders', () => gate.ffmpeg.calls.length > 0);
  const paused = await jobs.pause(job.id);
  expect(paused).toMatchObject({ ok: true, value: { status: 'pending', paused: true } });
  expect(jobs.running.size).toBe(0);
  expect(world.locks.size).toBe(0);
  gate.open();
  await jobs.takeUp();
  expect(statusOf(world, job)).toBe('pending');
  expect(await jobs.unpause(job.id)).toMatchObject({ ok: true, value: { paused: false } });
  await reaches(world, job, 'completed');
});

test('pausing and cancelling what only waits for its turn works at once', async () => {
  const world = createWorld();
  world.limits = { running: 1, pixels: 1e9 };
  const gate = gatedRung();
  world.rungs = [gate.ffmpeg];
  const jobs = world.tab();
  const running = await make(world, jobs);
  await until('it renders', () => gate.ffmpeg.calls.length > 0);
  const others = [await make(world, jobs), await make(world, jobs), await make(world, jobs)];
  const [one, two, three] = others as [Export, Export, Export];
  expect(await jobs.pause(two.id)).toMatchObject({ ok: true, value: { paused: true } });
  expect(await jobs.cancel(three.id)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
  gate.open();
  await reaches(world, running, 'completed');
  await reaches(world, one, 'completed');
  expect(statusOf(world, two)).toBe('pending');
});

test('cancelling leaves nothing behind', async () => {
  const world = createWorld();
  let assembling = false;
  world.faults.assemble = () => {
    assembling = true;
    return new Promise(() => undefined);
  };
  const jobs = world.tab();
  const job = await make(world, jobs);
  await until('it is put together', () => assembling);
  expect(world.segments.size).toBeGreaterThan(0);
  expect(await jobs.cancel(job.id)).toMatchObject({ ok: true, value: { status: 'cancelled', files: [] } });
  expect([world.segments.size, world.files.size, world.locks.size, jobs.running.size]).toEqual([0, 0, 0, 0]);
});

test('the queue can be put in another order', async () => {
  const world = createWorld();
  world.limits = { running: 1, pixels: 0 };
  const gate = gatedRung();
  world.rungs = [gate.ffmpeg];
  const jobs = world.tab();
  const first = await make(world, jobs, 1500);
  await until('it renders', () => gate.ffmpeg.calls.length > 0);
  const [a, b, c] = [
    await make(world, jobs, 1500),
    await make(world, jobs, 1500),
    await make(world, jobs, 1500),
  ] as [Export, Export, Export];
  expect((await jobs.move(c.id, a.id)).ok).toBe(true);
  expect((await jobs.move(a.id, null)).ok).toBe(true);
  expect((await jobs.move(b.id, b.id)).ok).toBe(true);
  gate.open();
  for (const job of [first, a, b, c]) await reaches(world, job, 'completed');
  const started = world.log.filter((entry) => entry.event === 'job_ended').map((entry) => entry.jobId);
  expect(started).toEqual([first.id, c.id, b.id, a.id]);
});

test('a failed job is tried again: what it had rendered is not rendered again', async () => {
  const world = createWorld();
  const ffmpeg = rung('ffmpeg');
  world.rungs = [ffmpeg];
  world.faults.assemble = () => failed('source_changed');
  const jobs = world.tab();
  const job = await make(world, jobs);
  expect(await jobs.retry(job.id)).toMatchObject({ ok: false, error: { reason: 'export_running' } });
  world.faults.assemble = () => failed('copy_unsafe');
  await reaches(world, job, 'failed');
  const rendered = ffmpeg.calls.length;
  world.faults.assemble = null;
  expect(await jobs.retry(job.id)).toMatchObject({
    ok: true,
    value: { id: job.id, status: 'pending', error: null, receipts: [], files: [], percent: 0 },
  });
  await reaches(world, job, 'completed');
  expect(ffmpeg.calls.length).toBe(rendered);
  expect(world.records.get(job.id)?.receipts.every((receipt) => receipt.reused)).toBe(true);
});

test('a closed tab leaves the job; the next one goes on and says what was there', async () => {
  const world = createWorld();
  let done = 0;
  const hanging = rung('ffmpeg', () => {
    done += 1;
    return done <= 2 ? null : new Promise(() => undefined);
  });
  world.rungs = [hanging];
  const before = world.tab();
  const job = await make(world, before, 600);
  await until('two steps are there', () => world.records.get(job.id)?.receipts.length === 2);
  await world.clock.advance(5_000);
  await before.close();
  expect(statusOf(world, job)).toBe('processing');
  expect(world.records.get(job.id)?.actual?.wallMs).toBe(5_000);
  expect(world.locks.size).toBe(0);

  const ffmpeg = rung('ffmpeg');
  world.rungs = [ffmpeg];
  const after = world.tab();
  await after.takeUp();
  await reaches(world, job, 'completed');
  const receipts = world.records.get(job.id)?.receipts ?? [];
  expect(receipts.filter((receipt) => receipt.reused)).toHaveLength(2);
  expect(receipts).toHaveLength(job.plan.steps.length);
  // Working time of both takes.
  expect(world.records.get(job.id)?.actual?.wallMs).toBeGreaterThanOrEqual(5_000);
  expect(world.log.some((entry) => entry.event === 'job_taken_over')).toBe(true);
});

test('results expire as the person chose, counted from when they were finished; pinned ones never', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs);
  await reaches(world, job, 'completed');
  expect(world.records.get(job.id)?.expiresAt).toBe('2026-01-08T00:00:00.000Z');
  expect(await jobs.pin(job.id, true)).toMatchObject({ ok: true, value: { expiresAt: null, pinned: true } });
  await world.clock.advance(30 * 86_400_000);
  await jobs.sweep();
  expect(world.files.size).toBe(1);
  expect(world.segments.size).toBeGreaterThan(0);
  // Counted anew from when it was let go.
  expect(await jobs.pin(job.id, false)).toMatchObject({
    ok: true,
    value: { expiresAt: '2026-02-07T00:00:00.000Z' },
  });
  await world.clock.advance(8 * 86_400_000);
  await jobs.sweep();
  expect(world.files.size).toBe(0);
  expect(world.records.get(job.id)).toMatchObject({ status: 'completed', files: [] });
  world.faults.keepDays = null;
  expect(await jobs.pin(job.id, false)).toMatchObject({ ok: true, value: { expiresAt: null } });
});

test('the sweep takes orphans and leaves what unfinished jobs have; read-only it takes nothing', async () => {
  const world = createWorld();
  const hanging = rung('ffmpeg', () => new Promise(() => undefined));
  world.rungs = [hanging];
  const jobs = world.tab();
  const job = await make(world, jobs);
  world.files.set('exports/nobody/old.mp4', 5);
  world.files.set(`exports/${job.id}/half.mp4`, 5);
  world.segments.set('k', {
    kept: { data: new Blob(), frames: 0, complaints: 0, references: [] },
    usedBy: new Set([job.id]),
  });
  world.faults.readOnly = true;
  await world.tab().sweep();
  expect(world.files.size).toBe(2);
  world.faults.readOnly = false;
  await jobs.sweep();
  expect([...world.files.keys()]).toEqual([`exports/${job.id}/half.mp4`]);
  expect(world.segments.has('k')).toBe(true);
});

test('a clock that is set back an hour changes no duration and no place', async () => {
  const world = createWorld();
  const gate = gatedRung();
  world.rungs = [gate.ffmpeg];
  const jobs = world.tab();
  const job = await make(world, jobs);
  await until('it renders', () => gate.ffmpeg.calls.length > 0);
  await world.clock.advance(4_000);
  world.clock.setIso('2025-12-31T23:00:00.000Z');
  const later = await make(world, jobs);
  expect(later.order).toBeGreaterThan(job.order);
  const progress = await jobs.progress(later.id);
  expect(progress.ok && progress.value.elapsedMs).toBeGreaterThanOrEqual(0);
  gate.open();
  await reaches(world, job, 'completed');
  expect(world.records.get(job.id)?.actual?.wallMs).toBe(4_000);
  expect(world.shown.every(({ progress: shown }) => shown.elapsedMs >= 0)).toBe(true);
});

test('ids that are none are not found, whatever is asked', async () => {
  const jobs = createWorld().tab();
  for (const id of ['nobody', null, 7, { a: 1 }] as never[]) {
    for (const answer of [
      await jobs.get(id),
      await jobs.cancel(id),
      await jobs.pause(id),
      await jobs.unpause(id),
      await jobs.move(id, null),
      await jobs.retry(id),
      await jobs.pin(id, true),
      await jobs.markStale(id, true),
      await jobs.remove(id),
      await jobs.progress(id),
    ])
      expect(answer).toMatchObject({ ok: false, error: { reason: 'unknown_export' } });
  }
});

test('the time that a job took is the time it was worked on, whatever the clock on the wall says', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs);
  const at = '2026-01-05T00:00:00.000Z';
  // Days in the queue, held, waiting: none of it is work.
  expect(progressOfRecord(job, at).elapsedMs).toBe(0);
  const begun: Export = { ...job, startedAt: '2026-01-01T00:00:00.000Z', actual: { wallMs: 1234, bytes: 0 } };
  expect(progressOfRecord(begun, at).elapsedMs).toBe(1234);
  // Records of older builds do not have it.
  expect(progressOfRecord({ ...begun, actual: null }, '2026-01-01T00:00:05.000Z').elapsedMs).toBe(5_000);
  expect(progressOfRecord({ ...begun, actual: null }, '2025-12-31T23:00:00.000Z').elapsedMs).toBe(0);
});

test('an expired result is announced, so that nobody goes on offering it', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs);
  await reaches(world, job, 'completed');
  await world.clock.advance(8 * 86_400_000);
  world.shown.length = 0;
  await jobs.sweep();
  expect(world.shown.map(({ record }) => [record.id, record.files])).toEqual([[job.id, []]]);
});

test('a result that somebody removed is noted when it is missed, and at the next sweep; it can be made anew', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs);
  await reaches(world, job, 'completed');
  // As long as the file is there, nothing is lost.
  await jobs.lost(job.id);
  expect((await jobs.list()).exports[0]?.files).toHaveLength(1);
  expect(await jobs.retry(job.id)).toMatchObject({ ok: true, value: { status: 'completed' } });

  world.files.clear();
  await jobs.sweep();
  expect((await jobs.list()).exports[0]).toMatchObject({ status: 'completed', files: [] });
  expect(await jobs.pin(job.id, true)).toMatchObject({ ok: false, error: { reason: 'result_gone' } });
  expect(await jobs.retry(job.id)).toMatchObject({ ok: true, value: { status: 'pending' } });
  await reaches(world, job, 'completed');
  expect(world.files.size).toBe(1);

  world.files.clear();
  // Missed by who tries again: it is noticed there, too.
  expect(await jobs.retry(job.id)).toMatchObject({ ok: true, value: { status: 'pending' } });
  await reaches(world, job, 'completed');
  expect(world.files.size).toBe(1);
});

test('the sweep leaves alone what exports own that a newer build made', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const newer = 'export-newer' as ExportId;
  world.faults.unreadable.add(newer);
  world.files.set(`exports/${newer}/result.mp4`, 5);
  world.files.set('exports/nobody/old.mp4', 5);
  world.segments.set('k', {
    kept: { data: new Blob(), frames: 0, complaints: 0, references: [] },
    usedBy: new Set([newer]),
  });
  await jobs.sweep();
  expect([...world.files.keys()]).toEqual([`exports/${newer}/result.mp4`]);
  expect(world.segments.has('k')).toBe(true);
});
