/** What this machine has shown itself to do, kept over a reload, and which rung it will most likely use. */
import { z } from 'zod';
import { DEFAULT_PACE, learn, PACE_SAMPLES, PACE_VERSION, paceOf, type Pace } from '../core/plan/pace.ts';
import type { PlanInput, RungNeed } from '../core/plan/plan.ts';
import type { EncoderAnswer } from '../core/schema/encoder.ts';
import type { Export } from '../core/schema/export.ts';
import type { Stores } from '../runtime/contract/stores.ts';

/** Under which name the settings keep it. */
export const PACE_KEY = 'pace';

const amount = z.number().nonnegative().max(1e12);
const sampleSchema = z.object({
  x: z.array(amount).min(1).max(8),
  y: amount.positive(),
  of: z.string().max(40).optional(),
  from: z.string().max(80).optional(),
  busy: z.number().min(1).max(64).optional(),
});
/** A sample that does not fit is left out, a kind that does not fit has none: its costs are then the defaults. */
const samplesSchema = z.preprocess(
  (list) =>
    Array.isArray(list) ? (list as unknown[]).filter((one) => sampleSchema.safeParse(one).success) : [],
  z.array(sampleSchema).transform((list) => list.slice(-PACE_SAMPLES)),
);
const savedSchema = z.object({
  version: z.literal(PACE_VERSION),
  samples: z.record(z.string().max(80), samplesSchema).catch({}),
});

/** Reads what was saved, or takes what is thought of an unknown machine. */
export function savedPace(saved: unknown): Pace {
  const parsed = savedSchema.safeParse(saved);
  return parsed.success ? paceOf(parsed.data.samples) : DEFAULT_PACE;
}

/** What decides which rung is expected. */
export interface RungFacts {
  /** Whether the browser's own codecs are used at all. */
  readonly browserCodecs: boolean;
  /** What was measured of its encoders. */
  readonly known: readonly EncoderAnswer[];
}

/** The rung that will most likely do a step. What nobody has measured yet is taken to run in software. */
export function expectedRung(need: RungNeed, { browserCodecs, known }: RungFacts): string {
  if (!browserCodecs || !need.decodable || need.toneMap) return 'ffmpeg';
  const { video } = need;
  if (need.kind !== 'encode-video' || video === null) return 'webcodecs-software';
  const works = (mode: 'hardware' | 'software'): boolean | null => {
    const answer = known.find(
      ({ question }) =>
        question.codec === video.codec &&
        question.mode === mode &&
        question.width === video.width &&
        question.height === video.height &&
        Math.ceil(question.fps / 30) === Math.ceil(video.fps / 30),
    );
    return answer === undefined ? null : answer.works;
  };
  if (works('hardware') === true) return 'webcodecs-hardware';
  return works('software') === false ? 'ffmpeg' : 'webcodecs-software';
}

/** The pace of this machine. */
export interface PaceKeeper {
  /** What the planner estimates with. */
  machine(): Required<Pick<PlanInput, 'pace' | 'rungOf'>>;
  /** Takes an export of this tab into account; one that has not ended, or was counted already, changes nothing. */
  learn(record: Export): Promise<void>;
}

/** What it needs. */
export interface PacePorts {
  readonly settings: Stores['settings'];
  /** How many steps run side by side. */
  readonly workers: number;
  readonly facts: () => RungFacts;
}

/** Loads what is kept. */
export async function openPace({ settings, workers, facts }: PacePorts): Promise<PaceKeeper> {
  const load = async (): Promise<Pace> => savedPace(await settings.get(PACE_KEY).catch(() => null));
  // What the samples say is worked out when somebody plans, not when the page opens.
  const saved: unknown = await settings.get(PACE_KEY).catch(() => null);
  let pace: Pace | null = null;
  let last = Promise.resolve();
  const counted = new Set<string>();
  const take = async (record: Export): Promise<void> => {
    // Another tab may have learned meanwhile.
    const next = learn(await load(), record, workers);
    pace = next;
    // A pace that cannot be saved is no reason to fail: it is learned again.
    await settings.set(PACE_KEY, { version: next.version, samples: next.samples }).catch(() => undefined);
  };
  return {
    machine() {
      pace ??= savedPace(saved);
      return { pace, rungOf: (need) => expectedRung(need, facts()) };
    },
    learn(record) {
      const name = `${record.id}/${record.completedAt ?? ''}`;
      // Of parts the plan is that of all together, which no one rendered as such; others do more than their plan's steps say.
      const isOneFile = record.parts === undefined && record.type !== 'csv' && record.type !== 'bundle';
      if (record.status !== 'completed' || !isOneFile || counted.has(name)) return last;
      counted.add(name);
      last = last.then(() => take(record)).catch(() => undefined);
      return last;
    },
  };
}
