/** Packets in decode order → the frame index. Pure. */
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../src/core/schema/frame-index.ts';

/** Packet headers of one picture track in decode order, as columns: an hour has a hundred thousand rows. */
export interface PacketTable {
  /** Presentation times in the file's clock, microseconds (not rounded). */
  readonly times: number[];
  /** Durations in microseconds; 0 where the container does not say. */
  readonly durations: number[];
  readonly keys: boolean[];
}

/** What frames are shown. */
export interface IndexOptions {
  /** File time of asset time 0. */
  readonly originUs: number;
  /** File time at which an edit list ends the track; null when nothing ends it. */
  readonly editEndUs: number | null;
  /** How exact `editEndUs` is (one tick of the movie's clock), microseconds. */
  readonly editTickUs: number;
  readonly complete: boolean;
}

/** An empty table. */
export function packetTable(): PacketTable {
  return { times: [], durations: [], keys: [] };
}

/** The median distance of ascending times, or 0. */
export function typicalStep(times: readonly number[]): number {
  const steps: number[] = [];
  // Enough to be typical, few enough to sort in no time.
  const stride = Math.max(1, Math.floor(times.length / 2048));
  for (let i = 1; i < times.length; i += stride) {
    const step = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (step > 0) steps.push(step);
  }
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** Where the first frame that starts at or after an edit's end stands in ascending times. */
function countBeforeEnd(times: readonly number[], options: IndexOptions, step: number): number {
  if (options.editEndUs === null) return times.length;
  // The edit's length is rounded to the movie's clock (often 1/600 or 1/1000 s): a frame that would show for less
  // than one tick of it is there by rounding only. The microsecond is for our own rounding.
  const limit = options.editEndUs - Math.min(Math.max(0, options.editTickUs - 1), step / 2);
  let count = times.length;
  while (count > 0 && (times[count - 1] ?? 0) >= limit) count--;
  return count;
}

/**
 * Builds the index: display order, key frames, and the places where a prefix of display order is a prefix of decode
 * order too. Frames that are hidden before asset time 0 or after the edit's end are not in it; a frame that an edit
 * list cuts into is (its time is below 0).
 */
export function buildFrameIndex(packets: PacketTable, options: IndexOptions): FrameIndex {
  const { times, durations, keys } = packets;
  const order = Array.from(times, (_, i) => i);
  // Equal times keep decode order (the sort is stable).
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const sorted = order.map((i) => times[i] ?? 0);
  const step = typicalStep(sorted);
  const stop = countBeforeEnd(sorted, options, step);
  const lastPacket = order[stop - 1];
  const lastTime = sorted[stop - 1] ?? 0;
  let lastEnd = lastTime;
  if (lastPacket !== undefined) {
    const own = durations[lastPacket] ?? 0;
    lastEnd = lastTime + (own > 0 ? own : step);
    if (options.editEndUs !== null) {
      lastEnd =
        stop < sorted.length || lastEnd > options.editEndUs + options.editTickUs * 2
          ? Math.max(options.editEndUs, lastTime)
          : lastEnd;
    }
  }
  // A frame holds until the next one: it is hidden when the next one has begun by asset time 0.
  let start = 0;
  while (start < stop - 1 && Math.round(sorted[start + 1] ?? 0) <= options.originUs) start++;
  if (start === stop - 1 && lastEnd <= options.originUs) start = stop;

  const count = Math.max(0, stop - start);
  const kept = order.slice(start, stop);
  // Decode positions among the kept frames only: hidden ones neither open nor close a place.
  const rank = new Int32Array(times.length).fill(-1);
  let next = 0;
  for (const i of kept.slice().sort((a, b) => a - b)) rank[i] = next++;

  const timesUs = new Float64Array(count);
  const flags = new Uint8Array(count);
  let highest = -1;
  kept.forEach((i, position) => {
    timesUs[position] = Math.round(times[i] ?? 0) - options.originUs;
    flags[position] = (keys[i] === true ? FRAME_KEY : 0) | (highest === position - 1 ? FRAME_CLOSED : 0);
    highest = Math.max(highest, rank[i] ?? 0);
  });
  return {
    version: 1,
    timesUs,
    flags,
    endUs: count === 0 ? 0 : Math.round(lastEnd) - options.originUs,
    complete: options.complete,
  };
}
