/** Jobs over real storage, locks, workers and the universal engine: closed, crashed, taken over, with a source that changes. */
import { expect, test } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import { failure } from '../../../src/core/base/failure.ts';
import { createRecords } from '../../../src/runtime/jobs/records.ts';
import { canStillBeRead } from '../../../src/runtime/jobs/sources.ts';
import { makeClip, value } from '../analysis/helpers.ts';
import { exportRecord, freshName, open, NOW } from '../storage/helpers.ts';
import { digest, fileOnDisk, openTab, overwrite, prepare, type Tab } from './room.ts';

const PATIENCE = { timeout: 300_000, interval: 20 };
const CLIP = { frames: 576, width: 320, height: 180 };

const statusOf = async (tab: Tab, id: ExportId): Promise<string> =>
  (await tab.stores.exports.get(id))?.status ?? 'gone';
const reaches = (tab: Tab, id: ExportId, status: string): Promise<void> =>
  expect.poll(() => statusOf(tab, id), PATIENCE).toBe(status);

async function resultOf(tab: Tab, id: ExportId): Promise<File> {
  const record = value(await tab.jobs.get(id));
  const file = await tab.stores.files.open(record.files[0]?.path ?? '');
  if (file === null) throw new Error('there is no file');
  return file;
}

/** Steps that were rendered, not found. */
const rendered = (tabs: readonly Tab[]): unknown[] =>
  tabs
    .flatMap((tab) => tab.log)
    .filter((entry) => entry.event === 'step_ended' && entry.data?.['reused'] === false)
    .map((entry) => entry.data?.['step']);

test('closed again and again: the same bytes in the end, and nothing is rendered twice', async () => {
  const clip = await makeClip(CLIP);
  const calm = freshName();
  const work = await prepare(calm, clip);
  expect(work.plan.steps).toHaveLength(12);
  const whole = await openTab(calm, work, () => Promise.resolve(ok(clip)));
  const made = value(await whole.jobs.create(work.spec, work.plan, null));
  await reaches(whole, made.id, 'completed');
  const wanted = await digest(await resultOf(whole, made.id));
  await whole.close();

  const database = freshName();
  const again = await prepare(database, clip);
  const tabs: Tab[] = [];
  let id: ExportId | null = null;
  for (const stopAfter of [1, 4, 9, 12]) {
    const tab = await openTab(database, again, () => Promise.resolve(ok(clip)));
    tabs.push(tab);
    if (id === null) id = value(await tab.jobs.create(again.spec, again.plan, null)).id;
    else await tab.jobs.takeUp();
    const job = id;
    await expect
      .poll(async () => (await tab.stores.exports.get(job))?.receipts.length ?? 0, PATIENCE)
      .toBeGreaterThanOrEqual(stopAfter);
    if (stopAfter < 12) await tab.close();
  }
  const last = tabs.at(-1);
  if (last === undefined || id === null) throw new Error('there is a tab');
  await reaches(last, id, 'completed');
  expect(await digest(await resultOf(last, id))).toBe(wanted);
  const steps = rendered(tabs);
  expect(new Set(steps).size).toBe(steps.length);
  expect(steps).toHaveLength(12);
  const record = value(await last.jobs.get(id));
  expect(record.receipts.filter((receipt) => receipt.reused).length).toBeGreaterThanOrEqual(9);
  expect(record.certificate?.passed).toBe(true);
});

test('two tabs start the same job: one does it; when that one goes, the other goes on', async () => {
  const clip = await makeClip(CLIP);
  const database = freshName();
  const work = await prepare(database, clip);
  const one = await openTab(database, work, () => Promise.resolve(ok(clip)));
  const other = await openTab(database, work, () => Promise.resolve(ok(clip)));
  const { id } = value(await one.jobs.create(work.spec, work.plan, null));
  await other.jobs.takeUp();
  await expect
    .poll(async () => (await one.stores.exports.get(id))?.receipts.length ?? 0, PATIENCE)
    .toBeGreaterThan(2);
  expect(rendered([other])).toEqual([]);
  await one.close();
  await reaches(other, id, 'completed');
  const steps = rendered([one, other]);
  expect(new Set(steps).size).toBe(steps.length);
  expect(rendered([other]).length).toBeGreaterThan(0);
});

test.each(['ffmpeg', 'assembly', 'analysis'])('a worker that crashes is replaced: %s', async (kind) => {
  const clip = await makeClip({ ...CLIP, frames: 150 });
  const database = freshName();
  const work = await prepare(database, clip);
  const tab = await openTab(database, work, () => Promise.resolve(ok(clip)));
  const { id } = value(await tab.jobs.create(work.spec, work.plan, null));
  await expect.poll(() => tab.workers.some((one) => one.kind === kind), PATIENCE).toBe(true);
  const crashed = tab.workers.find((one) => one.kind === kind);
  crashed?.worker.dispatchEvent(new ErrorEvent('error', { message: 'crashed' }));
  await reaches(tab, id, 'completed');
  expect(tab.workers.filter((one) => one.kind === kind).length).toBeGreaterThan(1);
  expect(value(await tab.jobs.get(id)).certificate?.passed).toBe(true);
});

test('a source that is written to on disk while it is read: no file of two contents, no hang', async () => {
  const clip = await makeClip(CLIP);
  const database = freshName();
  const handle = await fileOnDisk(database, clip);
  const work = await prepare(database, await handle.getFile());
  const asked: File[] = [];
  const tab = await openTab(database, work, async () => {
    const file = await handle.getFile();
    asked.push(file);
    return ok(file);
  });
  const { id } = value(await tab.jobs.create(work.spec, work.plan, null));
  await expect
    .poll(async () => (await tab.stores.exports.get(id))?.receipts.length ?? 0, PATIENCE)
    .toBeGreaterThan(1);
  await overwrite(handle, await makeClip({ ...CLIP, frames: 300 }));
  expect(await canStillBeRead(asked[0] ?? new Blob())).toBe(false);
  await reaches(tab, id, 'failed');
  expect(value(await tab.jobs.get(id))).toMatchObject({ error: { reason: 'source_changed' }, files: [] });
  expect(await tab.stores.files.list('exports')).toEqual([]);
  expect(await tab.stores.segments.list()).toEqual([]);
});

test('a source that is gone in the middle of the work is waited for', async () => {
  const clip = await makeClip({ ...CLIP, frames: 300 });
  const database = freshName();
  const handle = await fileOnDisk(database, clip);
  const work = await prepare(database, await handle.getFile());
  const root = await navigator.storage.getDirectory();
  let back = false;
  const waiting = new Set<() => void>();
  const tab = await openTab(
    database,
    work,
    async () => {
      if (back) return ok(clip);
      const file = await handle.getFile().catch(() => null);
      return file === null ? err(failure('source_missing', 'source_missing', 'gone')) : ok(file);
    },
    () => ({
      sourceArrives: () =>
        new Promise((resolve) => {
          waiting.add(resolve);
        }),
    }),
  );
  const { id } = value(await tab.jobs.create(work.spec, work.plan, null));
  await expect
    .poll(async () => (await tab.stores.exports.get(id))?.receipts.length ?? 0, PATIENCE)
    .toBeGreaterThan(1);
  await (await root.getDirectoryHandle(database)).removeEntry('source.mp4');
  await expect
    .poll(async () => (await tab.stores.exports.get(id))?.waitingFor ?? null, PATIENCE)
    .toBe('source');
  expect(await statusOf(tab, id)).toBe('processing');
  back = true;
  for (const wake of waiting) wake();
  await reaches(tab, id, 'completed');
  const steps = rendered([tab]);
  expect(new Set(steps).size).toBe(steps.length);
});

test('two tabs change one record at the same time: no change is lost', async () => {
  const database = freshName();
  const [one, other] = [await open(database), await open(database)];
  const record = exportRecord('shared', NOW);
  value(await one.exports.put({ ...record, order: 0, percent: 0 }));
  const exclusively = <T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    navigator.locks.request(`${database}:${name}`, { signal }, work);
  const here = createRecords({ exports: one.exports, exclusively });
  const there = createRecords({ exports: other.exports, exclusively });
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      await Promise.all([
        here.update(record.id, (stored) => ({ ...stored, order: stored.order + 1 })),
        there.update(record.id, (stored) => ({ ...stored, percent: stored.percent + 1 })),
      ]);
    }),
  );
  expect(await one.exports.get(record.id)).toMatchObject({ order: 40, percent: 40 });
});
