import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import {
  deviationsOfPart,
  mergePlans,
  partPrefix,
  specOfPart,
  type PlannedPart,
} from '../../../src/core/plan/parts.ts';
import { parseExportSpec, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import { makeSource, range, tryPlan } from './helpers.ts';

const source = makeSource({ frames: 2000 });

function specOf(ranges: readonly (readonly [number, number])[]): CheckedSpec {
  const spec = parseExportSpec({
    version: 1,
    name: 'reel',
    type: 'clips',
    segments: ranges.map(([first, length]) => ({
      ...range('asset-a', first, first + length),
      label: `at ${String(first)}`,
    })),
  });
  if (!spec.ok) throw new Error(spec.error.message);
  return spec.value;
}

/** Every range planned alone; `failed` ones cannot be. */
function partsOf(spec: CheckedSpec, failed: (position: number) => boolean = () => false): PlannedPart[] {
  return spec.segments.map((_, position) => {
    if (failed(position)) {
      const error = failure('not_found', 'unknown_asset', 'gone');
      return { position, status: 'failed', plan: null, error, deviations: [] };
    }
    const { type, segments, ...options } = specOfPart(spec, position);
    const planned = tryPlan({ type, segments: [...segments], ...options }, [source], {
      neverCopy: position % 2 === 0 ? [0] : [],
    });
    if (!planned.ok) throw new Error(planned.error.message);
    return {
      position,
      status: 'pending',
      plan: planned.value,
      error: null,
      deviations: planned.value.deviations,
    };
  });
}

const ranges = fc.array(fc.tuple(fc.nat(1500), fc.integer({ min: 1, max: 400 })), {
  minLength: 1,
  maxLength: 6,
});

describe('several plans as one', () => {
  it('adds up, and keeps every clip at its place', () => {
    fc.assert(
      fc.property(ranges, fc.nat(63), (wanted, mask) => {
        const spec = specOf(wanted);
        const parts = partsOf(spec, (position) => ((mask >> position) & 1) === 1);
        const plans = parts.flatMap(({ plan }) => (plan === null ? [] : [plan]));
        const whole = mergePlans(spec, parts);
        const sum = (of: (plan: (typeof plans)[number]) => number): number =>
          plans.reduce((total, plan) => total + of(plan), 0);

        expect(whole.clips.map(({ position }) => position)).toEqual(wanted.map((_, position) => position));
        let outUs = 0;
        for (const clip of whole.clips) {
          expect(clip.outStartUs).toBe(outUs);
          outUs = clip.outEndUs;
        }
        expect(whole.output.durationUs).toBe(outUs);
        expect(whole.steps).toHaveLength(sum(({ steps }) => steps.length));
        expect(new Set(whole.steps.map(({ id }) => id)).size).toBe(whole.steps.length);
        for (const step of whole.steps) {
          if (step.kind === 'encode-audio') continue;
          expect(step.id.startsWith(partPrefix(step.clip))).toBe(true);
          const clip = whole.clips[step.clip];
          if (!('outStartUs' in step)) continue;
          expect(step.outStartUs).toBeGreaterThanOrEqual(clip?.outStartUs ?? Infinity);
          expect(step.outStartUs).toBeLessThan(clip?.outEndUs ?? -Infinity);
        }
        expect(whole.estimate.bytes).toBe(sum(({ estimate }) => estimate.bytes));
        expect(whole.estimate.wallMs).toBe(sum(({ estimate }) => estimate.wallMs));
        expect(whole.estimate.storageBytes).toBeGreaterThanOrEqual(2 * whole.estimate.bytes);
        expect(whole.output.video?.frames ?? 0).toBe(sum(({ output }) => output.video?.frames ?? 0));
        const { copied, smart, encoded } = whole.summary;
        expect(copied + smart.length + encoded.length).toBe(plans.length);
      }),
      { numRuns: 60 },
    );
  });

  it('plans a range as an export of it alone would', () => {
    const spec = specOf([
      [10, 50],
      [300, 100],
    ]);
    const [, second] = partsOf(spec);
    const alone = tryPlan({ type: 'single', segments: [range('asset-a', 300, 400)] }, [source]);
    expect(alone.ok && second?.plan?.steps).toEqual(alone.ok && alone.value.steps);
  });

  it('says why a clip is missing, and only while it is', () => {
    const spec = specOf([
      [10, 50],
      [300, 100],
    ]);
    const parts = partsOf(spec, (position) => position === 1);
    expect(mergePlans(spec, parts).deviations).toContainEqual({
      code: 'clip_failed',
      clip: 1,
      params: { reason: 'unknown_asset' },
    });
    const [, missing] = parts;
    if (missing === undefined) throw new Error('no part');
    expect(deviationsOfPart({ ...missing, status: 'pending' })).toEqual([]);
  });
});
