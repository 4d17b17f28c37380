/**
 * Smart cut: encode only from the cut to the next clean key frame, and behind the last place where packets can be
 * parted; copy the packets between.
 */
import type { AssetId } from '../base/ids.ts';
import { SECOND_US } from '../base/time.ts';
import { HAS_EDIT_LISTS, primaryVideo, type Asset } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import {
  closedAtOrAfter,
  closedAtOrBefore,
  isClosedBefore,
  isFrameTime,
  isKeyFrame,
  keyFrameAtOrBefore,
  timeOfFrame,
  type FrameSpan,
} from '../timeline/frames.ts';
import type { TimelineClip } from '../timeline/layout.ts';

/** Names a key frame of an asset, for the set of key frames that were looked at and found clean. */
export function keyFrameName(assetId: AssetId, timeUs: number): string {
  return `${assetId}@${String(timeUs)}`;
}

/** A stretch shorter than this is not worth two joins: encoding it costs next to nothing. */
const LEAST_FRAMES = 12;
const LEAST_US = 0.4 * SECOND_US;
/** Key frames that are looked at for a clean one. Where six in a row are not clean, none will be. */
const CANDIDATES = 6;

/** Whether a copy from `first` starts exactly where the clip does. */
function startsWithClip(index: FrameIndex, clip: TimelineClip, first: number): boolean {
  // Inside a held picture the packet cannot start; nor can a picture that an edit list cuts into.
  return isFrameTime(index, first, clip.startUs) && timeOfFrame(index, first) >= 0;
}

/** Whether packets from `first` to `stop` are enough to be worth copying. */
function isWorthCopying(index: FrameIndex, first: number, stop: number): boolean {
  return stop - first >= LEAST_FRAMES && timeOfFrame(index, stop) - timeOfFrame(index, first) >= LEAST_US;
}

/** Key frames that the copied middle of a clip may start from, best first. */
export function smartStarts(clip: TimelineClip): readonly number[] {
  const { index } = clip.source;
  if (index === null || clip.span === null) return [];
  const { first } = clip.span;
  const stop = closedAtOrBefore(index, clip.span.stop);
  const starts: number[] = [];
  for (let at = first; at < stop && starts.length < CANDIDATES; at += 1) {
    if (!isWorthCopying(index, at, stop)) break;
    if (at === first && !startsWithClip(index, clip, first)) continue;
    if (isKeyFrame(index, at) && isClosedBefore(index, at)) starts.push(at);
  }
  return starts;
}

/** Frames of a clip whose packets are copied: from the first clean key frame to the last place that can be parted. */
export function smartMiddle(clip: TimelineClip, isClean: (timeUs: number) => boolean): FrameSpan | null {
  const { index } = clip.source;
  if (index === null || clip.span === null) return null;
  const first = smartStarts(clip).find((frame) => isClean(timeOfFrame(index, frame)));
  return first === undefined ? null : { first, stop: closedAtOrBefore(index, clip.span.stop) };
}

/** Key frames in a stretch that a copy may start from, best first, up to the limit. */
function startsInside(index: FrameIndex, { first, stop }: FrameSpan): number[] {
  const starts: number[] = [];
  for (let at = first; at < stop && starts.length < CANDIDATES; at += 1) {
    if (!isWorthCopying(index, at, stop)) break;
    if (canStartAt(index, at) && isClosedBefore(index, at)) starts.push(at);
  }
  return starts;
}

/**
 * What of the copied middle of a clip still is copied when some of its frames are to be painted: for each stretch between these, from its
 * first clean key frame to the last place before its end where packets can be parted.
 *
 * @param untouched the frames of the middle that nothing is painted on
 */
export function copiedBetween(
  index: FrameIndex,
  middle: FrameSpan,
  untouched: readonly FrameSpan[],
  isClean: (timeUs: number) => boolean,
): FrameSpan[] {
  return untouched.flatMap((gap): FrameSpan[] => {
    // The ends of the middle itself have been looked at.
    const stop = gap.stop === middle.stop ? gap.stop : closedAtOrBefore(index, gap.stop);
    const first =
      gap.first === middle.first
        ? gap.first
        : startsInside(index, { first: gap.first, stop }).find((frame) => isClean(timeOfFrame(index, frame)));
    if (first === undefined || !isWorthCopying(index, first, stop)) return [];
    return [{ first, stop }];
  });
}

/**
 * Key frames behind painted frames that a copy may go on from: one list for each stretch between painted ones. In each, look at one after
 * the other, until one is clean.
 *
 * @param touched the frames of the asset that something is painted on, in order
 */
export function keyFramesBehind(
  clip: TimelineClip,
  touched: readonly FrameSpan[],
): readonly (readonly number[])[] {
  const { index } = clip.source;
  if (index === null || clip.span === null) return [];
  // A cut at key frames takes some more on both sides.
  const { span } = clip;
  const limit = closedAtOrAfter(index, span.stop);
  return touched.flatMap(({ stop }, position) => {
    const next = touched[position + 1]?.first ?? limit;
    if (stop <= keyFrameAtOrBefore(index, span.first) || stop >= limit) return [];
    const end = closedAtOrBefore(index, Math.min(next, limit));
    return [startsInside(index, { first: stop, stop: end }).map((frame) => timeOfFrame(index, frame))];
  });
}

/** Whether all of a clip's frames can be copied where the cut is, but for the cleanness of the first key frame. */
export function wholeCopyObstacle(
  clip: TimelineClip,
  index: FrameIndex,
  span: FrameSpan,
): 'starts_off_key_frame' | 'edit_list_cuts_in' | 'ends_inside_group' | null {
  if (!isKeyFrame(index, span.first)) return 'starts_off_key_frame';
  if (timeOfFrame(index, span.first) < 0) return 'edit_list_cuts_in';
  if (!startsWithClip(index, clip, span.first)) return 'starts_off_key_frame';
  return isClosedBefore(index, span.stop) ? null : 'ends_inside_group';
}

/** Whether a key frame can be the start of a copy that begins a clip: nothing of it lies before asset time 0. */
function canStartAt(index: FrameIndex, frame: number): boolean {
  return isKeyFrame(index, frame) && timeOfFrame(index, frame) >= 0;
}

/** What a key-frame cut really takes. */
export interface KeyFrameCut {
  readonly span: FrameSpan;
  /** The frames in it whose packets are copied: all of them, but where there is no key frame to start from. */
  readonly middle: FrameSpan;
}

/**
 * The stretch that a key-frame cut really takes: from the key frame before to the next place a copy may end, so that the cut
 * only ever moves outwards. Where the asset has no clean key frame before, it starts where it was put, and what lies
 * before the first clean key frame in it is encoded: moving the cut inwards would lose pictures. Null when there is none.
 */
export function keyFrameCut(
  index: FrameIndex,
  span: FrameSpan,
  isClean: (timeUs: number) => boolean,
): KeyFrameCut | null {
  const stop = closedAtOrAfter(index, span.stop);
  for (let at = span.first; ; at -= 1) {
    at = keyFrameAtOrBefore(index, at);
    if (canStartAt(index, at) && isClean(timeOfFrame(index, at))) {
      const all = { first: at, stop };
      return { span: all, middle: all };
    }
    if (at === 0) break;
  }
  const first = keyFramesInside(index, span).find((frame) => isClean(timeOfFrame(index, frame)));
  return first === undefined ? null : { span: { first: span.first, stop }, middle: { first, stop } };
}

/** The first few key frames in a span at which packets can be parted from those before. */
function keyFramesInside(index: FrameIndex, span: FrameSpan): number[] {
  const found: number[] = [];
  for (let at = span.first + 1; at < span.stop && found.length < CANDIDATES; at += 1) {
    if (canStartAt(index, at) && isClosedBefore(index, at)) found.push(at);
  }
  return found;
}

/** Why no key frame at or before a frame can start a copy. */
export function keyFrameObstacle(
  asset: Asset,
  index: FrameIndex,
  frame: number,
): 'edit_list_cuts_in' | 'starts_off_key_frame' | 'open_group' {
  const before = keyFrameAtOrBefore(index, frame);
  if (isKeyFrame(index, before)) return timeOfFrame(index, before) < 0 ? 'edit_list_cuts_in' : 'open_group';
  // Its key frame is hidden (the index holds only what is shown), or was never there.
  return HAS_EDIT_LISTS.has(asset.probe.container) ? 'edit_list_cuts_in' : 'starts_off_key_frame';
}

/**
 * Key frames that the choice for a clip may rest on, best first: look at one after the other, until one is clean.
 * Those behind the first clean one are not asked for.
 */
export function keyFramesToInspect(spec: CheckedSpec, clip: TimelineClip): readonly number[] {
  const { index } = clip.source;
  const track = primaryVideo(clip.source.asset.probe);
  // Key frames of VP9 are always clean.
  if (clip.span === null || index === null || track?.codec !== 'avc' || spec.format === 'webm') return [];
  const times = (frames: readonly number[]): number[] => frames.map((frame) => timeOfFrame(index, frame));
  if (spec.cut === 'keyframe') {
    const nearest = keyFrameAtOrBefore(index, clip.span.first);
    const before = nearest > 0 ? keyFrameAtOrBefore(index, nearest - 1) : 0;
    const outside = [...new Set([nearest, before, 0])].filter((frame) => canStartAt(index, frame));
    return times([...outside, ...keyFramesInside(index, clip.span)]);
  }
  const starts = smartStarts(clip);
  const whole = wholeCopyObstacle(clip, index, clip.span) === null ? [clip.span.first] : [];
  return times([...new Set([...whole, ...starts])]);
}
