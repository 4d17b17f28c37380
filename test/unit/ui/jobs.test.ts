/** What the queue, the history and the settings work out: countdowns, places, queries, pages, shares. */
import { describe, expect, it } from 'vitest';
import { inPanelOrder, isUnfinished } from '../../../src/app/studio/export-list.ts';
import type { ClipId, ExportId } from '../../../src/core/base/ids.ts';
import { segmentOf } from '../../../src/core/project/stale.ts';
import { exportQuerySchema } from '../../../src/core/schema/export.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';
import {
  choicesOf,
  DEFAULT_CHOICES,
  holdsRanges,
  nameOfCopy,
  specOf,
} from '../../../src/ui/exports/choices.ts';
import {
  beforeAt,
  daysLeft,
  jobState,
  lackingBytes,
  queueSign,
  sourcesAway,
  standingOf,
  startsLater,
} from '../../../src/ui/exports/job-text.ts';
import {
  ALL,
  changed,
  isNarrowed,
  MAX_TEXT,
  PAGE,
  pageOf,
  pickPage,
  queryOf,
} from '../../../src/ui/history/query.ts';
import { BUDGETS, sharesOf, stepsWith } from '../../../src/ui/settings/steps.ts';
import { createWorkspace } from '../../../src/ui/workspace/workspace.ts';
import { FAKE_ASSETS, FAKE_CLIPS } from './fake-data.ts';
import { fakeExport } from './fake-exports.ts';
import { createFakeStudio } from './fake-studio.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const left = (expiresAt: string | null, pinned = false) => daysLeft({ expiresAt, pinned }, NOW);

describe('days that are left', () => {
  it.each([
    ['2026-11-27T12:00:00.000Z', 7],
    ['2026-11-27T12:00:05.000Z', 7],
    ['2026-11-27T11:59:00.000Z', 7],
    ['2026-11-26T12:30:00.000Z', 6],
    ['2026-11-21T14:00:00.000Z', 2],
    ['2026-11-20T12:10:00.000Z', 1],
    ['2026-11-20T12:00:00.000Z', 0],
    ['2026-11-01T12:00:00.000Z', 0],
  ])('until %s: %i', (expiresAt, days) => {
    expect(left(expiresAt)).toBe(days);
  });

  it('are not counted for what is kept for ever', () => {
    expect(left('2026-11-27T12:00:00.000Z', true)).toBeNull();
    expect(left(null)).toBeNull();
  });
});

describe('a place in the queue', () => {
  const ids = ['a', 'b', 'c', 'd'] as ExportId[];
  it.each([
    [0, 1, 'c'],
    [0, 3, null],
    [3, 0, 'a'],
    [2, 1, 'b'],
    [1, 2, 'd'],
  ])('from %i to %i: before %s', (from, to, before) => {
    const rest = ids.filter((_, at) => at !== from);
    const at = before === null ? rest.length : rest.indexOf(before as ExportId);
    const moved = [...rest.slice(0, at), ids[from], ...rest.slice(at)];
    expect(beforeAt(ids, from, to)).toBe(before);
    expect(moved.indexOf(ids[from])).toBe(to);
  });
});

describe('how exports stand', () => {
  const file = { name: 'x', type: 'x', bytes: 1, path: 'x' };
  const view = (id: string, part: Parameters<typeof fakeExport>[1]) => ({
    record: fakeExport(id, part),
    progress: null,
  });

  it('tells what waits, and a finished file that is gone', () => {
    expect(standingOf(fakeExport('e1', { waitingFor: 'source' }))).toBe('waiting');
    expect(standingOf(fakeExport('e1', { waitingFor: 'source', paused: true }))).toBe('paused');
    expect(standingOf(fakeExport('e1', { status: 'completed', files: [file] }))).toBe('completed');
    expect(standingOf(fakeExport('e1', { status: 'completed', files: [] }))).toBe('gone');
    expect(standingOf(fakeExport('e1', { status: 'failed' }))).toBe('failed');
  });

  it('sums up the queue: what runs together, what waits for the person, whether all are held', () => {
    const runs = [view('e1', { percent: 40 }), view('e2', { percent: 51 })];
    const waits = view('e3', { waitingFor: 'source', percent: 90 });
    expect(queueSign(runs)).toEqual({ waiting: 0, percent: 45, paused: false });
    expect(queueSign([...runs, waits])).toEqual({ waiting: 1, percent: 45, paused: false });
    expect(queueSign([view('e4', { paused: true })])).toEqual({ waiting: 0, percent: null, paused: true });
    expect(queueSign([])).toEqual({ waiting: 0, percent: null, paused: false });
  });

  it('says that a new one waits only while others are worked on', () => {
    const made = view('e9', { status: 'pending' });
    expect(startsLater(made.record, [made])).toBe(false);
    expect(startsLater(made.record, [view('e1', { paused: true }), made])).toBe(false);
    expect(startsLater(made.record, [view('e1', { waitingFor: 'source' }), made])).toBe(false);
    expect(startsLater(made.record, [view('e1', {}), made])).toBe(true);
    // It runs beside the other one already.
    expect(startsLater(made.record, [view('e1', {}), view('e9', {})])).toBe(false);
  });

  it('names the files that are away, each once', () => {
    const record = fakeExport('e1', {});
    const away = FAKE_ASSETS.map((one) => ({ ...one, access: 'missing' as const }));
    const names = sourcesAway(record, away).map(({ asset }) => asset.id);
    expect(names).toEqual([...new Set(FAKE_CLIPS.map(({ assetId }) => assetId))]);
    const ready = FAKE_ASSETS.map((one) => ({ ...one, access: 'ready' as const }));
    expect(sourcesAway(record, ready)).toEqual([]);
  });
});

describe('the name of a copy', () => {
  it.each([
    ['Reel', [], 'Reel 2'],
    ['Reel', ['Reel', 'reel 2'], 'Reel 3'],
    ['Reel 2', ['Reel', 'Reel 2'], 'Reel 3'],
    ['Match 2024', ['Other'], 'Match 2024 2'],
    ['x'.repeat(200), [], `${'x'.repeat(198)} 2`],
  ])('%s', (name, taken, next) => {
    expect(nameOfCopy(name, taken)).toBe(next);
  });
});

describe('exports at hand', () => {
  it('are the queue in its order, then what has ended, newest first', () => {
    const views = [
      fakeExport('e1', { status: 'completed', completedAt: '2026-11-20T10:00:00.000Z' }),
      fakeExport('e2', { status: 'pending', order: 3 }),
      fakeExport('e3', { status: 'failed', completedAt: '2026-11-20T11:00:00.000Z' }),
      fakeExport('e4', { status: 'processing', order: 1.5 }),
      fakeExport('e5', { status: 'pending', order: 3 }),
      fakeExport('e6', { status: 'cancelled', createdAt: '2026-11-20T12:00:00.000Z', completedAt: null }),
    ].map((record) => ({ record, progress: null }));
    const order = ['e4', 'e2', 'e5', 'e6', 'e3', 'e1'];
    expect(inPanelOrder(views).map(({ record }) => record.id)).toEqual(order);
    expect(inPanelOrder([...views].reverse()).map(({ record }) => record.id)).toEqual(order);
    expect(views.filter(({ record }) => isUnfinished(record))).toHaveLength(3);
  });

  it('say what they are doing', () => {
    expect(jobState(fakeExport('e', { status: 'processing' }))).toBe('running');
    expect(jobState(fakeExport('e', { status: 'pending' }))).toBe('queued');
    expect(jobState(fakeExport('e', { status: 'pending', paused: true }))).toBe('paused');
    expect(jobState(fakeExport('e', { status: 'processing', waitingFor: 'storage' }))).toBe('waiting');
  });

  it('lack what neither the browser nor the budget leaves them', () => {
    const record = fakeExport('e', {});
    const needed = record.plan.estimate.storageBytes;
    const storage = (freeBytes: number | null, usedBytes: number | null, hardBytes = 1e15) => ({
      use: { usedBytes, freeBytes, resultBytes: 0, segmentBytes: 0, evictableBytes: 0, copyBytes: 0 },
      policy: { keepDays: 7, softBytes: 1, hardBytes, cacheBytes: 0 },
      persistence: null,
    });
    expect(lackingBytes(record, storage(needed - 10, 0))).toBe(10);
    expect(lackingBytes(record, storage(null, 1_000, needed + 990))).toBe(10);
    expect(lackingBytes(record, storage(0, 1_000, 500))).toBe(needed);
    // Enough by the numbers, and still a write failed.
    expect(lackingBytes(record, storage(needed + 10, 0))).toBe(needed);
    expect(lackingBytes(record, { ...storage(0, 0), use: null })).toBe(needed);
  });
});

describe('the history', () => {
  it('asks for what was chosen, in queries that the client takes', () => {
    expect(queryOf(ALL)).toEqual({ order: 'newest', limit: PAGE, offset: 0 });
    const filters = { ...ALL, text: '  Tor ', status: 'unfinished', type: 'single', page: 2 } as const;
    expect(queryOf(filters)).toEqual({
      text: 'Tor',
      status: ['pending', 'processing'],
      type: 'single',
      order: 'newest',
      limit: PAGE,
      offset: 2 * PAGE,
    });
    // Whether clips are missing is not what the list can be asked: it is looked at, and counted in pages, afterwards.
    expect(queryOf({ ...ALL, status: 'partial', page: 3 })).toEqual({ status: 'completed', order: 'newest' });
    expect(pickPage([...Array(12).keys()], 1)).toEqual({ exports: [10, 11], total: 12 });
    for (const order of ['newest', 'oldest', 'name', 'largest'] as const) {
      const query = queryOf({ ...filters, order, text: 'x'.repeat(MAX_TEXT + 50) });
      expect(exportQuerySchema.safeParse(query).success).toBe(true);
    }
  });

  it('starts at the first page of another question', () => {
    expect(changed({ ...ALL, page: 3 }, { status: 'failed' })).toMatchObject({ page: 0, status: 'failed' });
    expect(changed({ ...ALL, status: 'failed' }, { page: 3 })).toMatchObject({ page: 3, status: 'failed' });
    expect(isNarrowed({ ...ALL, page: 2, order: 'name', text: ' ' })).toBe(false);
    expect(isNarrowed({ ...ALL, type: 'single' })).toBe(true);
  });

  it('counts pages', () => {
    expect(pageOf(0, 0)).toEqual({ from: 0, to: 0, hasNext: false, last: 0 });
    expect(pageOf(0, 10)).toEqual({ from: 1, to: 10, hasNext: false, last: 0 });
    expect(pageOf(0, 11)).toEqual({ from: 1, to: 10, hasNext: true, last: 1 });
    expect(pageOf(1, 11)).toEqual({ from: 11, to: 11, hasNext: false, last: 1 });
  });
});

describe('duplicate and change', () => {
  const spec = exportSpecSchema.parse({
    ...specOf(FAKE_CLIPS, 'Cup', { ...DEFAULT_CHOICES, format: 'mov', resolution: '720p' }, false),
  });

  it('gives back the settings that a spec was made of', () => {
    const choices = choicesOf(spec);
    expect(choices).toEqual({ ...DEFAULT_CHOICES, name: 'Cup', format: 'mov', resolution: '720p' });
    expect(exportSpecSchema.parse(specOf(FAKE_CLIPS, 'Cup', choices, false))).toEqual(spec);
  });

  it('knows whether the reel holds the same ranges', () => {
    expect(holdsRanges(FAKE_CLIPS, spec)).toBe(true);
    expect(
      holdsRanges(
        FAKE_CLIPS.map((clip) => ({ ...clip, label: 'x' })),
        spec,
      ),
    ).toBe(true);
    expect(holdsRanges([...FAKE_CLIPS].reverse(), spec)).toBe(false);
    expect(holdsRanges(FAKE_CLIPS.slice(1), spec)).toBe(false);
    expect(holdsRanges([{ ...FAKE_CLIPS[0]!, audioTrack: 1 }, ...FAKE_CLIPS.slice(1)], spec)).toBe(false);
  });

  it('replaces ranges as one step to undo, and only when it is asked to', () => {
    const studio = createFakeStudio();
    const workspace = createWorkspace(studio);
    const clips = () => studio.document.get().document.clips;
    const single = { ...spec, type: 'single' as const, segments: spec.segments.slice(1, 2) };
    workspace.takeOver(single, false);
    expect(clips()).toEqual(FAKE_CLIPS);
    expect(workspace.get()).toMatchObject({ room: 'export', choices: { type: 'single', format: 'mov' } });
    workspace.takeOver(single, true);
    expect(clips().map(segmentOf)).toEqual([segmentOf(FAKE_CLIPS[1]!)]);
    expect(workspace.get().clipId).toBe(clips()[0]!.id);
    studio.document.undo();
    expect(clips()).toEqual(FAKE_CLIPS);
  });

  it('leaves out ranges of files that are gone', () => {
    const studio = createFakeStudio();
    studio.assets.set(studio.assets.get().filter(({ asset }) => asset.id === 'a2'));
    const workspace = createWorkspace(studio);
    workspace.takeOver(spec, true);
    expect(studio.document.get().document.clips.map(({ label }) => label)).toEqual(['Coach reacts']);
    // Where none is left the reel stays as it is.
    studio.assets.set([]);
    const before = studio.document.get().document.clips;
    workspace.takeOver(spec, true);
    expect(studio.document.get().document.clips).toBe(before);
    expect((before[0]?.id ?? '') as ClipId).not.toBe('c3');
  });
});

describe('the settings', () => {
  it('offer what is chosen, wherever it came from', () => {
    expect(stepsWith([1, 4], 3)).toEqual([1, 3, 4]);
    expect(stepsWith(BUDGETS, BUDGETS[2]!)).toEqual(BUDGETS);
  });

  it('share out what is in use; what is not known of it is the rest', () => {
    const use = {
      usedBytes: 100,
      freeBytes: null,
      resultBytes: 50,
      segmentBytes: 20,
      evictableBytes: 0,
      copyBytes: 10,
    };
    expect(sharesOf(use).map(({ bytes }) => bytes)).toEqual([50, 20, 10, 20]);
    expect(sharesOf({ ...use, usedBytes: 70 }).at(-1)?.bytes).toBe(0);
    expect(sharesOf({ ...use, usedBytes: null }).at(-1)?.bytes).toBe(0);
  });
});
