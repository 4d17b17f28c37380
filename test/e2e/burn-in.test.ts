/**
 * Burn-in: every comment is on exactly the frames of its window, on both engines and at every rate; around it packets still are copied,
 * and every frame of the source is where it belongs.
 */
import { expect, test } from '@playwright/test';
import type { Annotation } from '../../src/core/schema/annotation.ts';
import type { ExportSpec } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';
import { makeBars, shownByFfmpeg } from './support/colors.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';
import { colorsOf, commentOn, expectedFrames, isColor, spot, type Place } from './support/painted.ts';

const MAGENTA = '#ff00ff';
const GREEN = '#00ff00';
const SHOWN_US = 400_000;

const CLIPS: readonly (readonly [name: string, spec: ClipSpec])[] = [
  ['25 fps', { clipId: 21, seconds: 12, gop: 25, bFrames: 2 }],
  ['29.97 fps', { clipId: 22, rate: { num: 30000, den: 1001 }, seconds: 12, gop: 30, bFrames: 0 }],
  ['a variable rate', { clipId: 23, rate: 'variable', frames: 180, gop: 20, bFrames: 2, audio: null }],
  ['25 fps turned by 90°', { clipId: 24, seconds: 12, gop: 25, rotation: 90, width: 180, height: 320 }],
  ['a long group', { clipId: 25, seconds: 8, gop: 250, bFrames: 2 }],
];

/** Places outside of the frame numbers and of the cards. */
const PLACES: readonly Place[] = [
  [0.12, 0.2],
  [0.12, 0.45],
  [0.12, 0.7],
  [0.35, 0.85],
  [0.6, 0.85],
];

/** Times of a clip's frames, asset time. */
function timesOf(spec: ClipSpec): readonly number[] {
  const frames = displayedFrames(spec);
  return frames.map(({ ptsUs }) => ptsUs - (frames[0]?.ptsUs ?? 0));
}

/** A comment for each kind of window; each has a spot of its own. */
function commentsOf(spec: ClipSpec, assetId: string): Annotation[] {
  const times = timesOf(spec);
  const at = (frame: number): number => times[frame] ?? 0;
  const windows: readonly Pick<Annotation, 'timeUs' | 'durationUs'>[] = [
    // From a frame's own time up to another's.
    { timeUs: at(70), durationUs: at(81) - at(70) },
    // Inside a frame, without a duration.
    { timeUs: Math.round((at(75) + at(76)) / 2), durationUs: null },
    // One frame, however short.
    { timeUs: at(84), durationUs: 1 },
    // Over the start of the first range, and over its end.
    { timeUs: at(10), durationUs: at(25) - at(10) },
    { timeUs: at(140), durationUs: at(160) - at(140) + 1 },
  ];
  const comments = windows.map((window, i) =>
    commentOn(assetId, `c${String(i)}`, {
      ...window,
      color: i % 2 === 0 ? MAGENTA : GREEN,
      shapes: [spot(PLACES[i] ?? [0, 0])],
      // Cards stand on the right, beside the frame numbers.
      ...(i === 1 ? { text: '하늘 색을 다시 봐 주세요', author: '김민수' } : {}),
    }),
  );
  const legacy = commentOn(assetId, 'legacy', {
    timeUs: null,
    text: 'An old comment',
    author: 'Somebody',
    shapes: [spot([0.6, 0.7])],
    color: MAGENTA,
  });
  return [...comments, legacy];
}

function specOf(ranges: readonly FrameRange[], comments: readonly Annotation[]): ExportSpec {
  return {
    version: 1,
    name: 'Review',
    type: 'combined',
    segments: segmentsOf(ranges),
    burnIn: true,
    shownUs: SHOWN_US,
    comments,
  };
}

for (const engine of ['auto', 'ffmpeg'] as const) {
  for (const [name, spec] of CLIPS) {
    test(`${name}, engine ${engine}: each comment on exactly its frames, the rest copied`, async ({
      page,
    }) => {
      await openHost(page, { engine });
      const asset = await importFile(page, await generateClip(spec));
      const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
      // The second range shows some of the comments a second time.
      const ranges = [range(13, 150), range(66, 78)];
      const comments = commentsOf(spec, asset.id);
      const { made, path } = await exportToDisk(page, specOf(ranges, comments));

      const report = await expectExact(path, ranges);
      expect(report.video?.rotation).toBe(spec.rotation ?? 0);
      const { width = 320, height = 180 } = spec;
      const colors = await colorsOf(path, { width, height }, [...PLACES, [0.6, 0.7]]);
      for (const [i, comment] of comments.entries()) {
        const seen = colors.flatMap((places, frame) =>
          isColor(places[i] ?? [0, 0, 0], comment.color) ? [frame] : [],
        );
        expect(seen, `frames with comment ${comment.id}`).toEqual(expectedFrames(ranges, comment, SHOWN_US));
      }
      expect(made.certificate?.passed).toBe(true);
      expect(made.deviations).toContainEqual({
        code: 'legacy_comments_left_out',
        clip: null,
        params: { count: 1 },
      });
      expect(made.deviations.map(({ code }) => code)).not.toContain('copy_replaced');

      // Every painted frame lies in a step that paints, and those without paint are copied but for the ends of groups.
      const steps = made.plan.steps.filter(
        (step) => step.kind === 'encode-video' || step.kind === 'copy-video',
      );
      const copied = steps.filter((step) => step.kind === 'copy-video');
      const painted = steps.filter((step) => step.kind === 'encode-video' && step.overlay !== undefined);
      expect(painted.every(({ reason }) => reason === 'comments_painted')).toBe(true);
      const copiedFrames = copied.reduce((sum, { frames }) => sum + frames, 0);
      if ((spec.gop ?? 0) > 100) expect(copiedFrames).toBe(0);
      else expect(copiedFrames).toBeGreaterThan(40);
      const receipts = new Map(made.receipts.map((receipt) => [receipt.stepId, receipt]));
      for (const { id } of copied) expect(receipts.get(id)?.engine ?? 'copy').toBe('copy');
      for (const { id } of painted) {
        const receipt = receipts.get(id);
        expect(receipt?.engine).toBe(engine === 'ffmpeg' ? 'ffmpeg' : 'webcodecs');
        expect(receipt?.argv.length).toBeGreaterThan(0);
      }
    });
  }

  test(`what nothing is painted on keeps its colours, engine ${engine}`, async ({ page }) => {
    for (const matrix of ['bt601', 'bt709'] as const) {
      const path = await makeBars({ width: 640, height: 360, seconds: 2, matrix, tagged: true });
      await openHost(page, { engine });
      const asset = await importFile(page, path);
      const comment = commentOn(asset.id, 'c', {
        timeUs: 0,
        durationUs: 2_000_000,
        shapes: [spot([0.1, 0.3]), { kind: 'box', x: 0.3, y: 0.3, w: 0.3, h: 0.2 }],
        text: 'Look here',
        author: 'Dana',
      });
      const segments = [{ assetId: asset.id, startUs: 0, endUs: 2_000_000 }];
      const { made, path: result } = await exportToDisk(page, { ...specOf([], [comment]), segments });
      expect(made.plan.steps.every((step) => step.kind !== 'copy-video')).toBe(true);
      const before = await shownByFfmpeg(path, 1);
      const after = await shownByFfmpeg(result, 1);
      expect(after.matrix).toBe(before.matrix);
      for (const [i, bar] of before.bars.entries()) {
        for (const [part, value] of bar.entries())
          expect(Math.abs(value - (after.bars[i]?.[part] ?? 999)), `bar ${String(i)}`).toBeLessThanOrEqual(4);
      }
      const [[colors = [0, 0, 0] as const] = []] = await colorsOf(result, { width: 640, height: 360 }, [
        [0.1, 0.3],
      ]);
      expect(isColor(colors, MAGENTA), colors.join()).toBe(true);
    }
  });
}

test('a strip with timecode and name is on every frame, and says something else on each', async ({
  page,
}) => {
  const spec: ClipSpec = { clipId: 26, seconds: 3, width: 640, height: 360, gop: 25 };
  const strips: number[][][] = [];
  for (const engine of ['auto', 'ffmpeg'] as const) {
    await openHost(page, { engine });
    const asset = await importFile(page, await generateClip(spec));
    const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 10, stop: 50 }];
    const { made, path } = await exportToDisk(page, { ...specOf(ranges, []), strip: 'both' });
    await expectExact(path, ranges);
    expect(made.certificate?.passed).toBe(true);
    const encoded = made.plan.steps.filter((step) => step.kind === 'encode-video');
    expect(encoded.reduce((sum, { frames }) => sum + frames, 0)).toBe(40);
    // The last two digits of the timecode, on a fine grid.
    const grid = Array.from({ length: 240 }, (_, i): Place => [
      0.925 + (i % 24) / 400,
      0.968 + Math.floor(i / 24) / 500,
    ]);
    const colors = await colorsOf(path, { width: 640, height: 360 }, grid);
    strips.push(colors.map((places) => places.map(([r]) => r)));
  }
  const difference = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
  const [fast = [], slow = []] = strips;
  expect(fast).toHaveLength(40);
  for (const [frame, strip] of fast.entries()) {
    // Digits are nearly white on nearly black: where another number stands, some places change from one to the other.
    const next = fast[frame + 1];
    const changed = strip.filter((value, i) => Math.abs(value - (next?.[i] ?? value)) > 60).length;
    if (next !== undefined) expect(changed, `frame ${String(frame)}`).toBeGreaterThan(0);
    // Of all frames the other engine's same one looks most like it.
    const distances = slow.map((other) => difference(strip, other));
    expect(distances.indexOf(Math.min(...distances)), `frame ${String(frame)} of the engines`).toBe(frame);
  }
});
