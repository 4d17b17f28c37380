/**
 * Sound is one track for the whole output: decoded, joined sample-exactly in PCM with short fades at the joins, and
 * encoded once. It is copied where the output is one unbroken range (DESIGN.md, section 4), and where everything is cut at
 * key frames, which is never to re-encode (docs/decisions/0011).
 */
import { SECOND_US } from '../base/time.ts';
import type {
  AudioSettings,
  CopyAudioStep,
  DecodeAudioStep,
  Deviation,
  EncodeAudioStep,
} from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import type { ClipAudio } from '../timeline/layout.ts';
import type { PlacedClip } from './video-steps.ts';

/** Longest stretch decoded by one step: a crash costs little, and the pieces spread over the workers. */
const CHUNK_US = 300 * SECOND_US;
/** Fade at each side of a join, microseconds: short enough not to be heard, long enough not to click. */
const FADE_US = 3000;

/** The sample at which a time lies. */
export function sampleAt(us: number, sampleRate: number): number {
  return Math.round((us * sampleRate) / SECOND_US);
}

/** What the sound will be made of. */
export interface AudioPlan {
  /** As asked for; the source's own where its packets are copied. */
  readonly settings: AudioSettings;
  readonly steps: readonly (DecodeAudioStep | EncodeAudioStep | CopyAudioStep)[];
  readonly deviations: readonly Deviation[];
}

/** Whether a clip goes on exactly where the one before it ended, so that no join is heard. */
function continues(before: PlacedClip | undefined, after: PlacedClip | undefined): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.clip.source.asset.id === after.clip.source.asset.id &&
    before.clip.audio?.position === after.clip.audio?.position &&
    Math.abs(before.endUs - after.startUs) <= 1
  );
}

/** Samples in a packet of AAC and in most of Opus (20 ms of 48 kHz). */
const PACKET_SAMPLES = 1024;

interface CopiedClip {
  readonly at: PlacedClip;
  readonly audio: ClipAudio;
}

/** Whether a clip's packets are copied, or would be if nothing were painted on its pictures. */
function isCopy({ choice }: PlacedClip): boolean {
  if (choice === null || choice.kind === 'copy') return true;
  return choice.kind !== 'smart' && choice.wasCopy === true;
}

/** A clip's sound, when its packets can be used as they are. */
function copyable(at: PlacedClip, settings: AudioSettings, spec: CheckedSpec): CopiedClip | null {
  const { audio, source } = at.clip;
  if (audio === null || audio.track.codec !== settings.codec || source.asset.probe.reader !== 'packets')
    return null;
  // Asked to be mixed down, it is.
  if (audio.track.channels > 2 && spec.surround === 'downmix') return null;
  return isCopy(at) ? { at, audio } : null;
}

/** All clips, when the sound of the output is made of their packets. */
function allCopied(
  placed: readonly PlacedClip[],
  settings: AudioSettings,
  spec: CheckedSpec,
): readonly CopiedClip[] | null {
  const copied = placed.flatMap((at) => copyable(at, settings, spec) ?? []);
  const [first] = copied;
  if (first === undefined || copied.length !== placed.length) return null;
  const { codecString, sampleRate, channels } = first.audio.track;
  const agree = copied.every(
    ({ audio: { track } }) =>
      track.codecString === codecString && track.sampleRate === sampleRate && track.channels === channels,
  );
  if (!agree) return null;
  if (spec.cut === 'keyframe') return copied;
  // Packets are some 20 ms long: a cut inside one can only be exact by encoding, unless the whole file is taken.
  const { at } = first;
  const whole = at.startUs <= 1000 && at.endUs >= at.clip.source.asset.probe.durationUs - 1000;
  return whole && copied.length === 1 ? copied : null;
}

function copySteps(copied: readonly CopiedClip[], settings: AudioSettings): AudioPlan {
  const [first] = copied;
  const { sampleRate, channels } = first?.audio.track ?? settings;
  const several = copied.length > 1;
  const halfPacketMs = Math.ceil((PACKET_SAMPLES * 500) / sampleRate);
  return {
    settings: { ...settings, sampleRate, channels },
    steps: copied.map(({ at, audio }, position) => ({
      kind: 'copy-audio',
      id: `a${String(position)}`,
      clip: position,
      assetId: at.clip.source.asset.id,
      track: audio.position,
      startUs: at.startUs,
      endUs: at.endUs,
      outStartUs: at.outStartUs,
      outEndUs: at.outEndUs,
      reason: several ? 'packets_fit' : 'sound_unbroken',
    })),
    deviations: several
      ? [{ code: 'sound_joined_by_packets', clip: null, params: { ms: halfPacketMs } }]
      : [],
  };
}

/** Plans the sound of the output. */
export function planAudio(
  placed: readonly PlacedClip[],
  settings: AudioSettings,
  spec: CheckedSpec,
): AudioPlan {
  const copied = allCopied(placed, settings, spec);
  if (copied !== null) return copySteps(copied, settings);
  const steps: (DecodeAudioStep | EncodeAudioStep)[] = [];
  const deviations: Deviation[] = [];
  const { sampleRate, channels } = settings;
  const fade = sampleAt(FADE_US, sampleRate);
  let total = 0;
  for (const [position, at] of placed.entries()) {
    const { asset } = at.clip.source;
    const track = at.clip.audio?.track ?? null;
    if (track === null)
      deviations.push({ code: 'silence_added', clip: position, params: { name: asset.name } });
    else if (track.channels > channels) {
      deviations.push({
        code: 'sound_downmixed',
        clip: position,
        params: { from: track.channels, to: channels },
      });
    }
    const opensJoin = position > 0 && !continues(placed[position - 1], at);
    const closesJoin = position + 1 < placed.length && !continues(at, placed[position + 1]);
    const length = at.outEndUs - at.outStartUs;
    const pieces = Math.max(1, Math.ceil(length / CHUNK_US));
    for (let piece = 0; piece < pieces; piece += 1) {
      // Positions are computed from the output's time line, so that rounding never adds up.
      const from = at.outStartUs + Math.round((length * piece) / pieces);
      const to = at.outStartUs + Math.round((length * (piece + 1)) / pieces);
      const samples = sampleAt(to, sampleRate) - sampleAt(from, sampleRate);
      total += samples;
      steps.push({
        kind: 'decode-audio',
        id: `a${String(position)}.${String(piece)}`,
        clip: position,
        assetId: track === null ? null : asset.id,
        track: at.clip.audio?.position ?? 0,
        startUs: at.startUs + (from - at.outStartUs),
        endUs: at.startUs + (to - at.outStartUs),
        samples,
        fadeInSamples: piece === 0 && opensJoin ? Math.min(fade, Math.floor(samples / 2)) : 0,
        fadeOutSamples: piece === pieces - 1 && closesJoin ? Math.min(fade, Math.floor(samples / 2)) : 0,
      });
    }
  }
  steps.push({ kind: 'encode-audio', id: 'a', samples: total });
  return { settings, steps, deviations };
}
