import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { bytesOf, toEvict, toSweep, type Evictable } from '../../../src/runtime/artifacts/eviction.ts';

const ids = (...names: string[]): ReadonlySet<ExportId> => new Set(names as ExportId[]);

function one(key: string, use: number | undefined, more: Partial<Evictable> = {}): Evictable {
  return { key, kind: 'video', bytes: 10, use, usedBy: ['e' as ExportId], ...more };
}

const keys = (segments: readonly Evictable[]): string => segments.map((segment) => segment.key).join('');

const USERS = ['a', 'b', 'c', 'd'] as ExportId[];
const segments = fc.uniqueArray(
  fc.record({
    key: fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: 1, maxLength: 6 }),
    kind: fc.constantFrom('video' as const, 'pcm' as const, 'audio' as const),
    bytes: fc.nat(1000),
    use: fc.option(fc.nat(50), { nil: undefined }),
    usedBy: fc.subarray(USERS),
  }),
  { selector: (segment) => segment.key, maxLength: 30 },
);
const keeping = fc.subarray(USERS).map((users) => new Set(users));
const isKept = (segment: Evictable, keep: ReadonlySet<ExportId>) => segment.usedBy.some((id) => keep.has(id));
const inOrder = (list: readonly Evictable[]) =>
  list.every((segment, at) => at === 0 || (list[at - 1]?.use ?? 0) <= (segment.use ?? 0));

describe('toEvict', () => {
  it('takes the least recently used until it is enough', () => {
    const all = [one('a', 3), one('b', 1), one('c', 2), one('d', undefined)];
    expect(keys(toEvict(all, 1, ids()))).toBe('d');
    expect(keys(toEvict(all, 10, ids()))).toBe('d');
    expect(keys(toEvict(all, 11, ids()))).toBe('db');
    expect(keys(toEvict(all, 1000, ids()))).toBe('dbca');
    expect(keys(toEvict(all, 0, ids()))).toBe('');
    expect(keys(toEvict(all, -5, ids()))).toBe('');
  });

  it('leaves what a kept export used, also when others used it too', () => {
    const all = [
      one('a', 1, { usedBy: ['x', 'run'] as ExportId[] }),
      one('b', 2),
      one('c', 3, { usedBy: [] }),
    ];
    expect(keys(toEvict(all, 1000, ids('run', 'pin')))).toBe('bc');
  });

  it('never takes kept ones, frees enough if that is possible, and no more than it takes, oldest first', () => {
    fc.assert(
      fc.property(segments, keeping, fc.nat(8000), (all, keep, bytes) => {
        const gone = toEvict(all, bytes, keep);
        const free = all.filter((segment) => !isKept(segment, keep));
        expect(gone.some((segment) => isKept(segment, keep))).toBe(false);
        expect(bytesOf(gone)).toBeGreaterThanOrEqual(Math.min(bytes, bytesOf(free)));
        if (gone.length > 0) expect(bytesOf(gone.slice(0, -1))).toBeLessThan(bytes);
        expect(inOrder(gone)).toBe(true);
        const newestGone = Math.max(...gone.map((segment) => segment.use ?? 0));
        for (const left of free.filter((segment) => !gone.includes(segment))) {
          if (gone.length > 0) expect(left.use ?? 0).toBeGreaterThanOrEqual(newestGone);
        }
      }),
    );
  });
});

describe('toSweep', () => {
  it('takes PCM first, whatever the budget, then the least recently used above it', () => {
    const all = [one('a', 1), one('b', 9, { kind: 'pcm', bytes: 100 }), one('c', 2), one('d', 3)];
    expect(keys(toSweep(all, ids(), 1000))).toBe('b');
    expect(keys(toSweep(all, ids(), 30))).toBe('b');
    expect(keys(toSweep(all, ids(), 29))).toBe('ba');
    expect(keys(toSweep(all, ids(), 0))).toBe('bacd');
  });

  it('leaves kept ones, though they count', () => {
    const kept = one('k', 1, { bytes: 100, usedBy: ['run'] as ExportId[] });
    const pcm = one('p', 1, { kind: 'pcm', usedBy: ['run'] as ExportId[] });
    expect(keys(toSweep([kept, pcm, one('a', 2)], ids('run'), 50))).toBe('a');
    expect(keys(toSweep([kept, pcm, one('a', 2)], ids('run'), 120))).toBe('');
  });

  it('never takes kept ones, all other PCM, and ends within the budget if that is possible', () => {
    fc.assert(
      fc.property(segments, keeping, fc.nat(8000), (all, keep, budget) => {
        const gone = toSweep(all, keep, budget);
        const left = all.filter((segment) => !gone.includes(segment));
        const kept = all.filter((segment) => isKept(segment, keep));
        expect(gone.some((segment) => isKept(segment, keep))).toBe(false);
        expect(left.some((segment) => segment.kind === 'pcm' && !isKept(segment, keep))).toBe(false);
        expect(bytesOf(left)).toBeLessThanOrEqual(Math.max(budget, bytesOf(kept)));
        const firstOther = gone.findIndex((segment) => segment.kind !== 'pcm');
        const others = firstOther === -1 ? [] : gone.slice(firstOther);
        expect(others.every((segment) => segment.kind !== 'pcm')).toBe(true);
        expect(inOrder(others)).toBe(true);
        if (others.length > 0) expect(bytesOf(left) + bytesOf(others.slice(-1))).toBeGreaterThan(budget);
      }),
    );
  });
});
