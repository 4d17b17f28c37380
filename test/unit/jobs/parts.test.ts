import { expect, test } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { parseExportSpec, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import { planWhole } from '../../../src/app/plan-parts.ts';
import type { FfmpegEngine } from '../../../src/runtime/contract/ffmpeg.ts';
import type { JobManager } from '../../../src/runtime/contract/job-manager.ts';
import { createFfmpegRenderer } from '../../../src/runtime/engine/ffmpeg/renderer.ts';
import { plan, range } from '../plan/helpers.ts';
import { settle, until } from './fake-clock.ts';
import { createWorld, failed, reaches, rung, statusOf, type World } from './world.ts';

const STARTS = [3, 303, 603];

function clipsSpec(starts: readonly number[] = STARTS): CheckedSpec {
  const spec = parseExportSpec({
    version: 1,
    name: 'reel',
    type: 'clips',
    segments: starts.map((first) => range('asset-a', first, first + 100)),
  });
  if (!spec.ok) throw new Error(spec.error.message);
  return spec.value;
}

/** Makes an export of parts as the composition root does. */
async function makeClips(world: World, jobs: JobManager, spec = clipsSpec()): Promise<Export> {
  const planned = await planWhole((one) => {
    const problem = world.faults.planning?.(one.segments[0]?.startUs ?? 0) ?? null;
    if (problem !== null) return Promise.resolve({ ok: false, error: problem });
    return Promise.resolve({
      ok: true,
      value: plan({ type: 'single', segments: one.segments }, [world.source], { neverCopy: [0] }),
    });
  }, spec);
  if (!planned.ok) throw new Error(planned.error.message);
  const made = await jobs.create(spec, planned.value.plan, null, planned.value.parts);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

/** Fails what begins at a frame of the source, as long as it is told to. */
function breaks(at: number) {
  const state = { broken: true };
  const last = rung('ffmpeg', (job) =>
    state.broken &&
    job.kind === 'video' &&
    job.step.startUs >= at * 40_000 &&
    job.step.startUs < (at + 100) * 40_000
      ? failure('unsupported_media', 'damaged', 'damaged')
      : null,
  );
  return { state, last };
}

const stored = (world: World, { id }: Export): Export => {
  const record = world.records.get(id);
  if (record === undefined) throw new Error('no record');
  return record;
};
const filesOf = (world: World, { id }: Export): string[] =>
  [...world.files.keys()].filter((path) => path.startsWith(`exports/${id}/`));

test('every clip is a file of its own, all in one ZIP', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  await reaches(world, job, 'completed');
  await until('its own files are gone', () => filesOf(world, job).length === 1);
  const record = stored(world, job);
  expect(world.packed).toHaveLength(1);
  expect(world.packed[0]).toMatchObject({ date: record.createdAt, folder: `root/exports/${job.id}/zip-1` });
  expect(world.packed[0]?.entries.map(({ name }) => name)).toEqual([
    '01_reel.mp4',
    '02_reel.mp4',
    '03_reel.mp4',
  ]);
  expect(record.files).toMatchObject([{ name: 'reel.zip', type: 'application/zip' }]);
  expect(filesOf(world, job)).toEqual(record.files.map(({ path }) => path));
  expect(record.certificate).toBeNull();
  expect(
    record.parts?.map(({ status, file, certificate, entry }) => [
      status,
      file,
      certificate?.passed,
      (entry?.bytes ?? 0) > 0,
    ]),
  ).toEqual(STARTS.map(() => ['completed', null, true, true]));
  expect(record.receipts.every(({ stepId }) => /^p[123]\./.test(stepId))).toBe(true);
  const percents = world.shown.map(({ progress }) => progress.percent);
  expect([...percents].sort((a, b) => a - b)).toEqual(percents);
  await jobs.close();
});

test('what one clip cannot be made of does not keep the others; trying again makes only that one', async () => {
  const world = createWorld();
  const { state, last } = breaks(303);
  world.rungs = [last];
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  await reaches(world, job, 'completed');
  await until('its own files are gone', () => filesOf(world, job).length === 1);
  const before = stored(world, job);
  expect(before.parts?.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
  expect(before.parts?.[1]?.error?.reason).toBe('damaged');
  expect(before.deviations).toContainEqual({ code: 'clip_failed', clip: 1, params: { reason: 'damaged' } });
  expect(world.packed[0]?.entries).toHaveLength(2);
  const assembled = world.assembled.length;
  const first = before.files[0]?.path;
  // Time passes, so that another start can be told.
  await world.clock.advance(1000);

  // Once more, and it fails once more: what is there stays as it is.
  await jobs.retry(job.id);
  await until('it has ended again', () => {
    const { status, parts, startedAt } = stored(world, job);
    return status === 'completed' && parts?.[1]?.status === 'failed' && startedAt !== before.startedAt;
  });
  await until('nothing of it is left', () => jobs.running.size === 0 && world.locks.size === 0);
  expect(world.packed).toHaveLength(1);
  expect(stored(world, job)).toMatchObject({ files: before.files, parts: before.parts });
  expect(filesOf(world, job)).toEqual([first]);

  state.broken = false;
  // What the others were made of is gone meanwhile.
  world.segments.clear();
  last.calls.length = 0;
  expect(await jobs.retry(job.id)).toMatchObject({ ok: true, value: { status: 'pending' } });
  await until(
    'it is whole',
    () => stored(world, job).parts?.every(({ status }) => status === 'completed') === true,
  );
  await reaches(world, job, 'completed');
  await until('the old ZIP is gone', () => filesOf(world, job).length === 1);
  const after = stored(world, job);
  expect(world.assembled.length - assembled).toBe(1);
  expect(last.calls.filter((id) => id.startsWith('v')).length).toBe(
    before.parts?.[1]?.plan?.steps.filter(({ kind }) => kind === 'encode-video').length,
  );
  expect(after.deviations.filter(({ code }) => code === 'clip_failed')).toEqual([]);
  expect(world.packed[1]?.entries.map(({ name, data }) => [name, data.size])).toEqual([
    ['01_reel.mp4', 10],
    ['02_reel.mp4', 10],
    ['03_reel.mp4', 10],
  ]);
  // Beside the old one, which counted until this was there.
  expect(after.files[0]?.path).not.toBe(first);
  await jobs.close();
});

test('a clip that cannot be planned is a part that failed; when none can, there is no job', async () => {
  const world = createWorld();
  const gone = failure('not_found', 'unknown_asset', 'gone', { position: 1 });
  world.faults.planning = (startUs) => (startUs === 603 * 40_000 ? gone : null);
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  expect(job.parts?.[2]).toMatchObject({ status: 'failed', plan: null, error: { details: { position: 3 } } });
  await reaches(world, job, 'completed');
  expect(world.packed[0]?.entries).toHaveLength(2);
  // Planned anew when it is tried again.
  world.faults.planning = null;
  await jobs.retry(job.id);
  await until('it is whole', () => stored(world, job).parts?.[2]?.entry !== null);
  expect(stored(world, job).plan.clips[2]?.frames).toBe(100);

  const none = await planWhole(() => Promise.resolve({ ok: false, error: gone }), clipsSpec());
  expect(none).toMatchObject({ ok: false, error: { reason: 'unknown_asset' } });
  await jobs.close();
});

test('when no clip can be made, the export has failed, and says why', async () => {
  const world = createWorld();
  world.rungs = [rung('ffmpeg', () => failure('unsupported_media', 'damaged', 'damaged'))];
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  await reaches(world, job, 'failed');
  expect(stored(world, job)).toMatchObject({ error: { reason: 'damaged' }, files: [] });
  expect(filesOf(world, job)).toEqual([]);
  expect(world.packed).toEqual([]);
  await jobs.close();
});

test.each(['parts', 'packaging'] as const)(
  'a page that dies in the middle of %s makes nothing twice',
  async (where) => {
    const world = createWorld();
    let hang = true;
    if (where === 'packaging') world.faults.pack = () => (hang ? new Promise(() => undefined) : null);
    const third = rung('ffmpeg', (job) =>
      where === 'parts' && hang && job.kind === 'video' && job.step.startUs >= 603 * 40_000
        ? new Promise(() => undefined)
        : null,
    );
    world.rungs = [third];
    const one = world.tab();
    const job = await makeClips(world, one);
    await until('it hangs', () =>
      where === 'packaging'
        ? world.packed.length === 1
        : stored(world, job).parts?.filter(({ status }) => status === 'completed').length === 2 &&
          third.calls.length > 0,
    );
    await settle();
    await one.close();
    expect(statusOf(world, job)).toBe('processing');
    hang = false;
    const assembled = world.assembled.length;
    const other = world.tab();
    await other.sweep();
    await other.takeUp();
    await reaches(world, job, 'completed');
    expect(world.assembled.length - assembled).toBe(where === 'parts' ? 1 : 0);
    expect(stored(world, job).parts?.every(({ entry }) => entry !== null)).toBe(true);
    await other.close();
  },
);

test('cancelling leaves nothing', async () => {
  const world = createWorld();
  world.faults.pack = () => new Promise(() => undefined);
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  await until('it packs', () => world.packed.length === 1);
  expect(await jobs.cancel(job.id)).toMatchObject({ ok: true, value: { status: 'cancelled', files: [] } });
  expect(filesOf(world, job)).toEqual([]);
  expect(world.segments.size).toBe(0);
  // And from there it can be made again from the start.
  world.faults.pack = null;
  await jobs.retry(job.id);
  await reaches(world, job, 'completed');
  expect(world.packed[1]?.entries).toHaveLength(3);
  await jobs.close();
});

test.each(['cancelled', 'failed'] as const)(
  'what was delivered stays when trying the rest again is %s',
  async (how) => {
    const world = createWorld();
    const { state, last } = breaks(303);
    world.rungs = [last];
    const jobs = world.tab();
    const job = await makeClips(world, jobs);
    await reaches(world, job, 'completed');
    await until('its own files are gone', () => filesOf(world, job).length === 1);
    const before = stored(world, job);
    state.broken = false;
    world.faults.pack = () => (how === 'cancelled' ? new Promise(() => undefined) : failed('copy_unsafe'));
    await jobs.retry(job.id);
    await until('it packs', () => world.packed.length === 2);
    if (how === 'cancelled') await jobs.cancel(job.id);
    await reaches(world, job, 'completed');
    const after = stored(world, job);
    expect(after.files).toEqual(before.files);
    expect(after.bytes).toBe(before.bytes);
    expect(after.parts?.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
    expect(after.parts?.[1]?.error).not.toBeNull();
    expect(filesOf(world, job)).toEqual(before.files.map(({ path }) => path));
    await jobs.close();
  },
);

test('a full disk in the middle of the ZIP waits for room, and goes on', async () => {
  const world = createWorld();
  let full = true;
  world.faults.pack = () => (full ? failure('quota_exceeded', 'no_space', 'full') : null);
  const jobs = world.tab();
  const job = await makeClips(world, jobs);
  await until('it waits', () => stored(world, job).waitingFor === 'storage');
  expect(stored(world, job).parts?.every(({ status }) => status === 'completed')).toBe(true);
  full = false;
  world.freed();
  await reaches(world, job, 'completed');
  await jobs.close();
});

test('clips after a combined export of the same ranges render no picture again', async () => {
  const world = createWorld();
  const last = rung('ffmpeg');
  // Under the keys that the real engine gives.
  const { keyMaterial } = createFfmpegRenderer({} as FfmpegEngine);
  world.rungs = [{ ...last, keyMaterial }];
  const jobs = world.tab();
  const spec = clipsSpec();
  const whole = plan({ segments: spec.segments }, [world.source], { neverCopy: [0, 1, 2] });
  const made = await jobs.create({ ...spec, type: 'combined' }, whole, null);
  if (!made.ok) throw new Error(made.error.message);
  await reaches(world, made.value, 'completed');
  last.calls.length = 0;
  const job = await makeClips(world, jobs);
  await reaches(world, job, 'completed');
  expect(last.calls.filter((id) => id.startsWith('v'))).toEqual([]);
  await jobs.close();
});
