/** Exports that hand comments over, as jobs: what they write, where they wait, what they leave. */
import { expect, test } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import { planBundle, planCsv } from '../../../src/core/plan/handover.ts';
import type { Annotation } from '../../../src/core/schema/annotation.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { parseExportSpec, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import type { JobManager } from '../../../src/runtime/contract/job-manager.ts';
import { comment } from '../comments-helpers.ts';
import { range } from '../plan/helpers.ts';
import { until } from './fake-clock.ts';
import { createWorld, failed, reaches, statusOf, type World } from './world.ts';

const COMMENTS: readonly Annotation[] = [
  comment('late', { timeUs: 4_010_000 }),
  comment('early', { timeUs: 1_000_000, text: '=1+1' }),
  comment('outside', { timeUs: 70_000_000 }),
  comment('legacy', { timeUs: null }),
];

function specOf(type: 'csv' | 'bundle', comments = COMMENTS): CheckedSpec {
  const spec = parseExportSpec({
    version: 1,
    name: 'review',
    type,
    segments: [range('asset-a', 3, 203)],
    comments,
  });
  if (!spec.ok) throw new Error(spec.error.message);
  return spec.value;
}

async function make(world: World, jobs: JobManager, type: 'csv' | 'bundle'): Promise<Export> {
  const spec = specOf(type);
  const plan = type === 'csv' ? planCsv(spec, [], 100) : planBundle(world.plan(), spec, 100);
  const made = await jobs.create(spec, plan, null);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const stored = (world: World, { id }: Export): Export => {
  const record = world.records.get(id);
  if (record === undefined) throw new Error('no record');
  return record;
};
const filesOf = (world: World, { id }: Export): string[] =>
  [...world.files.keys()].filter((path) => path.startsWith(`exports/${id}/`));
const textOf = async (world: World, name: string): Promise<string> => {
  const entry = world.packed.flatMap(({ entries }) => entries).find((one) => one.name === name);
  return (await entry?.data.text()) ?? `no ${name}`;
};

test('a CSV is written without a step, a source or a worker', async () => {
  const world = createWorld();
  world.faults.sourceGone = failure('source_missing', 'source_missing', 'gone');
  const jobs = world.tab();
  const job = await make(world, jobs, 'csv');
  await reaches(world, job, 'completed');
  const record = stored(world, job);
  expect(record).toMatchObject({ certificate: null, receipts: [], percent: 100 });
  expect(record.files).toMatchObject([{ name: 'review.csv', type: 'text/csv' }]);
  expect(record.bytes).toBe(record.files[0]?.bytes);
  const text = await (world.contents.get(record.files[0]?.path ?? '') ?? new Blob()).text();
  const rows = text.trim().split('\r\n');
  expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(['early', 'late', 'legacy']);
  expect(text).toContain("'=1+1");
  expect(record.deviations.map(({ code, params }) => [code, params['count']])).toEqual([
    ['legacy_comments', 1],
    ['comments_outside_ranges', 1],
  ]);
  expect(world.assembled).toEqual([]);
  await jobs.close();
});

test('a CSV waits for storage, and is then written', async () => {
  const world = createWorld();
  const jobs = world.tab();
  world.faults.full.add('file');
  const job = await make(world, jobs, 'csv');
  await until('it waits', () => stored(world, job).waitingFor === 'storage');
  world.faults.full.clear();
  world.freed();
  await reaches(world, job, 'completed');
  await jobs.close();
});

test('a bundle holds all of it in a predictable order, and leaves only its ZIP', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const job = await make(world, jobs, 'bundle');
  await reaches(world, job, 'completed');
  await until('what was packed is gone', () => filesOf(world, job).length === 1);
  const record = stored(world, job);
  expect(record.files).toMatchObject([{ name: 'review.zip', type: 'application/zip' }]);
  expect(record.certificate?.passed).toBe(true);
  expect(world.packed).toHaveLength(1);
  expect(world.packed[0]?.date).toBe(record.createdAt);
  expect(world.packed[0]?.entries.map(({ name }) => name)).toEqual([
    'review.mp4',
    'review.csv',
    'thumbnails/001.jpg',
    'thumbnails/002.jpg',
    'spec.json',
    'certificate.json',
    'contact-sheet.html',
    'deviations.json',
    'manifest.json',
  ]);
  // The frame on display, not the time between two of them.
  expect(world.painted.map(({ timeUs, comment: { number, text } }) => [timeUs, number, text])).toEqual([
    [1_000_000, 1, '=1+1'],
    [4_000_000, 2, 'late'],
  ]);
  expect(await textOf(world, 'thumbnails/002.jpg')).toBe('picture 2');
  const sheet = await textOf(world, 'contact-sheet.html');
  expect(sheet).toContain(`src="data:image/jpeg;base64,${btoa('picture 1')}"`);
  expect(sheet.trimEnd().endsWith('</html>')).toBe(true);
  expect(parseExportSpec(JSON.parse(await textOf(world, 'spec.json')))).toEqual({
    ok: true,
    value: record.spec,
  });
  expect(JSON.parse(await textOf(world, 'certificate.json'))).toEqual(record.certificate);
  expect(JSON.parse(await textOf(world, 'deviations.json'))).toEqual({
    version: 1,
    deviations: record.deviations,
  });
  const percents = world.shown.map(({ progress }) => progress.percent);
  expect([...percents].sort((a, b) => a - b)).toEqual(percents);
  expect(world.shown.map(({ record: { stage } }) => stage)).toContain('packaging');
  await jobs.close();
});

test('what would be too large is delivered in numbered volumes, each of which says what all of them hold', async () => {
  const world = createWorld();
  world.volumeBytes = 12_500;
  const jobs = world.tab();
  const job = await make(world, jobs, 'bundle');
  await reaches(world, job, 'completed');
  const record = stored(world, job);
  const names = record.files.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  expect(names).toEqual(names.map((_, at) => `review.${String(at + 1).padStart(3, '0')}.zip`));
  expect(record.bytes).toBe(record.files.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(record.deviations).toContainEqual({
    code: 'bundle_in_volumes',
    clip: null,
    params: { count: names.length },
  });
  await until('what was packed is gone', () => filesOf(world, job).length === names.length);
  const manifests = await Promise.all(
    world.packed.map(async ({ entries }) => entries.at(-1)?.data.text() ?? ''),
  );
  expect(new Set(manifests).size).toBe(1);
  const manifest = JSON.parse(manifests[0] ?? '') as {
    readonly volumes: readonly string[];
    readonly files: readonly { readonly name: string; readonly bytes: number; readonly volume: number }[];
  };
  expect(manifest.volumes).toEqual(names);
  for (const { name, bytes, volume } of manifest.files) {
    const entry = world.packed[volume - 1]?.entries.find((one) => one.name === name);
    expect(entry?.data.size, name).toBe(bytes);
  }
  expect(manifest.files.length + names.length).toBe(
    world.packed.reduce((sum, { entries }) => sum + entries.length, 0),
  );
  expect(JSON.parse(await textOf(world, 'deviations.json'))).toMatchObject({ deviations: record.deviations });
  await jobs.close();
});

test('a frame that nobody can decode costs its picture, and that is said', async () => {
  const world = createWorld();
  world.faults.paint = (number) =>
    number === 1 ? failure('unsupported_media', 'no_decoder', 'cannot') : null;
  const jobs = world.tab();
  const job = await make(world, jobs, 'bundle');
  await reaches(world, job, 'completed');
  const record = stored(world, job);
  expect(record.deviations).toContainEqual({ code: 'thumbnails_missing', clip: null, params: { count: 1 } });
  const names = world.packed[0]?.entries.map(({ name }) => name) ?? [];
  // The other one keeps its number.
  expect(names.filter((name) => name.startsWith('thumbnails/'))).toEqual(['thumbnails/002.jpg']);
  await jobs.close();
});

test('a worker that breaks while packing is asked again', async () => {
  const world = createWorld();
  const faults = [failed('worker_crashed'), failed('file_check_failed')];
  world.faults.pack = () => faults.shift() ?? null;
  const jobs = world.tab();
  const job = await make(world, jobs, 'bundle');
  await until('the first try failed', () => faults.length === 1);
  await world.clock.advance(20_000);
  await until('it has ended', () => ['completed', 'failed'].includes(statusOf(world, job)));
  // What was read back otherwise than it was written is not handed out.
  expect(stored(world, job)).toMatchObject({ status: 'failed', error: { reason: 'file_check_failed' } });
  expect(filesOf(world, job)).toEqual([]);
  const again = await jobs.retry(job.id);
  expect(again.ok).toBe(true);
  await reaches(world, job, 'completed');
  await jobs.close();
});

test('cancelled while it is packed, nothing of it is left', async () => {
  const world = createWorld();
  world.faults.pack = () => new Promise(() => undefined);
  const jobs = world.tab();
  const job = await make(world, jobs, 'bundle');
  await until('it is packed', () => world.packed.length === 1);
  await jobs.cancel(job.id);
  expect(statusOf(world, job)).toBe('cancelled');
  expect(filesOf(world, job)).toEqual([]);
  await jobs.close();
});

test('taken over by another tab while it is packed, it renders nothing again', async () => {
  const world = createWorld();
  let isStuck = true;
  world.faults.pack = () => (isStuck ? new Promise(() => undefined) : null);
  const one = world.tab();
  const job = await make(world, one, 'bundle');
  await until('it is packed', () => world.packed.length === 1);
  const rendered = world.rungs.flatMap((rung) => ('calls' in rung ? (rung.calls as string[]) : [])).length;
  await one.close();
  isStuck = false;
  const other = world.tab();
  await other.takeUp();
  await reaches(world, job, 'completed');
  expect(world.rungs.flatMap((rung) => ('calls' in rung ? (rung.calls as string[]) : []))).toHaveLength(
    rendered,
  );
  expect(stored(world, job).files).toHaveLength(1);
  await other.close();
});

test('a bundle without comments is a bundle', async () => {
  const world = createWorld();
  const jobs = world.tab();
  const spec = specOf('bundle', []);
  const made = await jobs.create(spec, planBundle(world.plan(), spec, 10), null);
  if (!made.ok) throw new Error(made.error.message);
  await reaches(world, made.value, 'completed');
  expect(world.painted).toEqual([]);
  expect(world.packed[0]?.entries.map(({ name }) => name)).toContain('contact-sheet.html');
  await jobs.close();
});
