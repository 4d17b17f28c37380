/** Containers, resolutions, qualities, sound: what the spec says is what the file is. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { readMarks } from '../fixtures/read.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

for (const format of ['mp4', 'mov'] as const) {
  test(`a whole file is copied, picture and sound, into ${format}`, async ({ page }) => {
    const spec: ClipSpec = { clipId: 41, seconds: 4, gop: 25 };
    await openHost(page);
    const asset = await importFile(page, await generateClip(spec));
    const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 0, stop: 100 }];
    const { path, made } = await exportToDisk(page, {
      version: 1,
      name: 'Whole',
      type: 'single',
      format,
      segments: [{ assetId: asset.id, startUs: 0, endUs: asset.probe.durationUs }],
    });
    expect(made.plan.steps.map((step) => step.kind)).toEqual(['copy-video', 'copy-audio']);
    expect(path.endsWith(`.${format}`)).toBe(true);
    await expectExact(path, ranges);
  });
}

for (const rotation of [90, 180, 270] as const) {
  test(`copied pictures keep their rotation by ${String(rotation)}°, encoded ones are turned`, async ({
    page,
  }) => {
    const portrait = rotation !== 180;
    const spec: ClipSpec = {
      clipId: 46,
      seconds: 4,
      gop: 25,
      rotation,
      width: portrait ? 180 : 320,
      height: portrait ? 320 : 180,
    };
    await openHost(page);
    const asset = await importFile(page, await generateClip(spec));
    for (const [first, stop, turned] of [
      [25, 75, rotation],
      [31, 60, 0],
    ] as const) {
      const ranges: FrameRange[] = [{ spec, assetId: asset.id, first, stop }];
      const { path } = await exportToDisk(page, {
        version: 1,
        name: 'Turned',
        type: 'single',
        segments: segmentsOf(ranges),
      });
      const report = await expectExact(path, ranges);
      expect(report.video).toMatchObject({ rotation: turned, width: spec.width, height: spec.height });
    }
  });
}

test('resolutions fit inside, never enlarge, keep portrait portrait', async ({ page }) => {
  await openHost(page);
  const wide = await importFile(
    page,
    await generateClip({ clipId: 42, width: 2560, height: 1440, frames: 12, audio: null }),
  );
  const tall = await importFile(
    page,
    await generateClip({ clipId: 43, width: 1440, height: 2560, frames: 12, audio: null }),
  );
  for (const [asset, resolution, width, height] of [
    [wide, 'source', 2560, 1440],
    [wide, '720p', 1280, 720],
    [wide, '1080p', 1920, 1080],
    [wide, '4k', 2560, 1440],
    [tall, '720p', 720, 1280],
    [tall, '1080p', 1080, 1920],
  ] as const) {
    const { path } = await exportToDisk(page, {
      version: 1,
      name: `${resolution} ${String(width)}`,
      type: 'single',
      resolution,
      segments: [{ assetId: asset.id, startUs: 40_000, endUs: 400_000 }],
    });
    const report = await readMarks(path);
    expect(report.video, resolution).toMatchObject({ width, height, codec: 'h264' });
    expect(report.frames.map((frame) => ('frame' in frame ? frame.frame : null))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  }
});

test('a lower quality is a smaller file; sound can be dropped', async ({ page }) => {
  const spec: ClipSpec = { clipId: 44, seconds: 4, width: 640, height: 360, crf: 12 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const bytes: number[] = [];
  for (const quality of ['high', 'medium', 'low'] as const) {
    const { made } = await exportToDisk(page, {
      version: 1,
      name: quality,
      type: 'single',
      quality,
      segments: segmentsOf([{ spec, assetId: asset.id, first: 3, stop: 90 }]),
    });
    bytes.push(made.bytes);
  }
  const [high = 0, medium = 0, low = 0] = bytes;
  expect(high).toBeGreaterThan(medium);
  expect(medium).toBeGreaterThan(low);
  const { path } = await exportToDisk(page, {
    version: 1,
    name: 'silent',
    type: 'single',
    audio: 'drop',
    segments: segmentsOf([{ spec, assetId: asset.id, first: 3, stop: 90 }]),
  });
  expect((await readMarks(path)).audio).toBeNull();
});

test('the name of the file is safe on every system and keeps Korean', async ({ page }) => {
  const spec: ClipSpec = { clipId: 45, seconds: 2 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const { made } = await exportToDisk(page, {
    version: 1,
    name: '../../한국어: 하이라이트? <1>'.normalize('NFD'),
    type: 'single',
    segments: segmentsOf([{ spec, assetId: asset.id, first: 0, stop: 20 }]),
  });
  const name = made.files[0]?.name ?? '';
  expect(name).toContain('한국어');
  expect(name).toMatch(/^[^\\/:*?"<>|]+\.mp4$/);
});

test('an interlaced file says so, and its frames are where they belong', async ({ page }) => {
  const spec: ClipSpec = { clipId: 60, seconds: 4, gop: 25, extraArgs: ['-flags', '+ilme+ildct'] };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  expect(asset.probe.warnings).toEqual(['interlaced']);
  const ranges: FrameRange[] = [{ spec, assetId: asset.id, first: 7, stop: 81 }];
  const { path } = await exportToDisk(page, {
    version: 1,
    name: 'Interlaced',
    type: 'single',
    segments: segmentsOf(ranges),
  });
  await expectExact(path, ranges);
});
