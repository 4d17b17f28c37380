/**
 * Colour: what a player shows of the finished file is what it showed of the source, with both engines, whether the file says
 * so or leaves it to the player. Beside it the choices that go with it: of unequal sources only the odd clip is changed, and
 * a key-frame cut of a file that begins inside a group encodes no more than its head.
 */
import { expect, test, type Page } from '@playwright/test';
import type { Export, ExportSpec } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';
import { BARS, makeBars, shownByBrowser, shownByFfmpeg, type BarsSpec, type Rgb } from './support/colors.ts';
import { expectExact, segmentsOf } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

/** The wrong matrix is off by 18 and more; Chromium's own BT.709 by 10 in blue, on any file. */
const NEAR = 13;

const SMALL: BarsSpec = { width: 320, height: 180, seconds: 4, matrix: 'bt601', tagged: false };
const SMALL_VP9: BarsSpec = { ...SMALL, codec: 'vp9' };
const LARGE: BarsSpec = { width: 1280, height: 720, seconds: 3, matrix: 'bt709', tagged: false };
const FULL: BarsSpec = { ...SMALL, seconds: 2, matrix: 'bt709', tagged: true, fullRange: true };
const HD_TAGGED: BarsSpec = { ...SMALL, seconds: 2, matrix: 'bt709', tagged: true };

function expectBars(shown: readonly Rgb[], what: string): void {
  const off = shown.map((bar, i) => bar.map((value, channel) => value - (BARS[i]?.[channel] ?? 0)));
  const worst = Math.max(...off.flat().map(Math.abs));
  expect(worst, `${what}: bars off by ${JSON.stringify(off)}`).toBeLessThan(NEAR);
}

interface Part {
  readonly bars: BarsSpec;
  readonly startUs: number;
  readonly endUs: number;
}

/** Exports parts of clips and looks at each near its start and its end. */
async function exportBars(
  page: Page,
  parts: readonly Part[],
  more: Partial<ExportSpec> = {},
): Promise<{ made: Export; matrix: string | null; width: number; height: number }> {
  const assets = new Map<BarsSpec, string>();
  for (const { bars } of parts) {
    if (assets.has(bars)) continue;
    assets.set(bars, (await importFile(page, await makeBars(bars))).id);
  }
  const { made, path } = await exportToDisk(page, {
    version: 1,
    name: 'Bars',
    type: 'combined',
    segments: parts.map(({ bars, startUs, endUs }) => ({ assetId: assets.get(bars) ?? '', startUs, endUs })),
    ...more,
  });
  expect(made.certificate?.passed).toBe(true);
  let file: Awaited<ReturnType<typeof shownByFfmpeg>> | null = null;
  for (const { position, outStartUs, outEndUs } of made.plan.clips) {
    for (const us of [outStartUs + 100_000, outEndUs - 100_000]) {
      const where = `clip ${String(position)} at ${String(us / 1e6)} s`;
      file = await shownByFfmpeg(path, us / 1e6);
      expectBars(file.bars, `${where}, FFmpeg`);
      expectBars(await shownByBrowser(page, path, us / 1e6), `${where}, Chromium`);
    }
  }
  if (file === null) throw new Error('no clip');
  return { made, matrix: file.matrix, width: file.width, height: file.height };
}

const part = (bars: BarsSpec, start: number, end: number): Part => ({
  bars,
  startUs: Math.round(start * 1e6),
  endUs: Math.round(end * 1e6),
});

const copiedFrames = (made: Export): number =>
  made.plan.steps.reduce((sum, step) => sum + (step.kind === 'copy-video' ? step.frames : 0), 0);
const encodedClips = (made: Export): number[] => made.plan.summary.encoded.map(({ clip }) => clip);
const codes = (made: Export): string[] => made.deviations.map(({ code }) => code);

for (const engine of ['auto', 'ffmpeg'] as const) {
  test(`the bars themselves are shown as they were painted, engine ${engine}`, async ({ page }) => {
    // Shows that the judges are right, before they judge what was made.
    await openHost(page, { engine });
    for (const bars of [SMALL, SMALL_VP9, LARGE, FULL, HD_TAGGED]) {
      const path = await makeBars(bars);
      const shown = await shownByFfmpeg(path, 0.5);
      expect(shown.matrix).toBe(bars.tagged ? 'bt709' : null);
      expectBars(shown.bars, 'FFmpeg');
      expectBars(await shownByBrowser(page, path, 0.5), 'Chromium');
    }
  });

  test(`an untagged small picture keeps its colours when it is enlarged, engine ${engine}`, async ({
    page,
  }) => {
    await openHost(page, { engine });
    const { matrix, height } = await exportBars(page, [part(SMALL, 0.4, 1.4)], {
      resolution: '720p',
      enlarge: true,
    });
    expect(height).toBe(720);
    expect(matrix).toBe('bt709');
  });

  test(`encoded ends and copied middle of an untagged picture agree, engine ${engine}`, async ({ page }) => {
    await openHost(page, { engine });
    const { made, matrix } = await exportBars(page, [part(SMALL, 0.4, 3.3)]);
    expect(matrix).toBeNull();
    expect(copiedFrames(made)).toBeGreaterThan(30);
    expect(codes(made)).not.toContain('copy_replaced');
  });

  test(`of untagged clips and one of full range only that one is encoded, engine ${engine}`, async ({
    page,
  }) => {
    await openHost(page, { engine });
    const { made, matrix } = await exportBars(page, [
      part(SMALL, 0, 2),
      part(FULL, 0.2, 1.2),
      part(SMALL, 1, 3.4),
      part(HD_TAGGED, 0.2, 1.2),
    ]);
    expect(encodedClips(made)).toEqual([1, 3]);
    expect(copiedFrames(made)).toBeGreaterThan(75);
    expect(matrix).toBeNull();
    expect(codes(made)).not.toContain('copy_replaced');
  });

  test(`one large clip among small ones is made small, engine ${engine}`, async ({ page }) => {
    await openHost(page, { engine });
    const { made, width } = await exportBars(page, [part(SMALL, 0, 3), part(LARGE, 0.2, 1.2)]);
    expect(width).toBe(320);
    expect(encodedClips(made)).toEqual([1]);
    expect(codes(made)).not.toContain('clip_enlarged');
  });

  test(`one small clip among large ones is enlarged, and it is said, engine ${engine}`, async ({ page }) => {
    await openHost(page, { engine });
    const { made, width } = await exportBars(page, [part(LARGE, 0, 2), part(SMALL, 0.2, 1.2)]);
    expect(width).toBe(1280);
    expect(encodedClips(made)).toEqual([1]);
    expect(made.deviations).toContainEqual({
      code: 'clip_enlarged',
      clip: 1,
      params: { width: 320, height: 180 },
    });
  });

  test(`a key-frame cut of a file that begins inside a group encodes its head only, engine ${engine}`, async ({
    page,
  }) => {
    const spec: ClipSpec = { clipId: 51, gop: 25, seconds: 5, editList: { trimStartFrames: 7 } };
    await openHost(page, { engine });
    const asset = await importFile(page, await generateClip(spec));
    const ranges = [{ spec, assetId: asset.id, first: 0, stop: displayedFrames(spec).length }];
    const { made, path } = await exportToDisk(page, {
      version: 1,
      name: 'Edit list',
      type: 'combined',
      cut: 'keyframe',
      segments: segmentsOf(ranges),
    });
    await expectExact(path, ranges);
    expect(made.certificate?.passed).toBe(true);
    expect(made.plan.summary.encoded).toEqual([]);
    expect(made.plan.summary.smart).toEqual([{ clip: 0, copiedFrames: 100, encodedFrames: 18 }]);
    expect(codes(made)).toContain('stream_reencoded');
  });
}

test('WebM says of untagged colours no more than their source', async ({ page }) => {
  await openHost(page);
  const encoded = await exportBars(page, [part(SMALL, 0.4, 1.4)], { format: 'webm' });
  expect(encoded.matrix).toBeNull();
  const cut = await exportBars(page, [part(SMALL_VP9, 0.4, 3.3)], { format: 'webm' });
  expect(copiedFrames(cut.made)).toBeGreaterThan(30);
  expect(cut.matrix).toBeNull();
});

test('WebM of an untagged large picture says what it is: its players would guess', async ({ page }) => {
  await openHost(page);
  const { matrix } = await exportBars(page, [part(LARGE, 0.4, 1.4)], { format: 'webm' });
  expect(matrix).toBe('bt709');
});

test('WebM of a small picture that is enlarged is converted', async ({ page }) => {
  await openHost(page);
  const { matrix } = await exportBars(page, [part(SMALL_VP9, 0.4, 1.4)], {
    format: 'webm',
    resolution: '720p',
    enlarge: true,
  });
  expect(matrix).toBe('bt709');
});
