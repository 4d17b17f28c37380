/** Burn-in where the picture is not what it was: made smaller or larger, fitted between borders, in another codec, in separate files. */
import { expect, test } from '@playwright/test';
import type { ExportSpec } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, must, openHost, runExport } from './support/host.ts';
import { colorsOf, commentOn, isColor, spot, type Place } from './support/painted.ts';

const MAGENTA = '#ff00ff';
const PLACE: Place = [0.15, 0.3];

/** A spot that is on frames 20 to 30 of a clip of 25 frames per second. */
const spotOn = (assetId: string) =>
  commentOn(assetId, `on ${assetId}`, {
    timeUs: 20 * 40_000,
    durationUs: 10 * 40_000,
    color: MAGENTA,
    shapes: [spot(PLACE)],
  });

const WANTED = Array.from({ length: 10 }, (_, i) => 20 + i);

/** Frames that show the spot at a place of the output. */
async function seenAt(
  path: string,
  size: { width: number; height: number },
  place: Place,
): Promise<number[]> {
  const colors = await colorsOf(path, size, [place]);
  return colors.flatMap(([color = [0, 0, 0] as const], frame) => (isColor(color, MAGENTA) ? [frame] : []));
}

for (const engine of ['auto', 'ffmpeg'] as const) {
  test(`made smaller and larger, engine ${engine}: shapes stay where they were drawn`, async ({ page }) => {
    for (const [width, height, more, shown] of [
      [1920, 1080, { resolution: '720p' }, { width: 1280, height: 720 }],
      [640, 360, { resolution: '720p', enlarge: true }, { width: 1280, height: 720 }],
    ] as const) {
      const spec: ClipSpec = { clipId: 41, seconds: 2, gop: 25, width, height, audio: null };
      await openHost(page, { engine });
      const asset = await importFile(page, await generateClip(spec));
      const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 0, stop: 50 }];
      const wish: ExportSpec = {
        version: 1,
        name: 'Size',
        type: 'single',
        segments: segmentsOf(ranges),
        burnIn: true,
        comments: [spotOn(asset.id)],
        ...more,
      };
      const { made, path } = await exportToDisk(page, wish);
      await expectExact(path, ranges);
      expect(made.plan.output.video).toMatchObject(shown);
      expect(await seenAt(path, shown, PLACE)).toEqual(WANTED);
      expect(made.certificate?.passed).toBe(true);
    }
  });

  test(`fitted between borders, engine ${engine}: shapes belong to the picture between them`, async ({
    page,
  }) => {
    await openHost(page, { engine });
    const wide: ClipSpec = { clipId: 42, seconds: 3, gop: 25, width: 640, height: 360, audio: null };
    const high: ClipSpec = { clipId: 43, seconds: 2, gop: 25, width: 360, height: 640, audio: null };
    const [first, second] = [
      await importFile(page, await generateClip(wide)),
      await importFile(page, await generateClip(high)),
    ];
    const { made, path } = await exportToDisk(page, {
      version: 1,
      name: 'Fitted',
      type: 'combined',
      segments: [
        { assetId: first.id, startUs: 0, endUs: 3_000_000 },
        { assetId: second.id, startUs: 0, endUs: 2_000_000 },
      ],
      burnIn: true,
      comments: [spotOn(second.id)],
    });
    const { width = 0, height = 0 } = made.plan.output.video ?? {};
    expect([width, height]).toEqual([640, 360]);
    // 360 x 640 becomes 202 x 360 in the middle.
    const inner = 202 / 640;
    const place: Place = [0.5 - inner / 2 + PLACE[0] * inner, PLACE[1]];
    expect(await seenAt(path, { width, height }, place)).toEqual(WANTED.map((frame) => 75 + frame));
    expect(await seenAt(path, { width, height }, PLACE)).toEqual([]);
  });
}

test('WebM is painted on like MP4', async ({ page }) => {
  const spec: ClipSpec = { clipId: 44, seconds: 2, gop: 25, width: 640, height: 360, audio: null };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 0, stop: 50 }];
  const { path } = await exportToDisk(page, {
    version: 1,
    name: 'Web',
    type: 'single',
    segments: segmentsOf(ranges),
    format: 'webm',
    burnIn: true,
    comments: [spotOn(asset.id)],
  });
  await expectExact(path, ranges);
  expect(await seenAt(path, { width: 640, height: 360 }, PLACE)).toEqual(WANTED);
});

test('a whole file keeps its sound untouched, in place', async ({ page }) => {
  const spec: ClipSpec = { clipId: 46, seconds: 6, gop: 25 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 0, stop: 150 }];
  const { made, path } = await exportToDisk(page, {
    version: 1,
    name: 'Whole',
    type: 'single',
    segments: [{ assetId: asset.id, startUs: 0, endUs: asset.probe.durationUs }],
    burnIn: true,
    comments: [spotOn(asset.id)],
  });
  expect(made.plan.summary.sound).toBe('copied');
  expect(made.plan.steps.some((step) => step.kind === 'copy-video')).toBe(true);
  expect(made.certificate?.passed).toBe(true);
  await expectExact(path, ranges);
  expect(await seenAt(path, { width: 320, height: 180 }, PLACE)).toEqual(WANTED);
});

test('the same comments again are not rendered again; another text is', async ({ page }) => {
  const spec: ClipSpec = { clipId: 45, seconds: 4, gop: 25 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const wish: ExportSpec = {
    version: 1,
    name: 'Again',
    type: 'single',
    segments: [{ assetId: asset.id, startUs: 0, endUs: 4_000_000 }],
    burnIn: true,
    comments: [spotOn(asset.id)],
  };
  const reused = async (asked: ExportSpec): Promise<boolean[]> => {
    const made = must(await runExport(page, asked));
    expect(made.status).toBe('completed');
    const painted = made.plan.steps.filter((step) => step.kind === 'encode-video').map(({ id }) => id);
    return made.receipts.filter(({ stepId }) => painted.includes(stepId)).map((receipt) => receipt.reused);
  };
  expect(await reused(wish)).toEqual([false]);
  expect(await reused(wish)).toEqual([true]);
  expect(await reused({ ...wish, comments: [{ ...spotOn(asset.id), text: '다른 글' }] })).toEqual([false]);
});

test('without its font nothing is painted, and the reason is told', async ({ page }) => {
  await page.route('**/*.woff2', (route) => route.abort());
  const spec: ClipSpec = { clipId: 45, seconds: 4, gop: 25 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const made = must(
    await page.evaluate(
      ({ assetId, comments }) =>
        window.attempt(async () => {
          const created = await window.reelkeep.createExport({
            version: 1,
            name: 'No font',
            type: 'single',
            segments: [{ assetId, startUs: 0, endUs: 4_000_000 }],
            burnIn: true,
            comments,
          });
          return window.reelkeep.whenExportEnds(created.id);
        }),
      { assetId: asset.id, comments: [spotOn(asset.id)] },
    ),
  );
  expect(made).toMatchObject({ status: 'failed', error: { code: 'engine_failed', reason: 'font_missing' } });
});
