/** What a person does to comments. */
import { describe, expect, it } from 'vitest';
import type { AnnotationId, AssetId } from '../../../src/core/base/ids.ts';
import {
  applyReview,
  commentsOfAsset,
  differenceOf,
  NO_COMMENTS,
  type Comments,
  type ReviewCommand,
} from '../../../src/core/project/review.ts';
import { annotationOf, type Annotation } from '../../../src/core/schema/annotation.ts';

const NOW = '2026-11-20T10:00:00.000Z';
const LATER = '2026-11-20T11:00:00.000Z';
const id = (text: string) => text as AnnotationId;

function comment(name: string, timeUs: number | null, part: Partial<Annotation> = {}): Annotation {
  const made = { id: id(name), assetId: 'a' as AssetId, isoNow: NOW };
  return { ...annotationOf({ timeUs, text: name, author: 'Min' }, made), ...part };
}

function after(comments: Comments, ...commands: readonly ReviewCommand[]): Comments {
  return commands.reduce((all, command) => {
    const result = applyReview(all, command, LATER);
    expect(result.ok, JSON.stringify(result)).toBe(true);
    return result.ok ? result.value : all;
  }, comments);
}

const some = after(NO_COMMENTS, {
  type: 'addComments',
  comments: [comment('b', 2_000_000), comment('none', null), comment('a', 1_000_000)],
});

describe('comments', () => {
  it('of an asset come in the order of the film, those without a place last', () => {
    expect(commentsOfAsset(some, 'a' as AssetId).map((one) => one.id)).toEqual(['a', 'b', 'none']);
    expect(commentsOfAsset(some, 'other' as AssetId)).toEqual([]);
  });

  it('are changed, and say when', () => {
    const next = after(some, { type: 'changeComment', id: id('a'), change: { text: '안녕', timeUs: 5 } });
    expect(next.get(id('a'))).toMatchObject({ text: '안녕', timeUs: 5, updatedAt: LATER, createdAt: NOW });
    expect(next.get(id('b'))).toBe(some.get(id('b')));
  });

  it('a legacy comment is given a time by hand, and can lose it again', () => {
    const timed = after(some, { type: 'changeComment', id: id('none'), change: { timeUs: 7 } });
    expect(timed.get(id('none'))?.timeUs).toBe(7);
    const back = after(timed, { type: 'changeComment', id: id('none'), change: { timeUs: null } });
    expect(back.get(id('none'))?.timeUs).toBeNull();
  });

  it('stay the same object where nothing changes', () => {
    expect(after(some, { type: 'changeComment', id: id('a'), change: { text: 'a', shapes: [] } })).toBe(some);
    expect(after(some, { type: 'resolve', id: id('a'), by: null })).toBe(some);
    expect(after(some, { type: 'removeComments', ids: [id('nobody')] })).toBe(some);
    expect(after(some, { type: 'addComments', comments: [] })).toBe(some);
  });

  it('are answered, settled and opened again', () => {
    const reply = { id: 'r', author: 'Jo', text: 'done', createdAt: LATER };
    const next = after(
      some,
      { type: 'reply', id: id('a'), reply },
      { type: 'reply', id: id('a'), reply },
      { type: 'resolve', id: id('a'), by: 'Jo' },
    );
    expect(next.get(id('a'))).toMatchObject({ replies: [reply], resolved: { by: 'Jo', at: LATER } });
    const opened = after(
      next,
      { type: 'resolve', id: id('a'), by: null },
      { type: 'changeReply', id: id('a'), replyId: 'r', text: 'not yet' },
    );
    expect(opened.get(id('a'))).toMatchObject({ replies: [{ text: 'not yet' }], resolved: null });
    expect(after(opened, { type: 'removeReply', id: id('a'), replyId: 'r' }).get(id('a'))?.replies).toEqual(
      [],
    );
  });

  it.each([
    ['a comment that is not there', { type: 'resolve', id: id('x'), by: 'Jo' }, 'not_found'],
    [
      'a colour that is none',
      { type: 'changeComment', id: id('a'), change: { color: 'red;x:url(/)' } },
      'invalid_spec',
    ],
    ['a time that is none', { type: 'changeComment', id: id('a'), change: { timeUs: 1.5 } }, 'invalid_spec'],
    [
      'a text beyond measure',
      { type: 'changeComment', id: id('a'), change: { text: 'x'.repeat(10_001) } },
      'invalid_spec',
    ],
    [
      'a shape far away',
      { type: 'changeComment', id: id('a'), change: { shapes: [{ kind: 'box', x: 9, y: 0, w: 1, h: 1 }] } },
      'invalid_spec',
    ],
  ] as const)('refuse %s', (_what, command, code) => {
    expect(applyReview(some, command, LATER)).toMatchObject({ ok: false, error: { code } });
  });

  it('say what has to be written to get from one set to another', () => {
    const next = after(
      some,
      { type: 'removeComments', ids: [id('b')] },
      { type: 'resolve', id: id('a'), by: 'Jo' },
    );
    const { put, removed } = differenceOf(some, next);
    expect(put.map((one) => one.id)).toEqual(['a']);
    expect(removed).toEqual(['b']);
    expect(differenceOf(next, next)).toEqual({ put: [], removed: [] });
  });
});
