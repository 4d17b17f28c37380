/** What a machine does is learned from its exports, and estimates then fit. */
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/core/plan/estimate.ts';
import { isOff } from '../../../src/core/plan/off.ts';
import { DEFAULT_PACE, learn, PACE_SAMPLES, type Pace } from '../../../src/core/plan/pace.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import type { ExportSpec } from '../../../src/core/schema/spec.ts';
import { makeSource, plan, range } from './helpers.ts';
import { runOn, seeded, type Machine } from './machine.ts';

const size = (width: number, height: number) => ({
  codedWidth: width,
  codedHeight: height,
  displayWidth: width,
  displayHeight: height,
});

const SOURCES = [
  makeSource({ id: 'hd', frames: 1500, gop: 50, track: size(1280, 720) }),
  makeSource({ id: 'full', frames: 1500, gop: 60, track: size(1920, 1080) }),
  makeSource({ id: 'old', frames: 1500, gop: 25, track: { ...size(720, 576), codec: 'mpeg2' }, audio: null }),
  makeSource({ id: 'four', frames: 800, gop: 50, track: size(3840, 2160) }),
];

const one = <T>(list: readonly T[], random: () => number): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('an empty list');
  return found;
};

const planned = (spec: Partial<ExportSpec>, pace: Pace, machine: Machine): RenderPlan =>
  plan(spec, SOURCES, {
    pace,
    workers: machine.lanes,
    pixelsPerSecond: machine.rung === 'ffmpeg' ? 14e6 : 120e6,
    rungOf: () => machine.rung,
  });

/** An export that somebody might make. */
function job(random: () => number, pace: Pace, machine: Machine): RenderPlan {
  const sources = [one(SOURCES, random), ...(random() < 0.3 ? [one(SOURCES, random)] : [])];
  const count = 1 + Math.floor(random() * 7);
  const segments = Array.from({ length: count }, () => {
    const { asset, index } = one(sources, random);
    const length = 20 + Math.floor(random() * random() * 400);
    const first = Math.floor(random() * (index.timesUs.length - length));
    return range(String(asset.id), first, first + length);
  });
  const spec: Partial<ExportSpec> = {
    segments,
    resolution: one(['source', '720p', '1080p'] as const, random),
    quality: one(['high', 'medium', 'low'] as const, random),
    cut: random() < 0.2 ? 'keyframe' : 'exact',
    format: random() < 0.15 && machine.rung !== 'ffmpeg' ? 'webm' : 'mp4',
    audio: random() < 0.2 ? 'drop' : 'keep',
  };
  return planned(spec, pace, machine);
}

const off = (record: Export): number => (record.actual?.wallMs ?? 0) / record.estimate.wallMs - 1;

/** Runs jobs one after another, learning from each. */
function course(
  machine: Machine,
  seed: number,
  jobs: number,
): { readonly offs: readonly number[]; readonly pace: Pace; readonly records: readonly Export[] } {
  const random = seeded(seed);
  let pace = DEFAULT_PACE;
  const records = Array.from({ length: jobs }, (_, n) => {
    const record = runOn(machine, job(random, pace, machine), n, random);
    pace = learn(pace, record, machine.lanes);
    return record;
  });
  return { offs: records.map(off), pace, records };
}

const BASE = { startMs: 60, sound: 60, disk: 200, besideMs: 200, noise: 0.05 };
const USUAL: Machine = {
  ...BASE,
  lanes: 4,
  rung: 'webcodecs-software',
  encodes: 110,
  decodes: 400,
  worth: 3,
};
const MACHINES: Readonly<Record<string, Machine>> = {
  fast: { ...USUAL, lanes: 8, rung: 'webcodecs-hardware', encodes: 400, decodes: 900, worth: 6, startMs: 25 },
  usual: USUAL,
  'slow, two lanes on shared units': {
    ...USUAL,
    lanes: 2,
    encodes: 60,
    decodes: 180,
    worth: 1.15,
    disk: 60,
  },
  'ffmpeg only': { ...BASE, lanes: 2, rung: 'ffmpeg', encodes: 9, decodes: 45, worth: 1.8, startMs: 400 },
  'ffmpeg on many cores': {
    ...BASE,
    lanes: 8,
    rung: 'ffmpeg',
    encodes: 14,
    decodes: 60,
    worth: 7,
    startMs: 300,
  },
  drifting: { ...USUAL, slower: (n) => 1 + 0.5 * Math.sin(n / 8) },
  'noisy by 15 %': { ...USUAL, noise: 0.15 },
};

describe('estimates', () => {
  it.each(Object.entries(MACHINES))(
    'fit after five exports, nine of ten within thirty percent: %s',
    (_, machine) => {
      const after: number[] = [];
      for (const seed of [1, 2, 3, 4]) after.push(...course(machine, seed, 30).offs.slice(5));
      const close = after.filter((each) => Math.abs(each) <= 0.3).length / after.length;
      expect(close).toBeGreaterThanOrEqual(0.9);
    },
  );

  it('were far off before they learned: the machines differ from what is thought of an unknown one', () => {
    const first = ['fast', 'ffmpeg only'].map((name) => {
      const machine = MACHINES[name] ?? USUAL;
      return Math.max(...[1, 2, 3, 4].map((seed) => Math.abs(course(machine, seed, 1).offs[0] ?? 0)));
    });
    expect(Math.min(...first)).toBeGreaterThan(0.3);
  });

  it('say what each engine is expected to do, and the storage of segments beside the file', () => {
    const made = plan({ segments: [range('full', 10, 110), range('full', 300, 400)] }, SOURCES, {
      pixelsPerSecond: 120e6,
    });
    expect(made.estimate.work?.webcodecs).toBeGreaterThan(0);
    expect(made.estimate.work?.ffmpeg).toBeUndefined();
    expect(made.estimate.storageBytes).toBeGreaterThan(made.estimate.bytes);
    const copied = plan({ segments: [range('full', 60, 300)], cut: 'keyframe', audio: 'drop' }, SOURCES);
    expect(copied.estimate.work?.copy).toBeGreaterThan(0);
    expect(copied.estimate.storageBytes).toBe(copied.estimate.bytes);
  });

  it('count a decoded picture of the source: 4K made small takes longer than 720p made as small', () => {
    const small = (id: string): number =>
      plan({ segments: [range(id, 11, 211)], resolution: '720p' }, SOURCES).estimate.wallMs;
    expect(small('four')).toBeGreaterThan(small('hd') * 1.3);
  });

  it('leave what an export is cut into alone: content keys are the same whatever was learned', () => {
    const spec = { segments: [range('full', 10, 900), range('hd', 3, 700)], resolution: '720p' } as const;
    const { pace } = course(USUAL, 3, 12);
    const [before, after] = [DEFAULT_PACE, pace].map((each) => planned(spec, each, USUAL));
    expect(after?.estimate.wallMs).not.toBe(before?.estimate.wallMs);
    expect(after?.steps).toEqual(before?.steps);
  });
});

describe('learning', () => {
  const learned = course(USUAL, 5, 12);
  const next = planned({ segments: [range('full', 5, 400)], resolution: '720p' }, learned.pace, USUAL);
  const at = (pace: Pace): number =>
    estimatePlan(next, 0, { workers: USUAL.lanes, pace, rungOf: () => USUAL.rung }, new Map()).wallMs;
  const usual = at(learned.pace);
  const last = learned.records.at(-1);
  if (last === undefined) throw new Error('no export');

  const slowed = (record: Export, times: number): Export => ({
    ...record,
    receipts: record.receipts.map((receipt) => ({ ...receipt, wallMs: receipt.wallMs * times })),
    actual: {
      ...record.actual,
      bytes: record.bytes,
      wallMs: (record.actual?.wallMs ?? 0) * times,
      stages: Object.fromEntries(
        Object.entries(record.actual?.stages ?? {}).map(([stage, ms]) => [stage, ms * times]),
      ),
    },
  });

  it('is not led astray by one export that took twenty times as long', () => {
    const once = at(learn(learned.pace, slowed(last, 20), USUAL.lanes));
    expect(once / usual).toBeLessThan(1.8);
    let pace = learn(learned.pace, slowed(last, 20), USUAL.lanes);
    for (const record of learned.records.slice(-3)) pace = learn(pace, record, USUAL.lanes);
    expect(Math.abs(at(pace) / usual - 1)).toBeLessThan(0.2);
  });

  it('follows a machine that really has become slower', () => {
    let pace = learned.pace;
    for (const record of learned.records.slice(-6)) pace = learn(pace, slowed(record, 3), USUAL.lanes);
    expect(at(pace) / usual).toBeGreaterThan(2);
  });

  it.each<[string, Partial<Export>]>([
    ['was cancelled', { status: 'cancelled', actual: null }],
    ['failed', { status: 'failed', actual: null }],
    ['was made by an older build, which kept no stages', { actual: { wallMs: 90_000, bytes: 1 } }],
    [
      'had a copy replaced, and so ran twice',
      { deviations: [{ code: 'copy_replaced', clip: 0, params: {} }] },
    ],
  ])('takes nothing from an export that %s', (_, change) => {
    expect(learn(learned.pace, { ...last, ...change }, USUAL.lanes)).toBe(learned.pace);
  });

  it('learns that what is to be heard or copied matters, not only how much of it', () => {
    const machine = USUAL;
    const sound = (id: string, slow: number, n: number): Export => {
      const record = runOn(
        machine,
        planned({ segments: [range(id, 0, 400)] }, DEFAULT_PACE, machine),
        n,
        seeded(3),
      );
      const encodes = new Set(
        record.plan.steps.flatMap((step) => (step.kind === 'encode-audio' ? [step.id] : [])),
      );
      const receipts = record.receipts.map((one) =>
        encodes.has(one.stepId) ? { ...one, wallMs: one.wallMs * slow } : one,
      );
      return { ...record, receipts };
    };
    let pace = DEFAULT_PACE;
    for (let n = 0; n < 8; n += 1) {
      pace = learn(pace, n % 2 === 0 ? sound('hd', 3, n) : sound('full', 1, n), machine.lanes);
    }
    const [loud, quiet] = ['hd', 'full'].map(
      (id) => pace.factors[`encode-sound/${machine.rung}/aac@${id}`] ?? 0,
    );
    expect((loud ?? 0) / (quiet ?? 1)).toBeGreaterThan(1.8);
  });

  it('takes nothing from an export that waited while it rendered', () => {
    const { actual } = last;
    if (actual === null) throw new Error('an export without what it took');
    const waited = { ...actual, stages: { ...actual.stages, rendering: 3_600_000 } };
    expect(learn(learned.pace, { ...last, actual: waited }, USUAL.lanes)).toBe(learned.pace);
  });

  it('takes nothing from steps that were there already', () => {
    const receipts = last.receipts.map((receipt) => ({ ...receipt, reused: true, wallMs: 0 }));
    const stages = { ...last.actual?.stages, rendering: 4 };
    const actual = { bytes: last.bytes, wallMs: 900, stages };
    const pace = learn(learned.pace, { ...last, receipts, actual }, USUAL.lanes);
    const pictures = (each: Pace): unknown =>
      Object.entries(each.samples).filter(([kind]) => kind.startsWith('picture/') || kind === 'rendering');
    expect(pictures(pace)).toEqual(pictures(learned.pace));
    expect(pace.samples['assembling']?.length).toBe((learned.pace.samples['assembling']?.length ?? 0) + 1);
  });

  it('keeps the last samples only', () => {
    let { pace } = learned;
    for (let n = 0; n < PACE_SAMPLES + 5; n += 1) pace = learn(pace, last, USUAL.lanes);
    expect(Math.max(...Object.values(pace.samples).map((list) => list.length))).toBe(PACE_SAMPLES);
  });

  it('finds that two lanes take each other’s time, and that eight cores do not', () => {
    const shared = MACHINES['slow, two lanes on shared units'] ?? USUAL;
    const own = { ...USUAL, lanes: 8, worth: 8 };
    expect(course(shared, 2, 20).pace.drag).toBeGreaterThan(course(own, 2, 20).pace.drag + 0.3);
  });
});

describe('an estimate', () => {
  const record = {
    estimate: { wallMs: 10_000, bytes: 1_000_000, storageBytes: 2_000_000 },
    actual: { wallMs: 10_000, bytes: 1_000_000, storageBytes: 2_000_000 },
    receipts: [],
  };

  it('within a fifth is not off', () => {
    expect(isOff({ ...record, actual: { wallMs: 12_000, bytes: 800_000, storageBytes: 2_400_000 } })).toEqual(
      [],
    );
  });

  it('beyond it says what was off, and by how much', () => {
    const actual = { wallMs: 15_000, bytes: 500_000, storageBytes: 2_500_000 };
    expect(isOff({ ...record, actual })).toEqual([
      { what: 'time', estimated: 10_000, actual: 15_000, by: 0.5 },
      { what: 'bytes', estimated: 1_000_000, actual: 500_000, by: -0.5 },
      { what: 'storage', estimated: 2_000_000, actual: 2_500_000, by: 0.25 },
    ]);
  });

  it('is of an export alone: its time is not held against it when others worked beside it', () => {
    const actual = { wallMs: 30_000, sharedMs: 25_000, bytes: 500_000, storageBytes: 2_000_000 };
    expect(isOff({ ...record, actual }).map(({ what }) => what)).toEqual(['bytes']);
    expect(isOff({ ...record, actual: { ...actual, sharedMs: 900 } }).map(({ what }) => what)).toEqual([
      'time',
      'bytes',
    ]);
  });

  it('knows what is there: it costs neither time nor more storage, and its bytes are known', () => {
    const whole = planned({ segments: [range('full', 5, 400)], resolution: '720p' }, DEFAULT_PACE, USUAL);
    const machine = { workers: USUAL.lanes, pace: DEFAULT_PACE, rungOf: () => USUAL.rung };
    const rendered = whole.steps.filter(({ kind }) => kind !== 'copy-video' && kind !== 'copy-audio');
    const first = rendered.find(({ kind }) => kind === 'encode-video');
    if (first === undefined) throw new Error('nothing to encode');
    const [none, some, all] = [
      new Map<string, number>(),
      new Map([[first.id, 1000]]),
      new Map(rendered.map(({ id }) => [id, 1000])),
    ].map((there) => estimatePlan(whole, 0, machine, there));
    expect([none?.reused, some?.reused, all?.reused]).toEqual([0, 1, rendered.length]);
    expect(some?.wallMs).toBeLessThan(none?.wallMs ?? 0);
    expect(all?.wallMs).toBeLessThan((none?.wallMs ?? 0) / 3);
    const encoded = rendered.filter(({ kind }) => kind !== 'decode-audio').length;
    expect(all?.bytes).toBe(encoded * 1000);
    expect(all?.storageBytes).toBe(all?.bytes);
  });

  it('is not held against an export that found other steps than it was told', () => {
    const [reused] = runOn(USUAL, plan({ segments: [range('full', 3, 99)] }, SOURCES), 1, seeded(1)).receipts;
    if (reused === undefined) throw new Error('no receipt');
    const actual = { wallMs: 900, bytes: 1_000_000, storageBytes: 1_100_000 };
    const receipts = [{ ...reused, reused: true }];
    expect(isOff({ ...record, actual, receipts })).toEqual([]);
    const told = { ...record, estimate: { ...record.estimate, reused: 1 } };
    expect(isOff({ ...told, actual, receipts }).map(({ what }) => what)).toEqual(['time', 'storage']);
  });

  it('says nothing of an export that has not ended', () => {
    expect(isOff({ ...record, actual: null })).toEqual([]);
  });
});
