import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import {
  buildFrameIndex,
  type IndexOptions,
  type PacketTable,
} from '../../../workers/analysis/frame-index.ts';

const FRAME = 40_000;
/** Packets in decode order, by display position. */
const table = (order: readonly number[], keys: readonly number[], startUs = 0): PacketTable => ({
  times: order.map((position) => startUs + position * FRAME),
  durations: order.map(() => FRAME),
  keys: order.map((position) => keys.includes(position)),
});
const options = (over: Partial<IndexOptions> = {}): IndexOptions => ({
  originUs: 0,
  editEndUs: null,
  editTickUs: 1000,
  complete: true,
  ...over,
});
const keysOf = (index: FrameIndex): number[] =>
  [...index.flags].flatMap((f, i) => ((f & FRAME_KEY) !== 0 ? [i] : []));
const closedOf = (index: FrameIndex): number[] =>
  [...index.flags].flatMap((f, i) => ((f & FRAME_CLOSED) !== 0 ? [i] : []));

describe('buildFrameIndex', () => {
  it('without reordering every place is closed', () => {
    const index = buildFrameIndex(table([0, 1, 2, 3], [0, 2]), options());
    expect([...index.timesUs]).toEqual([0, 40_000, 80_000, 120_000]);
    expect(index.endUs).toBe(160_000);
    expect(keysOf(index)).toEqual([0, 2]);
    expect(closedOf(index)).toEqual([0, 1, 2, 3]);
  });

  it('with B-frames only the places between groups are closed', () => {
    // I0 P3 B1 B2 P6 B4 B5 I7
    const index = buildFrameIndex(table([0, 3, 1, 2, 6, 4, 5, 7], [0, 7]), options());
    expect(closedOf(index)).toEqual([0, 1, 4, 7]);
    expect([...index.timesUs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => i * FRAME));
  });

  it('an open group is not closed at its key frame: leading pictures are stored behind it', () => {
    // I0 P3 B1 B2 | I6 B4 B5 P9 B7 B8: 4 and 5 are shown before 6 and stored after it.
    const index = buildFrameIndex(table([0, 3, 1, 2, 6, 4, 5, 9, 7, 8], [0, 6]), options());
    expect(keysOf(index)).toEqual([0, 6]);
    expect(closedOf(index)).toEqual([0, 1, 4, 7]);
  });

  it('an edit list hides frames at both ends and cuts into the first', () => {
    // 100 ms of pre-roll: two frames are gone, the third shows for its last 20 ms.
    const index = buildFrameIndex(
      table([0, 1, 2, 3, 4, 5, 6], [0], -100_000),
      options({ editEndUs: 150_000 }),
    );
    expect([...index.timesUs]).toEqual([-20_000, 20_000, 60_000, 100_000, 140_000]);
    expect(index.endUs).toBe(150_000);
    expect(keysOf(index)).toEqual([]);
    expect(index.flags[0]! & FRAME_CLOSED).toBe(FRAME_CLOSED);
  });

  it('a frame that an edit keeps for less than its rounding is not shown, one for a tick is', () => {
    const packets = table([0, 1, 2], [0]);
    expect(buildFrameIndex(packets, options({ editEndUs: 80_400 })).timesUs).toHaveLength(2);
    expect(buildFrameIndex(packets, options({ editEndUs: 81_000 })).timesUs).toHaveLength(3);
    expect(buildFrameIndex(packets, options({ editEndUs: 80_000 })).endUs).toBe(80_000);
  });

  it('counts from the asset start, which sound may set', () => {
    const index = buildFrameIndex(table([0, 1], [0], 1_483_333), options({ originUs: 1_400_000 }));
    expect([...index.timesUs]).toEqual([83_333, 123_333]);
    expect(index.endUs).toBe(163_333);
  });

  it('a last frame without a length gets the typical one', () => {
    const packets = { ...table([0, 1, 2], [0]), durations: [0, 0, 0] };
    expect(buildFrameIndex(packets, options()).endUs).toBe(120_000);
  });

  it('a single hidden frame leaves nothing', () => {
    expect(buildFrameIndex(table([0], [0], -90_000), options()).timesUs).toHaveLength(0);
    expect(buildFrameIndex(table([], []), options()).endUs).toBe(0);
  });

  it('a closed place is exactly where a prefix of display order is a prefix of decode order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 }), (order) => {
        const index = buildFrameIndex(table(order, [order[0]!]), options());
        for (let i = 0; i < order.length; i++) {
          const stored = new Set(order.slice(0, i));
          const prefix = [...Array(i).keys()].every((position) => stored.has(position));
          expect((index.flags[i]! & FRAME_CLOSED) !== 0).toBe(prefix);
        }
      }),
    );
  });
});
