import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import { accessOf } from '../../../src/ui/review/access.ts';
import {
  choicesIn,
  filterComments,
  isFiltering,
  listComments,
  matches,
  neighbourOf,
  NO_FILTER,
  rangesWith,
  visibleAt,
} from '../../../src/ui/review/comments.ts';
import { numberOf } from '../../../src/ui/review/painted.ts';
import { comment, timedOf } from './review-data.ts';

describe('the list of comments', () => {
  it('numbers those in the film, and gives legacy ones a list of their own', () => {
    const list = listComments([comment(0), comment(5_000), comment(null)]);
    expect(list.timed.map(({ number }) => number)).toEqual([1, 2]);
    expect(list.legacy.map(({ number }) => number)).toEqual([null]);
  });

  it('keeps numbers when it is filtered', () => {
    const list = listComments([
      comment(0),
      comment(1, { resolved: { by: 'Bo', at: '2026-11-20T10:00:00.000Z' } }),
    ]);
    expect(
      filterComments(list, { ...NO_FILTER, status: 'resolved' }).timed.map(({ number }) => number),
    ).toEqual([2]);
  });

  it('names authors and categories once, in order', () => {
    const all = [
      comment(0, { author: 'Bo', category: 'Sound' }),
      comment(1),
      comment(2, { category: 'Grade' }),
    ];
    expect(choicesIn(all)).toEqual({ authors: ['Ana', 'Bo'], categories: ['Grade', 'Sound'] });
  });
});

describe('looking for comments', () => {
  const reply = { id: 'r', author: '김하늘', text: '로고가 잘렸어요', createdAt: '2026-11-20T10:00:00.000Z' };
  const one = comment(0, {
    text: 'The LOGO is cut off',
    category: 'Graphics',
    replies: [reply],
    shapes: [{ kind: 'text', x: 0, y: 0, text: 'Here' }],
  });
  const find = (query: string) => matches(one, { ...NO_FILTER, query });

  it('looks in text, author, category, replies, their authors, and in what is written on the picture', () => {
    for (const query of ['logo', 'ana', 'graph', '로고', '하늘', 'here'])
      expect(find(query), query).toBe(true);
    expect(find('sound')).toBe(false);
  });

  it('wants all words, anywhere', () => {
    expect(find('cut  logo')).toBe(true);
    expect(find('cut sound')).toBe(false);
    expect(find('   ')).toBe(true);
  });

  it('does not mind how Korean letters are put together', () => {
    expect(find('로고'.normalize('NFD'))).toBe(true);
  });

  it('tells by state, author, category and drawings', () => {
    expect(matches(one, { ...NO_FILTER, status: 'open' })).toBe(true);
    expect(matches(one, { ...NO_FILTER, status: 'resolved' })).toBe(false);
    expect(matches(one, { ...NO_FILTER, author: 'Bo' })).toBe(false);
    expect(matches(one, { ...NO_FILTER, category: 'Graphics' })).toBe(true);
    expect(matches(comment(0), { ...NO_FILTER, shapes: true })).toBe(false);
    expect(isFiltering(NO_FILTER)).toBe(false);
    expect(isFiltering({ ...NO_FILTER, query: ' x' })).toBe(true);
  });
});

describe('what is on the picture', () => {
  const frame = (timeUs: number, frameEndUs: number) => ({ timeUs, frameEndUs });
  const range = timedOf(comment(1_000_000, { durationUs: 500_000 }));

  it('begins with its own frame and ends before the frame of its end', () => {
    expect(visibleAt(range, frame(966_667, 1_000_000), 3_000_000)).toHaveLength(0);
    expect(visibleAt(range, frame(1_000_000, 1_033_333), 3_000_000)).toHaveLength(1);
    expect(visibleAt(range, frame(1_466_667, 1_500_000), 3_000_000)).toHaveLength(1);
    expect(visibleAt(range, frame(1_500_000, 1_533_333), 3_000_000)).toHaveLength(0);
  });

  it('shows one without a duration as long as the setting says', () => {
    const point = timedOf(comment(0));
    expect(visibleAt(point, frame(2_999_999, 3_010_000), 3_000_000)).toHaveLength(1);
    expect(visibleAt(point, frame(3_000_000, 3_010_000), 3_000_000)).toHaveLength(0);
    expect(visibleAt(point, frame(3_000_000, 3_010_000), 4_000_000)).toHaveLength(1);
  });

  it('is there on the frame that going to its time shows, whatever the time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 90_000 }),
        (us, lengthUs) => {
          const startUs = Math.floor(us / lengthUs) * lengthUs;
          expect(visibleAt(timedOf(comment(us)), frame(startUs, startUs + lengthUs), 3_000_000)).toHaveLength(
            1,
          );
        },
      ),
    );
  });

  it('knows the ranges of the reel that show a comment', () => {
    const clip = (startUs: number, endUs: number, assetId = 'a1') => ({
      ...{ id: String(startUs) as ClipId, assetId: assetId as AssetId, startUs, endUs, label: '' },
    });
    const clips = [
      clip(0, 1_000_000),
      clip(1_400_000, 2_000_000),
      clip(0, 9_000_000, 'a2'),
      clip(1_500_000, 3_000_000),
    ];
    expect(rangesWith(range[0]!, 3_000_000, clips)).toEqual([2]);
  });
});

describe('going from comment to comment', () => {
  const all = timedOf(comment(1_000), comment(1_000), comment(5_000));
  const [first, second, third] = all;
  const frame = (timeUs: number) => ({ timeUs, frameEndUs: timeUs + 1_000 });
  const idOf = (one: (typeof all)[number] | undefined) => one?.comment.id ?? '';

  it('goes to the next one and back, also where several begin on one frame', () => {
    expect(neighbourOf(all, frame(0), null, 1)).toBe(first);
    expect(neighbourOf(all, frame(1_000), idOf(first), 1)).toBe(second);
    expect(neighbourOf(all, frame(1_000), idOf(second), 1)).toBe(third);
    expect(neighbourOf(all, frame(5_000), idOf(third), -1)).toBe(second);
    expect(neighbourOf(all, frame(1_000), idOf(second), -1)).toBe(first);
  });

  it('goes by the frame where the selected one is elsewhere', () => {
    expect(neighbourOf(all, frame(3_000), idOf(first), 1)).toBe(third);
    expect(neighbourOf(all, frame(3_000), idOf(third), -1)).toBe(second);
  });

  it('ends at the ends', () => {
    expect(neighbourOf(all, frame(1_000), idOf(first), -1)).toBeNull();
    expect(neighbourOf(all, frame(5_000), idOf(third), 1)).toBeNull();
    expect(neighbourOf([], frame(0), null, 1)).toBeNull();
  });
});

describe('the number of a draft', () => {
  it('is its own, or the one it will have', () => {
    const all = timedOf(comment(0), comment(2_000));
    const draft = { id: null, timeUs: 1_000 } as Parameters<typeof numberOf>[0];
    expect(numberOf(draft, all)).toBe(2);
    expect(numberOf({ ...draft, id: all[1]!.comment.id }, all)).toBe(2);
    expect(numberOf({ ...draft, timeUs: 2_000 }, all)).toBe(3);
  });
});

describe('the address of the page', () => {
  const read = (query: string) => accessOf(new URLSearchParams(query));

  it('opens the page as owner unless it says a role', () => {
    expect(read('')).toEqual({ role: 'owner', guestCsv: false });
    expect(read('role=reviewer')).toEqual({ role: 'reviewer', guestCsv: false });
    expect(read('role=guest_reviewer&guestCsv=1')).toEqual({ role: 'guest_reviewer', guestCsv: true });
  });

  it('takes what it does not know for the role that may do least', () => {
    for (const query of ['role=', 'role=Owner', 'role=admin', 'role=owner&role=guest_reviewer']) {
      expect(read(query).role, query).toBe('guest_reviewer');
    }
    for (const query of ['guestCsv=true', 'guestCsv=', 'guestCsv=1&guestCsv=1']) {
      expect(read(query).guestCsv, query).toBe(false);
    }
  });
});
