/** Holds the sound of a finished file against the PCM that it was encoded from. Pure. */
import type { CertificateCheck, CheckText } from '../schema/certificate.ts';
import type { RenderPlan } from '../schema/plan.ts';
import { checked, text } from './certify-text.ts';

/** One stretch that was compared. */
export interface SoundWindow {
  readonly atUs: number;
  /** How much later than planned the sound is heard, microseconds; null where it is too even to tell. */
  readonly offsetUs: number | null;
  /** How alike both are at their best offset, 0..1. */
  readonly likeness: number;
  /** Level of the PCM, decibels below full scale. */
  readonly plannedDb: number;
  /** Level of the file over the same sound, decibels below full scale. */
  readonly foundDb: number;
}

/** Length of a stretch, and how far the sound is looked for around its place. Microseconds. */
export const SOUND_WINDOW_US = 400_000;
/** How far the sound is looked for around its place, microseconds. */
export const SOUND_REACH_US = 60_000;

/** Below this there is nothing to hear, decibels below full scale. */
const SILENT_DB = -60;
/** What a codec may leave where silence was put in. */
const SILENT_FOUND_DB = -50;
/** Sound that far from its place is not noticed and not a fault of ours: half an AAC packet is 10 ms. */
const MOST_OFFSET_US = 5000;
/** Codecs keep the level well within this; a wrong gain or a lost channel does not. */
const MOST_LEVEL_DB = 1.5;
/** A single stretch of sharp attacks or hiss may come out a little quieter. */
const MOST_WINDOW_DB = 3;
/** Below this two stretches are not the same sound. Noise coded as noise (AAC's PNS) still has its low end in common. */
const UNLIKE = 0.35;
/** Below this an offset is a guess. */
const ALIKE = 0.5;
/** Another offset as good as this part of the best one makes the place of the sound ambiguous (tones, hum). */
const AMBIGUOUS = 0.9;
/** The rough place of the sound is looked for at about this rate. */
const THIN_HZ = 8000;
/** Offsets nearer than this are the same peak, microseconds. */
const PEAK_US = 3000;

const decibels = (meanSquare: number): number => (meanSquare <= 1e-12 ? -120 : 10 * Math.log10(meanSquare));

function meanSquare(samples: Float32Array, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += (samples[i] ?? 0) ** 2;
  return count === 0 ? 0 : sum / count;
}

/** Means of `by` samples each: enough of the sound to find its place roughly, at a fraction of the work. */
function thinned(samples: Float32Array, by: number): Float32Array {
  const out = new Float32Array(Math.floor(samples.length / by));
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < by; j++) sum += samples[i * by + j] ?? 0;
    out[i] = sum / by;
  }
  return out;
}

/** Energy of the samples before each position: that of any stretch is a difference. */
function energyBefore(samples: Float32Array): Float64Array {
  const sums = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++) sums[i + 1] = (sums[i] ?? 0) + (samples[i] ?? 0) ** 2;
  return sums;
}

/** Normalised correlation of `part` with `whole` entered at each position from `first` to `last`. */
function likenesses(part: Float32Array, whole: Float32Array, first: number, last: number): Float64Array {
  const own = energyBefore(part)[part.length] ?? 0;
  const energy = energyBefore(whole);
  const curve = new Float64Array(Math.max(0, last - first + 1));
  for (let at = first; at <= last; at++) {
    let product = 0;
    for (let i = 0; i < part.length; i++) product += (part[i] ?? 0) * (whole[at + i] ?? 0);
    const other = (energy[at + part.length] ?? 0) - (energy[at] ?? 0);
    curve[at - first] = own <= 1e-9 || other <= 1e-9 ? 0 : product / Math.sqrt(own * other);
  }
  return curve;
}

/** Position of the largest value. */
const highest = (curve: Float64Array): number =>
  curve.reduce((best, value, at) => (value > (curve[best] ?? -Infinity) ? at : best), 0);

/**
 * Finds a stretch of planned sound in what was decoded.
 *
 * @param planned the stretch, mono
 * @param found what was decoded around it, mono: `reach` samples more on both sides
 */
export function compareStretch(
  planned: Float32Array,
  found: Float32Array,
  reach: number,
  sampleRate: number,
): Omit<SoundWindow, 'atUs'> {
  const plannedDb = decibels(meanSquare(planned, 0, planned.length));
  const inPlaceDb = decibels(meanSquare(found, reach, planned.length));
  if (plannedDb < SILENT_DB || inPlaceDb < SILENT_DB) {
    return { offsetUs: null, likeness: 0, plannedDb, foundDb: inPlaceDb };
  }
  const by = Math.max(1, Math.round(sampleRate / THIN_HZ));
  const part = thinned(planned, by);
  const whole = thinned(found, by);
  const curve = likenesses(part, whole, 0, Math.max(0, whole.length - part.length));
  const rough = highest(curve);
  const near = Math.ceil((PEAK_US * sampleRate) / 1e6 / by);
  const rival = curve.reduce(
    (best, value, at) => (Math.abs(at - rough) > near && value > best ? value : best),
    0,
  );
  // The exact sample, around the rough place.
  const first = Math.max(0, (rough - 2) * by);
  const close = likenesses(planned, found, first, Math.min((rough + 2) * by, found.length - planned.length));
  const exact = first + highest(close);
  const likeness = Math.max(close[exact - first] ?? 0, curve[rough] ?? 0);
  const clear = likeness >= ALIKE && rival < AMBIGUOUS * (curve[rough] ?? 0);
  const at = clear ? exact : reach;
  return {
    offsetUs: clear ? Math.round(((exact - reach) * 1e6) / sampleRate) : null,
    likeness,
    plannedDb,
    foundDb: decibels(meanSquare(found, at, planned.length)),
  };
}

/** Places worth a look: the start, the joins, the end, and some between. Microseconds. */
export function soundPlaces(plan: RenderPlan): readonly number[] {
  const lastUs = plan.output.durationUs - SOUND_WINDOW_US;
  if (lastUs <= 0) return [0];
  const joins = plan.clips.map((clip) => clip.outStartUs - SOUND_WINDOW_US / 2);
  const some = [0.25, 0.5, 0.75].map((part) => lastUs * part);
  const all = [0, lastUs, ...joins.slice(1), ...some].map((us) =>
    Math.round(Math.min(lastUs, Math.max(0, us))),
  );
  const sorted = [...new Set(all)].sort((a, b) => a - b);
  // A dozen candidates are enough to find half a dozen with something to hear.
  const limit = 12;
  if (sorted.length <= limit) return sorted;
  return Array.from(
    { length: limit },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (limit - 1))] ?? 0,
  );
}

/** Of the candidates those to compare: at most `most`, the loudest of each neighbourhood; silence only when all is. */
export function worthHearing(levelsDb: readonly number[], most: number): readonly number[] {
  const groups = Math.min(most, levelsDb.length);
  const chosen: number[] = [];
  for (let group = 0; group < groups; group++) {
    const from = Math.floor((group * levelsDb.length) / groups);
    const to = Math.floor(((group + 1) * levelsDb.length) / groups);
    let best = from;
    for (let i = from; i < to; i++) if ((levelsDb[i] ?? -120) > (levelsDb[best] ?? -120)) best = i;
    chosen.push(best);
  }
  return chosen;
}

const at = (window: SoundWindow): CheckText => text('at', { us: window.atUs });

/** The checks on where the sound lies and how loud it is. A text instead of windows says why there are none. */
export function judgeSound(windows: readonly SoundWindow[] | CheckText): CertificateCheck[] {
  return [judgeOffset(windows), judgeLoudness(windows)];
}

function judgeOffset(windows: readonly SoundWindow[] | CheckText): CertificateCheck {
  const expected = [text('most_offset', { ms: MOST_OFFSET_US / 1000 })];
  const answer = (outcome: boolean | 'skipped', ...found: CheckText[]): CertificateCheck =>
    checked('sound_offset', outcome, expected, found);
  if ('code' in windows) return answer('skipped', windows);
  const audible = windows.filter((window) => window.plannedDb >= SILENT_DB && window.foundDb >= SILENT_DB);
  const unlike = audible.filter((window) => window.likeness < UNLIKE);
  const placed = audible.filter((window) => window.offsetUs !== null);
  const worst = placed.reduce<SoundWindow | null>(
    (most, window) =>
      most === null || Math.abs(window.offsetUs ?? 0) > Math.abs(most.offsetUs ?? 0) ? window : most,
    null,
  );
  const far = worst !== null && Math.abs(worst.offsetUs ?? 0) > MOST_OFFSET_US;
  // One odd stretch may be the codec's; when half are unlike, it is other sound, or it lies far off.
  if (!far && unlike[0] !== undefined && unlike.length * 2 >= audible.length) {
    return answer(false, at(unlike[0]), text('other_sound', { ms: SOUND_REACH_US / 1000 }));
  }
  if (worst === null) return answer('skipped', text('sound_even', {}));
  return answer(
    !far,
    ...(far ? [at(worst)] : []),
    text('offset', { ms: (worst.offsetUs ?? 0) / 1000 }),
    text('places_compared', { count: placed.length }),
  );
}

function judgeLoudness(windows: readonly SoundWindow[] | CheckText): CertificateCheck {
  const expected = [text('most_level', { db: MOST_LEVEL_DB })];
  const answer = (outcome: boolean | 'skipped', ...found: CheckText[]): CertificateCheck =>
    checked('loudness', outcome, expected, found);
  if ('code' in windows) return answer('skipped', windows);
  if (windows.length === 0) return answer('skipped', text('sound_short', {}));
  const noise = windows.find((window) => window.plannedDb < SILENT_DB && window.foundDb > SILENT_FOUND_DB);
  if (noise !== undefined) return answer(false, at(noise), text('noise', { db: noise.foundDb }));
  const audible = windows.filter((window) => window.plannedDb >= SILENT_DB);
  if (audible.length === 0) return answer(true, text('silence', {}));
  const power = (db: number): number => 10 ** (db / 10);
  const sum = (of: (window: SoundWindow) => number): number =>
    audible.reduce((total, window) => total + power(of(window)), 0);
  const overall = 10 * Math.log10(sum((w) => w.foundDb) / sum((w) => w.plannedDb));
  // Where other sound is heard its level says nothing about ours, but silence does.
  const comparable = audible.filter((window) => window.likeness >= ALIKE || window.foundDb < SILENT_DB);
  const wrong = comparable.find((window) => Math.abs(window.foundDb - window.plannedDb) > MOST_WINDOW_DB);
  const passed = Math.abs(overall) <= MOST_LEVEL_DB && wrong === undefined;
  return answer(
    passed,
    text('level', { db: overall }),
    ...(wrong === undefined ? [] : [at(wrong), text('level', { db: wrong.foundDb - wrong.plannedDb })]),
  );
}
