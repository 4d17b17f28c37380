/** The steps that make a clip's picture, and what the person should know about them. */
import { frameDuration, frameToMicros, type Rational } from '../base/time.ts';
import { primaryVideo, type VideoTrackProbe } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type {
  CopyVideoStep,
  Deviation,
  EncodeVideoStep,
  PictureRate,
  StepReason,
  VideoSettings,
} from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import { keyFrameAtOrBefore, timeOfFrame, type FrameSpan } from '../timeline/frames.ts';
import type { TimelineClip } from '../timeline/layout.ts';
import type { VideoChoice } from './choice.ts';
import { chunkFrames, cutIntoChunks } from './chunks.ts';
import { pixelSpeed } from './estimate.ts';
import type { OverlayOf } from './overlays.ts';
import { isEnlarged, rateBesideCopy, turned, videoFilter } from './output.ts';

/** One clip's place in the output. */
export interface PlacedClip {
  readonly clip: TimelineClip;
  readonly choice: VideoChoice | null;
  readonly startUs: number;
  readonly endUs: number;
  readonly outStartUs: number;
  readonly outEndUs: number;
  /** Number of the clip's first frame in an output of constant rate; null where frames keep their times. */
  readonly outFrame: number | null;
}

/** What the steps of all clips have in common. */
export interface StepsContext {
  readonly settings: VideoSettings;
  readonly rate: Rational | null;
  /** Clockwise degrees that the output keeps as metadata. */
  readonly rotation: VideoTrackProbe['rotation'];
  readonly workers: number;
  /** What one worker encodes with the engine that is preferred. */
  readonly pixelsPerSecond: number;
  /** What is painted on the chunks of each clip, by position; absent where nothing is. */
  readonly overlays?: readonly OverlayOf[] | undefined;
}

/** A stretch of a clip of which the packets are copied (`encode` null), or that is encoded. */
interface Stretch {
  readonly span: FrameSpan;
  readonly encode: { readonly rate: PictureRate; readonly leastPerWorker: number } | null;
  readonly reason: StepReason;
}

/** A stretch of any length is shared among the workers down to chunks of a second or so. */
const LEAST_CHUNK = 24;
/** The ends of a copied clip are short, and there are others: they are shared only when they are long. */
const LEAST_CHUNK_OF_END = 48;

function stretchesOf(placed: PlacedClip, choice: VideoChoice, settings: VideoSettings): Stretch[] {
  const { span, reason } = choice;
  switch (choice.kind) {
    case 'copy':
      return [{ span, encode: null, reason }];
    case 'encode':
      return [{ span, encode: { rate: settings.rate, leastPerWorker: LEAST_CHUNK }, reason }];
    case 'smart': {
      const { middle } = choice;
      const encode = {
        rate: rateBesideCopy(placed.clip.source.asset, settings),
        leastPerWorker: LEAST_CHUNK_OF_END,
      };
      const all: Stretch[] = [
        { span: { first: span.first, stop: middle.first }, encode, reason: 'cut_before_key_frame' },
        { span: middle, encode: null, reason },
        { span: { first: middle.stop, stop: span.stop }, encode, reason: 'cut_after_last_reference' },
      ];
      return all.filter((stretch) => stretch.span.stop > stretch.span.first);
    }
    case 'painted': {
      const encode = {
        rate: rateBesideCopy(placed.clip.source.asset, settings),
        leastPerWorker: LEAST_CHUNK_OF_END,
      };
      const all: Stretch[] = [];
      let first = span.first;
      for (const copied of choice.copied) {
        all.push({ span: { first, stop: copied.first }, encode, reason: 'cut_before_key_frame' });
        all.push({ span: copied, encode: null, reason: 'packets_fit' });
        first = copied.stop;
      }
      all.push({ span: { first, stop: span.stop }, encode, reason: 'cut_after_last_reference' });
      return all.filter((stretch) => stretch.span.stop > stretch.span.first);
    }
  }
}

/** The steps that make a clip's picture, in order: together they take each of its frames once. */
export function videoStepsOf(
  placed: PlacedClip,
  context: StepsContext,
): readonly (CopyVideoStep | EncodeVideoStep)[] {
  const { clip, choice } = placed;
  const { index, asset } = clip.source;
  const track = primaryVideo(asset.probe);
  if (choice === null || index === null || track === null) return [];
  const { settings, workers } = context;
  const target = chunkFrames(settings, pixelSpeed(asset, track, context.pixelsPerSecond));
  const filter = videoFilter(track, settings, context.rotation);
  const places = placesOf(placed, choice.span, index, context.rate);
  const steps: (CopyVideoStep | EncodeVideoStep)[] = [];
  for (const { span, encode, reason } of stretchesOf(placed, choice, settings)) {
    const base = { clip: clip.position, assetId: asset.id, reason };
    if (encode === null) {
      steps.push({
        kind: 'copy-video',
        id: `v${String(clip.position)}.${String(steps.length)}`,
        ...base,
        // The frames' own times: packets are found by them, also where a held picture is cut through.
        startUs: timeOfFrame(index, span.first),
        endUs: timeOfFrame(index, span.stop),
        outStartUs: places.outStartUs(span.first),
        frames: span.stop - span.first,
      });
      continue;
    }
    const { leastPerWorker } = encode;
    for (const chunk of cutIntoChunks(index, span, { target, workers, leastPerWorker })) {
      const overlay = context.overlays?.[clip.position]?.(chunk);
      steps.push({
        kind: 'encode-video',
        id: `v${String(clip.position)}.${String(steps.length)}`,
        ...base,
        startUs: places.startUs(chunk.first),
        endUs: places.startUs(chunk.stop),
        outStartUs: places.outStartUs(chunk.first),
        frames: chunk.stop - chunk.first,
        firstFrameUs: timeOfFrame(index, chunk.first),
        stopFrameUs: stopTime(index, chunk.stop),
        seekUs: timeOfFrame(index, keyFrameAtOrBefore(index, chunk.first)),
        filter,
        rate: encode.rate,
        ...(overlay === undefined ? {} : { reason: 'comments_painted' as const, overlay }),
      });
    }
  }
  return steps;
}

/** Where the boundaries of steps lie in the source and in the output. */
function placesOf(
  placed: PlacedClip,
  span: FrameSpan,
  index: FrameIndex,
  rate: Rational | null,
): { startUs(frame: number): number; outStartUs(frame: number): number } {
  const startUs = (frame: number): number => {
    if (frame === span.first) return placed.startUs;
    return frame === span.stop ? placed.endUs : timeOfFrame(index, frame);
  };
  return {
    startUs,
    outStartUs: (frame) =>
      placed.outFrame !== null && rate !== null
        ? frameToMicros(placed.outFrame + frame - span.first, rate)
        : placed.outStartUs + (startUs(frame) - placed.startUs),
  };
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
export function videoDeviations(
  placed: PlacedClip,
  spec: CheckedSpec,
  { settings, rotation }: Pick<StepsContext, 'settings' | 'rotation'>,
): Deviation[] {
  const { clip, choice } = placed;
  const track = primaryVideo(clip.source.asset.probe);
  if (choice === null || track === null) return [];
  const list: Deviation[] = [];
  const at = (code: Deviation['code'], params: Deviation['params']): void => {
    list.push({ code, clip: clip.position, params });
  };
  if (spec.cut === 'keyframe') {
    if (choice.kind !== 'copy') at('stream_reencoded', { codec: track.codec });
    const startShift = clip.startUs - placed.startUs;
    const endShift = placed.endUs - clip.endUs;
    const frame = frameDuration(
      track.frameRate.kind === 'constant' ? track.frameRate.rate : track.frameRate.average,
    );
    if (choice.kind !== 'encode' && (startShift > frame / 2 || endShift > frame / 2)) {
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
    const filter = videoFilter(track, settings, rotation);
    if (filter.fit === 'pad') {
      at('picture_fitted', { width: track.displayWidth, height: track.displayHeight });
    }
    if (!spec.enlarge && isEnlarged(track, filter, rotation)) {
      at('clip_enlarged', { width: track.displayWidth, height: track.displayHeight });
    }
    if (spec.resolution === 'source' && (track.displayWidth % 2 === 1 || track.displayHeight % 2 === 1)) {
      const { width, height } = turned(settings, rotation);
      at('odd_size_evened', { width, height });
    }
  }
  return list;
}
