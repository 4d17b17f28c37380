/**
 * What this machine really does, learned from the exports that it finished. Estimates are made with it; what an export is
 * cut into is not, because content keys must be the same tomorrow (see `pixelsPerSecond` of the planner). Pure.
 */
import type { Export, ExportActual, Receipt } from '../schema/export.ts';
import {
  assemblyCounts,
  checkCounts,
  pictureBytes,
  pictureCounts,
  renderingCounts,
  soundBytes,
  soundCounts,
  type Counted,
} from './counts.ts';
import {
  COMMAND_MS,
  DECODE_SHARE,
  FFMPEG_PIXELS_PER_SECOND,
  SOUND_SPEED,
  TONE_MAP_FACTOR,
} from './figures.ts';
import { costOfCounts, fading, fitCosts, weightedMedian, type Sample } from './fit.ts';
import { makespan } from './lanes.ts';
import { isShared } from './off.ts';

/** Version of what is kept: the meaning of the counts. Samples of another version are forgotten. */
export const PACE_VERSION = 2;
/** Samples of each kind that are kept. */
export const PACE_SAMPLES = 20;

/** Measured times and sizes by kind of work, oldest first. */
export type PaceSamples = Readonly<Record<string, readonly Sample[]>>;

/** What this machine really does. */
export interface Pace {
  readonly version: typeof PACE_VERSION;
  readonly samples: PaceSamples;
  /** What each count of a kind costs: milliseconds of one worker that has the machine to itself, or bytes. */
  readonly costs: Readonly<Record<string, readonly number[]>>;
  /** By kind and what the work may differ in: how much more than usual it costs. */
  readonly factors: Readonly<Record<string, number>>;
  /** How much longer a step takes for each further one beside it (see `makespan`). */
  readonly drag: number;
  /** How much slower than all that the last exports were: the machine may be busy with something else. */
  readonly now: number;
}

/** Pixels per second that one worker of the browser's own codecs decodes and encodes. */
const CODEC_PIXELS_PER_SECOND = 120_000_000;
/** How much slower VP9 is made than H.264 (measured: 17.5 against 11.5 ns for a pixel, libvpx and OpenH264 in Chromium on two cores). */
const VP9_FACTOR = 1.5;
/** Starting one step of the browser's own codecs, milliseconds. */
const CODEC_START_MS = 60;
/** Bits per pixel that x264 needs at the CRFs in use, ordinary footage of full HD. */
const BITS_PER_PIXEL: Readonly<Record<string, number>> = { 18: 0.11, 23: 0.055, 28: 0.03 };
const USUAL_BITS = 0.1;

/** Kinds with costs that belong to no engine. */
const FIXED: Readonly<Record<string, readonly number[]>> = {
  rendering: [20, 4, 1],
  assembling: [60, 6.5, 6, 2],
  verifying: [50, 3, 0.3, 22, 60, 4],
  job: [60],
};

/** What a kind of work is thought to cost before anything was measured. */
export function expectedCosts(kind: string): readonly number[] {
  const fixed = FIXED[kind];
  if (fixed !== undefined) return fixed;
  const [what, rung = '', codec, special] = kind.split('/');
  const isFfmpeg = rung === 'ffmpeg';
  const startMs = isFfmpeg ? COMMAND_MS : CODEC_START_MS;
  if (what === 'bytes') {
    return [codec === undefined ? 1 : ((BITS_PER_PIXEL[codec] ?? USUAL_BITS) / 8) * 1_000_000];
  }
  if (what !== 'picture') return [startMs, 1000 / SOUND_SPEED];
  const slower = (special === 'tone-map' ? TONE_MAP_FACTOR : 1) * (codec === 'vp9' ? VP9_FACTOR : 1);
  // For a million of them.
  const ms = (1e9 / (isFfmpeg ? FFMPEG_PIXELS_PER_SECOND : CODEC_PIXELS_PER_SECOND)) * slower;
  // Encoding takes what decoding leaves of the time; a slow encoder does not make decoding slower.
  return [startMs, ms * (1 - DECODE_SHARE), (ms / slower) * DECODE_SHARE];
}

/** What a machine of which nothing is known does. */
export const DEFAULT_PACE: Pace = {
  version: PACE_VERSION,
  samples: {},
  costs: {},
  factors: {},
  drag: 0,
  now: 1,
};

/** Under which names the factors of some work stand. */
const varieties = ({ kind, of, from }: Pick<Counted, 'kind' | 'of' | 'from'>): readonly string[] => [
  ...(of === undefined ? [] : [`${kind}<${of}`]),
  ...(from === undefined ? [] : [`${kind}@${from}`]),
];

/** What some work costs at a pace: milliseconds of one worker, or bytes. */
export function costAt(pace: Pace, counted: Counted): number {
  const { kind, x } = counted;
  const costs = costOfCounts(pace.costs[kind] ?? expectedCosts(kind), x);
  return varieties(counted).reduce((cost, name) => cost * (pace.factors[name] ?? 1), costs);
}

/** Drags that are tried, and how much each step away from none must explain to be taken. */
const DRAGS = Array.from({ length: 11 }, (_, i) => i / 10);
const DRAG_PRICE = 0.004;
/** How much a factor is drawn to 1: as much as so many samples. */
const FACTOR_TRUST = 0.5;

const alone = (sample: Sample, drag: number): Sample => ({
  ...sample,
  y: sample.y / (1 + drag * Math.max(0, (sample.busy ?? 1) - 1)),
});

/** How far the samples are from what was fitted to them, relative. */
function misfit(samples: readonly Sample[], kind: string): number {
  const costs = fitCosts(samples, expectedCosts(kind));
  const age = fading(samples.length);
  const errors = samples.map(
    ({ x, y }, i) => [Math.min(1, Math.abs(costOfCounts(costs, x) / y - 1)), age[i] ?? 0] as const,
  );
  const weight = errors.reduce((sum, [, each]) => sum + each, 0);
  return weight === 0 ? 0 : errors.reduce((sum, [error, each]) => sum + error * each, 0) / weight;
}

/** The drag by which the samples of pictures agree best: the same work was measured alone and beside other. */
function dragOf(samples: PaceSamples): number {
  const pictures = Object.entries(samples).filter(
    ([kind, list]) => kind.startsWith('picture/') && list.length > 1,
  );
  if (pictures.length === 0) return 0;
  let best = { drag: 0, misfit: Infinity };
  for (const drag of DRAGS) {
    let total = 0;
    let count = 0;
    for (const [kind, list] of pictures) {
      total +=
        list.length *
        misfit(
          list.map((sample) => alone(sample, drag)),
          kind,
        );
      count += list.length;
    }
    const found = total / count + drag * DRAG_PRICE;
    if (found < best.misfit) best = { drag, misfit: found };
  }
  return best.drag;
}

/** How much more than usual each variety of a kind costs: first by codec, then what is left by asset. */
function factorsOf(kind: string, list: readonly Sample[], costs: readonly number[]): Map<string, number> {
  const age = fading(list.length);
  const factors = new Map<string, number>();
  for (const mark of ['of', 'from'] as const) {
    const ratios = list.map((sample, i) => {
      const known = varieties({ kind, ...sample }).map((name) => factors.get(name) ?? 1);
      const expected = known.reduce((cost, factor) => cost * factor, costOfCounts(costs, sample.x));
      const name = varieties({ kind, [mark]: sample[mark] })[0];
      return { name, ratio: sample.y / expected, weight: age[i] ?? 0 };
    });
    for (const name of new Set(ratios.flatMap((one) => one.name ?? []))) {
      const own = ratios.filter((one) => one.name === name);
      const weight = own.reduce((sum, one) => sum + one.weight, 0);
      const middle = weightedMedian(own.map((one) => [one.ratio, one.weight])) ?? 1;
      factors.set(name, Math.exp((Math.log(middle) * weight) / (weight + FACTOR_TRUST)));
    }
  }
  return factors;
}

/** Kind of the samples of whole exports: what they were expected to take, and what they took. */
const NOW = 'now';
/** How much each export counts less than the one after it, and how much the factor is drawn to 1. */
const NOW_FADE = 0.5;
const NOW_TRUST = 0.5;
const MOST_NOW = 0.7;
/** An export of this length counts half as much as a long one: what is off by a tenth of a second says little. */
const NOW_MS = 1000;

/** Whether the last exports were slower or faster than they should have been. */
function nowOf(samples: PaceSamples): number {
  let sum = 0;
  let weights = NOW_TRUST;
  for (const [age, { x, y }] of [...(samples[NOW] ?? [])].reverse().entries()) {
    const weight = NOW_FADE ** age * (y / (y + NOW_MS));
    // One export that took ten times as long says that it was disturbed, not that the next one will be.
    const error = Math.log(y / (x[0] ?? y));
    sum += weight * Math.max(-MOST_NOW, Math.min(MOST_NOW, error));
    weights += weight;
  }
  return Math.exp(sum / weights);
}

/** The pace that samples say. */
export function paceOf(samples: PaceSamples): Pace {
  const drag = dragOf(samples);
  const costs: Record<string, readonly number[]> = {};
  const factors: Record<string, number> = {};
  for (const [kind, list] of Object.entries(samples)) {
    if (kind === NOW) continue;
    const own = list.map((sample) => alone(sample, drag));
    const fitted = fitCosts(own, expectedCosts(kind));
    costs[kind] = fitted;
    for (const [name, factor] of factorsOf(kind, own, fitted)) factors[name] = factor;
  }
  return { version: PACE_VERSION, samples, costs, factors, drag, now: nowOf(samples) };
}

/** Work of one kind in one export, added up. */
interface Done {
  readonly kind: string;
  readonly of: string | undefined;
  readonly from: string | undefined;
  x: readonly number[];
  y: number;
}

function addUp(list: readonly (Counted & { readonly y: number })[]): Done[] {
  const sums = new Map<string, Done>();
  for (const { kind, x, of, from, y } of list) {
    const name = [kind, of ?? '', from ?? ''].join('<');
    const sum = sums.get(name) ?? { kind, of, from, x: x.map(() => 0), y: 0 };
    sum.x = sum.x.map((count, i) => count + (x[i] ?? 0));
    sum.y += y;
    sums.set(name, sum);
  }
  return [...sums.values()];
}

/** What each step that was really done is made of, and what it took. */
interface Worked {
  readonly counted: Counted;
  readonly bytes: (Counted & { readonly y: number }) | null;
  readonly part: 'pictures' | 'decode' | 'encode';
  readonly wallMs: number;
}

function workedOf(record: Export, receipt: Receipt): Worked | null {
  const { plan } = record;
  const step = plan.steps.find(({ id }) => id === receipt.stepId);
  const rung = receipt.rung ?? receipt.engine;
  const settings = plan.output.video?.settings;
  const { audio } = plan.output;
  const { wallMs } = receipt;
  if (step === undefined || receipt.reused || wallMs <= 0) return null;
  switch (step.kind) {
    case 'encode-video': {
      if (settings === undefined) return null;
      const counted = pictureCounts(step, settings, plan.clips[step.clip], rung);
      const bytes = { ...pictureBytes(step, settings), y: receipt.bytes };
      return { counted, bytes, part: 'pictures', wallMs };
    }
    case 'decode-audio':
    case 'encode-audio': {
      if (audio === null) return null;
      const counted = soundCounts(step, audio, plan.clips, rung);
      if (step.kind === 'decode-audio') return { counted, bytes: null, part: 'decode', wallMs };
      const bytes = { ...soundBytes(step.samples, audio), y: receipt.bytes };
      return { counted, bytes, part: 'encode', wallMs };
    }
    case 'copy-video':
    case 'copy-audio':
      return null;
  }
}

/** Rendering that took this many times its steps' work, and this long beside it, waited: for the person, or asleep. */
const WAITED = 2;
const WAITED_MS = 2000;

/** Whether an export can teach anything: finished in one go, as planned. */
function teaches(record: Export, workMs: number): record is Export & { readonly actual: ExportActual } {
  const { status, actual, deviations } = record;
  const stages = actual?.stages;
  if (status !== 'completed' || actual === null || stages === undefined) return false;
  if (deviations.some(({ code }) => code === 'copy_replaced')) return false;
  return (stages.rendering ?? 0) <= workMs * WAITED + WAITED_MS;
}

/**
 * Takes into account what an export took. Pure: answers a new pace, the same one when the export teaches nothing.
 *
 * @param workers how many steps ran side by side
 */
export function learn(pace: Pace, record: Export, workers: number): Pace {
  const worked = record.receipts.flatMap((receipt) => workedOf(record, receipt) ?? []);
  const workMs = worked.reduce((sum, { wallMs }) => sum + wallMs, 0);
  if (!teaches(record, workMs)) return pace;
  const { plan, bytes, actual } = record;
  const { rendering = 0, assembling = 0, verifying = 0 } = actual.stages ?? {};
  const busy = Math.min(workers, Math.max(1, workMs / Math.max(1, rendering)));
  const steps = worked.map(({ counted, wallMs }) => ({ ...counted, y: wallMs }));
  const bySteps: (Counted & { y: number; busy?: number })[] = [
    ...addUp(steps).map((done) => ({ ...done, busy: isShared(actual) ? workers : busy })),
    ...addUp(worked.flatMap((one) => one.bytes ?? [])),
  ];
  // How long the whole of it took says something of the others.
  if (isShared(actual)) return paceOf(added(pace.samples, bySteps));
  const more = [
    ...bySteps,
    { ...assemblyCounts(plan, bytes), y: assembling },
    { ...checkCounts(plan, bytes), y: verifying },
    { kind: 'job', x: [1], y: actual.wallMs - rendering - assembling - verifying },
  ];
  const all = { record, worked, workers };
  const known = paceOf(added(pace.samples, more));
  // With what the steps are now thought to cost, what rendering takes beside them.
  const rendered = worked.length === 0 ? [] : [{ ...renderingKind(known, all), y: rendering }];
  const fitted = paceOf(added(known.samples, rendered));
  // The fewer samples there are, the more of the error the costs have just taken up: it must not count twice.
  const taken = 1 / fading(fitted.samples['job']?.length ?? 1).reduce((sum, weight) => sum + weight, 0);
  const expected = expectedMs(pace, all);
  // What is done for the first time was guessed: that the guess was off says nothing of the machine.
  if (worked.some(({ counted }) => pace.samples[counted.kind] === undefined)) return fitted;
  const whole = { kind: NOW, x: [expected * (actual.wallMs / expected) ** taken], y: actual.wallMs };
  const samples = added(fitted.samples, [whole]);
  return { ...fitted, samples, now: nowOf(samples) };
}

interface Taught {
  readonly record: Export;
  readonly worked: readonly Worked[];
  readonly workers: number;
}

function renderingKind(pace: Pace, { worked, workers }: Taught): Counted {
  const cost = (part: Worked['part']): number[] =>
    worked.filter((one) => one.part === part).map(({ counted }) => costAt(pace, counted));
  const [encodeSound = 0] = cost('encode');
  const work = { sound: cost('decode'), encodeSound, pictures: cost('pictures') };
  return renderingCounts(worked.length, makespan(work, workers, pace.drag));
}

/** What an export should have taken with the steps that it really did. */
function expectedMs(pace: Pace, taught: Taught): number {
  const { plan, bytes } = taught.record;
  return (
    costAt(pace, { kind: 'job', x: [1] }) +
    (taught.worked.length === 0 ? 0 : costAt(pace, renderingKind(pace, taught))) +
    costAt(pace, assemblyCounts(plan, bytes)) +
    costAt(pace, checkCounts(plan, bytes))
  );
}

function added(
  samples: PaceSamples,
  more: readonly (Counted & { readonly y: number; readonly busy?: number })[],
): PaceSamples {
  const all: Record<string, readonly Sample[]> = { ...samples };
  for (const { kind, ...sample } of more) {
    if (sample.y > 0) all[kind] = [...(all[kind] ?? []), sample].slice(-PACE_SAMPLES);
  }
  return all;
}
