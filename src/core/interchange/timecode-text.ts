/**
 * Between times of a film, its frames and the labels that other programs write. Where a film keeps its rate, frame number and
 * timecode are one count. Where it does not, a timecode is the nearest of the average rate, and reading it takes the frame
 * that is nearest to it.
 */
import { frameDuration, frameToMicros, microsToFrame, SECOND_US, type Rational } from '../base/time.ts';
import { formatTimecode, isDropFrame, nominalRate, parseTimecode } from '../base/timecode.ts';
import type { ExchangeMedia } from './model.ts';

/** How far a time may lie from a frame's and still mean that frame: containers round to milliseconds. */
const SNAP_US = 1000;

/** Whether two rates are the same number. */
export function sameRate(a: Rational, b: Rational): boolean {
  return a.num * b.den === b.num * a.den;
}

/** Position of the last time that is not above the limit; -1 where all are. */
function lastAtOrBefore(times: Float64Array, limitUs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= limitUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The frame on display at a time, counted from 0. */
export function frameAt({ timesUs, rate }: ExchangeMedia, us: number): number {
  if (timesUs === null || timesUs.length === 0) {
    const slack = Math.min(SNAP_US, frameDuration(rate) / 4);
    return Math.max(0, microsToFrame(us + slack, rate));
  }
  const at = lastAtOrBefore(timesUs, us);
  const next = timesUs[at + 1];
  const here = timesUs[at] ?? -Infinity;
  if (next !== undefined && next - us <= Math.min(SNAP_US, (next - here) / 4)) return at + 1;
  return Math.max(0, at);
}

/** When a frame is shown; beyond the last one, as if the film went on at its rate. */
export function timeOf({ timesUs, rate }: ExchangeMedia, frame: number): number {
  if (timesUs === null || timesUs.length === 0) return frameToMicros(frame, rate);
  const known = timesUs[frame];
  if (known !== undefined) return Math.round(known);
  const last = timesUs.length - 1;
  return Math.round((timesUs[last] ?? 0) + (frame - last) * frameDuration(rate));
}

/** The frame on display, counted on beyond the last one: ends of ranges may lie there. */
function placeAt(media: ExchangeMedia, us: number): number {
  const frame = frameAt(media, us);
  if (media.timesUs === null || frame < media.timesUs.length - 1) return frame;
  const length = frameDuration(media.rate);
  const beyond = us - (media.timesUs[frame] ?? 0) + Math.min(SNAP_US, length / 4);
  return frame + Math.max(0, Math.floor(beyond / length));
}

/** The time of the frame that is nearest to a time. */
function nearestFrameTime(media: ExchangeMedia, us: number): number {
  const { timesUs } = media;
  if (timesUs === null || timesUs.length === 0) return Math.round(us);
  const at = Math.max(0, lastAtOrBefore(timesUs, us));
  const here = timesUs[at] ?? 0;
  const next = timesUs[at + 1] ?? Infinity;
  return Math.round(next - us < us - here ? next : here);
}

/** A count of frames over a time line or film, which timecode labels. */
export interface FrameLine {
  readonly rate: Rational;
  /** Without the start timecode. */
  readonly frameAt: (us: number) => number;
  readonly timeOf: (frame: number) => number;
}

/** A time line that counts at a rate. */
export function gridLine(rate: Rational): FrameLine {
  return {
    rate,
    frameAt: (us) => Math.max(0, Math.round((us * rate.num) / (SECOND_US * rate.den))),
    timeOf: (frame) => frameToMicros(frame, rate),
  };
}

/** A film as a time line of its own, labelled at a rate: its own frames where that is the film's rate. */
export function mediaLine(media: ExchangeMedia, rate: Rational = media.rate): FrameLine {
  if (!media.variable && sameRate(media.rate, rate)) {
    return { rate, frameAt: (us) => placeAt(media, us), timeOf: (frame) => timeOf(media, frame) };
  }
  const grid = gridLine(rate);
  return {
    rate,
    frameAt: grid.frameAt,
    timeOf: (frame) => nearestFrameTime(media, grid.timeOf(frame)),
  };
}

/** Whether a time comes back from its frame as it was. */
export function isOnFrame(line: FrameLine, us: number): boolean {
  return Math.abs(line.timeOf(line.frameAt(us)) - us) <= SNAP_US;
}

/** A length in frames, at least one. */
export function framesOf(line: FrameLine, us: number, durationUs: number): number {
  return Math.max(1, line.frameAt(us + durationUs) - line.frameAt(us));
}

/** A frame as a label, drop-frame where the rate has it. */
export function labelOf(frame: number, rate: Rational): string {
  return formatTimecode(frame, rate);
}

/** A label that was read. */
export interface ReadLabel {
  readonly frame: number;
  /** The label does not exist in drop-frame; the first that does was taken. */
  readonly repaired: boolean;
}

const LABEL = /^(\d{1,2})[:;.,](\d{2})[:;.,](\d{2})([:;.,])(\d{2,3})$/;

/** Whether a text has the form of a timecode. */
export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/**
 * Reads a label. Drop-frame counts where the rate has it and the label (`;`) or the document (`drop`) says so. Null for what is
 * no label or does not exist at the rate.
 */
export function readLabel(text: string, rate: Rational, drop: boolean): ReadLabel | null {
  const match = LABEL.exec(text.trim());
  if (match === null) return null;
  const [, hours = '', minutes = '', seconds = '', separator = '', frames = ''] = match;
  const counted: Rational =
    isDropFrame(rate) && (drop || separator === ';' || separator === ',')
      ? rate
      : { num: nominalRate(rate), den: 1 };
  const frame = parseTimecode(`${hours}:${minutes}:${seconds}:${frames}`, counted);
  if (frame === null) return null;
  const [again] = formatTimecode(frame, counted).split(/[:;]/).slice(-1);
  return { frame, repaired: Number(again) !== Number(frames) };
}

/** Frames of one hour of timecode. */
export function hourFrames(rate: Rational): number {
  return readLabel('01:00:00:00', rate, true)?.frame ?? 3600 * nominalRate(rate);
}
