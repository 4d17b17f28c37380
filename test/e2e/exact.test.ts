/** Exact to the frame and in sync: what was asked for is what is in the file. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { premadeClips } from '../fixtures/premade.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

const CLIPS: readonly (readonly [name: string, spec: ClipSpec])[] = [
  ['25 fps', { clipId: 3, seconds: 8, gop: 100, bFrames: 2 }],
  ['29.97 fps', { clipId: 4, rate: { num: 30000, den: 1001 }, seconds: 8, gop: 120, bFrames: 3 }],
  ['59.94 fps', { clipId: 5, rate: { num: 60000, den: 1001 }, seconds: 6, gop: 250, bFrames: 2 }],
  [
    'variable rate',
    { clipId: 6, rate: 'variable', frames: 110, gop: 60, bFrames: 2, audio: { clickEveryFrames: 4 } },
  ],
];

for (const [name, spec, engine] of CLIPS.flatMap(([name, spec]) => [
  [name, spec, 'auto'] as const,
  [name, spec, 'ffmpeg'] as const,
])) {
  test(`three ranges of ${name}, engine ${engine}, B-frames, long GOP: exactly these frames, clicks in place`, async ({
    page,
  }) => {
    const path = await generateClip(spec);
    await openHost(page, { engine });
    const asset = await importFile(page, path);
    const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
    // Out of order, off key frames, and one from the very start.
    const ranges = [range(61, 103), range(0, 17), range(23, 58)];
    const { made, path: result } = await exportToDisk(page, {
      version: 1,
      name: `Exact ${name}`,
      type: 'combined',
      segments: segmentsOf(ranges),
    });
    await expectExact(result, ranges);
    expect(made.certificate?.passed).toBe(true);
    expect(made.deviations.map((entry) => entry.code)).not.toContain('frames_lost');
  });
}

test('eleven ranges: sound stays in place after ten joins', async ({ page }) => {
  const spec: ClipSpec = {
    clipId: 7,
    rate: { num: 30000, den: 1001 },
    seconds: 20,
    gop: 90,
    audio: { clickEveryFrames: 8 },
  };
  const path = await generateClip(spec);
  await openHost(page);
  const asset = await importFile(page, path);
  const ranges = Array.from({ length: 11 }, (_, i): FrameRange => ({
    spec,
    assetId: asset.id,
    first: 7 + ((i * 137) % 500),
    stop: 7 + ((i * 137) % 500) + 23 + i,
  }));
  const { path: result } = await exportToDisk(page, {
    version: 1,
    name: 'Eleven',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  await expectExact(result, ranges);
});

test('copied and encoded ranges of one source share a track and stay exact', async ({ page }) => {
  const spec: ClipSpec = { clipId: 8, seconds: 8, gop: 50, bFrames: 2 };
  const path = await generateClip(spec);
  await openHost(page);
  const asset = await importFile(page, path);
  const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
  const ranges = [range(50, 100), range(13, 44), range(100, 200), range(71, 90)];
  const { made, path: result } = await exportToDisk(page, {
    version: 1,
    name: 'Mixed',
    type: 'combined',
    segments: segmentsOf(ranges),
  });
  expect(made.plan.summary.copied).toBe(2);
  expect(made.plan.summary.encoded.map((entry) => entry.clip)).toEqual([1, 3]);
  expect(made.deviations.map((entry) => entry.code)).not.toContain('copy_replaced');
  await expectExact(result, ranges);
});

test('HEVC, which the browser cannot decode, in 8 bit and in HDR', async ({ page }) => {
  for (const { path, spec } of [premadeClips.hevc, premadeClips.hevcHlg]) {
    await openHost(page);
    const asset = await importFile(page, path);
    const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
    const ranges = [range(31, 45), range(3, 20)];
    const { path: result, made } = await exportToDisk(page, {
      version: 1,
      name: 'HEVC',
      type: 'combined',
      segments: segmentsOf(ranges),
    });
    await expectExact(result, ranges);
    if (spec.colour === 'hlg')
      expect(made.deviations.map((entry) => entry.code)).toContain('hdr_tone_mapped');
  }
});

test('two sources of different rate, size and sound joined', async ({ page }) => {
  const specs: ClipSpec[] = [
    { clipId: 31, seconds: 4, width: 320, height: 180 },
    {
      clipId: 32,
      seconds: 4,
      width: 180,
      height: 320,
      rate: { num: 30000, den: 1001 },
      audio: { sampleRate: 44_100, channels: 1 },
    },
    { clipId: 33, seconds: 4, width: 320, height: 180, audio: null },
  ];
  await openHost(page);
  const ranges: FrameRange[] = [];
  for (const [i, spec] of specs.entries()) {
    const asset = await importFile(page, await generateClip(spec));
    ranges.push({ spec, assetId: asset.id, first: 13 + i, stop: 60 + i });
  }
  const { path, made } = await exportToDisk(page, {
    version: 1,
    name: 'Three sources',
    type: 'combined',
    segments: segmentsOf([...ranges, ...ranges]),
  });
  await expectExact(path, [...ranges, ...ranges]);
  const codes = made.deviations.map((entry) => entry.code);
  expect(codes).toContain('silence_added');
  expect(codes).toContain('picture_fitted');
});

test('a key-frame cut copies whole groups and says how far it moved', async ({ page }) => {
  const spec: ClipSpec = { clipId: 34, seconds: 8, gop: 50, bFrames: 2 };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const { path, made } = await exportToDisk(page, {
    version: 1,
    name: 'Key frames',
    type: 'single',
    cut: 'keyframe',
    segments: segmentsOf([{ spec, assetId: asset.id, first: 60, stop: 99 }]),
  });
  expect(made.plan.summary.copied).toBe(1);
  expect(made.deviations.find((entry) => entry.code === 'cut_moved')?.params['startMs']).toBe(400);
  const stop = 50 + (made.plan.clips[0]?.frames ?? 0);
  expect(stop).toBeGreaterThanOrEqual(99);
  await expectExact(path, [{ spec, assetId: asset.id, first: 50, stop }]);
});

test('key-frame cuts of several ranges copy the sound too, each within half a packet of its place', async ({
  page,
}) => {
  const spec: ClipSpec = { clipId: 35, seconds: 9, gop: 50, bFrames: 2, audio: { clickEveryFrames: 7 } };
  await openHost(page);
  const asset = await importFile(page, await generateClip(spec));
  const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
  const ranges = [range(150, 200), range(50, 100), range(100, 150), range(0, 50)];
  const { path, made } = await exportToDisk(page, {
    version: 1,
    name: 'Key frames and sound',
    type: 'combined',
    cut: 'keyframe',
    segments: segmentsOf(ranges),
  });
  expect(made.plan.steps.map((step) => step.kind)).toEqual([
    ...ranges.map(() => 'copy-video'),
    ...ranges.map(() => 'copy-audio'),
  ]);
  expect(made.receipts).toEqual([]);
  expect(made.deviations.map((entry) => entry.code)).toContain('sound_joined_by_packets');
  await expectExact(path, ranges, 12_000);
});

const SHAPES: readonly (readonly [name: string, spec: ClipSpec])[] = [
  ['an edit list that cuts into a group', { editList: { trimStartFrames: 7 }, gop: 25 }],
  ['an open GOP', { openGop: true, gop: 24, bFrames: 3 }],
  ['rotation by 90°', { rotation: 90, width: 180, height: 320 }],
  ['rotation by 270° in MOV', { rotation: 270, container: 'mov', width: 180, height: 320 }],
  ['Matroska', { container: 'mkv' }],
  ['a transport stream', { container: 'ts', audio: { codec: 'mp2' } }],
  ['fragmented MP4', { container: 'fragmented-mp4' }],
  ['late start', { startOffsetUs: 480_000 }],
  ['sound that begins late', { audio: { delayUs: 333_000 } }],
  ['WebM VP9 and Opus', { container: 'webm', codec: 'vp9', audio: { codec: 'opus' } }],
  ['AVI MPEG-4 and PCM', { container: 'avi', codec: 'mpeg4', audio: { codec: 'pcm' } }],
  ['FLV', { container: 'flv', codec: 'flv1', audio: { codec: 'mp3', sampleRate: 44_100 } }],
  ['WMV', { container: 'asf', codec: 'wmv2', audio: { codec: 'wmav2' } }],
  ['MPEG program stream', { container: 'mpg', codec: 'mpeg2', audio: { codec: 'mp2' } }],
  ['5.1 sound', { audio: { channels: 6 } }],
  ['44.1 kHz mono', { audio: { channels: 1, sampleRate: 44_100 } }],
  ['10 bit', { pixelFormat: 'yuv420p10le' }],
  ['no sound', { audio: null }],
];

for (const [name, more, engine] of SHAPES.flatMap(([name, more]) => [
  [name, more, 'auto'] as const,
  [name, more, 'ffmpeg'] as const,
])) {
  test(`two ranges of a clip with ${name}, engine ${engine}`, async ({ page }) => {
    const spec: ClipSpec = { clipId: 21, seconds: 5, gop: 50, ...more };
    const path = await generateClip(spec);
    await openHost(page, { engine });
    const asset = await importFile(page, path);
    const range = (first: number, stop: number): FrameRange => ({ spec, assetId: asset.id, first, stop });
    const ranges = [range(41, 77), range(3, 30)];
    const { made, path: result } = await exportToDisk(page, {
      version: 1,
      name,
      type: 'combined',
      segments: segmentsOf(ranges),
    });
    await expectExact(result, ranges);
    expect(made.deviations.map((entry) => entry.code)).not.toContain('frames_lost');
  });
}
