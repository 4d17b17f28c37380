import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import { applyCommand, type DocumentCommand } from '../../../src/core/project/commands.ts';
import { emptyDocument } from '../../../src/core/project/document.ts';
import {
  amendHistory,
  canRedo,
  canUndo,
  createHistory,
  HISTORY_LIMIT,
  pushHistory,
  redo,
  undo,
  type History,
} from '../../../src/core/project/history.ts';
import { documentSchema, type ProjectDocument } from '../../../src/core/schema/document.ts';

type Past = History<ProjectDocument>;

const THEN = '2026-11-20T10:00:00.000Z';
const NOW = '2026-11-20T10:00:01.000Z';
const start = createHistory(emptyDocument('p', THEN));

const clipId = fc.constantFrom('1', '2', '3', '4', '5').map((id) => id as ClipId);
const assetId = fc.constantFrom('a', 'b', 'c').map((id) => id as AssetId);
const place = fc.integer({ min: -1, max: 6 });
const us = fc.integer({ min: 0, max: 1000 });
const commands: fc.Arbitrary<DocumentCommand> = fc.oneof(
  fc
    .record({ id: clipId, assetId, startUs: us, endUs: us, label: fc.string({ maxLength: 5 }) })
    .chain((clip) => place.map((at) => ({ type: 'addClip' as const, clip, at }))),
  fc.record({ type: fc.constant('changeClip' as const), id: clipId, startUs: us, endUs: us }),
  fc.record({ type: fc.constant('moveClip' as const), id: clipId, to: place }),
  fc.record({ type: fc.constant('removeClips' as const), ids: fc.array(clipId, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('renameProject' as const), name: fc.string({ maxLength: 5 }) }),
  fc.record({ type: fc.constant('addAsset' as const), assetId }),
  fc.record({ type: fc.constant('moveAsset' as const), assetId, to: place }),
  fc.record({ type: fc.constant('removeAsset' as const), assetId }),
);

/** Applies a command as the document model does: a refused one changes nothing. */
function dispatch(history: Past, command: DocumentCommand, merge: string | null = null): Past {
  const result = applyCommand(history.present, command, NOW);
  return result.ok ? pushHistory(history, result.value, merge) : history;
}

const back = (history: Past, steps: number): Past =>
  Array.from({ length: steps }).reduce<Past>((at) => undo(at), history);
const forward = (history: Past, steps: number): Past =>
  Array.from({ length: steps }).reduce<Past>((at) => redo(at), history);

describe('history', () => {
  it('undo after any commands restores every state, redo brings each one back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(commands, fc.constantFrom(null, null, 'k', 'l')), { maxLength: 40 }),
        (list) => {
          const end = list.reduce((history, [command, merge]) => dispatch(history, command, merge), start);
          const steps = end.past.length;
          expect(back(end, steps).present).toBe(start.present);
          expect(canUndo(back(end, steps))).toBe(false);
          const states = [...end.past, end.present];
          for (let n = 0; n <= steps; n += 1) {
            const at = back(end, n);
            expect(at.present).toBe(states[steps - n]);
            const again = forward(at, n);
            expect(again.present).toBe(end.present);
            expect(again.past).toEqual(end.past);
            expect(canRedo(again)).toBe(false);
          }
        },
      ),
    );
  });

  it('every document that commands make can be saved and keeps its promises', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40 }), (list) => {
        const { present } = list.reduce((history, command) => dispatch(history, command), start);
        expect(documentSchema.parse(present)).toEqual(present);
        expect(new Set(present.clips.map((clip) => clip.id)).size).toBe(present.clips.length);
        expect(new Set(present.assetOrder).size).toBe(present.assetOrder.length);
        for (const clip of present.clips) {
          expect(clip.endUs).toBeGreaterThan(clip.startUs);
          expect(present.assetOrder).toContain(clip.assetId);
        }
      }),
    );
  });

  const named = (name: string) => ({ ...start.present, name });

  it('joins consecutive pushes with one key, and only those', () => {
    const dragged = ['a', 'b', 'c'].reduce((at, name) => pushHistory(at, named(name), 'drag'), start);
    expect(dragged.past).toHaveLength(1);
    expect(undo(dragged).present).toBe(start.present);
    expect(pushHistory(dragged, named('d'), 'other').past).toHaveLength(2);
    expect(pushHistory(pushHistory(dragged, named('d')), named('e'), 'drag').past).toHaveLength(3);
    // After an undo the same key starts a new step.
    expect(pushHistory(undo(dragged), named('f'), 'drag').past).toHaveLength(1);
    expect(pushHistory(redo(undo(dragged)), named('f'), 'drag').past).toHaveLength(2);
  });

  it('a new step ends the undone future; the same document is no step', () => {
    const two = pushHistory(pushHistory(start, named('a')), named('b'));
    const other = pushHistory(undo(two), named('c'));
    expect(canRedo(other)).toBe(false);
    expect(pushHistory(undo(two), undo(two).present)).toEqual(undo(two));
  });

  it('is bounded', () => {
    let history = start;
    for (let n = 0; n < HISTORY_LIMIT + 100; n += 1) history = pushHistory(history, named(String(n)));
    expect(history.past).toHaveLength(HISTORY_LIMIT);
    expect(back(history, HISTORY_LIMIT + 5).present.name).toBe('99');
  });

  it('undo and redo with nothing to do give the same history', () => {
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
  });

  it('an amendment is not taken back by undo', () => {
    const two = undo(pushHistory(pushHistory(start, named('a')), named('b')));
    const amended = amendHistory(two, (document) => ({ ...document, assetOrder: ['x' as AssetId] }));
    for (const at of [amended, undo(amended), redo(amended)]) expect(at.present.assetOrder).toEqual(['x']);
    expect(redo(amended).present.name).toBe('b');
  });
});
