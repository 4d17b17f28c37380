/** ffprobe's packet list → the frame index of a file that only ffmpeg can read. Pure. */
import { frameDuration, type Rational } from '../../core/base/time.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../core/schema/frame-index.ts';

/** One packet as ffprobe lists it, microseconds. */
export interface Row {
  readonly pts: number | null;
  readonly dts: number | null;
  readonly duration: number | null;
  readonly key: boolean;
}

/** The fields that are asked for, in the order in which ffprobe prints them. */
export const PACKET_FIELDS = 'packet=pts_time,dts_time,duration_time,flags';

/** Parses `-of csv=p=0` lines: `pts,dts,duration,flags`, each maybe `N/A`. Other lines are left out. */
export function parsePacketLines(csv: string): readonly Row[] {
  const value = (field: string | undefined): number | null => {
    const parsed = field === undefined || field === '' ? Number.NaN : Number(field);
    return Number.isFinite(parsed) ? parsed * 1e6 : null;
  };
  const rows: Row[] = [];
  for (const line of csv.split(/\r?\n/)) {
    const fields = line.trim().split(',');
    const flags = fields[3];
    if (flags === undefined || !/^[K_]/.test(flags)) continue;
    // A packet marked D is for decoding only, not for showing.
    if (flags.includes('D')) continue;
    rows.push({
      pts: value(fields[0]),
      dts: value(fields[1]),
      duration: value(fields[2]),
      key: flags.startsWith('K'),
    });
  }
  return rows;
}

/** Whether every packet says when it is shown. */
export function allHaveTimes(rows: readonly Row[]): boolean {
  return rows.every((row) => row.pts !== null);
}

/** The first frame's time in ffprobe's `frame=best_effort_timestamp_time` CSV, microseconds; null when there is none. */
export function firstFrameTime(csv: string): number | null {
  for (const line of csv.split(/\r?\n/)) {
    const value = /^-?\d+(\.\d+)?/.exec(line.trim())?.[0];
    if (value !== undefined) return Number(value) * 1e6;
  }
  return null;
}

/** What the packets do not say themselves. */
export interface PacketContext {
  readonly originUs: number;
  /** Of the track, for packets without times and the last frame's length. */
  readonly rate: Rational;
  /** When the decoder shows the first frame; null where the packets have presentation times. */
  readonly firstFrameUs: number | null;
  readonly complete: boolean;
}

/**
 * Builds the index. Where packets lack presentation times (AVI and raw MPEG with B-frames have them only in part),
 * the frames come at the decode times, later by what the decoder holds back: the first decoded frame tells by how
 * much. Where packets have no times at all (raw H.264), the rate gives them.
 */
export function indexFromPackets(rows: readonly Row[], context: PacketContext): FrameIndex {
  const { originUs } = context;
  const step = frameDuration(context.rate);
  const byPts = allHaveTimes(rows);
  const timed = rows.some((row) => row.dts !== null);
  const firstDts = rows.reduce((low, row) => Math.min(low, row.dts ?? Infinity), Infinity);
  const shift = timed && context.firstFrameUs !== null ? Math.max(0, context.firstFrameUs - firstDts) : 0;
  const placed = rows.flatMap((row, position) => {
    const decode = timed ? row.dts : originUs + position * step;
    const time = byPts ? row.pts : decode === null ? null : decode + shift;
    // A packet without a time among packets that have one is a part of a frame, or lost: it cannot be placed.
    return time === null ? [] : [{ time, position, key: row.key, duration: row.duration }];
  });
  placed.sort((a, b) => a.time - b.time || a.position - b.position);
  const decodeOrder = placed.map((row) => row.position).sort((a, b) => a - b);
  const rank = new Map(decodeOrder.map((position, i) => [position, i]));
  const timesUs = new Float64Array(placed.length);
  const flags = new Uint8Array(placed.length);
  let highest = -1;
  placed.forEach((row, i) => {
    timesUs[i] = Math.round(row.time) - originUs;
    flags[i] = (row.key ? FRAME_KEY : 0) | (highest === i - 1 ? FRAME_CLOSED : 0);
    highest = Math.max(highest, rank.get(row.position) ?? 0);
  });
  const last = placed.at(-1);
  const endUs =
    last === undefined
      ? originUs
      : last.time + (last.duration !== null && last.duration > 0 ? last.duration : step);
  return { version: 1, timesUs, flags, endUs: Math.round(endUs) - originUs, complete: context.complete };
}
