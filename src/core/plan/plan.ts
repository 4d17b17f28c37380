/** Spec, sources and what was found out about them to a render plan. Pure: no IO, no clock. */
import { failure, type Failure } from '../base/failure.ts';
import type { AssetId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { frameToMicros, SECOND_US, type Rational } from '../base/time.ts';
import { primaryVideo, type VideoTrackProbe } from '../schema/asset.ts';
import {
  PLAN_VERSION,
  type Deviation,
  type PlanEstimate,
  type PlanStep,
  type RenderPlan,
  type VideoSettings,
} from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import { isFrameTime, timeOfFrame } from '../timeline/frames.ts';
import { layOut, type PlanSource, type TimelineClip } from '../timeline/layout.ts';
import { planAudio } from './audio-steps.ts';
import { decidePictures, type PictureDecision, type VideoChoice } from './choice.ts';
import { estimatePlan, type Machine, type RenderedStep } from './estimate.ts';
import { FFMPEG_PIXELS_PER_SECOND } from './figures.ts';
import { overlaysOf, paintDeviations, paintingOf } from './overlays.ts';
import { askedHeight, audioSettings, commonRate, turned } from './output.ts';
import { DEFAULT_PACE, type Pace } from './pace.ts';
import { videoDeviations, videoStepsOf, type PlacedClip } from './video-steps.ts';

/** What the planner is told beside the spec. */
export interface PlanInput {
  readonly spec: CheckedSpec;
  readonly sources: ReadonlyMap<AssetId, PlanSource>;
  /** Key frames (`keyFrameName`) at which decoding starts cleanly. */
  readonly cleanKeys: ReadonlySet<string>;
  /** Positions of clips that must not be copied. */
  readonly neverCopy: ReadonlySet<number>;
  /** Whether some engine can decode a track; asked for what must be encoded. */
  readonly canDecode: (track: VideoTrackProbe) => boolean;
  /** How many steps run side by side. */
  readonly workers: number;
  /** What one of them encodes with the engine that is preferred: chunks are cut so that each is a few seconds of work. */
  readonly pixelsPerSecond: number;
  /** What this machine has shown itself to do; what is thought of an unknown one when left out. Only the estimate depends on it. */
  readonly pace?: Pace;
  /** Which rung is expected to do a step; by `pixelsPerSecond` when left out. */
  readonly rungOf?: (need: RungNeed) => string;
  /** Plan a small preview of the ranges instead of what the spec says of size and quality. */
  readonly preview?: boolean;
}

/** What decides which rung of the ladder does a step. */
export interface RungNeed {
  readonly kind: RenderedStep['kind'];
  /** Whether the browser can decode the source; true where nothing is decoded. */
  readonly decodable: boolean;
  readonly toneMap: boolean;
  /** For pictures. */
  readonly video: VideoSettings | null;
}

/** A plan, and what it is expected to cost. */
export interface LaidPlan {
  readonly plan: Omit<RenderPlan, 'estimate'>;
  /** @param there steps whose segments are there, with their bytes */
  readonly estimate: (there: ReadonlyMap<string, number>) => PlanEstimate;
}

/** Makes the plan, on a machine where nothing of it is there yet. As `layPlan`. */
export function planRender(input: PlanInput): Result<RenderPlan, Failure> {
  const laid = layPlan(input);
  return laid.ok ? ok({ ...laid.value.plan, estimate: laid.value.estimate(new Map()) }) : laid;
}

/** Makes the plan. `not_found`, `out_of_range`, `invalid_spec`, `unsupported_media`. */
export function layPlan(input: PlanInput): Result<LaidPlan, Failure> {
  const { spec } = input;
  const laid = layOut(spec, input.sources);
  if (!laid.ok) return laid;
  const clips = laid.value;
  const painting = input.preview === true ? null : paintingOf(spec, clips);
  const picture = decidePictures(clips, { ...input, painting });
  const choices = picture?.choices ?? clips.map(() => null);

  const undecodable = firstUndecodable(clips, choices, input);
  if (undecodable !== null) return err(undecodable);

  const nominal = commonRate(clips);
  const rate =
    nominal !== null && clips.every((clip, i) => keepsRate(clip, choices[i] ?? null, nominal))
      ? nominal
      : null;
  const placed = place(clips, choices, rate);
  const durationUs = placed.at(-1)?.outEndUs ?? 0;
  const sound = audioSettings(spec, clips);
  if (picture === null && sound === null) {
    return err(
      failure(
        'invalid_spec',
        'no_segments',
        'The ranges have no picture, and the sound is dropped: nothing is left.',
      ),
    );
  }
  const audio = sound === null ? null : planAudio(placed, sound, spec);
  const { workers, pixelsPerSecond } = input;
  const overlays =
    picture === null || painting === null
      ? undefined
      : overlaysOf(
          painting,
          placed.map(({ clip, choice }) => ({ clip, span: choice?.span ?? null })),
          picture.rotation,
        );
  const videoSteps =
    picture === null
      ? []
      : placed.flatMap((at) => videoStepsOf(at, { ...picture, rate, workers, pixelsPerSecond, overlays }));
  const steps: PlanStep[] = [...videoSteps, ...(audio?.steps ?? [])];
  const plan: Omit<RenderPlan, 'estimate'> = {
    version: PLAN_VERSION,
    output: {
      container: spec.format,
      fileName: spec.name,
      durationUs,
      video:
        picture === null
          ? null
          : {
              ...turned(picture.settings, picture.rotation),
              frames: videoSteps.reduce((sum, step) => sum + step.frames, 0),
              rotation: picture.rotation,
              rate,
              settings: picture.settings,
            },
      audio: audio?.settings ?? null,
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
      ...sourceOf(at),
    })),
    steps,
    deviations: [
      ...allDeviations(placed, input, picture, rate),
      ...paintDeviations(painting),
      ...(audio?.deviations ?? []),
    ],
    summary: {
      ...summaryOf(choices),
      sound:
        audio === null
          ? 'none'
          : audio.steps.some((step) => step.kind === 'copy-audio')
            ? 'copied'
            : 'encoded',
    },
  };
  const machine: Machine = {
    workers,
    pace: input.pace ?? DEFAULT_PACE,
    rungOf: (step) => rungOf(step, clips, picture?.settings ?? null, input),
  };
  const copied = copiedBytes(placed, audio !== null);
  return ok({ plan, estimate: (there) => estimatePlan(plan, copied, machine, there) });
}

/** What has to be decoded of a clip. */
function sourceOf({ clip, choice }: PlacedClip): Pick<RenderPlan['clips'][number], 'source'> {
  const track = primaryVideo(clip.source.asset.probe);
  if (choice === null || track === null) return {};
  return { source: { codec: track.codec, pixels: track.codedWidth * track.codedHeight } };
}

/** The rung that is expected to do a step. */
function rungOf(
  step: RenderedStep,
  clips: readonly TimelineClip[],
  video: VideoSettings | null,
  input: PlanInput,
): string {
  const byBrowser = (need: RungNeed): string =>
    input.pixelsPerSecond > FFMPEG_PIXELS_PER_SECOND && need.decodable && !need.toneMap
      ? 'webcodecs-software'
      : 'ffmpeg';
  const ask = input.rungOf ?? byBrowser;
  if (step.kind === 'encode-audio') return ask({ kind: step.kind, decodable: true, toneMap: false, video });
  const clip = clips[step.clip];
  const packets = clip?.source.asset.probe.reader === 'packets';
  if (step.kind === 'decode-audio') {
    const decodable = packets && step.assetId !== null && clip.audio?.track.decodable === true;
    return ask({ kind: step.kind, decodable, toneMap: false, video });
  }
  const track = clip === undefined ? null : primaryVideo(clip.source.asset.probe);
  const decodable = packets && track?.decodable === true;
  return ask({ kind: step.kind, decodable, toneMap: step.filter.toneMap, video });
}

function summaryOf(
  choices: readonly (VideoChoice | null)[],
): Pick<RenderPlan['summary'], 'copied' | 'smart' | 'encoded'> {
  return {
    copied: choices.filter((choice) => choice?.kind === 'copy').length,
    smart: choices.flatMap((choice, clip) => {
      if (choice?.kind !== 'smart') return [];
      const copiedFrames = choice.middle.stop - choice.middle.first;
      return [{ clip, copiedFrames, encodedFrames: choice.span.stop - choice.span.first - copiedFrames }];
    }),
    encoded: choices.flatMap((choice, clip) =>
      choice?.kind === 'encode' || choice?.kind === 'painted' ? [{ clip, reason: choice.reason }] : [],
    ),
  };
}

/** Codecs that ffmpeg.wasm cannot decode. HDR is mapped to standard range by ffmpeg only. */
const NOT_TONE_MAPPED = new Set(['av1', 'vvc', 'av2']);

/** The first clip whose pictures must be encoded and cannot be. */
function firstUndecodable(
  clips: readonly TimelineClip[],
  choices: readonly (VideoChoice | null)[],
  input: PlanInput,
): Failure | null {
  for (const [position, choice] of choices.entries()) {
    const asset = clips[position]?.source.asset;
    const track = asset === undefined ? null : primaryVideo(asset.probe);
    if (choice === null || choice.kind === 'copy' || track === null || asset === undefined) continue;
    const details = { name: asset.name, codec: track.codec, position: position + 1 };
    if (!input.canDecode(track)) {
      return failure(
        'unsupported_media',
        'no_decoder',
        `"${asset.name}" holds ${track.codec} video, which no engine here can decode to encode it again.`,
        details,
      );
    }
    // WebM is made with the browser's own codecs only, from what they can decode.
    const browserOnly = input.spec.format === 'webm';
    if (track.hdr && (browserOnly || NOT_TONE_MAPPED.has(track.codec))) {
      return failure(
        'unsupported_media',
        'hdr_unsupported',
        `"${asset.name}" is HDR (${track.codec}), which cannot be brought to standard range for ${input.spec.format}: its colours would come out washed out.`,
        details,
      );
    }
    if (browserOnly && !track.decodable) {
      return failure(
        'unsupported_media',
        'no_browser_decoder',
        `"${asset.name}" holds ${track.codec} video, which this browser cannot decode; WebM is made with the browser's own codecs. MP4 can be made of it.`,
        details,
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
    const opensOnGrid =
      choice !== null && index !== null && rate !== null && isFrameTime(index, choice.span.first, startUs);
    const outFrame = opensOnGrid ? frames : null;
    if (whole && frames !== null) {
      frames += choice.span.stop - choice.span.first;
      outUs = frameToMicros(frames, rate);
    } else {
      frames = null;
      outUs += endUs - startUs;
    }
    placed.push({ clip, choice, startUs, endUs, outStartUs, outEndUs: outUs, outFrame });
  }
  return placed;
}

function allDeviations(
  placed: readonly PlacedClip[],
  input: PlanInput,
  picture: PictureDecision | null,
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
    if (picture !== null) list.push(...videoDeviations(at, input.spec, picture));
    if (asset.probe.warnings.includes('truncated') && !truncated.has(asset.id)) {
      truncated.add(asset.id);
      list.push({ code: 'source_truncated', clip: at.clip.position, params: { name: asset.name } });
    }
    const left =
      asset.probe.video.length +
      asset.probe.audio.length +
      asset.probe.other.length -
      (primaryVideo(asset.probe) === null ? 0 : 1) -
      (at.clip.audio === null ? 0 : 1);
    if (left > 0) list.push({ code: 'tracks_left_out', clip: at.clip.position, params: { count: left } });
  }
  const asked = askedHeight(input.spec.resolution);
  if (picture !== null && asked !== null && !input.spec.enlarge) {
    const { width, height } = turned(picture.settings, picture.rotation);
    const fills = Math.max(width, height) >= (asked * 16) / 9 - 1;
    if (Math.min(width, height) < asked - 1 && !fills)
      list.push({ code: 'not_enlarged', clip: null, params: { width, height } });
  }
  if (picture !== null && rate === null) list.push({ code: 'rate_variable', clip: null, params: {} });
  if (input.spec.audio === 'keep' && placed.every((at) => at.clip.audio === null)) {
    list.push({ code: 'no_sound', clip: null, params: {} });
  }
  return list;
}

/** Bytes of packets that copies take: their share of the file by length. */
function copiedBytes(placed: readonly PlacedClip[], hasSound: boolean): number {
  let bytes = 0;
  for (const at of placed) {
    const { choice } = at;
    const { asset, index } = at.clip.source;
    if (choice === null || choice.kind === 'encode' || index === null) continue;
    const copied =
      choice.kind === 'painted' ? choice.copied : [choice.kind === 'smart' ? choice.middle : choice.span];
    const lengthUs = copied.reduce(
      (sum, { first, stop }) => sum + timeOfFrame(index, stop) - timeOfFrame(index, first),
      0,
    );
    const share = lengthUs / Math.max(SECOND_US / 100, asset.probe.durationUs);
    bytes += asset.bytes * Math.min(1, share) * (hasSound ? 0.95 : 1);
  }
  return bytes;
}
