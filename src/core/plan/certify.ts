/** Holds what was found in a finished file against what was planned. Pure: the file is read elsewhere. */
import type { CertificateCheck, CertificateJoin } from '../schema/certificate.ts';
import type { RenderPlan } from '../schema/plan.ts';

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

const seconds = (us: number): string => `${(us / 1_000_000).toFixed(3)} s`;

/** The checks on tracks, lengths, frame numbers and times. */
export function judge(plan: RenderPlan, clipFrames: ClipFrames, found: FoundFile): CertificateCheck[] {
  const checks: CertificateCheck[] = [];
  const check = (name: CertificateCheck['name'], passed: boolean, expected: string, what: string): void => {
    checks.push({ name, passed, expected, found: what });
  };
  const { video, audio, durationUs } = plan.output;
  check(
    'tracks',
    found.container === plan.output.container &&
      describeVideo(found.video) === describePlanned(plan) &&
      (found.audio?.codec ?? null) === (audio?.codec ?? null),
    `${plan.output.container}: ${describePlanned(plan)}, ${audio?.codec ?? 'no sound'}`,
    `${found.container}: ${describeVideo(found.video)}, ${found.audio?.codec ?? 'no sound'}`,
  );
  const endUs = Math.max(found.video?.endUs ?? 0, found.audio?.endUs ?? 0);
  const slackUs = PACKET_US + longestFrame(found);
  check('duration', Math.abs(endUs - durationUs) <= slackUs, seconds(durationUs), seconds(endUs));
  if (video !== null && found.video !== null) {
    const expected = clipFrames.reduce((sum, frames) => sum + frames, 0);
    const count = found.video.timesUs.length;
    check('frame_count', count === expected, String(expected), String(count));
    const wrong = firstMisplacedClip(plan, clipFrames, found.video.timesUs);
    check('frame_times', wrong === null, 'each clip in its place', wrong ?? 'each clip in its place');
  }
  if (audio !== null && found.audio !== null) {
    check(
      'sound_start',
      found.audio.firstUs <= SOUND_START_US,
      `at most ${seconds(SOUND_START_US)}`,
      seconds(found.audio.firstUs),
    );
    check(
      'sound_duration',
      Math.abs(found.audio.endUs - durationUs) <= PACKET_US,
      seconds(durationUs),
      seconds(found.audio.endUs),
    );
  }
  return checks;
}

function describePlanned({ output: { video } }: RenderPlan): string {
  return describeVideo(video === null ? null : { ...video, codec: video.settings.codec });
}

function describeVideo(
  video: Pick<NonNullable<FoundFile['video']>, 'codec' | 'width' | 'height' | 'rotation'> | null,
): string {
  if (video === null) return 'no picture';
  const turn = video.rotation === 0 ? '' : ` turned ${String(video.rotation)}`;
  return `${video.codec} ${String(video.width)}x${String(video.height)}${turn}`;
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
): string | null {
  let at = 0;
  for (const clip of plan.clips) {
    const frames = clipFrames[clip.position] ?? 0;
    const first = times[at];
    if (frames > 0 && (first === undefined || Math.abs(first - clip.outStartUs) > TICK_US)) {
      return `clip ${String(clip.position + 1)} begins at ${first === undefined ? 'no frame' : seconds(first)}`;
    }
    at += frames;
    const last = times[at - 1];
    if (frames > 0 && (last === undefined || last >= clip.outEndUs + TICK_US)) {
      return `clip ${String(clip.position + 1)} reaches beyond its end`;
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
  const broken = joins.filter((join) => !join.clean);
  const entered = joins.filter((join) => join.crossed === false && join.atUs > 0).length;
  const how = entered === 0 ? '' : `, ${String(entered)} of them entered at their key frame`;
  return {
    name: 'joins_decode',
    passed: broken.length === 0,
    expected: `${String(joins.length)} clean`,
    found:
      broken[0] === undefined
        ? `${String(joins.length)} clean${how}`
        : `${seconds(broken[0].atUs)}: ${broken[0].problem ?? ''}`,
  };
}
