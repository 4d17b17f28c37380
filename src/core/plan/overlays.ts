/**
 * Burn-in: which comments are painted on which frames, and what a step has to know of it. A comment on a frame is visible from exactly
 * that frame on, and ends before the first frame whose time is not below its end: by the frames' own times, so that it is exact at every
 * rate, varying ones too.
 */
import type { AssetId } from '../base/ids.ts';
import { byTime, DEFAULT_SHOWN_US, isLegacy, type Annotation } from '../schema/annotation.ts';
import { primaryVideo, type VideoTrackProbe } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import {
  PAINTER_VERSION,
  type PaintComment,
  type StepOverlay,
  type StripWish,
  type TimedComment,
} from '../schema/overlay.ts';
import type { Deviation } from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import { frameOnDisplay, isFrameTime, timeOfFrame, type FrameSpan } from '../timeline/frames.ts';
import type { TimelineClip } from '../timeline/layout.ts';

/** Letters of a text that a step carries: no card shows more. */
const MOST_TEXT = 2400;

/** Frames of an asset on which a comment is visible, at least one. */
export function shownFrames(index: FrameIndex, timeUs: number, lengthUs: number): FrameSpan {
  const first = frameOnDisplay(index, timeUs);
  const endUs = timeUs + lengthUs;
  const at = frameOnDisplay(index, endUs);
  const stop = isFrameTime(index, at, endUs) || timeOfFrame(index, at) >= endUs ? at : at + 1;
  return { first, stop: Math.max(stop, first + 1) };
}

/** A comment and the frames of its asset on which it is visible. */
export interface ShownComment extends FrameSpan {
  readonly annotation: Annotation;
}

/** What an export paints. */
export interface Painting {
  /** By asset, in order of the film. Of assets with a picture only. */
  readonly shown: ReadonlyMap<AssetId, readonly ShownComment[]>;
  /** A strip is on every frame. */
  readonly strip: Exclude<CheckedSpec['strip'], undefined | 'none'> | null;
  /** Comments that have no time: they are never painted. */
  readonly legacy: number;
}

/** What a spec asks to be painted on its clips; null where that is nothing. */
export function paintingOf(spec: CheckedSpec, clips: readonly TimelineClip[]): Painting | null {
  if (!spec.burnIn) return null;
  const indexes = new Map(clips.map((clip) => [clip.source.asset.id, clip.source.index] as const));
  const comments = (spec.comments ?? []).filter((comment) => indexes.has(comment.assetId));
  const shown = new Map<AssetId, ShownComment[]>();
  const lengthUs = spec.shownUs ?? DEFAULT_SHOWN_US;
  for (const annotation of [...comments].sort(byTime)) {
    const index = indexes.get(annotation.assetId) ?? null;
    if (annotation.timeUs === null || index === null || index.timesUs.length === 0) continue;
    // Handed over for another length of the file than it has: there is no frame to show it on.
    if (annotation.timeUs >= index.endUs) continue;
    const frames = shownFrames(index, annotation.timeUs, annotation.durationUs ?? lengthUs);
    const list = shown.get(annotation.assetId) ?? [];
    shown.set(annotation.assetId, list);
    list.push({ annotation, ...frames });
  }
  return {
    shown,
    strip: spec.strip === undefined || spec.strip === 'none' ? null : spec.strip,
    legacy: comments.filter(isLegacy).length,
  };
}

/** The frames of a span that something is painted on, as spans in order that do not touch each other. */
export function touchedSpans(painting: Painting, assetId: AssetId, span: FrameSpan): readonly FrameSpan[] {
  if (painting.strip !== null) return [span];
  const spans: { first: number; stop: number }[] = [];
  // In order of their first frames already.
  for (const shown of painting.shown.get(assetId) ?? []) {
    const first = Math.max(shown.first, span.first);
    const stop = Math.min(shown.stop, span.stop);
    if (stop <= first) continue;
    const last = spans.at(-1);
    if (last !== undefined && first <= last.stop) last.stop = Math.max(last.stop, stop);
    else spans.push({ first, stop });
  }
  return spans;
}

/** The frames of a span that nothing is painted on. */
export function untouchedSpans(span: FrameSpan, touched: readonly FrameSpan[]): readonly FrameSpan[] {
  const spans: FrameSpan[] = [];
  let first = span.first;
  for (const { first: from, stop } of touched) {
    if (from >= span.stop) break;
    if (from > first) spans.push({ first, stop: from });
    first = Math.max(first, stop);
  }
  if (first < span.stop) spans.push({ first, stop: span.stop });
  return spans;
}

/** What is painted on the frames of a chunk; undefined where nothing is. */
export type OverlayOf = (chunk: FrameSpan) => StepOverlay | undefined;

/** A clip and the frames that are really taken of it. */
export interface PaintedClip {
  readonly clip: TimelineClip;
  /** Null for sound only. */
  readonly span: FrameSpan | null;
}

/** Numbers of comments on the output: in order of appearance, the same comment the same number in every clip. */
function numbersOf(painting: Painting, clips: readonly PaintedClip[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { clip, span } of clips) {
    if (span === null) continue;
    for (const { annotation, first, stop } of painting.shown.get(clip.source.asset.id) ?? []) {
      const isIn = first < span.stop && stop > span.first;
      if (isIn && !numbers.has(annotation.id)) numbers.set(annotation.id, numbers.size + 1);
    }
  }
  return numbers;
}

function paintComment(annotation: Annotation, number: number): PaintComment {
  const { text, author, color, category, shapes, replies } = annotation;
  return { number, text: text.slice(0, MOST_TEXT), author, color, category, shapes, replies: replies.length };
}

function stripWish(strip: NonNullable<Painting['strip']>, { source }: TimelineClip): StripWish {
  const track = primaryVideo(source.asset.probe);
  const rate = track?.frameRate.kind === 'constant' ? track.frameRate.rate : null;
  return {
    name: strip === 'timecode' ? null : source.asset.name,
    timecode: strip === 'name' ? null : { rate },
  };
}

/** A strip that says times has to change with every frame, also where no rate says when these come. */
function withTimes(strip: StripWish | null, index: FrameIndex, chunk: FrameSpan): StripWish | null {
  if (strip?.timecode == null || strip.timecode.rate !== null) return strip;
  const timesUs = Array.from(index.timesUs.subarray(chunk.first, chunk.stop));
  return { ...strip, timecode: { rate: null, timesUs } };
}

/**
 * For each clip, what is painted on its chunks.
 *
 * @param rotation clockwise degrees that the output keeps as metadata
 */
export function overlaysOf(
  painting: Painting,
  clips: readonly PaintedClip[],
  rotation: VideoTrackProbe['rotation'],
): readonly OverlayOf[] {
  const numbers = numbersOf(painting, clips);
  // One object for each comment: a plan's steps share it, in memory and where the plan is stored.
  const comments = new Map<string, PaintComment>();
  const commentOf = (annotation: Annotation): PaintComment => {
    const known = comments.get(annotation.id);
    const comment = known ?? paintComment(annotation, numbers.get(annotation.id) ?? 0);
    comments.set(annotation.id, comment);
    return comment;
  };
  return clips.map(({ clip }): OverlayOf => {
    const { asset, index } = clip.source;
    const shown = painting.shown.get(asset.id) ?? [];
    const strip = painting.strip === null ? null : stripWish(painting.strip, clip);
    return (chunk) => {
      if (index === null) return undefined;
      const timed = shown.flatMap(({ annotation, first, stop }): TimedComment[] => {
        // Cut to the chunk: what happens beyond it must not give its segment another key.
        const from = Math.max(first, chunk.first);
        const to = Math.min(stop, chunk.stop);
        if (to <= from) return [];
        const untilUs = to < index.timesUs.length ? timeOfFrame(index, to) : index.endUs + 1_000_000;
        return [{ comment: commentOf(annotation), fromUs: timeOfFrame(index, from), untilUs }];
      });
      if (timed.length === 0 && strip === null) return undefined;
      return { painter: PAINTER_VERSION, rotation, comments: timed, strip: withTimes(strip, index, chunk) };
    };
  });
}

/** What the person should know of comments that are not painted. */
export function paintDeviations(painting: Painting | null): Deviation[] {
  if (painting === null || painting.legacy === 0) return [];
  return [{ code: 'legacy_comments_left_out', clip: null, params: { count: painting.legacy } }];
}
