/**
 * Looks for black and frozen stretches that the source does not have. Two ways: pictures taken here and there, and the
 * bytes of every frame (a picture like the one before it takes next to none). What looks suspicious is held against the
 * source, so that a dark scene or a still slide passes. Copied stretches are hardly looked at: their packets are the
 * source's, and whether they are the right ones is what the pictures at their joins tell. Pure.
 */
import type { AssetId } from '../base/ids.ts';
import type { CertificateCheck } from '../schema/certificate.ts';
import type { RenderPlan } from '../schema/plan.ts';
import { differenceOf, type SmallPicture } from './certify-pictures.ts';
import { frameFrom, keyBefore, type FrameTable } from './certify-runs.ts';
import { checked, text } from './certify-text.ts';

/** Key frames that are looked at: encoded ones, and copied ones. */
const MOST_SAMPLES = 40;
const MOST_COPIED = 6;
/** Bytes of a frame for each block of 16x16 below which it says "as before". */
const STILL_BYTES = 0.05;
/** A frame's headers alone. */
const STILL_LEAST = 60;
/** Shorter than this nobody notices. */
const STILL_US = 450_000;
/** Stretches whose frames are decoded, and the frames on the way to them. */
const MOST_STRETCHES = 4;
const MOST_WAY = 240;

/** Mean and spread of luma (limited range) of a black picture; 16 is black. */
const BLACK_MEAN = 22;
const BLACK_SPREAD = 8;
/** What a source that is not black has at least. */
const LIT_MEAN = 30;
const LIT_SPREAD = 24;
/** Two pictures of the same moment, coded anew; two that nobody would call the same. */
const FROZEN = 0.35;
const MOVES = 1.5;
/** Suspicious places that are held against the source: each may cost a group of it. */
const MOST_ASKED = 6;

/** A place that may be wrong. Frames of the finished file. */
export interface Suspicion {
  readonly kind: 'black' | 'frozen';
  readonly from: number;
  readonly to: number;
}

/** Where a moment of the finished file comes from; null between clips. */
export function sourceOf(
  plan: RenderPlan,
  outUs: number,
): { readonly assetId: AssetId; readonly assetUs: number } | null {
  const clip = plan.clips.find(
    (candidate) => outUs >= candidate.outStartUs - 1500 && outUs < candidate.outEndUs,
  );
  if (clip === undefined) return null;
  const assetUs = Math.round(clip.startUs + Math.max(0, outUs - clip.outStartUs));
  return { assetId: clip.assetId, assetUs: Math.min(assetUs, Math.max(clip.startUs, clip.endUs - 1)) };
}

/** Which copied stretch a frame of the finished file lies in; null where it was encoded. */
export function copiesOf(plan: RenderPlan, table: FrameTable): (frame: number) => string | null {
  const copies = plan.steps
    .filter((step) => step.kind === 'copy-video')
    .map(({ id, outStartUs, startUs, endUs }) => ({
      id,
      from: frameFrom(table.timesUs, outStartUs),
      to: frameFrom(table.timesUs, outStartUs + endUs - startUs),
    }));
  return (frame) => copies.find(({ from, to }) => frame >= from && frame < to)?.id ?? null;
}

/** At most so many of a list, evenly. */
function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))],
  ).filter((item) => item !== undefined);
}

/** Stretches in which every frame but key frames takes next to no bytes: first and last frame. */
export function stillStretches(table: FrameTable): (readonly [number, number])[] {
  const limit = STILL_LEAST + (STILL_BYTES * table.width * table.height) / 256;
  const { timesUs, keys, sizes } = table;
  const found: (readonly [number, number])[] = [];
  let start = -1;
  let still = 0;
  for (let i = 0; i <= sizes.length; i++) {
    const goesOn = i < sizes.length && (keys[i] === 1 || (sizes[i] ?? 0) <= limit);
    if (goesOn) {
      if (start < 0) start = i;
      if (keys[i] !== 1) still++;
    } else {
      // Few frames that say nothing are no proof: all-intra files have none, slow ones have few.
      if (start >= 0 && still >= 4 && (timesUs[i - 1] ?? 0) - (timesUs[start] ?? 0) >= STILL_US)
        found.push([start, i - 1]);
      start = -1;
      still = 0;
    }
  }
  return found;
}

/** Two frames of a stretch, far enough from each other, with as short a way to them as there is. */
function framesOf(
  table: FrameTable,
  [first, last]: readonly [number, number],
): readonly [number, number] | null {
  const { timesUs, keys } = table;
  const later = (from: number): number => {
    let to = from;
    while (to < last && (timesUs[to] ?? 0) - (timesUs[from] ?? 0) < STILL_US) to++;
    return (timesUs[to] ?? 0) - (timesUs[from] ?? 0) < STILL_US ? -1 : to;
  };
  for (let i = first; i <= last; i++) {
    if (keys[i] !== 1) continue;
    const to = later(i);
    if (to > 0) return [i, to];
  }
  const to = later(first);
  return to > 0 ? [first, to] : null;
}

/**
 * The frames to look at: key frames here and there, and two of each of the longest still stretches.
 *
 * @param copyOf what `copiesOf` gives
 */
export function sampleFrames(
  table: FrameTable,
  copyOf: (frame: number) => string | null = () => null,
): readonly number[] {
  const keys: number[] = [];
  for (let i = 0; i < table.keys.length; i++) if (table.keys[i] === 1) keys.push(i);
  const encoded = keys.filter((frame) => copyOf(frame) === null);
  const copied = keys.filter((frame) => copyOf(frame) !== null);
  const chosen = new Set([...evenly(encoded, MOST_SAMPLES), ...evenly(copied, MOST_COPIED)]);
  const longest = stillStretches(table)
    .filter(([first, last]) => copyOf(first) === null || copyOf(first) !== copyOf(last))
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]))
    .slice(0, MOST_STRETCHES);
  let way = 0;
  for (const stretch of longest) {
    const frames = framesOf(table, stretch);
    if (frames === null) continue;
    way += frames[1] - keyBefore(table.keys, frames[0]);
    if (way > MOST_WAY) break;
    for (const frame of frames) chosen.add(frame);
  }
  return [...chosen].sort((a, b) => a - b);
}

function meanOf(picture: SmallPicture): number {
  let sum = 0;
  for (const value of picture) sum += value;
  return picture.length === 0 ? 0 : sum / picture.length;
}

function spreadOf(picture: SmallPicture): number {
  let low = 255;
  let high = 0;
  for (const value of picture) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/**
 * Places that may be wrong, among the pictures that were looked at. What lies in one copied stretch is as it is in the
 * source.
 *
 * @param copyOf what `copiesOf` gives
 */
export function suspicionsIn(
  table: FrameTable,
  found: ReadonlyMap<number, SmallPicture>,
  copyOf: (frame: number) => string | null = () => null,
): Suspicion[] {
  const isOpen = ({ from, to }: Suspicion): boolean => copyOf(from) === null || copyOf(from) !== copyOf(to);
  const frames = [...found.keys()].sort((a, b) => a - b);
  const black: Suspicion[] = [];
  const frozen: Suspicion[] = [];
  let next = 0;
  for (const [i, from] of frames.entries()) {
    const picture = found.get(from);
    if (picture === undefined) continue;
    if (meanOf(picture) <= BLACK_MEAN && spreadOf(picture) <= BLACK_SPREAD) {
      black.push({ kind: 'black', from, to: from });
      continue;
    }
    const apart = (to: number | undefined): number =>
      (table.timesUs[to ?? 0] ?? 0) - (table.timesUs[from] ?? 0);
    next = Math.max(next, i + 1);
    while (next < frames.length && apart(frames[next]) < STILL_US) next++;
    const to = frames[next];
    const later = to === undefined ? undefined : found.get(to);
    if (to !== undefined && later !== undefined && differenceOf(picture, later) <= FROZEN)
      frozen.push({ kind: 'frozen', from, to });
  }
  return [...evenly(black.filter(isOpen), MOST_ASKED), ...evenly(frozen.filter(isOpen), MOST_ASKED)];
}

/** Whether the source has it too; null where it could not be asked. */
function sourceHasIt(suspicion: Suspicion, source: ReadonlyMap<number, SmallPicture>): boolean | null {
  const from = source.get(suspicion.from);
  const to = source.get(suspicion.to);
  if (from === undefined || to === undefined) return null;
  if (suspicion.kind === 'black') return meanOf(from) < LIT_MEAN && spreadOf(from) < LIT_SPREAD;
  return differenceOf(from, to) < MOVES;
}

/**
 * The check for black and frozen stretches.
 *
 * @param looked number of pictures of the file that were looked at
 * @param source pictures of the sources for the frames of the suspicions
 */
export function judgeStill(
  table: FrameTable,
  looked: number,
  suspicions: readonly Suspicion[],
  source: ReadonlyMap<number, SmallPicture>,
): CertificateCheck {
  const name = 'black_or_frozen';
  const expected = [text('nothing_black', {})];
  if (looked === 0) return checked(name, 'skipped', expected, [text('looked_at', { count: 0 })]);
  const answers = suspicions.map((suspicion) => sourceHasIt(suspicion, source));
  const wrong = suspicions[answers.indexOf(false)];
  if (wrong !== undefined) {
    const [us, endUs] = [table.timesUs[wrong.from] ?? 0, table.timesUs[wrong.to] ?? 0];
    const where = wrong.from === wrong.to ? text('at', { us }) : text('between', { us, endUs });
    return checked(name, false, expected, [where, text(wrong.kind, {})]);
  }
  const asked = answers.filter((answer) => answer === true).length;
  const open = answers.filter((answer) => answer === null).length;
  return checked(name, true, expected, [
    text('looked_at', { count: looked }),
    ...(asked > 0 ? [text('still_in_source', { count: asked })] : []),
    ...(open > 0 ? [text('still_not_compared', { count: open })] : []),
  ]);
}
