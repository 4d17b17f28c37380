import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { keyFramesToInspect } from '../../../src/core/plan/smart-cut.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { CopyVideoStep, EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec } from '../../../src/core/schema/spec.ts';
import { isClosedBefore, isKeyFrame } from '../../../src/core/timeline/frames.ts';
import { layOut } from '../../../src/core/timeline/layout.ts';
import { cleanAt, decodeOrder, indexOf, makeSource, plan, range } from './helpers.ts';

type PictureStep = CopyVideoStep | EncodeVideoStep;

function picture(made: RenderPlan): PictureStep[] {
  return made.steps.filter((step) => step.kind === 'copy-video' || step.kind === 'encode-video');
}

/** Steps as `kind first-stop`, in frames of a film of 25 frames per second. */
function outline(made: RenderPlan): string[] {
  return picture(made).map((step) => {
    const first = Math.round(step.startUs / 40_000);
    return `${step.kind === 'copy-video' ? 'copy' : step.reason} ${String(first)}-${String(first + step.frames)}`;
  });
}

describe('smart cut', () => {
  it.each([
    [12, 101, 197, ['cut_before_key_frame 101-108', 'copy 108-197']],
    [60, 101, 197, ['cut_before_key_frame 101-120', 'copy 120-197']],
    [250, 101, 350, ['cut_before_key_frame 101-250', 'copy 250-350']],
  ] as const)('encodes up to the next key frame of a GOP of %i', (gop, first, stop, expected) => {
    const made = plan({ segments: [range('asset-a', first, stop)] }, [makeSource({ frames: 500, gop })], {
      workers: 1,
      pixelsPerSecond: 30e6,
    });
    expect(outline(made)).toEqual(expected);
    expect(made.summary).toMatchObject({ copied: 0, encoded: [], smart: [{ clip: 0 }] });
  });

  it('encodes the end where B-frames need what lies behind it', () => {
    const index = indexOf(decodeOrder({ frames: 250, gop: 50, b: 3 }));
    const source = makeSource({ index });
    // Anchors stand at 100, 104 ... 128, 132: a copy may end behind each of them.
    expect(outline(plan({ segments: [range('asset-a', 20, 129)] }, [source]))).toEqual([
      'cut_before_key_frame 20-50',
      'copy 50-129',
    ]);
    expect(outline(plan({ segments: [range('asset-a', 20, 131)] }, [source]))).toEqual([
      'cut_before_key_frame 20-50',
      'copy 50-129',
      'cut_after_last_reference 129-131',
    ]);
    expect(outline(plan({ segments: [range('asset-a', 50, 131)] }, [source]))).toEqual([
      'copy 50-129',
      'cut_after_last_reference 129-131',
    ]);
  });

  it('passes over key frames of open groups', () => {
    const order = decodeOrder({ frames: 400, gop: 50, b: 2, open: true });
    const source = makeSource({ index: indexOf(order) });
    const { index } = source;
    // Before such a key frame packets cannot be parted: pictures shown before it are stored behind it.
    expect(isKeyFrame(index, 100) && isClosedBefore(index, 100)).toBe(false);
    // Two frames before it they can: 98 and 99 belong to it.
    const made = plan({ segments: [range('asset-a', 20, 300)] }, [source], { clean: true });
    expect(made.summary.encoded).toEqual([{ clip: 0, reason: 'starts_off_key_frame' }]);
    // With some closed groups among them, the copy starts at the first that was found clean.
    const flags = Uint8Array.from(index.flags, (flag, i) =>
      i === 150 || i === 200 ? FRAME_KEY | FRAME_CLOSED : flag,
    );
    const mixed = makeSource({ index: { ...index, flags } });
    expect(
      outline(
        plan({ segments: [range('asset-a', 130, 300)] }, [mixed], {
          clean: cleanAt(mixed, [200]),
          workers: 1,
          pixelsPerSecond: 150e6,
        }),
      ),
    ).toEqual(['cut_before_key_frame 130-200', 'copy 200-299', 'cut_after_last_reference 299-300']);
  });

  it('copies all clips of equal parameters and encodes only the odd one', () => {
    const a = makeSource({ id: 'asset-a' });
    const b = makeSource({ id: 'asset-b' });
    const odd = makeSource({
      id: 'asset-c',
      track: { configHash: 'config-c', codecString: 'avc1.6e001f', bitDepth: 10 },
    });
    const made = plan(
      { segments: [range('asset-a', 10, 120), range('asset-b', 30, 130), range('asset-c', 10, 120)] },
      [a, b, odd],
    );
    expect(made.summary).toMatchObject({
      copied: 0,
      smart: [
        { clip: 0, copiedFrames: 70, encodedFrames: 40 },
        { clip: 1, copiedFrames: 80, encodedFrames: 20 },
      ],
      encoded: [{ clip: 2, reason: 'parameters_differ' }],
    });
    expect(made.output.video?.frames).toBe(320);
  });

  it('is not for a few frames, nor where a check has failed before', () => {
    const source = makeSource();
    const encoded = (...args: Parameters<typeof plan>) =>
      plan(...args).summary.encoded.map((entry) => entry.reason);
    expect(encoded({ segments: [range('asset-a', 40, 61)] }, [source])).toEqual(['starts_off_key_frame']);
    expect(encoded({ segments: [range('asset-a', 40, 140)] }, [source], { neverCopy: [0] })).toEqual([
      'check_failed_before',
    ]);
    // 20 frames, but too short a time.
    const rate = { num: 100, den: 1 };
    const fast = makeSource({ rate, frames: 500 });
    expect(encoded({ segments: [range('asset-a', 40, 80, rate)] }, [fast])).toEqual(['starts_off_key_frame']);
  });

  it('makes the ends as good as what is copied, whatever quality is asked for', () => {
    // 8 s of 10 Mbit/s.
    const source = makeSource({ frames: 200, bytes: 10_000_000 });
    const made = plan({ segments: [range('asset-a', 20, 150)], resolution: '1080p' }, [source]);
    const [head] = picture(made);
    expect(head).toMatchObject({ rate: { quality: 'high', crf: 18, maxBitrate: 20_000_000 } });
    expect(made.output.video?.settings.rate).toEqual({ quality: 'high', crf: 18, maxBitrate: 3_556_000 });
    // Who asks for a small file gets one.
    expect(plan({ segments: [range('asset-a', 20, 150)], quality: 'low' }, [source]).summary.encoded).toEqual(
      [{ clip: 0, reason: 'rate_above_ceiling' }],
    );
    const small = makeSource({ frames: 200, bytes: 1_000_000 });
    expect(
      plan({ segments: [range('asset-a', 20, 150)], quality: 'low' }, [small]).summary.smart,
    ).toHaveLength(1);
  });
});

describe('smart cut through held pictures', () => {
  // A screen recording: 25 frames a second, but frames 10 and 120 stand for two seconds each.
  const base = makeSource({ frames: 200, gop: 50 });
  const timesUs = base.index.timesUs.map(
    (time, i) => time + (i > 10 ? 1_960_000 : 0) + (i > 120 ? 1_960_000 : 0),
  );
  const index: FrameIndex = { ...base.index, timesUs, endUs: 200 * 40_000 + 2 * 1_960_000 };
  const source = (flags = index.flags) =>
    makeSource({
      index: { ...index, flags },
      track: { frameRate: { kind: 'variable', average: { num: 20, den: 1 } } },
    });
  const at = (frame: number): number => index.timesUs[frame] ?? 0;

  it('holds the first picture in the encoded head', () => {
    const made = plan({ segments: [{ assetId: 'asset-a', startUs: at(10) + 500_000, endUs: at(110) }] }, [
      source(),
    ]);
    const steps = picture(made);
    expect(steps.map((step) => [step.kind, step.frames])).toEqual([
      ['encode-video', 40],
      ['copy-video', 60],
    ]);
    expect(steps[0]).toMatchObject({
      startUs: at(10) + 500_000,
      firstFrameUs: at(10),
      endUs: at(50),
      stopFrameUs: at(50),
    });
    expect(steps[1]).toMatchObject({
      startUs: at(50),
      endUs: at(110),
      outStartUs: at(50) - at(10) - 500_000,
    });
  });

  it('does not start a copy inside of a held key frame', () => {
    const flags = index.flags.map((flag, i) => (i === 10 ? FRAME_KEY | FRAME_CLOSED : flag));
    const made = plan({ segments: [{ assetId: 'asset-a', startUs: at(10) + 500_000, endUs: at(110) }] }, [
      source(flags),
    ]);
    expect(picture(made)[1]).toMatchObject({ kind: 'copy-video', startUs: at(50) });
    const exact = plan({ segments: [{ assetId: 'asset-a', startUs: at(10), endUs: at(110) }] }, [
      source(flags),
    ]);
    expect(exact.summary.copied).toBe(1);
  });

  it('ends inside of the last picture', () => {
    const made = plan({ segments: [{ assetId: 'asset-a', startUs: at(20), endUs: at(120) + 700_000 }] }, [
      source(),
    ]);
    const steps = picture(made);
    expect(steps.map((step) => [step.kind, step.frames])).toEqual([
      ['encode-video', 30],
      ['copy-video', 71],
    ]);
    // All packets of the copy lie before the next frame; the clip ends earlier.
    expect(steps[1]).toMatchObject({ endUs: at(121) });
    expect(made.clips[0]).toMatchObject({ outEndUs: at(120) + 700_000 - at(20), frames: 101 });
  });
});

describe('key frames to look at', () => {
  const ask = (
    spec: object,
    source = makeSource({ frames: 1000, gop: 50 }),
    first = 20,
    stop = 900,
  ): number[] => {
    const parsed = parseExportSpec({
      version: 1,
      name: 'test',
      type: 'combined',
      segments: [range('asset-a', first, stop)],
      ...spec,
    });
    if (!parsed.ok) throw new Error(parsed.error.message);
    const laid = layOut(parsed.value, new Map([[source.asset.id, source]]));
    if (!laid.ok || laid.value[0] === undefined) throw new Error('no clip');
    return keyFramesToInspect(parsed.value, laid.value[0]).map((us) => us / 40_000);
  };

  it('are the first few in the range, best first', () => {
    expect(ask({})).toEqual([50, 100, 150, 200, 250, 300]);
    expect(ask({}, undefined, 50)).toEqual([50, 100, 150, 200, 250, 300]);
    expect(ask({}, undefined, 20, 130)).toEqual([50, 100]);
    expect(ask({}, undefined, 20, 61)).toEqual([]);
    // A clip of a few frames can still be copied whole.
    expect(ask({}, undefined, 50, 55)).toEqual([50]);
  });

  it('lie before the cut for a key-frame cut, and are none for other codecs', () => {
    // Those inside are for sources that have no clean one before.
    expect(ask({ cut: 'keyframe' }, undefined, 120)).toEqual([100, 50, 0, 150, 200, 250, 300, 350, 400]);
    expect(ask({}, makeSource({ track: { codec: 'hevc' } }), 20, 200)).toEqual([]);
    expect(ask({ format: 'webm' })).toEqual([]);
  });
});

/** Any index: gaps of any length, key frames and closed places anywhere. */
const anySource = fc
  .record({
    gaps: fc.array(fc.integer({ min: 8_000, max: 400_000 }), { minLength: 30, maxLength: 400 }),
    flags: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 400, maxLength: 400 }),
    constant: fc.boolean(),
  })
  .map(({ gaps, flags, constant }) => {
    const rate = { num: 30_000, den: 1001 };
    const timesUs = new Float64Array(gaps.length);
    let us = 0;
    gaps.forEach((gap, i) => {
      timesUs[i] = constant ? frameToMicros(i, rate) : us;
      us += gap;
    });
    const index: FrameIndex = {
      version: 1,
      timesUs,
      // A key frame in eight, and three of four places closed.
      flags: Uint8Array.from(gaps, (_, i) => {
        const roll = flags[i] ?? 0;
        return i === 0
          ? FRAME_KEY | FRAME_CLOSED
          : (roll < 2 ? FRAME_KEY : 0) | (roll % 4 === 3 ? 0 : FRAME_CLOSED);
      }),
      endUs: constant ? frameToMicros(gaps.length, rate) : us,
      complete: true,
    };
    return makeSource({
      index,
      track: {
        frameRate: constant ? { kind: 'constant', rate } : { kind: 'variable', average: { num: 5, den: 1 } },
      },
    });
  });

it('whatever the film and the range, the steps take each frame once, in order', () => {
  fc.assert(
    fc.property(
      anySource,
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(14e6, 150e6),
      fc.integer({ min: 0, max: 3 }),
      (source, ranges, workers, pixelsPerSecond, unclean) => {
        const { index } = source;
        const lengthUs = source.asset.probe.durationUs;
        const segments = ranges.map(([a, b]) => {
          const startUs = Math.floor(Math.min(a, b) * (lengthUs - 1));
          return {
            assetId: 'asset-a',
            startUs,
            endUs: Math.max(startUs + 1, Math.ceil(Math.max(a, b) * lengthUs)),
          };
        });
        const keys = [...index.timesUs.keys()].filter((frame) => isKeyFrame(index, frame));
        const clean = cleanAt(
          source,
          keys.filter((_, i) => i % 4 >= unclean),
        );
        const made = plan({ segments }, [source], { workers, pixelsPerSecond, clean });
        const frameAt = (us: number): number => index.timesUs.indexOf(us);
        let atUs = 0;
        for (const clip of made.clips) {
          const steps = picture(made).filter((step) => step.clip === clip.position);
          expect(clip.outStartUs).toBe(atUs);
          expect(steps[0]?.outStartUs).toBe(clip.outStartUs);
          let next: number | null = null;
          steps.forEach((step, i) => {
            const first = frameAt(step.kind === 'copy-video' ? step.startUs : step.firstFrameUs);
            expect(first).toBeGreaterThanOrEqual(0);
            if (next !== null) expect(first).toBe(next);
            next = first + step.frames;
            const stopUs = step.kind === 'copy-video' ? step.endUs : step.stopFrameUs;
            if (next < index.timesUs.length) expect(frameAt(stopUs)).toBe(next);
            else expect(stopUs).toBeGreaterThanOrEqual(index.endUs);
            if (step.kind === 'encode-video') {
              const seek = frameAt(step.seekUs);
              expect(seek).toBeLessThanOrEqual(first);
              expect(isKeyFrame(index, seek)).toBe(true);
              expect(step.startUs).toBeGreaterThanOrEqual(step.firstFrameUs);
            } else {
              expect(isKeyFrame(index, first) && clean.has(`asset-a@${String(step.startUs)}`)).toBe(true);
              expect(isClosedBefore(index, next)).toBe(true);
            }
            // Each begins where the one before it ends.
            const following = steps[i + 1];
            const endUs = following?.outStartUs ?? clip.outEndUs;
            const heldUs =
              step.kind === 'copy-video' && following === undefined ? step.endUs - clip.endUs : 0;
            expect(
              Math.abs(endUs - step.outStartUs - (step.endUs - step.startUs - heldUs)),
            ).toBeLessThanOrEqual(2);
            expect(endUs).toBeGreaterThan(step.outStartUs);
          });
          expect(steps.reduce((sum, step) => sum + step.frames, 0)).toBe(clip.frames);
          atUs = clip.outEndUs;
        }
      },
    ),
    { numRuns: 150, seed: 3 },
  );
});
