/**
 * Smart cut: only the ends of a range are encoded, the packets between are the source's own, and every frame is where it
 * belongs. With both engines.
 */
import { expect, test, type Page } from '@playwright/test';
import type { Export } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost, planExport } from './support/host.ts';

const VARIANTS: readonly (readonly [name: string, spec: ClipSpec, smart: boolean])[] = [
  ['GOP 12', { gop: 12, bFrames: 2, seconds: 6 }, true],
  ['GOP 60', { gop: 60, bFrames: 2, seconds: 8 }, true],
  ['GOP 250, three B-frames', { gop: 250, bFrames: 3, seconds: 14 }, true],
  ['no B-frames', { gop: 30, bFrames: 0, seconds: 6 }, true],
  ['29.97 fps', { gop: 30, rate: { num: 30000, den: 1001 }, seconds: 6 }, true],
  // Its key frames refer back: nothing can be copied, and everything is still exact.
  ['an open GOP', { gop: 24, bFrames: 3, openGop: true, seconds: 6 }, false],
  ['an edit list', { gop: 25, editList: { trimStartFrames: 7 }, seconds: 6 }, true],
  ['a variable rate', { gop: 30, rate: 'variable', frames: 120, audio: { clickEveryFrames: 4 } }, true],
  ['rotation by 90°', { gop: 25, rotation: 90, width: 180, height: 320, seconds: 6 }, true],
  ['rotation by 180° in MOV', { gop: 25, rotation: 180, container: 'mov', seconds: 6 }, true],
  ['Matroska', { gop: 25, container: 'mkv', seconds: 6 }, true],
  ['fragmented MP4', { gop: 25, container: 'fragmented-mp4', seconds: 6 }, true],
  ['parameter sets with our own id', { gop: 25, spsId: 13, seconds: 6 }, true],
];

/** Frames that were copied and those that were encoded in clips that are copied but for their ends. */
function smartFrames(made: Export): { copied: number; encoded: number } {
  return made.plan.summary.smart.reduce(
    (sum, clip) => ({
      copied: sum.copied + clip.copiedFrames,
      encoded: sum.encoded + clip.encodedFrames,
    }),
    { copied: 0, encoded: 0 },
  );
}

/** The same frames of each clip, off key frames at both ends. */
async function rangesOf(page: Page, specs: readonly ClipSpec[]): Promise<FrameRange[]> {
  const ranges: FrameRange[] = [];
  for (const spec of specs) {
    const asset = await importFile(page, await generateClip(spec));
    ranges.push({ spec, assetId: asset.id, first: 13, stop: 131 });
  }
  return ranges;
}

for (const engine of ['auto', 'ffmpeg'] as const) {
  for (const [name, more, smart] of VARIANTS) {
    test(`${name}, engine ${engine}: ends encoded, middle copied, every frame in place`, async ({ page }) => {
      const spec: ClipSpec = { clipId: 61, ...more };
      const count = displayedFrames(spec).length;
      await openHost(page, { engine });
      const asset = await importFile(page, await generateClip(spec));
      const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
      // Off key frames at both ends, out of order, and one that runs to the end of the clip.
      // A container does not say how long the last picture of a variable rate stands.
      const end = spec.rate === 'variable' ? count - 1 : count;
      const ranges = [range(7, count - 19), range(count - 41, end), range(3, Math.floor(count / 2))];
      const { made, path } = await exportToDisk(page, {
        version: 1,
        name: `Smart ${name}`,
        type: 'combined',
        segments: segmentsOf(ranges),
      });
      await expectExact(path, ranges);
      expect(made.certificate?.passed).toBe(true);
      expect(made.deviations.map((entry) => entry.code)).not.toContain('frames_lost');
      const { copied, encoded } = smartFrames(made);
      if (smart && spec.spsId === undefined && spec.gop !== 250) {
        expect(copied, 'frames copied').toBeGreaterThan(encoded);
        expect(made.deviations.map((entry) => entry.code)).not.toContain('copy_replaced');
      } else if (!smart) expect(copied).toBe(0);
      const engines = new Set(
        made.receipts.filter((receipt) => receipt.kind === 'encode-video').map((receipt) => receipt.engine),
      );
      expect([...engines]).toEqual([engine === 'auto' ? 'webcodecs' : 'ffmpeg']);
    });
  }
}

test('two sources of equal parameters join without encoding more than their ends', async ({ page }) => {
  const specs: ClipSpec[] = [
    { clipId: 62, gop: 25, seconds: 6 },
    { clipId: 63, gop: 25, seconds: 6 },
  ];
  await openHost(page);
  const ranges = await rangesOf(page, specs);
  const { made, path } = await exportToDisk(page, {
    version: 1,
    name: 'Two sources',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  await expectExact(path, ranges);
  expect(made.plan.summary.encoded).toEqual([]);
  expect(made.plan.summary.smart).toHaveLength(2);
  expect(smartFrames(made).copied).toBeGreaterThan(150);
});

test('of unequal sources only the odd clip is encoded', async ({ page }) => {
  const specs: ClipSpec[] = [
    { clipId: 57, gop: 25, seconds: 6 },
    { clipId: 58, gop: 25, seconds: 6, width: 240, height: 180 },
    { clipId: 59, gop: 25, seconds: 6 },
  ];
  await openHost(page);
  const ranges = await rangesOf(page, specs);
  const { made, path } = await exportToDisk(page, {
    version: 1,
    name: 'Odd one',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  await expectExact(path, ranges);
  expect(made.plan.summary.encoded.map((entry) => entry.clip)).toEqual([1]);
  expect(made.plan.summary.smart.map((entry) => entry.clip)).toEqual([0, 2]);
});

test('VP9 in WebM: key frame to key frame is copied, the ends are encoded', async ({ page }) => {
  const spec: ClipSpec = {
    clipId: 60,
    gop: 25,
    seconds: 6,
    container: 'webm',
    codec: 'vp9',
    audio: { codec: 'opus' },
  };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const ranges: FrameRange[] = [
    { spec, assetId: asset.id, first: 13, stop: 131 },
    { spec, assetId: asset.id, first: 4, stop: 90 },
  ];
  const { made, path } = await exportToDisk(page, {
    version: 1,
    name: 'WebM',
    type: 'combined',
    format: 'webm',
    segments: segmentsOf(ranges),
  });
  expect(path.endsWith('.webm')).toBe(true);
  await expectExact(path, ranges);
  expect(smartFrames(made).copied).toBeGreaterThan(100);
});

test('the same step is never computed twice: again, and alone instead of combined', async ({ page }) => {
  const spec: ClipSpec = { clipId: 56, gop: 25, seconds: 6 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const ranges: FrameRange[] = [
    { spec, assetId: asset.id, first: 13, stop: 131 },
    { spec, assetId: asset.id, first: 4, stop: 90 },
  ];
  const first = await exportToDisk(page, {
    version: 1,
    name: 'First',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  expect(first.made.receipts.some((receipt) => receipt.reused)).toBe(false);
  const again = await exportToDisk(page, {
    version: 1,
    name: 'Again',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  expect(again.made.receipts.every((receipt) => receipt.reused)).toBe(true);
  // What the pictures should look like is kept with them: nothing is asked of the sources that was not asked at first.
  const pictureCheck = (made: typeof again.made): unknown =>
    made.certificate?.checks.find(({ name }) => name === 'join_pictures');
  expect(pictureCheck(again.made)).toEqual(pictureCheck(first.made));
  await expectExact(again.path, ranges);
  const alone = await exportToDisk(page, {
    version: 1,
    name: 'Alone',
    type: 'single',
    segments: segmentsOf(ranges.slice(1)),
  });
  const pictures = alone.made.receipts.filter((receipt) => receipt.kind === 'encode-video');
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.every((receipt) => receipt.reused)).toBe(true);
  await expectExact(alone.path, ranges.slice(1));
});

test('WebM with the ffmpeg engine alone is refused with a reason', async ({ page }) => {
  await openHost(page, { engine: 'ffmpeg' });
  const spec: ClipSpec = { clipId: 56, gop: 25, seconds: 6 };
  const asset = await importFile(page, await generateClip(spec));
  const refused = await planExport(page, {
    version: 1,
    name: 'No encoder',
    type: 'single',
    format: 'webm',
    segments: [{ assetId: asset.id, startUs: 0, endUs: 1_000_000 }],
  });
  expect(refused.failure?.code).toBe('invalid_spec');
  expect(refused.failure?.reason).toBe('no_encoder');
});
