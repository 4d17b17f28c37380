/** Per clip: copy the packets or encode the pictures, and why. */
import type { AssetId } from '../base/ids.ts';
import { frameDuration } from '../base/time.ts';
import { primaryVideo, type VideoTrackProbe } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type { CopyVideoStep, Deviation, EncodeVideoStep, StepReason, VideoSettings } from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import {
  closedAtOrAfter,
  isClosedBefore,
  isFrameTime,
  isKeyFrame,
  keyFrameAtOrBefore,
  timeOfFrame,
  type FrameSpan,
} from '../timeline/frames.ts';
import type { TimelineClip } from '../timeline/layout.ts';
import { sameShape, videoFilter } from './output.ts';

/** Names a key frame of an asset, for the set of key frames that were looked at and found clean. */
export function keyFrameName(assetId: AssetId, timeUs: number): string {
  return `${assetId}@${String(timeUs)}`;
}

/** What a clip's picture will be made of. */
export type VideoChoice =
  | { readonly kind: 'copy'; readonly span: FrameSpan; readonly reason: StepReason }
  | { readonly kind: 'encode'; readonly span: FrameSpan; readonly reason: StepReason };

/** What the choice depends on beside the clip itself. */
export interface ChoiceContext {
  readonly spec: CheckedSpec;
  readonly settings: VideoSettings;
  /** Key frames (see `keyFrameName`) at which decoding starts cleanly. */
  readonly cleanKeys: ReadonlySet<string>;
  /** Positions of clips that must not be copied: an earlier check of the finished file failed there. */
  readonly neverCopy: ReadonlySet<number>;
  /** The decoder configuration that copied packets must have, null when any one will do. */
  readonly configHash: string | null;
  /** Clockwise degrees that copied packets must have. */
  readonly rotation: number;
}

/** Why the packets of a track cannot be used as they are wherever the cut lies; null when they can. */
export function copyObstacle(track: VideoTrackProbe, settings: VideoSettings): StepReason | null {
  if (track.codec !== 'avc') return 'codec_differs';
  if (track.hdr) return 'color_differs';
  if (track.configHash === null) return 'parameters_in_band';
  const turned = track.rotation === 90 || track.rotation === 270;
  const width = turned ? settings.height : settings.width;
  const height = turned ? settings.width : settings.height;
  if (track.codedWidth !== width || track.codedHeight !== height || !sameShape(track)) return 'size_changes';
  if (track.flip) return 'rotation_baked';
  return null;
}

/** Whether packets of a track and our own encoder's can follow each other in one track. */
export function mixesWithEncoded(track: VideoTrackProbe): StepReason | null {
  if (track.rotation !== 0) return 'rotation_baked';
  if (track.bitDepth !== null && track.bitDepth !== 8) return 'pixel_format_differs';
  const profile = Number.parseInt(track.codecString?.slice(5, 7) ?? '', 16);
  // Profiles above High (100) carry other chroma formats or depths, which one track should not mix.
  if (!Number.isFinite(profile) || profile > 100) return 'pixel_format_differs';
  return null;
}

/** The stretch that a key-frame cut really takes: from the key frame before to the next place a copy may end. */
export function keyFrameSpan(
  index: FrameIndex,
  span: FrameSpan,
  isClean: (timeUs: number) => boolean,
): FrameSpan | null {
  let first = keyFrameAtOrBefore(index, span.first);
  while (!(isKeyFrame(index, first) && isClean(timeOfFrame(index, first)))) {
    if (first === 0) return null;
    first = keyFrameAtOrBefore(index, first - 1);
  }
  return { first, stop: closedAtOrAfter(index, span.stop) };
}

/** The key frames a choice may rest on, to be looked at before planning: those that copies would start from. */
export function keyFramesToInspect(spec: CheckedSpec, clip: TimelineClip): readonly number[] {
  const { index } = clip.source;
  const track = primaryVideo(clip.source.asset.probe);
  if (clip.span === null || index === null || track?.codec !== 'avc') return [];
  if (spec.cut === 'keyframe') {
    const nearest = keyFrameAtOrBefore(index, clip.span.first);
    const before = nearest > 0 ? keyFrameAtOrBefore(index, nearest - 1) : 0;
    return [...new Set([nearest, before, 0])].map((frame) => timeOfFrame(index, frame));
  }
  return isKeyFrame(index, clip.span.first) ? [timeOfFrame(index, clip.span.first)] : [];
}

/** Copy or encode, for one clip. */
export function chooseVideo(clip: TimelineClip, context: ChoiceContext): VideoChoice | null {
  const { index, asset } = clip.source;
  const track = primaryVideo(asset.probe);
  const { span } = clip;
  if (span === null || index === null || track === null) return null;
  const encode = (reason: StepReason): VideoChoice => ({ kind: 'encode', span, reason });

  const obstacle = copyObstacle(track, context.settings);
  if (obstacle !== null) return encode(obstacle);
  if (context.neverCopy.has(clip.position)) return encode('check_failed_before');
  if (track.rotation !== context.rotation) return encode('rotation_baked');
  if (context.configHash !== null && track.configHash !== context.configHash)
    return encode('parameters_differ');

  const isClean = (timeUs: number): boolean => context.cleanKeys.has(keyFrameName(asset.id, timeUs));
  if (context.spec.cut === 'keyframe') {
    const moved = keyFrameSpan(index, span, isClean);
    if (moved === null) return encode('open_group');
    if (timeOfFrame(index, moved.first) < 0) return encode('edit_list_cuts_in');
    return { kind: 'copy', span: moved, reason: 'packets_fit' };
  }
  if (!isKeyFrame(index, span.first)) return encode('starts_off_key_frame');
  if (timeOfFrame(index, span.first) < 0) return encode('edit_list_cuts_in');
  if (!isFrameTime(index, span.first, clip.startUs)) return encode('starts_off_key_frame');
  if (!isClean(timeOfFrame(index, span.first))) return encode('open_group');
  if (!isClosedBefore(index, span.stop)) return encode('ends_inside_group');
  return { kind: 'copy', span, reason: 'packets_fit' };
}

/** Frames in a chunk of 1080p; smaller pictures get longer chunks. About 4 s: a crash costs one chunk. */
const CHUNK_FRAMES_1080P = 120;

/** How many frames a chunk should have. */
export function chunkFrames(settings: VideoSettings): number {
  const pixels = settings.width * settings.height;
  return Math.round(Math.min(600, Math.max(48, (CHUNK_FRAMES_1080P * 1920 * 1080) / pixels)));
}

/**
 * Cuts a span into chunks of about equal work. A boundary is moved to a source key frame where one is near, because
 * a chunk that starts elsewhere decodes the frames since that key frame for nothing.
 */
export function cutIntoChunks(
  index: FrameIndex,
  span: FrameSpan,
  target: number,
  workers: number,
): FrameSpan[] {
  const total = span.stop - span.first;
  // Enough chunks for all workers, but none under half a second's worth: starting a command has a price.
  const pieces = Math.max(Math.ceil(total / target), Math.min(workers, Math.floor(total / 24)), 1);
  const size = total / pieces;
  const chunks: FrameSpan[] = [];
  let first = span.first;
  for (let piece = 1; piece < pieces; piece += 1) {
    const ideal = Math.round(span.first + piece * size);
    const stop = nearestKeyFrame(index, ideal, Math.floor(size / 3)) ?? ideal;
    if (stop > first && stop < span.stop) {
      chunks.push({ first, stop });
      first = stop;
    }
  }
  chunks.push({ first, stop: span.stop });
  return chunks;
}

function nearestKeyFrame(index: FrameIndex, frame: number, reach: number): number | null {
  for (let distance = 0; distance <= reach; distance += 1) {
    if (isKeyFrame(index, frame - distance)) return frame - distance;
    if (isKeyFrame(index, frame + distance)) return frame + distance;
  }
  return null;
}

/** One clip's place in the output. */
export interface PlacedClip {
  readonly clip: TimelineClip;
  readonly choice: VideoChoice | null;
  readonly startUs: number;
  readonly endUs: number;
  readonly outStartUs: number;
  readonly outEndUs: number;
}

/** The steps that make a clip's picture. */
export function videoStepsOf(
  placed: PlacedClip,
  settings: VideoSettings,
  workers: number,
): readonly (CopyVideoStep | EncodeVideoStep)[] {
  const { clip, choice, outStartUs } = placed;
  const { index, asset } = clip.source;
  const track = primaryVideo(asset.probe);
  if (choice === null || index === null || track === null) return [];
  const id = `v${String(clip.position)}`;
  if (choice.kind === 'copy') {
    return [
      {
        kind: 'copy-video',
        id,
        clip: clip.position,
        assetId: asset.id,
        startUs: timeOfFrame(index, choice.span.first),
        endUs: timeOfFrame(index, choice.span.stop),
        outStartUs,
        frames: choice.span.stop - choice.span.first,
        reason: choice.reason,
      },
    ];
  }
  const filter = videoFilter(track, settings);
  return cutIntoChunks(index, choice.span, chunkFrames(settings), workers).map((chunk, number) => {
    const opens = chunk.first === choice.span.first;
    const startUs = opens ? placed.startUs : timeOfFrame(index, chunk.first);
    const closes = chunk.stop === choice.span.stop;
    return {
      kind: 'encode-video',
      id: `${id}.${String(number)}`,
      clip: clip.position,
      assetId: asset.id,
      startUs,
      endUs: closes ? placed.endUs : timeOfFrame(index, chunk.stop),
      outStartUs: outStartUs + (startUs - placed.startUs),
      frames: chunk.stop - chunk.first,
      firstFrameUs: timeOfFrame(index, chunk.first),
      stopFrameUs: closes ? stopTime(index, chunk.stop) : timeOfFrame(index, chunk.stop),
      seekUs: timeOfFrame(index, keyFrameAtOrBefore(index, chunk.first)),
      filter,
      reason: choice.reason,
    };
  });
}

/** Time of the first frame not to take; well beyond the last frame when there is none. */
function stopTime(index: FrameIndex, stop: number): number {
  return stop < index.timesUs.length ? timeOfFrame(index, stop) : index.endUs + 1_000_000;
}

/** A picture that stands this long is more likely a jump in the file's clock than meant. */
const GAP_US = 10_000_000;

function longestFrame(clip: TimelineClip, span: FrameSpan): number {
  const { index } = clip.source;
  if (index === null) return 0;
  let longest = 0;
  for (let frame = span.first; frame < span.stop; frame += 1) {
    longest = Math.max(longest, timeOfFrame(index, frame + 1) - timeOfFrame(index, frame));
  }
  return longest;
}

/** What the person should know about a clip's picture. */
export function videoDeviations(placed: PlacedClip, spec: CheckedSpec, settings: VideoSettings): Deviation[] {
  const { clip, choice } = placed;
  const track = primaryVideo(clip.source.asset.probe);
  if (choice === null || track === null) return [];
  const list: Deviation[] = [];
  const at = (code: Deviation['code'], params: Deviation['params']): void => {
    list.push({ code, clip: clip.position, params });
  };
  if (spec.cut === 'keyframe') {
    if (choice.kind === 'encode') at('stream_reencoded', { codec: track.codec });
    const startShift = clip.startUs - placed.startUs;
    const endShift = placed.endUs - clip.endUs;
    const frame = frameDuration(
      track.frameRate.kind === 'constant' ? track.frameRate.rate : track.frameRate.average,
    );
    if (choice.kind === 'copy' && (startShift > frame / 2 || endShift > frame / 2)) {
      at('cut_moved', {
        startMs: Math.round(startShift / 1000),
        endMs: Math.round(endShift / 1000),
      });
    }
  }
  const gapUs = longestFrame(clip, choice.span);
  if (gapUs > GAP_US) at('picture_gap', { seconds: Math.round(gapUs / 1_000_000) });
  if (choice.kind === 'encode') {
    const chroma = /4:(?:2:2|4:4)/.exec(track.profile ?? '')?.[0];
    if (!track.hdr && (chroma !== undefined || (track.bitDepth ?? 8) > 8)) {
      at('depth_reduced', { bits: track.bitDepth ?? 8, chroma: chroma ?? '4:2:0' });
    }
    if (track.hdr) at('hdr_tone_mapped', { transfer: track.color.transfer ?? '' });
    const filter = videoFilter(track, settings);
    if (filter.fit === 'pad') {
      at('picture_fitted', { width: track.displayWidth, height: track.displayHeight });
    }
    if (spec.resolution === 'source' && (track.displayWidth % 2 === 1 || track.displayHeight % 2 === 1)) {
      at('odd_size_evened', { width: settings.width, height: settings.height });
    }
  }
  return list;
}
