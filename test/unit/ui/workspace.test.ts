import { describe, expect, it } from 'vitest';
import type { ClipId } from '../../../src/core/base/ids.ts';
import { pictureShares, countReasons, outlookOf } from '../../../src/ui/exports/summary.ts';
import { clock, readTime, size, timecode } from '../../../src/ui/format/text.ts';
import { createWorkspace } from '../../../src/ui/workspace/workspace.ts';
import { FAKE_CLIPS } from './fake-data.ts';
import { fakePlan } from './fake-exports.ts';
import { createFakeStudio } from './fake-studio.ts';

const NTSC = { num: 30000, den: 1001 };

function make(full = true) {
  const studio = createFakeStudio({ full });
  const workspace = createWorkspace(studio);
  const clips = () => studio.document.get().document.clips;
  const player = () => workspace.get().player!;
  return { studio, workspace, clips, player };
}

describe('marking', () => {
  it('opens the first file by itself, also when it comes later', async () => {
    const { studio, workspace } = make(false);
    expect(workspace.get().player).toBeNull();
    await studio.openSample();
    expect(workspace.get().assetId).toBe('a1');
  });

  it('makes a range of the frames between in and out, out included', () => {
    const { workspace, clips, player } = make();
    player().seek(1_001_000);
    workspace.markIn();
    player().step(9);
    workspace.markOut();
    const added = workspace.addRange();
    expect(added?.number).toBe(5);
    expect(clips()[4]).toMatchObject({ startUs: 1_001_000, endUs: 1_334_667, label: '' });
    expect(workspace.get().marks).toEqual({ inUs: null, outUs: null });
    expect(workspace.get().clipId).toBe(clips()[4]!.id);
  });

  it('takes the whole file when nothing is marked', () => {
    const { workspace, clips } = make();
    workspace.addRange();
    expect(clips()[4]).toMatchObject({ startUs: 0, endUs: 421_421_000 });
  });

  it('drops the mark that the new one has passed', () => {
    const { workspace, player } = make();
    player().seek(2_002_000);
    workspace.markOut();
    player().seek(4_004_000);
    expect(workspace.markIn()).toBe('outUs');
    expect(workspace.get().marks).toEqual({ inUs: 4_004_000, outUs: null });
    expect(workspace.setMark('outUs', 2_002_000)).toBe('inUs');
    expect(workspace.get().marks).toEqual({ inUs: null, outUs: 2_002_000 });
    expect(workspace.setMark('inUs', 1_001_000)).toBeNull();
    expect(workspace.get().marks).toEqual({ inUs: 1_001_000, outUs: 2_002_000 });
  });

  it('keeps the marks of each file', () => {
    const { workspace, player, studio } = make();
    player().seek(2_002_000);
    workspace.markIn();
    workspace.openAsset(studio.assets.get()[1]!.asset.id);
    expect(workspace.get().marks.inUs).toBeNull();
    workspace.openAsset(studio.assets.get()[0]!.asset.id);
    expect(workspace.get().marks.inUs).toBe(2_002_000);
  });
});

describe('changing ranges', () => {
  it('puts typed times on frames and never empties a range', () => {
    const { workspace, clips } = make();
    const [first] = clips();
    workspace.changeClip(first!.id, 'start', 31_000_000);
    expect(clips()[0]!.startUs).toBe(30_997_633);
    workspace.changeClip(first!.id, 'end', 0);
    expect(clips()[0]!.endUs).toBe(31_031_000);
    workspace.changeClip(first!.id, 'length', 1_001_000);
    expect(clips()[0]!.endUs - clips()[0]!.startUs).toBe(1_001_000);
  });

  it('moves, duplicates and removes, and undo brings everything back', () => {
    const { workspace, clips, studio } = make();
    const order = () => clips().map((clip) => clip.label);
    const before = order();
    expect(workspace.moveClip('c1' as ClipId, 2)).toBe(3);
    expect(workspace.moveClip('c1' as ClipId, 2)).toBeNull();
    workspace.duplicateClip('c2' as ClipId);
    expect(order().slice(0, 2)).toEqual([before[1], before[1]]);
    workspace.removeClip('c2' as ClipId);
    for (let step = 0; step < 3; step += 1) studio.document.undo();
    expect(order()).toEqual(before);
  });

  it('forgets the selection when its range is gone', () => {
    const { workspace, studio } = make();
    workspace.selectClip('c1' as ClipId);
    studio.document.dispatch({ type: 'removeClips', ids: ['c1' as ClipId] });
    expect(workspace.get().clipId).toBeNull();
  });

  it('opens the file of a range that is selected, at its start', () => {
    const { workspace, player } = make();
    workspace.selectClip('c3' as ClipId);
    expect(workspace.get().assetId).toBe('a2');
    expect(player().get().timeUs).toBe(FAKE_CLIPS[2]!.startUs);
  });

  it('plays the sound track of the selected range, or of the last one of the file', () => {
    const { studio, workspace } = make();
    const heard = (): number | null | undefined => studio.heard.at(-1);
    const [first] = FAKE_CLIPS;
    expect(heard()).toBeNull();
    studio.document.dispatch({ type: 'changeClip', id: first!.id, audioTrack: 1 });
    workspace.selectClip(first!.id);
    expect(heard()).toBe(1);
    workspace.selectClip(null);
    expect(heard(), 'the last range of the file takes the primary track').toBeNull();
    workspace.selectClip(first!.id);
    studio.document.dispatch({ type: 'changeClip', id: first!.id, audioTrack: null });
    expect(heard()).toBeNull();
  });

  it('goes from edit point to edit point', () => {
    const { workspace, player } = make();
    workspace.goToEditPoint(1);
    expect(player().get().timeUs).toBe(FAKE_CLIPS[0]!.startUs);
    workspace.goToEditPoint(1);
    expect(player().get().timeUs).toBe(FAKE_CLIPS[0]!.endUs);
    workspace.goToEditPoint(-1);
    expect(player().get().timeUs).toBe(FAKE_CLIPS[0]!.startUs);
  });
});

describe('what is read and written', () => {
  it('reads typed times', () => {
    expect(readTime('00:00:01:00', { num: 25, den: 1 }, 0)).toBe(1_000_000);
    expect(readTime('+10', NTSC, 1_001_000)).toBe(1_334_667);
    expect(readTime('-1:00', NTSC, 500_000)).toBe(0);
    expect(readTime('tomorrow', NTSC, 0)).toBeNull();
  });

  it('writes times, sound in milliseconds', () => {
    expect(timecode(60_060_000, NTSC)).toBe('00:01:00;02');
    expect(timecode(1_234_567, { num: 1000, den: 1 })).toBe('00:00:01.235');
    expect(clock(3_723_000_000)).toBe('1:02:03');
    expect(size(1_840_332_112, 'en')).toBe('1.8 GB');
  });

  it('sums up a plan', () => {
    const plan = fakePlan({ version: 1, name: 'x', type: 'combined', segments: FAKE_CLIPS });
    expect(countReasons(plan)).toEqual([{ reason: 'starts_off_key_frame', count: 1 }]);
    expect(outlookOf(plan).map((clip) => clip.reason)).toEqual([null, 'starts_off_key_frame', null, null]);
    expect(outlookOf(plan)[1]!.encodedUs).toBe(1_400_000);
    expect(pictureShares(plan)?.copied).toBeGreaterThan(0.98);
  });
});
