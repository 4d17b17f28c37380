/** When an export no longer shows what the document says, and when it does again. */
import { describe, expect, it } from 'vitest';
import { staleChanges } from '../../../src/app/studio/stale-watch.ts';
import type { ClipId, ExportId } from '../../../src/core/base/ids.ts';
import { applyCommand, type DocumentCommand } from '../../../src/core/project/commands.ts';
import { emptyDocument } from '../../../src/core/project/document.ts';
import { isStale, segmentOf, specAgain, type MadeFrom } from '../../../src/core/project/stale.ts';
import type { ProjectDocument } from '../../../src/core/schema/document.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';
import { comment } from '../comments-helpers.ts';
import { FAKE_CLIPS } from '../ui/fake-data.ts';

const NOW = '2026-11-20T10:00:00.000Z';
const DOCUMENT: ProjectDocument = { ...emptyDocument('main', NOW), clips: [...FAKE_CLIPS] };
const [c1, c2, c3] = FAKE_CLIPS.map(({ id }) => id) as [ClipId, ClipId, ClipId];

function made(clipIds: readonly ClipId[] | null, part: Record<string, unknown> = {}): MadeFrom {
  const clips = FAKE_CLIPS.filter(({ id }) => clipIds === null || clipIds.includes(id));
  return {
    origin: { documentId: 'main', clipIds },
    spec: exportSpecSchema.parse({
      version: 1,
      name: 'x',
      type: clipIds === null ? 'combined' : 'single',
      segments: clips.map(segmentOf),
      ...part,
    }),
  };
}

function after(...commands: DocumentCommand[]): ProjectDocument {
  return commands.reduce((document, command) => {
    const result = applyCommand(document, command, NOW);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }, DOCUMENT);
}

describe('an export of the whole reel', () => {
  it.each<[string, DocumentCommand, boolean]>([
    ['a range is moved', { type: 'moveClip', id: c1, to: 2 }, true],
    ['a range is shortened', { type: 'changeClip', id: c2, endUs: FAKE_CLIPS[1]!.endUs - 1 }, true],
    ['a range takes another sound track', { type: 'changeClip', id: c1, audioTrack: 1 }, true],
    ['a range is removed', { type: 'removeClips', ids: [c3] }, true],
    ['a range is added', { type: 'addClip', clip: { ...FAKE_CLIPS[0]!, id: 'new' as ClipId } }, true],
    ['a range is named', { type: 'changeClip', id: c1, label: 'Another name' }, false],
    ['the project is named', { type: 'renameProject', name: 'Another name' }, false],
  ])('where %s', (_what, command, stale) => {
    expect(isStale(made(null), DOCUMENT)).toBe(false);
    expect(isStale(made(null), after(command))).toBe(stale);
  });

  it('is not stale any more when the change is taken back', () => {
    const document = after({ type: 'moveClip', id: c1, to: 2 }, { type: 'moveClip', id: c1, to: 0 });
    expect(isStale(made(null), document)).toBe(false);
  });

  it('does not hear of sound tracks where the sound was left out', () => {
    const command: DocumentCommand = { type: 'changeClip', id: c1, audioTrack: 1 };
    expect(isStale(made(null, { audio: 'drop' }), after(command))).toBe(false);
  });

  it('of files named by their ranges hears of names', () => {
    const command: DocumentCommand = { type: 'changeClip', id: c1, label: 'Another name' };
    expect(isStale(made(null, { type: 'clips' }), after(command))).toBe(true);
  });
});

describe('an export of one range', () => {
  it('hears of that range only', () => {
    const one = made([c2]);
    expect(isStale(one, after({ type: 'removeClips', ids: [c1] }, { type: 'moveClip', id: c2, to: 2 }))).toBe(
      false,
    );
    expect(isStale(one, after({ type: 'changeClip', id: c2, startUs: 0 }))).toBe(true);
    expect(isStale(one, after({ type: 'removeClips', ids: [c2] }))).toBe(true);
  });
});

describe('an export of something else', () => {
  it('cannot be told', () => {
    expect(isStale({ ...made(null), origin: null }, DOCUMENT)).toBeNull();
    expect(isStale(made(null), { ...DOCUMENT, id: 'another' })).toBeNull();
  });
});

describe('exporting again', () => {
  it('takes the ranges of now and the settings of then', () => {
    const document = after({ type: 'removeClips', ids: [c1] }, { type: 'changeClip', id: c2, audioTrack: 2 });
    const again = specAgain(made(null, { format: 'mov', quality: 'low' }), document);
    expect(again).toMatchObject({ format: 'mov', quality: 'low', type: 'combined' });
    expect(again?.segments).toEqual(document.clips.map(segmentOf));
    expect(exportSpecSchema.safeParse(again).success).toBe(true);
    expect(isStale({ ...made(null), spec: again! }, document)).toBe(false);
    expect(specAgain(made([c2]), document)?.segments).toHaveLength(1);
  });

  it('is not possible where nothing is left', () => {
    expect(specAgain(made([c2]), after({ type: 'removeClips', ids: [c2] }))).toBeNull();
    expect(specAgain(made(null), { ...DOCUMENT, clips: [] })).toBeNull();
    expect(specAgain({ ...made(null), origin: null }, DOCUMENT)).toBeNull();
  });
});

describe('an export that shows or lists comments', () => {
  const [first] = FAKE_CLIPS;
  const shown = comment('shown', { assetId: first!.assetId, timeUs: first!.startUs });
  const legacy = comment('legacy', { assetId: first!.assetId, timeUs: null });
  const elsewhere = comment('elsewhere', {
    assetId: first!.assetId,
    timeUs: first!.startUs - 1,
    durationUs: 1,
  });
  const all = [shown, legacy, elsewhere];
  const only = FAKE_CLIPS.filter(({ assetId }) => assetId === first!.assetId).length;
  const csv = made([first!.id], { type: 'csv', comments: all });
  const burned = made([first!.id], { burnIn: true, comments: all });
  const text = { text: 'another text' };

  it('is out of date when one that it lists has changed, was removed or was added', () => {
    expect(only).toBeGreaterThan(0);
    expect(isStale(csv, DOCUMENT, all)).toBe(false);
    expect(isStale(csv, DOCUMENT, [{ ...shown, ...text }, legacy, elsewhere])).toBe(true);
    expect(isStale(csv, DOCUMENT, [shown, { ...legacy, ...text }, elsewhere])).toBe(true);
    expect(isStale(csv, DOCUMENT, [legacy, elsewhere])).toBe(true);
    expect(isStale(csv, DOCUMENT, [...all, { ...legacy, id: 'more' as typeof legacy.id }])).toBe(true);
    const reply = { id: 'r', author: 'a', text: 'b', createdAt: NOW };
    expect(isStale(csv, DOCUMENT, [{ ...shown, replies: [reply] }, legacy, elsewhere])).toBe(true);
  });

  it('does not care for the order, for those outside of its ranges, or for those of other files', () => {
    expect(isStale(csv, DOCUMENT, [...all].reverse())).toBe(false);
    expect(isStale(csv, DOCUMENT, [shown, legacy, { ...elsewhere, ...text }])).toBe(false);
    expect(isStale(csv, DOCUMENT, [...all, comment('other', { assetId: 'other', timeUs: null })])).toBe(
      false,
    );
    expect(isStale(csv, DOCUMENT, [{ ...shown, updatedAt: '2030-01-01T00:00:00.000Z' }, legacy])).toBe(false);
  });

  it('does not care for what is never painted, where it only paints', () => {
    expect(isStale(burned, DOCUMENT, [shown])).toBe(false);
    expect(isStale(burned, DOCUMENT, [{ ...shown, ...text }, legacy])).toBe(true);
  });

  it('and one that shows none does not care at all, nor does anybody who asks for the document alone', () => {
    expect(isStale(made([first!.id], { comments: all }), DOCUMENT, [])).toBe(false);
    expect(isStale(csv, DOCUMENT)).toBe(false);
  });

  it('is made again with those that there are by then', () => {
    expect(specAgain(csv, DOCUMENT)).not.toHaveProperty('comments');
    expect(specAgain(csv, DOCUMENT)).toMatchObject({ type: 'csv' });
  });

  it('is marked, and not marked any more when the comment is as it was', () => {
    const id = 'csv' as ExportId;
    const map = (list: readonly (typeof shown)[]) => new Map(list.map((one) => [one.id, one]));
    const changed = map([{ ...shown, ...text }, legacy]);
    expect(staleChanges(new Map([[id, { ...csv, stale: false }]]), DOCUMENT, changed)).toEqual([[id, true]]);
    expect(staleChanges(new Map([[id, { ...csv, stale: true }]]), DOCUMENT, map(all))).toEqual([[id, false]]);
  });
});

describe('what is marked', () => {
  it('is what has changed since it was marked last, both ways', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'] as ExportId[];
    const known = new Map([
      [a!, { ...made(null), stale: false }],
      [b!, { ...made(null), stale: true }],
      [c!, { ...made([c2]), stale: true }],
      [d!, { ...made(null), origin: null, stale: false }],
    ]);
    expect(staleChanges(known, after({ type: 'removeClips', ids: [c1] }))).toEqual([
      [a, true],
      [c, false],
    ]);
    expect(staleChanges(known, DOCUMENT)).toEqual([
      [b, false],
      [c, false],
    ]);
  });
});
