/** Per clip: copy the packets, copy all but the ends, or encode the pictures, and why. */
import { primaryVideo, type Asset, type VideoTrackProbe } from '../schema/asset.ts';
import type { StepReason, VideoSettings } from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import { timeOfFrame, type FrameSpan } from '../timeline/frames.ts';
import type { TimelineClip } from '../timeline/layout.ts';
import { looksAlike, outputColor, sameShape, sourceBitrate, videoSettings } from './output.ts';
import { touchedSpans, untouchedSpans, type Painting } from './overlays.ts';
import {
  copiedBetween,
  keyFrameCut,
  keyFrameName,
  keyFrameObstacle,
  smartMiddle,
  wholeCopyObstacle,
} from './smart-cut.ts';

/** What a clip's picture will be made of. */
export type VideoChoice =
  | { readonly kind: 'copy'; readonly span: FrameSpan; readonly reason: StepReason }
  | {
      readonly kind: 'smart';
      readonly span: FrameSpan;
      /** The frames in it whose packets are copied. */
      readonly middle: FrameSpan;
      readonly reason: StepReason;
    }
  | {
      /** Comments are painted on some of the frames that would have been copied. */
      readonly kind: 'painted';
      readonly span: FrameSpan;
      /** The stretches of it whose packets still are copied, in order; at least one. */
      readonly copied: readonly FrameSpan[];
      readonly reason: StepReason;
      readonly wasCopy: boolean;
    }
  | {
      readonly kind: 'encode';
      readonly span: FrameSpan;
      readonly reason: StepReason;
      /** Without paint all its packets would be copied: those of its sound still may be. */
      readonly wasCopy?: boolean | undefined;
    };

/** What the choice depends on beside the clips. */
export interface ChoiceInput {
  readonly spec: CheckedSpec;
  /** Key frames (see `keyFrameName`) at which decoding starts cleanly. */
  readonly cleanKeys: ReadonlySet<string>;
  /** Positions of clips that must not be copied: an earlier check of the finished file failed there. */
  readonly neverCopy: ReadonlySet<number>;
  readonly preview?: boolean | undefined;
  /** What is painted over the pictures; null for nothing. */
  readonly painting?: Painting | null | undefined;
}

/** The picture of the output, and what each clip's is made of. */
export interface PictureDecision {
  readonly settings: VideoSettings;
  /** One for each clip, null for sound only. */
  readonly choices: readonly (VideoChoice | null)[];
  /** Clockwise degrees that the output keeps as metadata; pictures are then encoded as they are stored. */
  readonly rotation: VideoTrackProbe['rotation'];
}

/** Packets above the ceiling by no more than this are still what was asked for. */
const CEILING_SLACK = 1.25;

/** Why the packets of a source cannot be used as they are wherever the cut lies; null when they can. */
export function copyObstacle(
  asset: Asset,
  track: VideoTrackProbe,
  settings: VideoSettings,
  rotation: VideoTrackProbe['rotation'],
): StepReason | null {
  if (track.codec !== settings.codec) return 'codec_differs';
  if (track.hdr) return 'color_differs';
  // VP9 has no parameter sets: every key frame says all that its decoder has to know.
  if (asset.probe.reader !== 'packets' || (settings.codec === 'avc' && track.configHash === null))
    return 'parameters_in_band';
  if (track.flip || track.rotation !== rotation) return 'rotation_baked';
  if (track.codedWidth !== settings.width || track.codedHeight !== settings.height || !sameShape(track))
    return 'size_changes';
  return null;
}

/** Whether packets of a track and our own encoder's can follow each other in one track. */
export function mixesWithEncoded(track: VideoTrackProbe, settings: VideoSettings): StepReason | null {
  const plain =
    settings.codec === 'vp9'
      ? (track.bitDepth ?? 8) === 8 && track.codecString?.startsWith('vp09.00.') === true
      : isPlainAvc(track);
  if (!plain) return 'pixel_format_differs';
  // Players take one colour for the whole track.
  return looksAlike(track, settings.color) ? null : 'color_differs';
}

/** Profiles up to High (100) are 4:2:0 in 8 bit: one decoder takes pictures of several encoders in turn. */
function isPlainAvc(track: VideoTrackProbe): boolean {
  const profile = Number.parseInt(track.codecString?.slice(5, 7) ?? '', 16);
  return (track.bitDepth ?? 8) === 8 && Number.isFinite(profile) && profile <= 100;
}

/** Sources of one name have packets that can follow each other; their parameter sets get ids of their own. */
function groupOf(track: VideoTrackProbe): string {
  const { primaries, transfer, matrix, fullRange } = track.color;
  const look = [primaries, transfer, matrix, String(fullRange ?? false)].join('/');
  if (track.codec === 'avc') return isPlainAvc(track) ? `avc/${look}` : `avc/${track.configHash ?? ''}`;
  const profile = track.codecString?.slice(0, 'vp09.00'.length) ?? 'unknown';
  return `${track.codec}/${profile}/${String(track.bitDepth ?? 8)}/${look}`;
}

function picturesOf(clips: readonly TimelineClip[]): VideoTrackProbe[] {
  return clips.flatMap((clip) => {
    const track = clip.span === null ? null : primaryVideo(clip.source.asset.probe);
    return track === null ? [] : [track];
  });
}

/** The rotation that all pictures share and the format can keep; 0 when there is none. */
function sharedRotation(clips: readonly TimelineClip[], input: ChoiceInput): VideoTrackProbe['rotation'] {
  const [first, ...rest] = picturesOf(clips);
  if (first === undefined || input.preview === true || input.spec.format === 'webm') return 0;
  const agree = [first, ...rest].every((track) => track.rotation === first.rotation && !track.flip);
  return agree ? first.rotation : 0;
}

/** Decides the picture of the output; null when no clip has one. */
export function decidePictures(clips: readonly TimelineClip[], input: ChoiceInput): PictureDecision | null {
  const shared = sharedRotation(clips, input);
  if (shared !== 0) {
    // Without copies there is nothing to keep the metadata for: a picture that stands upright plays everywhere.
    const kept = decide(clips, input, shared);
    if (kept?.choices.some((choice) => choice !== null && choice.kind !== 'encode') === true) return kept;
  }
  return decide(clips, input, 0);
}

/**
 * Copies must be able to follow each other, and to stand beside encoded packets when there are any. The largest group
 * that agrees is copied; the odd ones are encoded.
 */
function decide(
  clips: readonly TimelineClip[],
  input: ChoiceInput,
  rotation: VideoTrackProbe['rotation'],
): PictureDecision | null {
  const plain = videoSettings(input.spec, clips, { preview: input.preview === true, rotation });
  if (plain === null) return null;
  const groups = new Map<
    string,
    { readonly name: string; readonly track: VideoTrackProbe; lengthUs: number }
  >();
  for (const clip of clips) {
    const { asset } = clip.source;
    const track = clip.span === null ? null : primaryVideo(asset.probe);
    if (track === null || copyObstacle(asset, track, plain, rotation) !== null) continue;
    const name = groupOf(track);
    const group = groups.get(name) ?? { name, track, lengthUs: 0 };
    group.lengthUs += clip.endUs - clip.startUs;
    groups.set(name, group);
  }
  const [leading] = [...groups.values()].sort((a, b) => b.lengthUs - a.lengthUs);
  const settings = { ...plain, color: outputColor(picturesOf(clips), leading?.track ?? null, plain) };
  const context: ChoiceContext = { ...input, settings, rotation, group: leading?.name ?? null };
  const choices = clips.map((clip) => aroundPaint(clip, chooseVideo(clip, context), context));
  if (choices.every((choice) => choice === null || choice.kind === 'copy')) {
    return { settings, choices, rotation };
  }
  const mixed = choices.map((choice, position): VideoChoice | null => {
    const clip = clips[position];
    const track = clip === undefined ? null : primaryVideo(clip.source.asset.probe);
    if (choice === null || choice.kind === 'encode' || clip?.span == null || track === null) return choice;
    const reason = mixesWithEncoded(track, settings);
    return reason === null ? choice : { kind: 'encode', span: clip.span, reason };
  });
  return { settings, choices: mixed, rotation };
}

interface ChoiceContext extends ChoiceInput {
  readonly settings: VideoSettings;
  readonly rotation: VideoTrackProbe['rotation'];
  /** The group (see `groupOf`) that is copied. */
  readonly group: string | null;
}

/** Copy, smart cut or encode, for one clip; whether copies can stand beside encoded pictures is asked later. */
function chooseVideo(clip: TimelineClip, context: ChoiceContext): VideoChoice | null {
  const { index, asset } = clip.source;
  const track = primaryVideo(asset.probe);
  const { span } = clip;
  const { settings, spec } = context;
  if (span === null || index === null || track === null) return null;
  const encode = (reason: StepReason): VideoChoice => ({ kind: 'encode', span, reason });

  const obstacle = copyObstacle(asset, track, settings, context.rotation);
  if (obstacle !== null) return encode(obstacle);
  if (context.neverCopy.has(clip.position)) return encode('check_failed_before');
  if (groupOf(track) !== context.group) return encode('parameters_differ');
  // Previews are made of files that the browser cannot decode: their packets would be of no use to it.
  if (context.preview === true) return encode('codec_differs');

  const isClean = (timeUs: number): boolean =>
    settings.codec === 'vp9' || context.cleanKeys.has(keyFrameName(asset.id, timeUs));
  if (spec.cut === 'keyframe') {
    const cut = keyFrameCut(index, span, isClean);
    if (cut === null) return encode(keyFrameObstacle(asset, index, span.first));
    const { span: taken, middle } = cut;
    return middle.first === taken.first
      ? { kind: 'copy', span: taken, reason: 'packets_fit' }
      : { kind: 'smart', span: taken, middle, reason: 'packets_fit' };
  }
  // Who asks for a small file gets one.
  if (spec.quality !== 'high' && sourceBitrate(asset) > settings.rate.maxBitrate * CEILING_SLACK)
    return encode('rate_above_ceiling');
  const whole = wholeCopyObstacle(clip, index, span);
  if (whole === null && isClean(timeOfFrame(index, span.first)))
    return { kind: 'copy', span, reason: 'packets_fit' };
  const middle = smartMiddle(clip, isClean);
  if (middle !== null) return { kind: 'smart', span, middle, reason: 'packets_fit' };
  return encode(whole ?? 'open_group');
}

/**
 * A clip that would be copied, but for the frames that comments are painted on: these are encoded, also where the cut is at key frames
 * (which otherwise never encodes: who asks for paint cannot have the same packets).
 */
function aroundPaint(
  clip: TimelineClip,
  choice: VideoChoice | null,
  { painting, cleanKeys, settings }: ChoiceContext,
): VideoChoice | null {
  const { index, asset } = clip.source;
  if (painting == null || choice === null || index === null) return choice;
  if (choice.kind !== 'copy' && choice.kind !== 'smart') return choice;
  const { span } = choice;
  const wasCopy = choice.kind === 'copy';
  const middle = wasCopy ? span : choice.middle;
  const touched = touchedSpans(painting, asset.id, span);
  if (touched.every(({ first, stop }) => stop <= middle.first || first >= middle.stop)) return choice;
  const isClean = (timeUs: number): boolean =>
    settings.codec === 'vp9' || cleanKeys.has(keyFrameName(asset.id, timeUs));
  const copied = copiedBetween(index, middle, untouchedSpans(middle, touched), isClean);
  return copied.length === 0
    ? { kind: 'encode', span, reason: 'comments_painted', wasCopy }
    : { kind: 'painted', span, copied, reason: 'comments_painted', wasCopy };
}
