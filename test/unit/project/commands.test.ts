import { describe, expect, it } from 'vitest';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import { applyCommand, type DocumentCommand } from '../../../src/core/project/commands.ts';
import {
  clipById,
  clipsOfAsset,
  clipStartsUs,
  emptyDocument,
  totalLengthUs,
} from '../../../src/core/project/document.ts';
import { createHistory, pushHistory, undo } from '../../../src/core/project/history.ts';
import type { Clip, ProjectDocument } from '../../../src/core/schema/document.ts';

const THEN = '2026-11-20T10:00:00.000Z';
const NOW = '2026-11-20T10:00:01.000Z';
const clip = (id: string, assetId = 'a', startUs = 0, endUs = 1_000_000): Clip => ({
  id: id as ClipId,
  assetId: assetId as AssetId,
  startUs,
  endUs,
  label: id,
});

function run(document: ProjectDocument, ...commands: DocumentCommand[]): ProjectDocument {
  return commands.reduce((before, command) => {
    const result = applyCommand(before, command, NOW);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }, document);
}

const three = run(
  emptyDocument('p', THEN),
  { type: 'addClip', clip: clip('1') },
  { type: 'addClip', clip: clip('2', 'b', 500, 1500) },
  { type: 'addClip', clip: clip('3', 'a', 10, 20) },
);
const ids = (document: ProjectDocument) => document.clips.map((one) => one.id).join('');

describe('applyCommand', () => {
  it('adds clips at the end, at a place, and at the nearer end for places outside', () => {
    expect(ids(three)).toBe('123');
    expect(ids(run(three, { type: 'addClip', clip: clip('4'), at: 1 }))).toBe('1423');
    expect(ids(run(three, { type: 'addClip', clip: clip('4'), at: -9 }))).toBe('4123');
    expect(ids(run(three, { type: 'addClip', clip: clip('4'), at: 99 }))).toBe('1234');
  });

  it('puts the asset of a clip into the media list', () => {
    expect(three.assetOrder).toEqual(['a', 'b']);
  });

  it('changes a clip and leaves the others as they are', () => {
    const after = run(three, { type: 'changeClip', id: '2' as ClipId, endUs: 2000, label: '둘째' });
    expect(clipById(after, '2' as ClipId)).toEqual({ ...clip('2', 'b', 500, 2000), label: '둘째' });
    expect(after.clips[0]).toBe(three.clips[0]);
    expect(after.updatedAt).toBe(NOW);
  });

  it('gives a clip a sound track, takes it back to the usual one, and undo restores each step', () => {
    const id = '2' as ClipId;
    const chosen = run(three, { type: 'changeClip', id, audioTrack: 1 });
    expect(clipById(chosen, id)).toEqual({ ...clip('2', 'b', 500, 1500), audioTrack: 1 });
    const moved = run(chosen, { type: 'changeClip', id, startUs: 600 });
    expect(clipById(moved, id)?.audioTrack).toBe(1);
    const usual = run(moved, { type: 'changeClip', id, audioTrack: null });
    expect(Object.keys(clipById(usual, id) ?? {})).not.toContain('audioTrack');
    const history = [chosen, moved, usual].reduce(
      (before, next) => pushHistory(before, next),
      createHistory(three),
    );
    expect(undo(history).present).toBe(moved);
    expect(undo(undo(undo(history))).present).toBe(three);
  });

  it('moves a clip to the place it is to have', () => {
    expect(ids(run(three, { type: 'moveClip', id: '1' as ClipId, to: 2 }))).toBe('231');
    expect(ids(run(three, { type: 'moveClip', id: '3' as ClipId, to: 0 }))).toBe('312');
    expect(ids(run(three, { type: 'moveClip', id: '1' as ClipId, to: 1 }))).toBe('213');
    expect(ids(run(three, { type: 'moveClip', id: '1' as ClipId, to: 50 }))).toBe('231');
  });

  it('removes clips, and an asset with its clips', () => {
    expect(ids(run(three, { type: 'removeClips', ids: ['1', '3'] as ClipId[] }))).toBe('2');
    const after = run(three, { type: 'removeAsset', assetId: 'a' as AssetId });
    expect(ids(after)).toBe('2');
    expect(after.assetOrder).toEqual(['b']);
  });

  it('orders the media list', () => {
    const added = run(three, { type: 'addAsset', assetId: 'c' as AssetId });
    expect(added.assetOrder).toEqual(['a', 'b', 'c']);
    expect(run(added, { type: 'moveAsset', assetId: 'c' as AssetId, to: 0 }).assetOrder).toEqual([
      'c',
      'a',
      'b',
    ]);
  });

  it.each<DocumentCommand>([
    { type: 'changeClip', id: '1' as ClipId, startUs: 0 },
    { type: 'changeClip', id: '1' as ClipId },
    { type: 'changeClip', id: '1' as ClipId, audioTrack: null },
    { type: 'moveClip', id: '2' as ClipId, to: 1 },
    { type: 'removeClips', ids: [] },
    { type: 'renameProject', name: '' },
    { type: 'addAsset', assetId: 'a' as AssetId },
  ])('gives the same document back when nothing changes: %o', (command) => {
    expect(run(three, command)).toBe(three);
  });

  it.each<[DocumentCommand, string, string]>([
    [{ type: 'changeClip', id: 'x' as ClipId, startUs: 0 }, 'not_found', 'unexpected'],
    [{ type: 'moveClip', id: 'x' as ClipId, to: 0 }, 'not_found', 'unexpected'],
    [{ type: 'removeClips', ids: ['1', 'x'] as ClipId[] }, 'not_found', 'unexpected'],
    [{ type: 'removeAsset', assetId: 'x' as AssetId }, 'not_found', 'unknown_asset'],
    [{ type: 'moveAsset', assetId: 'x' as AssetId, to: 0 }, 'not_found', 'unknown_asset'],
    [{ type: 'changeClip', id: '1' as ClipId, startUs: 1_000_000 }, 'out_of_range', 'range_empty'],
    [{ type: 'changeClip', id: '1' as ClipId, endUs: 0 }, 'out_of_range', 'range_empty'],
    [{ type: 'addClip', clip: clip('9', 'a', 5, 5) }, 'out_of_range', 'range_empty'],
    [{ type: 'addClip', clip: clip('9', 'a', -5, 5) }, 'invalid_spec', 'bad_spec'],
    [{ type: 'addClip', clip: clip('9', 'a', 0, 5.5) }, 'invalid_spec', 'bad_spec'],
    [{ type: 'addClip', clip: clip('9', 'a', 0, Number.NaN) }, 'invalid_spec', 'bad_spec'],
    [{ type: 'addClip', clip: clip('1') }, 'invalid_spec', 'bad_spec'],
    [{ type: 'changeClip', id: '1' as ClipId, label: 'x'.repeat(501) }, 'invalid_spec', 'bad_spec'],
    [{ type: 'changeClip', id: '1' as ClipId, audioTrack: -1 }, 'invalid_spec', 'bad_spec'],
    [{ type: 'changeClip', id: '1' as ClipId, audioTrack: 0.5 }, 'invalid_spec', 'bad_spec'],
    [{ type: 'renameProject', name: 'x'.repeat(201) }, 'invalid_spec', 'bad_spec'],
  ])('refuses %o', (command, code, reason) => {
    expect(applyCommand(three, command, NOW)).toMatchObject({ ok: false, error: { code, reason } });
  });
});

describe('questions', () => {
  it('answers them', () => {
    expect(clipsOfAsset(three, 'a' as AssetId).map((one) => one.id)).toEqual(['1', '3']);
    expect(totalLengthUs(three)).toBe(1_001_010);
    expect(clipStartsUs(three)).toEqual([0, 1_000_000, 1_001_000]);
    expect(clipById(three, 'x' as ClipId)).toBeNull();
    expect(totalLengthUs(emptyDocument('p', THEN))).toBe(0);
  });
});
