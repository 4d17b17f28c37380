/** What is known of a machine over a reload, and which rung is expected. */
import { describe, expect, it } from 'vitest';
import { expectedRung, openPace, PACE_KEY, savedPace, type RungFacts } from '../../../src/app/pace.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import { failure } from '../../../src/core/base/failure.ts';
import { DEFAULT_PACE, PACE_VERSION } from '../../../src/core/plan/pace.ts';
import type { RungNeed } from '../../../src/core/plan/plan.ts';
import type { VideoSettings } from '../../../src/core/schema/plan.ts';
import type { EncoderAnswer } from '../../../src/core/schema/encoder.ts';
import type { Stores } from '../../../src/runtime/contract/stores.ts';
import { makeSource, plan, range } from '../plan/helpers.ts';
import { runOn, seeded, type Machine } from '../plan/machine.ts';

const MACHINE: Machine = {
  lanes: 2,
  rung: 'webcodecs-software',
  encodes: 50,
  decodes: 200,
  worth: 1.5,
  startMs: 60,
  sound: 60,
  disk: 200,
  besideMs: 200,
  noise: 0,
};
const FACTS = (): RungFacts => ({ browserCodecs: true, known: [] });

const exported = (n: number) =>
  runOn(MACHINE, plan({ segments: [range('asset-a', 3, 200)] }, [makeSource()]), n, seeded(n));

function memory(first: unknown = null) {
  const values = new Map<string, unknown>([[PACE_KEY, first]]);
  const settings: Stores['settings'] = {
    get: async (key) => values.get(key),
    set: async (key, value) => {
      // What cannot be written as JSON is lost in a database, too.
      values.set(key, JSON.parse(JSON.stringify(value)) as unknown);
      return ok(null);
    },
  };
  return { settings, values };
}

describe('the pace of a machine', () => {
  it('is kept: who opens it again knows what was learned', async () => {
    const { settings } = memory();
    const first = await openPace({ settings, workers: 2, facts: FACTS });
    expect(first.machine().pace).toEqual(DEFAULT_PACE);
    for (const n of [1, 2, 3]) await first.learn(exported(n));
    const again = await openPace({ settings, workers: 2, facts: FACTS });
    expect(Object.keys(again.machine().pace.samples).length).toBeGreaterThan(3);
    expect(again.machine().pace).toEqual(first.machine().pace);
  });

  it('counts an export once, however often it is told of', async () => {
    const { settings } = memory();
    const keeper = await openPace({ settings, workers: 2, facts: FACTS });
    await Promise.all([keeper.learn(exported(1)), keeper.learn(exported(1)), keeper.learn(exported(1))]);
    expect(keeper.machine().pace.samples['assembling']).toHaveLength(1);
  });

  it('takes an export that was tried again, and completed, once more', async () => {
    const { settings } = memory();
    const keeper = await openPace({ settings, workers: 2, facts: FACTS });
    await keeper.learn({ ...exported(1), status: 'failed', actual: null });
    await keeper.learn(exported(1));
    await keeper.learn({ ...exported(1), completedAt: '2026-02-02T00:00:00.000Z' });
    expect(keeper.machine().pace.samples['assembling']).toHaveLength(2);
  });

  it('takes what another tab learned meanwhile into account', async () => {
    const { settings } = memory();
    const [one, other] = await Promise.all([
      openPace({ settings, workers: 2, facts: FACTS }),
      openPace({ settings, workers: 2, facts: FACTS }),
    ]);
    await one.learn(exported(1));
    await other.learn(exported(2));
    expect(other.machine().pace.samples['assembling']).toHaveLength(2);
  });

  it('is no error when it cannot be read or saved', async () => {
    const settings: Stores['settings'] = {
      get: () => Promise.reject(new Error('closed')),
      set: async () => err(failure('quota_exceeded', 'no_space', 'full')),
    };
    const keeper = await openPace({ settings, workers: 2, facts: FACTS });
    await expect(keeper.learn(exported(1))).resolves.toBeUndefined();
    expect(keeper.machine().pace.samples['assembling']).toHaveLength(1);
  });

  it.each([
    null,
    7,
    'x',
    [],
    { version: 99, samples: {} },
    { version: PACE_VERSION },
    { version: PACE_VERSION, samples: 5 },
  ])('is what is thought of an unknown machine when %j was saved', (saved) => {
    expect(savedPace(saved)).toEqual(DEFAULT_PACE);
  });

  it('leaves out what does not fit, and keeps the rest', () => {
    const good = { x: [1, 2, 3, 4], y: 500 };
    const saved = {
      version: PACE_VERSION,
      samples: {
        assembling: [good, { x: 'no', y: 1 }, { x: [1], y: -3 }, null, good],
        verifying: 'nothing',
      },
    };
    const { samples } = savedPace(saved);
    expect(samples['assembling']).toEqual([good, good]);
    expect(samples['verifying']).toEqual([]);
  });
});

describe('the rung that is expected', () => {
  const video = { codec: 'avc', width: 1920, height: 1080, fps: 29.97 } as VideoSettings;
  const need: RungNeed = { kind: 'encode-video', decodable: true, toneMap: false, video };
  const answer = (mode: 'hardware' | 'software', works: boolean, fps = 30, width = 1920): EncoderAnswer => ({
    question: { codec: 'avc', mode, width, height: 1080, fps },
    works,
    fault: null,
    problem: null,
    encodeFps: null,
    decodeFps: null,
  });
  const of = (change: Partial<RungNeed>, ...known: EncoderAnswer[]): string =>
    expectedRung({ ...need, ...change }, { browserCodecs: true, known });

  it('is software while nobody has measured hardware', () => {
    expect(of({})).toBe('webcodecs-software');
    expect(of({}, answer('hardware', true, 60))).toBe('webcodecs-software');
    expect(of({}, answer('hardware', true, 30, 1280))).toBe('webcodecs-software');
  });

  it('is what was measured', () => {
    expect(of({}, answer('hardware', true))).toBe('webcodecs-hardware');
    expect(of({}, answer('hardware', false))).toBe('webcodecs-software');
    expect(of({}, answer('hardware', false), answer('software', false))).toBe('ffmpeg');
  });

  it('is ffmpeg for what the browser cannot do, or is not to do', () => {
    expect(of({ decodable: false }, answer('hardware', true))).toBe('ffmpeg');
    expect(of({ toneMap: true })).toBe('ffmpeg');
    expect(expectedRung(need, { browserCodecs: false, known: [answer('hardware', true)] })).toBe('ffmpeg');
  });

  it('is software for sound', () => {
    expect(of({ kind: 'encode-audio' }, answer('hardware', true))).toBe('webcodecs-software');
    expect(of({ kind: 'decode-audio', decodable: false })).toBe('ffmpeg');
  });
});
