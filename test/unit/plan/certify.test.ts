import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { joinsOf, judge, judgeJoins, type FoundFile } from '../../../src/core/plan/certify.ts';
import { inEnglish } from '../../../src/core/plan/certify-text.ts';
import { planRender } from '../../../src/core/plan/plan.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec } from '../../../src/core/schema/spec.ts';
import { allClean, makeSource } from './helpers.ts';

const RATE = { num: 25, den: 1 };

function makePlan(): RenderPlan {
  const source = makeSource();
  const spec = parseExportSpec({
    version: 1,
    name: 'test',
    type: 'combined',
    segments: [
      { assetId: 'asset-a', startUs: 2_000_000, endUs: 4_000_000 },
      { assetId: 'asset-a', startUs: 40_000, endUs: 1_040_000 },
    ],
  });
  if (!spec.ok) throw new Error(spec.error.message);
  const plan = planRender({
    spec: spec.value,
    sources: new Map([[source.asset.id, source]]),
    cleanKeys: allClean([source]),
    neverCopy: new Set(),
    canDecode: () => true,
    workers: 2,
    pixelsPerSecond: 14e6,
  });
  if (!plan.ok) throw new Error(plan.error.message);
  return plan.value;
}

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => frameToMicros(i, RATE));

function found(change: Partial<NonNullable<FoundFile['video']>> = {}, audioFirstUs = -21_333): FoundFile {
  return {
    container: 'mp4',
    video: {
      codec: 'avc',
      width: 1280,
      height: 720,
      rotation: 0,
      timesUs: times(75),
      endUs: 3_000_000,
      ...change,
    },
    audio: { codec: 'aac', firstUs: audioFirstUs, endUs: 3_010_000 },
  };
}

const failed = (file: FoundFile, frames: readonly number[] = [50, 25]): string[] =>
  judge(makePlan(), frames, file)
    .filter((check) => !check.passed)
    .map((check) => check.name);

describe('certificate', () => {
  it('passes the file that was planned', () => {
    expect(failed(found())).toEqual([]);
  });

  it.each([
    ['a missing frame', found({ timesUs: times(74), endUs: 2_960_000 }), ['frame_count', 'frame_times']],
    ['a doubled frame', found({ timesUs: times(76), endUs: 3_040_000 }), ['frame_count']],
    [
      'a clip that begins late',
      found({ timesUs: times(75).map((t, i) => (i < 50 ? t : t + 20_000)) }),
      ['frame_times'],
    ],
    ['another size', found({ width: 640 }), ['tracks']],
    ['another container', { ...found(), container: 'webm' }, ['tracks']],
    ['another codec', found({ codec: 'vp9' }), ['tracks']],
    ['a lost sound track', { ...found(), audio: null }, ['tracks']],
    ['sound that starts late', found({}, 30_000), ['sound_start']],
    ['a file cut short', found({ timesUs: times(50), endUs: 2_000_000 }), ['frame_count', 'frame_times']],
  ] as const)('finds %s', (_, file, names) => {
    expect(failed(file)).toEqual(names);
  });

  it.each([
    [-21_333, true, 'with the picture, its run-in of 0.021 s is not played'],
    [0, true, 'with the picture'],
    [-300, true, 'with the picture'],
    [5_000, true, '0.005 s after the picture'],
    [30_000, false, '0.030 s after the picture'],
  ])('says where sound starts that is first heard at %i us', (firstUs, passed, words) => {
    const check = judge(makePlan(), [50, 25], found({}, firstUs)).find(({ name }) => name === 'sound_start');
    expect(check).toMatchObject({
      passed,
      found: words,
      expected: 'with the picture, at most 10.0 ms later',
    });
  });

  it('says in codes what it says in English', () => {
    const checks = judge(makePlan(), [50, 25], found({ width: 640, rotation: 90 }));
    expect(checks[0]).toMatchObject({
      expected: 'mp4: avc 1280x720, aac',
      found: 'mp4: avc 640x720 turned 90, aac',
      foundText: [
        { code: 'container', params: { container: 'mp4' } },
        { code: 'picture', params: { codec: 'avc', width: 640, height: 720, rotation: 90 } },
        { code: 'sound', params: { codec: 'aac' } },
      ],
    });
    for (const check of checks) {
      expect(inEnglish(check.expectedText ?? [])).toBe(check.expected);
      expect(inEnglish(check.foundText ?? [])).toBe(check.found);
    }
  });

  it('decodes around the start, every join and the end', () => {
    const joins = joinsOf(makePlan(), 100);
    expect(joins[0]).toBe(0);
    expect(joins).toContain(2_000_000);
    expect(joins.at(-1)).toBe(3_000_000);
    expect(joinsOf(makePlan(), 3)).toEqual([0, 2_000_000, 3_000_000]);
  });

  it('fails on one join that does not decode', () => {
    const clean = { atUs: 0, framesDecoded: 8, clean: true, problem: null };
    expect(judgeJoins([clean]).passed).toBe(true);
    expect(judgeJoins([clean, { ...clean, atUs: 5, clean: false, problem: 'no picture' }])).toMatchObject({
      passed: false,
      found: '0.000 s: no picture',
    });
  });
});
