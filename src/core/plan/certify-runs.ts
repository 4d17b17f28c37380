/**
 * Which stretches of a finished file are decoded to prove it. Decoding is what a check costs, so the way to a join (from
 * the key frame before it) is only gone where it is short, up to a budget; the first pictures after a join always are.
 * Pure.
 */

/** A stretch to decode, in the file's own clock. */
export interface PictureRun {
  /** Decoding starts at the key frame on display here (at an earlier one where that one is no clean start). */
  readonly keyUs: number;
  /** Packets are fed in storage order up to the one shown here ... */
  readonly throughUs: number;
  /** ... and so many after it; then the decoder is flushed, and everything that was fed must have come out. */
  readonly extra: number;
  /** Stretches (both ends included) in which every picture counts; outside those that no other needs are left out. */
  readonly fullUs: readonly (readonly [fromUs: number, toUs: number])[];
  /** The pictures to look at: those on display at these times, where they are decoded. */
  readonly lookUs: readonly number[];
}

/** A very small picture of a decoded frame; see `PictureReference` of the contract. */
export interface SeenPicture {
  /** The time asked for, microseconds. */
  readonly timeUs: number;
  readonly luma: Uint8Array;
}

/** What decoding a stretch gave. */
export interface RunResult {
  /** Frames that were fed and came out. */
  readonly framesDecoded: number;
  readonly problem: string | null;
  readonly pictures: readonly SeenPicture[];
}

/** The frames of a finished file in the order in which they are shown. */
export interface FrameTable {
  readonly timesUs: ArrayLike<number>;
  /** 1 where a frame is a key frame. */
  readonly keys: ArrayLike<number>;
  /** Bytes of each frame's packet. */
  readonly sizes: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** A join among the frames. */
export interface PlacedJoin {
  readonly atUs: number;
  /** The first frame after it; the number of frames for the end of the file. */
  readonly frame: number;
  /** Played through from the pictures before it. */
  readonly crossed: boolean;
}

/** What is decoded, and for which joins. */
export interface RunPlan {
  readonly joins: readonly PlacedJoin[];
  readonly runs: readonly PictureRun[];
  /** Run of each join; null where there is no frame. */
  readonly runOf: readonly (number | null)[];
}

/** A time stamp may differ by a tick of the coarsest timescale in use. */
const TICK_US = 1500;
/** Frames decoded after the first one behind a join, in storage order: the key frame stands, and one built on it. */
const AFTER = 1;
/** Frames before a join that must all come out. */
const BEFORE = 4;
/** More than any track has after its last key frame. */
const TO_THE_END = 100_000;
/** Frames of 1080p on the way to joins that a check may always cost, and as a part of the file's frames. */
const WAY_FRAMES = 60;
const WAY_PART = 0.05;
const HD_PIXELS = 1920 * 1080;
/** The way to the file's end is gone when it is not longer than this: a file cut off shows there. */
const WAY_TO_END = 300;

/** The first frame at or after a time; the number of frames when there is none. */
export function frameFrom(timesUs: ArrayLike<number>, atUs: number): number {
  let low = 0;
  let high = timesUs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesUs[middle] ?? 0) < atUs - TICK_US) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The key frame at or before a frame; 0 when there is none. */
export function keyBefore(keys: ArrayLike<number>, frame: number): number {
  for (let at = frame; at > 0; at--) if (keys[at] === 1) return at;
  return 0;
}

/** How many frames on the way to joins the check of a file may decode. */
export function wayBudget(table: FrameTable): number {
  const frames = Math.max(WAY_FRAMES, table.timesUs.length * WAY_PART);
  return (frames * HD_PIXELS) / Math.max(1, table.width * table.height);
}

/** Chooses the joins that are played through: the ones with the shortest way, up to the budget. */
function placeJoins(table: FrameTable, timesUs: readonly number[], budget: number): PlacedJoin[] {
  const count = table.timesUs.length;
  const ways = timesUs
    .map((atUs) => {
      const frame = frameFrom(table.timesUs, atUs);
      return { atUs, frame, way: frame === 0 ? 0 : frame - keyBefore(table.keys, frame - 1) };
    })
    .sort((a, b) => a.way - b.way);
  let left = budget;
  return ways
    .map(({ atUs, frame, way }) => {
      const end = frame === count && way <= WAY_TO_END;
      const crossed = frame > 0 && (end || way <= left);
      if (crossed) left -= way;
      return { atUs, frame, crossed };
    })
    .sort((a, b) => a.frame - b.frame || a.atUs - b.atUs);
}

interface Draft {
  start: number;
  through: number;
  extra: number;
  full: (readonly [number, number])[];
  looks: number[];
}

/** A run in frames to one in times. */
function written(table: FrameTable, draft: Draft): PictureRun {
  const time = (frame: number): number => table.timesUs[Math.max(0, frame)] ?? 0;
  return {
    keyUs: time(draft.start),
    throughUs: time(draft.through),
    extra: draft.extra,
    fullUs: draft.full.map(([from, to]) => [time(from), time(to)] as const),
    lookUs: [...new Set(draft.looks)].sort((a, b) => a - b).map(time),
  };
}

/**
 * Plans the decoding of a finished file.
 *
 * @param timesUs joins, microseconds
 * @param looks frames beside joins to look at, where they are decoded anyway
 * @param samples key frames to decode and look at in any case
 */
export function planRuns(
  table: FrameTable,
  timesUs: readonly number[],
  looks: readonly number[],
  samples: readonly number[],
  budget: number,
): RunPlan {
  const count = table.timesUs.length;
  const joins = placeJoins(table, timesUs, budget);
  if (count === 0) return { joins, runs: [], runOf: joins.map(() => null) };
  const wanted = [
    ...joins.map((join, i) => {
      const last = Math.min(count - 1, join.frame);
      const from = join.crossed ? join.frame - 1 : last;
      const atEnd = join.frame === count;
      return {
        join: i,
        start: keyBefore(table.keys, from),
        through: atEnd && !join.crossed ? keyBefore(table.keys, last) : last,
        extra: atEnd && join.crossed ? TO_THE_END : AFTER,
        full: join.crossed ? [[Math.max(0, join.frame - BEFORE), last] as const] : [],
        looks: looks.filter((frame) => frame >= from - BEFORE && frame <= last + AFTER),
      };
    }),
    ...samples.map((frame) => ({
      join: -1,
      start: keyBefore(table.keys, frame),
      through: frame,
      extra: 0,
      full: [],
      looks: [frame],
    })),
  ].sort((a, b) => a.start - b.start || a.through - b.through);
  const drafts: Draft[] = [];
  const runOf = joins.map((): number | null => null);
  for (const { join, ...want } of wanted) {
    const before = drafts.at(-1);
    if (before !== undefined && want.start <= before.through + before.extra) {
      if (want.through > before.through) {
        before.through = want.through;
        before.extra = want.extra;
      } else if (want.through === before.through) before.extra = Math.max(before.extra, want.extra);
      before.full.push(...want.full);
      before.looks.push(...want.looks);
    } else drafts.push({ ...want, full: [...want.full], looks: [...want.looks] });
    if (join >= 0) runOf[join] = drafts.length - 1;
  }
  return { joins, runs: drafts.map((draft) => written(table, draft)), runOf };
}

/** Frames that a run may decode, at most: for sharing runs out. */
export function costOf(table: FrameTable, run: PictureRun): number {
  const from = frameFrom(table.timesUs, run.keyUs);
  const to = frameFrom(table.timesUs, run.throughUs);
  return to - from + 1 + Math.min(run.extra, table.timesUs.length - 1 - to);
}

/** Runs in parts of about equal cost, each in order: parts are decoded side by side, and can be stopped between. */
export function inParts<T>(items: readonly T[], cost: (item: T) => number, most: number): T[][] {
  const total = items.reduce((sum, item) => sum + cost(item), 0);
  const parts = Math.max(2, Math.ceil(total / most));
  const out: T[][] = [];
  let spent = 0;
  for (const item of items) {
    const part = Math.min(parts - 1, Math.floor((spent * parts) / Math.max(1, total)));
    (out[part] ??= []).push(item);
    spent += cost(item);
  }
  return out.filter((part) => (part as T[] | undefined) !== undefined);
}
