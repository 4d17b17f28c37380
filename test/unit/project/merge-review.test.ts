/** A review that is handed over, answered and handed back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnnotationId, AssetId, ClipId } from '../../../src/core/base/ids.ts';
import { mergeReview, newClips } from '../../../src/core/project/merge-review.ts';
import {
  applyReview,
  NO_COMMENTS,
  type Comments,
  type ReviewCommand,
} from '../../../src/core/project/review.ts';
import { annotationOf, type Annotation } from '../../../src/core/schema/annotation.ts';

const id = (text: string) => text as AnnotationId;
const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const everywhere = (assetId: AssetId): AssetId => assetId;

const made = (name: string, minute = 0): Annotation =>
  annotationOf(
    { timeUs: 1, text: name, author: 'A' },
    { id: id(name), assetId: 'film' as AssetId, isoNow: at(minute) },
  );

function does(comments: Comments, minute: number, ...commands: readonly ReviewCommand[]): Comments {
  return commands.reduce((all, command) => {
    const result = applyReview(all, command, at(minute));
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }, comments);
}

/** Opens a review that came: what merges by itself is taken. */
function takes(here: Comments, file: Comments) {
  const merged = mergeReview(here, [...file.values()], everywhere);
  const next = does(here, 59, { type: 'addComments', comments: [...merged.added, ...merged.changed] });
  return { next, merged };
}

const changeText = (name: string, text: string): ReviewCommand => ({
  type: 'changeComment',
  id: id(name),
  change: { text },
});
const answer = (name: string, reply: string, minute: number): ReviewCommand => ({
  type: 'reply',
  id: id(name),
  reply: { id: reply, author: 'B', text: reply, createdAt: at(minute) },
});

const start = does(NO_COMMENTS, 0, { type: 'addComments', comments: [made('one'), made('two')] });
const received = takes(NO_COMMENTS, start).next;

describe('a review that comes back', () => {
  it('brings what the other side has changed, answered and added, with author and time', () => {
    const theirs = does(received, 5, changeText('one', 'better'), answer('two', 'yes', 5), {
      type: 'addComments',
      comments: [{ ...made('three', 5), author: 'B' }],
    });
    const { next, merged } = takes(start, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(next.get(id('one'))).toMatchObject({ text: 'better', updatedAt: at(5), createdAt: at(0) });
    expect(next.get(id('two'))?.replies).toEqual([{ id: 'yes', author: 'B', text: 'yes', createdAt: at(5) }]);
    expect(next.get(id('three'))).toMatchObject({ author: 'B', createdAt: at(5) });
  });

  it('twice changes nothing the second time', () => {
    const theirs = does(received, 5, changeText('one', 'better'), answer('two', 'yes', 5));
    const { next } = takes(start, theirs);
    const again = takes(next, theirs);
    expect(again.merged).toMatchObject({ added: [], changed: [], conflicts: [], same: 2 });
    expect(again.next).toBe(next);
  });

  it('leaves alone what only this side has changed, also when an old file comes again', () => {
    const here = does(start, 7, changeText('one', 'mine'));
    expect(takes(here, received).merged).toMatchObject({ changed: [], conflicts: [] });
    const later = does(
      takes(start, does(received, 5, changeText('one', 'theirs'))).next,
      9,
      changeText('one', 'mine'),
    );
    const old = takes(later, does(received, 5, changeText('one', 'theirs')));
    expect(old.merged).toMatchObject({ changed: [], conflicts: [] });
  });

  it('asks where both sides have changed the same comment, and loses nobody’s answers', () => {
    const here = does(start, 7, changeText('one', 'mine'), answer('one', 'a', 7));
    const theirs = does(received, 5, changeText('one', 'theirs'), answer('one', 'b', 5));
    const { merged, next } = takes(here, theirs);
    expect(merged.conflicts).toHaveLength(1);
    expect(merged.conflicts[0]?.here.text).toBe('mine');
    expect(merged.conflicts[0]?.theirs).toMatchObject({ text: 'theirs', basis: at(5) });
    expect(next.get(id('one'))).toMatchObject({ text: 'mine', replies: [{ id: 'b' }, { id: 'a' }] });
    const chosen = does(next, 8, { type: 'addComments', comments: [merged.conflicts[0]!.theirs] });
    expect(takes(chosen, theirs).merged).toMatchObject({ changed: [], conflicts: [], same: 2 });
    const kept = does(next, 8, {
      type: 'addComments',
      comments: [{ ...next.get(id('one'))!, basis: at(5) }],
    });
    expect(takes(kept, theirs).merged).toMatchObject({ changed: [], conflicts: [] });
  });

  it('an answer is no change of the comment', () => {
    const here = does(start, 7, changeText('one', 'mine'));
    const theirs = does(received, 5, answer('one', 'b', 5));
    const { merged, next } = takes(here, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(next.get(id('one'))).toMatchObject({ text: 'mine', replies: [{ id: 'b' }] });
  });

  it('an answer that was corrected replaces the one before', () => {
    const first = does(received, 5, answer('one', 'b', 5));
    const here = takes(start, first).next;
    const corrected = does(first, 6, { type: 'changeReply', id: id('one'), replyId: 'b', text: 'corrected' });
    expect(takes(here, corrected).next.get(id('one'))?.replies).toMatchObject([{ text: 'corrected' }]);
    expect(takes(takes(here, corrected).next, first).merged.changed).toEqual([]);
  });

  it('counts comments on files that nobody has', () => {
    expect(mergeReview(NO_COMMENTS, [...start.values()], () => null)).toMatchObject({
      added: [],
      homeless: 2,
    });
  });

  it('never loses a comment nor an answer of either side', () => {
    const step = fc.oneof(
      fc.constantFrom('one', 'two').map((name) => changeText(name, 'x')),
      fc
        .record({ name: fc.constantFrom('one', 'two'), reply: fc.uuid() })
        .map(({ name, reply }) => answer(name, reply, 3)),
      fc.uuid().map((name): ReviewCommand => ({ type: 'addComments', comments: [made(name)] })),
    );
    const steps = fc.array(step, { maxLength: 6 });
    fc.assert(
      fc.property(steps, steps, (mine, yours) => {
        const here = does(start, 10, ...mine);
        const theirs = does(received, 11, ...yours);
        const { next } = takes(here, theirs);
        for (const side of [here, theirs]) {
          for (const comment of side.values()) {
            const found = next.get(comment.id);
            expect(found?.replies.map((reply) => reply.id)).toEqual(
              expect.arrayContaining(comment.replies.map((reply) => reply.id)),
            );
          }
        }
        expect(takes(next, theirs).merged.changed).toEqual([]);
      }),
    );
  });
});

describe('clips of a review', () => {
  const clip = (name: string, asset: string, startUs = 0) => ({
    id: name as ClipId,
    assetId: asset as AssetId,
    startUs,
    endUs: startUs + 10,
    label: '',
  });

  it('come once, on the files that are here', () => {
    const here = [clip('a', 'film')];
    const incoming = [clip('a', 'film', 5), clip('b', 'other'), clip('c', 'film')];
    const known = (assetId: AssetId) => (assetId === 'film' ? ('ours' as AssetId) : null);
    expect(newClips(here, incoming, known)).toEqual([clip('c', 'ours')]);
  });
});
