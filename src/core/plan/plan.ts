/** Spec, sources and what was found out about them to a render plan. Pure: no IO, no clock. */
import { failure, type Failure } from '../base/failure.ts';
import type { AssetId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { frameToMicros, SECOND_US, type Rational } from '../base/time.ts';
import { primaryAudio, primaryVideo } from '../schema/asset.ts';
import type { Deviation, PlanStep, RenderPlan, VideoSettings } from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import { isFrameTime, timeOfFrame } from '../timeline/frames.ts';
import { layOut, type PlanSource, type TimelineClip } from '../timeline/layout.ts';
import { planAudio } from './audio-steps.ts';
import { estimatePlan } from './estimate.ts';
import { askedHeight, audioSettings, commonRate, videoSettings } from './output.ts';
import {
  chooseVideo,
  copyObstacle,
  mixesWithEncoded,
  videoDeviations,
  videoStepsOf,
  type ChoiceContext,
  type PlacedClip,
  type VideoChoice,
} from './video-steps.ts';

/** What the planner is told beside the spec. */
export interface PlanInput {
  readonly spec: CheckedSpec;
  readonly sources: ReadonlyMap<AssetId, PlanSource>;
  /** Key frames (`keyFrameName`) at which decoding starts cleanly. */
  readonly cleanKeys: ReadonlySet<string>;
  /** Positions of clips that must not be copied. */
  readonly neverCopy: ReadonlySet<number>;
  /** Whether the engine can decode a codec; asked for what must be encoded. */
  readonly canDecode: (codec: string) => boolean;
  readonly workers: number;
  /** Plan a small preview of the ranges instead of what the spec says of size and quality. */
  readonly preview?: boolean;
}

/** Makes the plan. `not_found`, `out_of_range`, `unsupported_media`. */
export function planRender(input: PlanInput): Result<RenderPlan, Failure> {
  const laid = layOut(input.spec, input.sources);
  if (!laid.ok) return laid;
  const clips = laid.value;
  const settings = videoSettings(input.spec, clips, input.preview ?? false);
  const choices = settings === null ? clips.map(() => null) : chooseAll(clips, settings, input);

  const undecodable = firstUndecodable(clips, choices, input);
  if (undecodable !== null) return err(undecodable);

  const nominal = commonRate(clips);
  const rate =
    nominal !== null && clips.every((clip, i) => keepsRate(clip, choices[i] ?? null, nominal))
      ? nominal
      : null;
  const placed = place(clips, choices, rate);
  const last = placed.at(-1);
  const durationUs = last?.outEndUs ?? 0;
  const sound = audioSettings(input.spec, clips);
  if (settings === null && sound === null) {
    return err(
      failure(
        'invalid_spec',
        'no_segments',
        'The ranges have no picture, and the sound is dropped: nothing is left.',
      ),
    );
  }
  const audio = sound === null ? null : planAudio(placed, sound, input.spec);
  const videoSteps =
    settings === null ? [] : placed.flatMap((at) => videoStepsOf(at, settings, input.workers));
  const steps: PlanStep[] = [...videoSteps, ...(audio?.steps ?? [])];
  const allCopied = choices.every((choice) => choice?.kind === 'copy');
  const firstTrack = clips[0] === undefined ? null : primaryVideo(clips[0].source.asset.probe);
  const plan: RenderPlan = {
    version: 1,
    output: {
      container: input.spec.format === 'mov' ? 'mov' : 'mp4',
      fileName: input.spec.name,
      durationUs,
      video:
        settings === null
          ? null
          : {
              width: settings.width,
              height: settings.height,
              frames: videoSteps.reduce((sum, step) => sum + step.frames, 0),
              rotation: allCopied ? (firstTrack?.rotation ?? 0) : 0,
              rate,
              settings,
            },
      audio: sound,
    },
    clips: placed.map((at) => ({
      position: at.clip.position,
      assetId: at.clip.source.asset.id,
      label: at.clip.label,
      startUs: at.startUs,
      endUs: at.endUs,
      outStartUs: at.outStartUs,
      outEndUs: at.outEndUs,
      frames: at.choice === null ? 0 : at.choice.span.stop - at.choice.span.first,
    })),
    steps,
    deviations: [...allDeviations(placed, input, settings, rate), ...(audio?.deviations ?? [])],
    summary: {
      copied: choices.filter((choice) => choice?.kind === 'copy').length,
      encoded: choices.flatMap((choice, clip) =>
        choice?.kind === 'encode' ? [{ clip, reason: choice.reason }] : [],
      ),
      sound:
        audio === null
          ? 'none'
          : audio.steps.some((step) => step.kind === 'copy-audio')
            ? 'copied'
            : 'encoded',
    },
    estimate: estimatePlan(steps, settings, sound, copiedBytes(placed, audio !== null), input.workers),
  };
  return ok(plan);
}

/**
 * Copies must agree on their decoder configuration and rotation, and must be able to stand beside encoded packets
 * when there are any. The largest group that agrees is copied; the odd ones are encoded.
 */
function chooseAll(
  clips: readonly TimelineClip[],
  settings: VideoSettings,
  input: PlanInput,
): readonly (VideoChoice | null)[] {
  const weights = new Map<string, { config: string; rotation: number; lengthUs: number }>();
  for (const clip of clips) {
    const track = primaryVideo(clip.source.asset.probe);
    if (track?.configHash == null || copyObstacle(track, settings) !== null) continue;
    const name = `${track.configHash}/${String(track.rotation)}`;
    const entry = weights.get(name) ?? { config: track.configHash, rotation: track.rotation, lengthUs: 0 };
    entry.lengthUs += clip.endUs - clip.startUs;
    weights.set(name, entry);
  }
  const [leading] = [...weights.values()].sort((a, b) => b.lengthUs - a.lengthUs);
  const context: ChoiceContext = {
    spec: input.spec,
    settings,
    cleanKeys: input.cleanKeys,
    neverCopy: input.neverCopy,
    configHash: leading?.config ?? null,
    rotation: leading?.rotation ?? 0,
  };
  const first = clips.map((clip) => chooseVideo(clip, context));
  if (!first.some((choice) => choice?.kind === 'encode')) return first;
  return first.map((choice, position) => {
    const clip = clips[position];
    const track = clip === undefined ? null : primaryVideo(clip.source.asset.probe);
    if (choice?.kind !== 'copy' || clip?.span == null || track === null) return choice;
    const reason = mixesWithEncoded(track);
    return reason === null ? choice : { kind: 'encode', span: clip.span, reason };
  });
}

function firstUndecodable(
  clips: readonly TimelineClip[],
  choices: readonly (VideoChoice | null)[],
  input: PlanInput,
): Failure | null {
  for (const [position, choice] of choices.entries()) {
    const asset = clips[position]?.source.asset;
    const track = asset === undefined ? null : primaryVideo(asset.probe);
    if (choice?.kind === 'encode' && track !== null && asset !== undefined && !input.canDecode(track.codec)) {
      return failure(
        'unsupported_media',
        'no_decoder',
        `"${asset.name}" holds ${track.codec} video, which the engine cannot decode to encode it again.`,
        { name: asset.name, codec: track.codec, position: position + 1 },
      );
    }
  }
  return null;
}

/** How far the last frame of a clip may lie from where a constant rate puts it: the rounding of containers. */
const GRID_US = 2_000;

/**
 * Whether a clip's frames really lie on the grid of the rate. A probe looks at the beginning of a file only: a hole further
 * on, or a rate that is off by little, would move pictures away from their sound if frames were merely counted.
 */
function keepsRate(clip: TimelineClip, choice: VideoChoice | null, rate: Rational): boolean {
  const { index } = clip.source;
  if (choice === null || index === null) return true;
  const { first, stop } = choice.span;
  const spanUs = timeOfFrame(index, stop - 1) - timeOfFrame(index, first);
  return Math.abs(spanUs - frameToMicros(stop - 1 - first, rate)) <= GRID_US;
}

/** Puts the clips one after another. Whole frames at a constant rate take exactly their share of the rate. */
function place(
  clips: readonly TimelineClip[],
  choices: readonly (VideoChoice | null)[],
  rate: Rational | null,
): PlacedClip[] {
  const placed: PlacedClip[] = [];
  let outUs = 0;
  // While every clip so far was made of whole frames, count frames, so that microseconds never add up.
  let frames: number | null = 0;
  for (const [position, clip] of clips.entries()) {
    const choice = choices[position] ?? null;
    const { index } = clip.source;
    let { startUs, endUs } = clip;
    if (choice !== null && index !== null && choice.span !== clip.span) {
      startUs = Math.max(0, timeOfFrame(index, choice.span.first));
      endUs = timeOfFrame(index, choice.span.stop);
    }
    const whole =
      choice !== null &&
      index !== null &&
      rate !== null &&
      isFrameTime(index, choice.span.first, startUs) &&
      Math.abs(timeOfFrame(index, choice.span.stop) - endUs) <= 1000;
    const outStartUs = outUs;
    if (whole && frames !== null) {
      frames += choice.span.stop - choice.span.first;
      outUs = frameToMicros(frames, rate);
    } else {
      frames = null;
      outUs += endUs - startUs;
    }
    placed.push({ clip, choice, startUs, endUs, outStartUs, outEndUs: outUs });
  }
  return placed;
}

function allDeviations(
  placed: readonly PlacedClip[],
  input: PlanInput,
  settings: VideoSettings | null,
  rate: Rational | null,
): Deviation[] {
  const list: Deviation[] = [];
  const truncated = new Set<AssetId>();
  for (const at of placed) {
    const { asset } = at.clip.source;
    if (at.clip.clampedUs > 50_000) {
      list.push({
        code: 'range_clamped',
        clip: at.clip.position,
        params: { ms: Math.round(at.clip.clampedUs / 1000) },
      });
    }
    if (settings !== null) list.push(...videoDeviations(at, input.spec, settings));
    if (asset.probe.warnings.includes('truncated') && !truncated.has(asset.id)) {
      truncated.add(asset.id);
      list.push({ code: 'source_truncated', clip: at.clip.position, params: { name: asset.name } });
    }
    const left =
      asset.probe.video.length +
      asset.probe.audio.length +
      asset.probe.other.length -
      (primaryVideo(asset.probe) === null ? 0 : 1) -
      (primaryAudio(asset.probe) === null ? 0 : 1);
    if (left > 0) list.push({ code: 'tracks_left_out', clip: at.clip.position, params: { count: left } });
  }
  const asked = askedHeight(input.spec.resolution);
  if (settings !== null && asked !== null && Math.min(settings.width, settings.height) < asked - 1) {
    const fills = Math.max(settings.width, settings.height) >= (asked * 16) / 9 - 1;
    if (!fills)
      list.push({
        code: 'not_enlarged',
        clip: null,
        params: { width: settings.width, height: settings.height },
      });
  }
  if (settings !== null && rate === null) list.push({ code: 'rate_variable', clip: null, params: {} });
  if (
    input.spec.audio === 'keep' &&
    placed.every((at) => primaryAudio(at.clip.source.asset.probe) === null)
  ) {
    list.push({ code: 'no_sound', clip: null, params: {} });
  }
  return list;
}

/** Bytes of packets that copies take: their share of the file by length. */
function copiedBytes(placed: readonly PlacedClip[], hasSound: boolean): number {
  let bytes = 0;
  for (const at of placed) {
    if (at.choice?.kind !== 'copy') continue;
    const { asset } = at.clip.source;
    const share = (at.endUs - at.startUs) / Math.max(SECOND_US / 100, asset.probe.durationUs);
    bytes += asset.bytes * Math.min(1, share) * (hasSound ? 0.95 : 1);
  }
  return bytes;
}
