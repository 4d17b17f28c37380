/** Which comments an export lists, in which order, and which it leaves out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listComments } from '../../../src/core/schema/listed-comments.ts';
import { comment } from '../comments-helpers.ts';

const segment = (assetId: string, startUs: number, endUs: number) => ({ assetId, startUs, endUs });
const ids = (...args: Parameters<typeof listComments>): string[] =>
  listComments(...args).listed.map(({ id }) => id);

describe('the comments that an export lists', () => {
  it('are those seen in a range, both ends told apart to the microsecond', () => {
    const comments = [
      comment('ends as it begins', { timeUs: 0, durationUs: 1000 }),
      comment('reaches in', { timeUs: 0, durationUs: 1001 }),
      comment('last moment', { timeUs: 1999 }),
      comment('behind', { timeUs: 2000 }),
    ];
    const found = listComments({ segments: [segment('asset-a', 1000, 2000)], comments });
    expect(found.listed.map(({ id }) => id)).toEqual(['reaches in', 'last moment']);
    expect(found).toMatchObject({ legacy: 0, outside: 2 });
  });

  it('stand as long as the spec says, where they do not say themselves', () => {
    const comments = [comment('a', { timeUs: 0 })];
    const segments = [segment('asset-a', 5000, 6000)];
    expect(ids({ segments, comments, shownUs: 5000 })).toEqual([]);
    expect(ids({ segments, comments, shownUs: 5001 })).toEqual(['a']);
    // Three seconds where nobody says.
    expect(ids({ segments, comments })).toEqual(['a']);
  });

  it('come in the order in which the output shows them, each once, those without a time at the end', () => {
    const comments = [
      comment('none', { timeUs: null }),
      comment('late', { timeUs: 9_000_000 }),
      comment('early', { timeUs: 1_000_000 }),
      comment('other none', { assetId: 'b', timeUs: null }),
      comment('other', { assetId: 'b', timeUs: 0 }),
    ];
    const segments = [
      segment('b', 0, 1_000_000),
      segment('asset-a', 8_000_000, 10_000_000),
      segment('asset-a', 0, 10_000_000),
    ];
    expect(ids({ segments, comments })).toEqual(['other', 'late', 'early', 'other none', 'none']);
  });

  it('never are those of another file, with or without a time', () => {
    const comments = [
      comment('x', { assetId: 'other', timeUs: null }),
      comment('y', { assetId: 'other', timeUs: 1 }),
    ];
    expect(listComments({ segments: [segment('asset-a', 0, 10)], comments })).toEqual({
      listed: [],
      legacy: 0,
      outside: 2,
    });
  });

  it('and those that are left out are all there are, whatever is asked', () => {
    const time = fc.option(fc.integer({ min: 0, max: 50 }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, fc.constantFrom('asset-a', 'b', 'c'), fc.integer({ min: 1, max: 9 }))),
        fc.array(
          fc.tuple(fc.constantFrom('asset-a', 'b'), fc.nat({ max: 49 }), fc.integer({ min: 1, max: 20 })),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        (made, ranges) => {
          const comments = made.map(([timeUs, assetId, durationUs], n) =>
            comment(String(n), { timeUs, assetId, durationUs }),
          );
          const segments = ranges.map(([assetId, start, length]) => segment(assetId, start, start + length));
          const { listed, legacy, outside } = listComments({ segments, comments });
          expect(listed.length + outside).toBe(comments.length);
          expect(new Set(listed).size).toBe(listed.length);
          expect(listed.slice(listed.length - legacy).every(({ timeUs }) => timeUs === null)).toBe(true);
          expect(listed.slice(0, listed.length - legacy).every(({ timeUs }) => timeUs !== null)).toBe(true);
          // Whatever moment of a range a comment covers, it is listed.
          for (const one of comments) {
            const covered = segments.some(({ assetId, startUs, endUs }) => {
              if (assetId !== one.assetId || one.timeUs === null) return assetId === one.assetId;
              const { timeUs, durationUs } = one;
              return Array.from({ length: endUs - startUs }, (_, n) => startUs + n).some(
                (us) => us >= timeUs && us < timeUs + (durationUs ?? 0),
              );
            });
            expect(listed.includes(one)).toBe(covered);
          }
        },
      ),
    );
  });
});
