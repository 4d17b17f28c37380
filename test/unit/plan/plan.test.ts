import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { planRender } from '../../../src/core/plan/plan.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec, type ExportSpec } from '../../../src/core/schema/spec.ts';
import type { PlanSource } from '../../../src/core/timeline/layout.ts';
import { allClean, makeSource } from './helpers.ts';

function tryPlan(
  spec: Partial<ExportSpec>,
  sources: readonly PlanSource[],
  more: { readonly clean?: boolean; readonly neverCopy?: readonly number[] } = {},
): ReturnType<typeof planRender> {
  const parsed = parseExportSpec({ version: 1, name: 'test', type: 'combined', segments: [], ...spec });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return planRender({
    spec: parsed.value,
    sources: new Map(sources.map((source) => [source.asset.id, source])),
    cleanKeys: more.clean === false ? new Set() : allClean(sources),
    neverCopy: new Set(more.neverCopy),
    canDecode: (codec) => codec !== 'av1',
    workers: 2,
  });
}

function plan(...args: Parameters<typeof tryPlan>): RenderPlan {
  const result = tryPlan(...args);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const range = (assetId: string, first: number, stop: number, rate = { num: 25, den: 1 }) => ({
  assetId,
  startUs: frameToMicros(first, rate),
  endUs: frameToMicros(stop, rate),
});

describe('copy or encode', () => {
  const source = makeSource();

  it('copies a range from a key frame to the end', () => {
    const { summary, steps } = plan({ segments: [range('asset-a', 100, 250)] }, [source]);
    expect(summary).toMatchObject({ copied: 1, encoded: [] });
    expect(steps.find((step) => step.kind === 'copy-video')).toMatchObject({ frames: 150, outStartUs: 0 });
  });

  it.each([
    ['starts_off_key_frame', makeSource(), range('asset-a', 101, 200), {}],
    ['ends_inside_group', makeSource({ closedEvery: 3 }), range('asset-a', 100, 122), {}],
    ['codec_differs', makeSource({ track: { codec: 'vp9' } }), range('asset-a', 0, 50), {}],
    [
      'size_changes',
      makeSource({ track: { codedWidth: 1440, displayWidth: 1920 } }),
      range('asset-a', 0, 50),
      {},
    ],
    ['parameters_in_band', makeSource({ track: { configHash: null } }), range('asset-a', 0, 50), {}],
    ['open_group', makeSource(), range('asset-a', 50, 100), { clean: false }],
    ['check_failed_before', makeSource(), range('asset-a', 50, 100), { neverCopy: [0] }],
  ] as const)('encodes and says %s', (reason, made, segment, more) => {
    const { summary } = plan({ segments: [segment] }, [made], more);
    expect(summary).toMatchObject({ copied: 0, encoded: [{ clip: 0, reason }] });
  });

  it('encodes for a smaller resolution, and copies when the source already fits', () => {
    const big = makeSource({
      track: { codedWidth: 1920, codedHeight: 1080, displayWidth: 1920, displayHeight: 1080 },
    });
    const scaled = plan({ segments: [range('asset-a', 0, 50)], resolution: '720p' }, [big]);
    expect(scaled.output.video).toMatchObject({ width: 1280, height: 720 });
    expect(scaled.summary.encoded).toEqual([{ clip: 0, reason: 'size_changes' }]);
    const same = plan({ segments: [range('asset-a', 0, 50)], resolution: '1080p' }, [big]);
    expect(same.summary.copied).toBe(1);
  });

  it('keeps portrait portrait and never makes a picture larger', () => {
    const portrait = makeSource({
      track: { codedWidth: 1920, codedHeight: 1080, displayWidth: 1080, displayHeight: 1920, rotation: 90 },
    });
    expect(
      plan({ segments: [range('asset-a', 0, 50)], resolution: '720p' }, [portrait]).output.video,
    ).toMatchObject({
      width: 720,
      height: 1280,
    });
    expect(
      plan({ segments: [range('asset-a', 0, 50)], resolution: '4k' }, [portrait]).output.video,
    ).toMatchObject({
      width: 1080,
      height: 1920,
    });
  });

  it('keeps rotation as metadata when all is copied and bakes it in when something is encoded', () => {
    const turned = makeSource({
      track: { codedWidth: 1280, codedHeight: 720, displayWidth: 720, displayHeight: 1280, rotation: 90 },
    });
    const copied = plan({ segments: [range('asset-a', 0, 50)] }, [turned]);
    expect(copied.summary.copied).toBe(1);
    expect(copied.output.video?.rotation).toBe(90);
    const mixed = plan({ segments: [range('asset-a', 0, 50), range('asset-a', 3, 20)] }, [turned]);
    expect(mixed.output.video?.rotation).toBe(0);
    expect(mixed.summary.encoded.map((entry) => entry.reason)).toEqual([
      'rotation_baked',
      'starts_off_key_frame',
    ]);
  });

  it('copies the larger group of equal parameters and encodes the odd clip', () => {
    const odd = makeSource({ id: 'asset-b', track: { configHash: 'config-b' } });
    const { summary } = plan(
      { segments: [range('asset-a', 0, 100), range('asset-b', 0, 50), range('asset-a', 100, 200)] },
      [source, odd],
    );
    expect(summary).toMatchObject({ copied: 2, encoded: [{ clip: 1, reason: 'parameters_differ' }] });
  });

  it('does not mix copies with encoded pictures where the pixel format differs', () => {
    const deep = makeSource({ track: { codecString: 'avc1.6e001f', bitDepth: 10 } });
    const { summary } = plan({ segments: [range('asset-a', 0, 50), range('asset-a', 7, 50)] }, [deep]);
    expect(summary.encoded.map((entry) => entry.reason)).toEqual([
      'pixel_format_differs',
      'starts_off_key_frame',
    ]);
  });

  it('refuses to encode what the engine cannot decode', () => {
    const result = tryPlan({ segments: [range('asset-a', 0, 50)] }, [
      makeSource({ track: { codec: 'av1' } }),
    ]);
    expect(result).toMatchObject({ ok: false, error: { code: 'unsupported_media', reason: 'no_decoder' } });
  });
});

describe('key-frame cut', () => {
  it('moves the cut outwards and says by how much', () => {
    const { clips, deviations, summary } = plan({ segments: [range('asset-a', 60, 75)], cut: 'keyframe' }, [
      makeSource({ closedEvery: 50 }),
    ]);
    expect(summary.copied).toBe(1);
    expect(clips[0]).toMatchObject({ startUs: 2_000_000, endUs: 4_000_000, frames: 50 });
    expect(deviations).toContainEqual({ code: 'cut_moved', clip: 0, params: { startMs: 400, endMs: 1000 } });
  });
});

describe('ranges against the media', () => {
  it('refuses a range outside, clamps a small overrun, refuses an unknown asset', () => {
    const source = makeSource();
    expect(
      tryPlan({ segments: [{ assetId: 'asset-a', startUs: 11_000_000, endUs: 12_000_000 }] }, [source]),
    ).toMatchObject({
      error: { code: 'out_of_range', reason: 'range_outside_media' },
    });
    expect(
      plan({ segments: [{ assetId: 'asset-a', startUs: 0, endUs: 10_200_000 }] }, [source]).deviations,
    ).toContainEqual({
      code: 'range_clamped',
      clip: 0,
      params: { ms: 200 },
    });
    expect(tryPlan({ segments: [{ assetId: 'nobody', startUs: 0, endUs: 1 }] }, [source])).toMatchObject({
      error: { code: 'not_found' },
    });
  });
});

describe('sound', () => {
  it('is joined sample-exactly: positions come from the output time line', () => {
    const rate = { num: 30000, den: 1001 };
    const source = makeSource({ rate, frames: 3000 });
    const segments = Array.from({ length: 11 }, (_, i) => range('asset-a', i * 100 + 7, i * 100 + 44, rate));
    const { steps, output } = plan({ segments }, [source]);
    const decoded = steps.filter((step) => step.kind === 'decode-audio');
    const total = decoded.reduce((sum, step) => sum + step.samples, 0);
    expect(total).toBe(Math.round((output.durationUs * 48_000) / 1e6));
    let at = 0;
    for (const [i, step] of decoded.entries()) {
      const videoStart = frameToMicros(i * 37, rate);
      expect(Math.abs(at / 48 - videoStart / 1000)).toBeLessThan(0.03);
      at += step.samples;
    }
    expect(decoded[0]).toMatchObject({ fadeInSamples: 0, fadeOutSamples: 144 });
    expect(decoded[10]).toMatchObject({ fadeInSamples: 144, fadeOutSamples: 0 });
  });

  it('has no fade where the sound goes on unbroken', () => {
    const { steps } = plan({ segments: [range('asset-a', 3, 20), range('asset-a', 20, 40)] }, [makeSource()]);
    const decoded = steps.filter((step) => step.kind === 'decode-audio');
    expect(decoded.map((step) => [step.fadeInSamples, step.fadeOutSamples])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('is copied for the whole file, silent where a clip has none, dropped on request', () => {
    const source = makeSource();
    const mute = makeSource({ id: 'asset-b', audio: null });
    expect(plan({ segments: [range('asset-a', 0, 250)] }, [source]).steps.map((step) => step.kind)).toEqual([
      'copy-video',
      'copy-audio',
    ]);
    const mixed = plan({ segments: [range('asset-a', 0, 50), range('asset-b', 0, 50)] }, [source, mute]);
    expect(mixed.steps.find((step) => step.kind === 'decode-audio' && step.assetId === null)).toBeDefined();
    expect(mixed.deviations.map((entry) => entry.code)).toContain('silence_added');
    expect(plan({ segments: [range('asset-a', 0, 50)], audio: 'drop' }, [source]).output.audio).toBeNull();
  });
});

describe('a constant rate with a hole further on', () => {
  it('keeps the times of the frames, so that pictures stay with their sound', () => {
    const source = makeSource({ frames: 250 });
    // 400 ms are missing after frame 120.
    const timesUs = source.index.timesUs.map((time, i) => (i > 120 ? time + 400_000 : time));
    const index = { ...source.index, timesUs, endUs: source.index.endUs + 400_000 };
    const holed = {
      asset: { ...source.asset, probe: { ...source.asset.probe, durationUs: index.endUs } },
      index,
    };
    const { output, clips } = plan(
      { segments: [{ assetId: 'asset-a', startUs: 4_040_000, endUs: 6_400_000 }] },
      [holed],
    );
    expect(output.video?.rate).toBeNull();
    expect(output.durationUs).toBe(2_360_000);
    expect(clips[0]?.frames).toBe(49);
    const before = plan({ segments: [{ assetId: 'asset-a', startUs: 40_000, endUs: 2_000_000 }] }, [holed]);
    expect(before.output.video?.rate).toEqual({ num: 25, den: 1 });
  });
});

describe('chunks', () => {
  it('cover every frame once, in order, whatever the range', () => {
    const source = makeSource({ frames: 2000, gop: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1900 }), fc.integer({ min: 1, max: 1999 }), (first, length) => {
        const stop = Math.min(2000, first + length);
        const { steps, output } = plan(
          { segments: [range('asset-a', first, stop)], resolution: 'source', quality: 'low' },
          [source],
          { neverCopy: [0] },
        );
        const chunks = steps.filter((step) => step.kind === 'encode-video');
        expect(chunks.reduce((sum, step) => sum + step.frames, 0)).toBe(stop - first);
        let at = 0;
        for (const step of chunks) {
          expect(step.outStartUs).toBe(at);
          at += step.endUs - step.startUs;
          expect(step.seekUs).toBeLessThanOrEqual(step.firstFrameUs);
        }
        expect(Math.abs(at - output.durationUs)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('gives both workers something to do', () => {
    const { steps } = plan({ segments: [range('asset-a', 1, 101)] }, [makeSource()]);
    expect(steps.filter((step) => step.kind === 'encode-video').length).toBeGreaterThanOrEqual(2);
  });
});

it('plans are plain data', () => {
  const made = plan({ segments: [range('asset-a', 1, 101)] }, [makeSource()]);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made.clips[0]?.assetId satisfies AssetId | undefined).toBe('asset-a');
});
