/** What of a step's overlay is visible on which of its frames, by their times: for engines, and for a preview that shows the same. */
import { frameToMicros, SECOND_US } from '../base/time.ts';
import { formatTimecode } from '../base/timecode.ts';
import type { PaintComment, StepOverlay, StripWish } from '../schema/overlay.ts';
import type { EncodeVideoStep } from '../schema/plan.ts';

/** A frame's time this much before a limit still counts as beyond it: containers round times. Microseconds. */
const GUARD_US = 500;

/** The comments on the frame that appears at an asset time, by number. */
export function visibleAt(
  { comments }: Pick<StepOverlay, 'comments'>,
  assetUs: number,
): readonly PaintComment[] {
  return comments
    .filter(({ fromUs, untilUs }) => assetUs >= fromUs - GUARD_US && assetUs < untilUs - GUARD_US)
    .map(({ comment }) => comment)
    .sort((a, b) => a.number - b.number);
}

/**
 * What the strip says on the frame that appears at an asset time. Timecode counts frames, so that each has its own; where they come at
 * varying times there is nothing to count by, and the time itself is said.
 */
export function stripAt(
  { name, timecode }: StripWish,
  assetUs: number,
): { readonly name: string | null; readonly timecode: string | null } {
  if (timecode === null) return { name, timecode: null };
  const { rate } = timecode;
  const us = Math.max(0, assetUs);
  if (rate !== null) {
    const frame = Math.round((us * rate.num) / (SECOND_US * rate.den));
    return { name, timecode: formatTimecode(frame, rate) };
  }
  const ms = Math.round(us / 1000);
  const part = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return { name, timecode: `${clock.map((value) => part(value, 2)).join(':')}.${part(ms % 1000, 3)}` };
}

type Stretch = Pick<EncodeVideoStep, 'firstFrameUs' | 'stopFrameUs' | 'frames'>;

/** Asset times of the frames of a step at which other comments are visible than on the frame before, its first frame included. */
export function commentTimes(
  { firstFrameUs, stopFrameUs }: Stretch,
  { comments }: Pick<StepOverlay, 'comments'>,
): readonly number[] {
  const times = comments
    .flatMap(({ fromUs, untilUs }) => [fromUs, untilUs])
    .filter((us) => us > firstFrameUs && us < stopFrameUs);
  return [firstFrameUs, ...new Set(times.sort((a, b) => a - b))];
}

/** Asset times of the frames of a step at which the strip says something else than on the frame before, its first frame included. */
export function stripTimes(
  { firstFrameUs, stopFrameUs, frames }: Stretch,
  { timecode }: StripWish,
): readonly number[] {
  if (timecode === null) return [firstFrameUs];
  const { rate, timesUs } = timecode;
  if (rate === null)
    return (timesUs ?? [firstFrameUs]).filter((us) => us >= firstFrameUs && us < stopFrameUs);
  const first = Math.round((firstFrameUs * rate.num) / (SECOND_US * rate.den));
  return Array.from({ length: frames }, (_, n) => (n === 0 ? firstFrameUs : frameToMicros(first + n, rate)));
}
