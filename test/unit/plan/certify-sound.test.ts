import { describe, expect, it } from 'vitest';
import {
  compareStretch,
  judgeSound,
  soundPlaces,
  worthHearing,
  type SoundWindow,
} from '../../../src/core/plan/certify-sound.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';

const RATE = 48_000;
const REACH = 2880;

/** Hiss with its highs taken off: like speech or music it has one place only. */
function hiss(samples: number, seed = 1): Float32Array {
  let state = seed;
  let low = 0;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    low += 0.2 * (state / 2 ** 31 - 1 - low);
    return low;
  });
}

const tone = (samples: number, hz: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / RATE));

/** The stretch as planned, and as found: late by some samples, louder by a factor, with noise on top. */
function stretch(sound: Float32Array, late: number, gain = 1): readonly [Float32Array, Float32Array] {
  const length = 19_200;
  const noise = hiss(length + 2 * REACH, 99);
  const found = Float32Array.from(
    { length: length + 2 * REACH },
    (_, i) => (sound[10_000 + i - REACH - late] ?? 0) * gain + (noise[i] ?? 0) * 0.02,
  );
  return [sound.slice(10_000, 10_000 + length), found];
}

describe('a stretch of sound', () => {
  const sound = hiss(60_000);

  it.each([0, 1, -7, 240, -1920, 2800])('is found %i samples late, to the sample', (late) => {
    const found = compareStretch(...stretch(sound, late), REACH, RATE);
    expect(found.offsetUs).toBe(Math.round((late * 1e6) / RATE));
    expect(found.likeness).toBeGreaterThan(0.95);
    expect(Math.abs(found.foundDb - found.plannedDb)).toBeLessThan(0.3);
  });

  it('keeps its level whatever its place', () => {
    const found = compareStretch(...stretch(sound, 480, 0.5), REACH, RATE);
    expect(found.foundDb - found.plannedDb).toBeCloseTo(-6, 0);
  });

  it('a tone has no place, other sound is unlike, silence is neither', () => {
    const even = compareStretch(...stretch(tone(60_000, 440), 0), REACH, RATE);
    expect(even).toMatchObject({ offsetUs: null });
    expect(even.likeness).toBeGreaterThan(0.9);
    const [planned] = stretch(sound, 0);
    const [, other] = stretch(hiss(60_000, 12_345), 0);
    expect(compareStretch(planned, other, REACH, RATE).likeness).toBeLessThan(0.35);
    expect(compareStretch(new Float32Array(19_200), other, REACH, RATE)).toMatchObject({
      offsetUs: null,
      plannedDb: -120,
    });
  });
});

describe('which stretches', () => {
  it('are the start, the end and the joins, inside of the file', () => {
    const clips = [0, 4_000_000, 8_000_000].map((outStartUs) => ({ outStartUs }));
    const plan = { output: { durationUs: 12_000_000 }, clips } as unknown as RenderPlan;
    const places = soundPlaces(plan);
    expect(places).toEqual(expect.arrayContaining([0, 3_800_000, 7_800_000, 11_600_000]));
    expect(soundPlaces({ ...plan, output: { durationUs: 300_000 } } as unknown as RenderPlan)).toEqual([0]);
    const many = Array.from({ length: 500 }, (_, i) => ({ outStartUs: i * 1_000_000 }));
    const long = soundPlaces({ output: { durationUs: 500e6 }, clips: many } as unknown as RenderPlan);
    expect(long).toHaveLength(12);
    expect([long[0], long[11]]).toEqual([0, 499_600_000]);
  });

  it('are the ones with something to hear', () => {
    expect(worthHearing([-90, -20, -30, -90, -90, -10], 3)).toEqual([1, 2, 5]);
    expect(worthHearing([-90, -20], 6)).toEqual([0, 1]);
    expect(worthHearing([], 6)).toEqual([]);
  });
});

describe('the checks of the sound', () => {
  const good: SoundWindow = { atUs: 0, offsetUs: 0, likeness: 0.98, plannedDb: -20, foundDb: -20 };
  const outcome = (...windows: readonly Partial<SoundWindow>[]): readonly (boolean | undefined)[] =>
    judgeSound(windows.map((window) => ({ ...good, ...window }))).flatMap(({ passed, skipped }) => [
      passed,
      skipped,
    ]);

  it.each([
    ['good sound', [{}, { offsetUs: -4000 }], [true, undefined, true, undefined]],
    ['sound 6 ms late', [{}, { offsetUs: 6000 }], [false, undefined, true, undefined]],
    ['sound 2 dB quieter', [{ foundDb: -22 }], [true, undefined, false, undefined]],
    ['one stretch 4 dB quieter', [{}, {}, {}, { foundDb: -24 }], [true, undefined, false, undefined]],
    [
      'one odd stretch among good ones',
      [{}, {}, { likeness: 0.2, offsetUs: null }],
      [true, undefined, true, undefined],
    ],
    ['other sound', [{}, { likeness: 0.2, offsetUs: null }], [false, undefined, true, undefined]],
    ['a tone', [{ offsetUs: null }], [true, true, true, undefined]],
    [
      'silence as planned',
      [{ offsetUs: null, likeness: 0, plannedDb: -120, foundDb: -90 }],
      [true, true, true, undefined],
    ],
    [
      'noise where silence was planned',
      [{}, { offsetUs: null, plannedDb: -120, foundDb: -40 }],
      [true, undefined, false, undefined],
    ],
    [
      'a stretch that fell silent',
      [{}, {}, {}, {}, { offsetUs: null, likeness: 0, foundDb: -120 }],
      [true, undefined, false, undefined],
    ],
  ] as const)('%s', (_, windows, expected) => {
    expect(outcome(...windows)).toEqual(expected);
  });

  it('says why nothing was compared', () => {
    for (const check of judgeSound({ code: 'sound_unread', params: { said: 'no decoder' } })) {
      expect(check).toMatchObject({
        passed: true,
        skipped: true,
        found: 'not compared: no decoder',
        foundText: [{ code: 'sound_unread', params: { said: 'no decoder' } }],
      });
    }
  });

  it('never says minus nothing, and counts one as one', () => {
    const found = (...windows: readonly Partial<SoundWindow>[]): readonly string[] =>
      judgeSound(windows.map((window) => ({ ...good, ...window }))).map((check) => check.found);
    expect(found({ offsetUs: -20, foundDb: -20.04 })).toEqual(['0.0 ms off, 1 place compared', '0.0 dB']);
    expect(found({ offsetUs: -1200, foundDb: -20.3 }, {})).toEqual([
      '-1.2 ms off, 2 places compared',
      '-0.1 dB',
    ]);
    expect(found({ foundDb: -19.6 })[1]).toBe('+0.4 dB');
  });
});
