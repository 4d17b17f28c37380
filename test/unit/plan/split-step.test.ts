/** A step in two halves takes the same frames, at the same places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { splitStep, withHalves } from '../../../src/core/plan/split-step.ts';
import { makeSource, plan, range } from './helpers.ts';

/** How far before a frame's time the engines begin to take it. */
const GUARD_US = 500;

/** The frames that an engine takes for a step: those from its first on, up to and without the one to stop at. */
function framesOf(step: EncodeVideoStep, index: FrameIndex): readonly number[] {
  return [...index.timesUs].flatMap((time, frame) =>
    time >= step.firstFrameUs - GUARD_US && time < step.stopFrameUs - GUARD_US ? [frame] : [],
  );
}

const encodesOf = (made: RenderPlan): EncodeVideoStep[] =>
  made.steps.flatMap((step) => (step.kind === 'encode-video' ? [step] : []));

/** An index with frames at odd times: screen recordings, phones, streams with holes. */
const anyIndex = fc
  .record({
    gaps: fc.array(fc.integer({ min: 1001, max: 900_000 }), { minLength: 30, maxLength: 160 }),
    gop: fc.integer({ min: 1, max: 60 }),
    startUs: fc.integer({ min: -20_000, max: 20_000 }),
  })
  .map(({ gaps, gop, startUs }): FrameIndex => {
    const times: number[] = [startUs];
    for (const gap of gaps) times.push((times.at(-1) ?? 0) + gap);
    return {
      version: 1,
      timesUs: Float64Array.from(times),
      flags: Uint8Array.from(times, (_, i) => (i % gop === 0 ? FRAME_KEY : 0)),
      endUs: (times.at(-1) ?? 0) + 40_000,
      complete: true,
    };
  });

function check(step: EncodeVideoStep, index: FrameIndex, made: RenderPlan): void {
  const halves = splitStep(step, index, made.output.video?.rate ?? null);
  if (halves === null) {
    expect(step.frames).toBeLessThan(12);
    return;
  }
  const [one, other] = halves;
  expect([...framesOf(one, index), ...framesOf(other, index)]).toEqual(framesOf(step, index));
  expect([framesOf(one, index).length, framesOf(other, index).length]).toEqual([one.frames, other.frames]);
  expect(Math.abs(one.frames - other.frames)).toBeLessThanOrEqual(1);
  // They meet, in the source and in the output, and together are as long as the whole.
  expect([one.startUs, one.endUs, other.endUs]).toEqual([step.startUs, other.startUs, step.endUs]);
  expect([one.firstFrameUs, one.stopFrameUs, other.stopFrameUs]).toEqual([
    step.firstFrameUs,
    other.firstFrameUs,
    step.stopFrameUs,
  ]);
  expect(one.outStartUs).toBe(step.outStartUs);
  expect(other.outStartUs).toBeGreaterThan(one.outStartUs);
  expect(Math.abs(other.outStartUs - one.outStartUs - (other.startUs - one.startUs))).toBeLessThanOrEqual(
    2_000,
  );
  // Decoding starts at a key frame at or before the half.
  for (const half of halves) {
    const at = [...index.timesUs].indexOf(half.seekUs);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(half.seekUs).toBeLessThanOrEqual(half.firstFrameUs);
    expect(at === 0 || ((index.flags[at] ?? 0) & FRAME_KEY) !== 0).toBe(true);
  }
  expect(new Set([step.id, one.id, other.id]).size).toBe(3);
  const { id: _a, startUs: _b, endUs: _c, ...same } = step;
  expect(other).toMatchObject({ filter: same.filter, rate: same.rate, reason: same.reason, clip: same.clip });
}

describe('splitting a step', () => {
  it('gives the same frames, whatever their times are', () => {
    fc.assert(
      fc.property(anyIndex, fc.double({ min: 0, max: 0.9, noNaN: true }), (index, from) => {
        const source = makeSource({
          index,
          track: { frameRate: { kind: 'variable', average: { num: 14, den: 1 } } },
        });
        const startUs = Math.max(0, Math.round(index.endUs * from));
        const made = plan({ segments: [{ assetId: 'asset-a', startUs, endUs: index.endUs }] }, [source], {
          neverCopy: [0],
        });
        for (const step of encodesOf(made)) check(step, index, made);
      }),
    );
  });

  it('keeps a constant rate on its grid: no rounding adds up', () => {
    const rates = [
      { num: 30_000, den: 1001 },
      { num: 24_000, den: 1001 },
      { num: 25, den: 1 },
    ];
    for (const rate of rates) {
      const source = makeSource({ rate, frames: 700, gop: 37 });
      const made = plan(
        { segments: [range('asset-a', 5, 333, rate), range('asset-a', 100, 401, rate)] },
        [source],
        { neverCopy: [0, 1] },
      );
      for (const step of encodesOf(made)) {
        check(step, source.index, made);
        const halves = splitStep(step, source.index, rate);
        if (halves === null) continue;
        const frame = (halves[1].outStartUs * rate.num) / (1e6 * rate.den);
        expect(halves[1].outStartUs).toBe(frameToMicros(Math.round(frame), rate));
      }
    }
  });

  it('puts the halves in the place of the whole', () => {
    const source = makeSource({ frames: 300 });
    const made = plan({ segments: [range('asset-a', 3, 243)] }, [source], { neverCopy: [0] });
    const step = encodesOf(made)[1];
    const halves = step === undefined ? null : splitStep(step, source.index, made.output.video?.rate ?? null);
    if (step === undefined || halves === null) throw new Error('there is a step to split');
    const after = withHalves(made, step.id, halves);
    expect(after.steps).toHaveLength(made.steps.length + 1);
    const starts = encodesOf(after).map((each) => each.outStartUs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(encodesOf(after).reduce((sum, each) => sum + each.frames, 0)).toBe(240);
  });

  it('does not split what is short already, or by an index of another file', () => {
    const source = makeSource({ frames: 300 });
    const [step] = encodesOf(plan({ segments: [range('asset-a', 3, 203)] }, [source], { neverCopy: [0] }));
    if (step === undefined) throw new Error('there is a step to split');
    expect(splitStep({ ...step, frames: 11 }, source.index, null)).toBeNull();
    expect(splitStep({ ...step, firstFrameUs: step.firstFrameUs + 1 }, source.index, null)).toBeNull();
    expect(splitStep(step, makeSource({ frames: 5 }).index, null)).toBeNull();
  });
});
