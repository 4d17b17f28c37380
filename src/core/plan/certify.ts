/** Holds what was found in a finished file against what was planned. Pure: the file is read elsewhere. */
import type { CertificateCheck, CertificateJoin, CheckText } from '../schema/certificate.ts';
import type { RenderPlan } from '../schema/plan.ts';
import { checked, inEnglish, text } from './certify-text.ts';

/** A finished file as its reader sees it. Times in microseconds. */
export interface FoundFile {
  readonly container: string;
  readonly video: {
    readonly codec: string;
    /** As displayed: after the rotation. */
    readonly width: number;
    readonly height: number;
    readonly rotation: number;
    readonly timesUs: ArrayLike<number>;
    readonly endUs: number;
  } | null;
  readonly audio: { readonly codec: string; readonly firstUs: number; readonly endUs: number } | null;
}

/** Frames that really came out of each clip (a damaged source may give fewer than planned). */
export type ClipFrames = readonly number[];

/** A time stamp may differ by a tick of the coarsest timescale in use. */
const TICK_US = 1500;
/** Sound is made of packets of up to 2048 samples at 32 kHz: an end may lie one packet beyond the picture's. */
const PACKET_US = 64_000;
/** How much later than the file's start sound may begin. */
const SOUND_START_US = 10_000;

/** Sooner than this before the pictures there is nothing worth telling. */
const RUN_IN_US = 500;

/** The checks on tracks, lengths, frame numbers and times. */
export function judge(plan: RenderPlan, clipFrames: ClipFrames, found: FoundFile): CertificateCheck[] {
  const checks: CertificateCheck[] = [];
  const check = (...all: Parameters<typeof checked>): void => {
    checks.push(checked(...all));
  };
  const length = (us: number): CheckText[] => [text('length', { us })];
  const { video, audio, durationUs, container } = plan.output;
  const planned = tracks(container, video === null ? null : { ...video, codec: video.settings.codec }, audio);
  const there = tracks(found.container, found.video, found.audio);
  check('tracks', inEnglish(there) === inEnglish(planned), planned, there);
  const endUs = Math.max(found.video?.endUs ?? 0, found.audio?.endUs ?? 0);
  const slackUs = PACKET_US + longestFrame(found);
  check('duration', Math.abs(endUs - durationUs) <= slackUs, length(durationUs), length(endUs));
  if (video !== null && found.video !== null) {
    const expected = clipFrames.reduce((sum, frames) => sum + frames, 0);
    const { length: count } = found.video.timesUs;
    check(
      'frame_count',
      count === expected,
      [text('frames', { count: expected })],
      [text('frames', { count })],
    );
    const wrong = firstMisplacedClip(plan, clipFrames, found.video.timesUs);
    const inPlace = text('clips_in_place', {});
    check('frame_times', wrong === null, [inPlace], [wrong ?? inPlace]);
  }
  if (audio !== null && found.audio !== null) {
    const { firstUs } = found.audio;
    check(
      'sound_start',
      firstUs <= SOUND_START_US,
      [text('starts_together', { ms: SOUND_START_US / 1000 })],
      [
        firstUs > RUN_IN_US ? text('started_late', { us: firstUs }) : text('started_together', {}),
        // A time before the file's start: the edit list, or the codec's own delay, keeps it from being played.
        ...(firstUs < -RUN_IN_US ? [text('run_in', { us: -firstUs })] : []),
      ],
    );
    check(
      'sound_duration',
      Math.abs(found.audio.endUs - durationUs) <= PACKET_US,
      length(durationUs),
      length(found.audio.endUs),
    );
  }
  return checks;
}

function tracks(
  container: string,
  video: Pick<NonNullable<FoundFile['video']>, 'codec' | 'width' | 'height' | 'rotation'> | null,
  audio: { readonly codec: string } | null,
): CheckText[] {
  return [
    text('container', { container }),
    video === null
      ? text('no_picture', {})
      : text('picture', {
          codec: video.codec,
          width: video.width,
          height: video.height,
          rotation: video.rotation,
        }),
    audio === null ? text('no_sound', {}) : text('sound', { codec: audio.codec }),
  ];
}

function longestFrame(found: FoundFile): number {
  const times = found.video?.timesUs;
  if (times === undefined || times.length === 0) return 0;
  return Math.max(0, (found.video?.endUs ?? 0) - (times[times.length - 1] ?? 0));
}

/** Every clip must begin at its place and hold its number of frames. Null when all do. */
function firstMisplacedClip(
  plan: RenderPlan,
  clipFrames: ClipFrames,
  times: ArrayLike<number>,
): CheckText | null {
  let at = 0;
  for (const clip of plan.clips) {
    const frames = clipFrames[clip.position] ?? 0;
    const first = times[at];
    if (frames > 0 && (first === undefined || Math.abs(first - clip.outStartUs) > TICK_US)) {
      return first === undefined
        ? text('clip_empty', { clip: clip.position + 1 })
        : text('clip_begins', { clip: clip.position + 1, us: first });
    }
    at += frames;
    const last = times[at - 1];
    if (frames > 0 && (last === undefined || last >= clip.outEndUs + TICK_US)) {
      return text('clip_too_long', { clip: clip.position + 1 });
    }
  }
  return null;
}

/** Output times around which a finished file is decoded: the start, every join of steps, the end. */
export function joinsOf(plan: RenderPlan, limit: number): readonly number[] {
  const starts = plan.steps.flatMap((step) =>
    step.kind === 'copy-video' || step.kind === 'encode-video' ? [step.outStartUs] : [],
  );
  const all = [...new Set([0, ...starts, plan.output.durationUs])].sort((a, b) => a - b);
  if (all.length <= limit) return all;
  // Too many to decode all: clip boundaries first, then evenly.
  const clips = [...new Set([0, ...plan.clips.map((clip) => clip.outStartUs), plan.output.durationUs])];
  const pool = clips.length >= limit ? clips : all;
  return Array.from(
    { length: limit },
    (_, i) => pool[Math.round((i * (pool.length - 1)) / (limit - 1))] ?? 0,
  );
}

/** The clips whose pictures lie on both sides of an output time. */
export function clipsAround(plan: RenderPlan, atUs: number): readonly number[] {
  return plan.clips
    .filter((clip) => clip.outStartUs - 1_000_000 <= atUs && atUs <= clip.outEndUs + 1_000_000)
    .map((clip) => clip.position);
}

/** The check that all joins decoded cleanly. */
export function judgeJoins(joins: readonly CertificateJoin[]): CertificateCheck {
  const broken = joins.find((join) => !join.clean);
  const entered = joins.filter((join) => join.crossed === false && join.atUs > 0).length;
  const all = text('joins_clean', { count: joins.length });
  return checked(
    'joins_decode',
    broken === undefined,
    [all],
    broken === undefined
      ? [all, ...(entered === 0 ? [] : [text('joins_entered', { count: entered })])]
      : [
          text('at', { us: broken.atUs }),
          ...(broken.problemText ?? [text('decoder_said', { said: broken.problem ?? '' })]),
        ],
  );
}
