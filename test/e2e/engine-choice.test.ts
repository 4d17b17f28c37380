/** Which engine does what, and what happens where one cannot. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { readMarks } from '../fixtures/read.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

test('a file that the browser’s codecs cannot do is left to ffmpeg, the next one is not', async ({
  page,
}) => {
  const odd: ClipSpec = { clipId: 57, seconds: 2, pixelFormat: 'yuv444p', gop: 20 };
  const plain: ClipSpec = { clipId: 58, seconds: 2 };
  await openHost(page);
  const oddAsset = await importFile(page, await generateClip(odd));
  const plainAsset = await importFile(page, await generateClip(plain));
  const enginesFor = async (spec: ClipSpec, assetId: string, first: number): Promise<readonly string[]> => {
    const ranges: FrameRange[] = [{ spec, assetId, first, stop: first + 30 }];
    const { path, made } = await exportToDisk(page, {
      version: 1,
      name: 'Engines',
      type: 'single',
      segments: segmentsOf(ranges),
    });
    await expectExact(path, ranges);
    return made.receipts.filter(({ kind }) => kind === 'encode-video').map(({ engine }) => engine);
  };
  // Several exports, so that whatever counts failures has counted enough of them.
  for (const first of [3, 7, 11]) {
    expect(new Set(await enginesFor(odd, oddAsset.id, first))).toEqual(new Set(['ffmpeg']));
  }
  expect(new Set(await enginesFor(plain, plainAsset.id, 5))).toEqual(new Set(['webcodecs']));
});

test('5.1 in WebM: kept where the browser encodes it, else mixed down and listed', async ({ page }) => {
  const spec: ClipSpec = { clipId: 59, seconds: 2, audio: { channels: 6 } };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const { path, made } = await exportToDisk(page, {
    version: 1,
    name: 'Surround',
    type: 'single',
    format: 'webm',
    surround: 'keep',
    segments: segmentsOf([{ spec, assetId: asset.id, first: 5, stop: 40 }]),
  });
  const { audio } = await readMarks(path);
  const listed = made.deviations.some(({ code }) => code === 'sound_downmixed');
  expect(audio?.channels).toBe(listed ? 2 : 6);
  expect(made.plan.output.audio?.channels).toBe(audio?.channels);
});
