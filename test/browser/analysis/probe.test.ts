import { proxy } from 'comlink';
import { describe, expect, it } from 'vitest';
import { FRAME_KEY } from '../../../src/core/schema/frame-index.ts';
import { probeSchema } from '../../../src/core/schema/asset.ts';
import type { PictureRun } from '../../../src/core/plan/certify-runs.ts';
import { analysis, CONTAINERS, makeClip, reason, value } from './helpers.ts';

const ignore = proxy(() => undefined);

/** From a key frame through another frame. */
const runTo = (keyUs: number, throughUs: number): PictureRun => ({
  keyUs,
  throughUs,
  extra: 0,
  fullUs: [[keyUs, throughUs]],
  lookUs: [],
});

describe('probe and index of files that were just written', () => {
  it.each(Object.keys(CONTAINERS))('%s', async (container) => {
    const api = analysis();
    const file = await makeClip({ container });
    const probe = value(await api.probe(file, file.name));
    expect(probeSchema.parse(probe)).toEqual(probe);
    expect(probe).toMatchObject({ reader: 'packets', originUs: 0, primaryVideo: 0, warnings: [] });
    expect(probe.container).toBe(container.replace(/^fragmented mp4$|^mp4.*/, 'mp4'));
    expect(probe.durationUs).toBeGreaterThan(1_999_000);
    expect(probe.durationUs).toBeLessThan(2_001_500);
    expect(probe.video[0]).toMatchObject({
      index: 0,
      order: 0,
      codedWidth: 320,
      codedHeight: 180,
      frameRate: { kind: 'constant', rate: { num: 25, den: 1 } },
      decodable: true,
      bitDepth: 8,
    });

    const index = value(await api.frameIndex(file, 0, probe.originUs, ignore));
    expect(index).toMatchObject({ version: 1, complete: true });
    expect(index.timesUs).toHaveLength(50);
    index.timesUs.forEach((time, i) => expect(Math.abs(time - i * 40_000)).toBeLessThan(1000));
    expect(index.flags[0]! & FRAME_KEY).toBe(FRAME_KEY);
    expect(Math.abs(index.endUs - probe.durationUs)).toBeLessThanOrEqual(1);
    expect(value(await api.keyFrameIsClean(file, 0, 0))).toBe(true);
    expect(value(await api.keyFrameIsClean(file, 0, Math.round(index.timesUs[1]!)))).toBe(false);
  });

  it('rotation turns the displayed size and the poster', async () => {
    const api = analysis();
    const file = await makeClip({ rotation: 90 });
    const probe = value(await api.probe(file, file.name));
    expect(probe.video[0]).toMatchObject({ rotation: 90, displayWidth: 180, displayHeight: 320 });
    const poster = value(await api.poster(file, 0, 500_000, 160));
    expect(poster.type).toBe('image/webp');
    const picture = await createImageBitmap(poster);
    expect([picture.width, picture.height]).toEqual([90, 160]);
  });

  it('variable frame rate', async () => {
    const api = analysis();
    const file = await makeClip({ frames: 20, at: (frame) => frame / 30 + (frame > 7 ? 0.2 : 0) });
    const probe = value(await api.probe(file, file.name));
    expect(probe.video[0]?.frameRate.kind).toBe('variable');
  });

  it('29.97 in the milliseconds of Matroska', async () => {
    const api = analysis();
    const file = await makeClip({ container: 'mkv', frames: 90, fps: 30000 / 1001 });
    expect(value(await api.probe(file, file.name)).video[0]?.frameRate).toEqual({
      kind: 'constant',
      rate: { num: 30000, den: 1001 },
    });
  });

  it('sound that starts after the picture does not move time 0; a late picture alone does', async () => {
    const api = analysis();
    const file = await makeClip({ container: 'mkv', at: (frame) => 1.5 + frame / 25 });
    const probe = value(await api.probe(file, file.name));
    expect(probe.originUs).toBe(1_500_000);
    const index = value(await api.frameIndex(file, 0, probe.originUs, ignore));
    expect(index.timesUs[0]).toBe(0);
  });

  it('one worker answers many calls at once', async () => {
    const api = analysis();
    const file = await makeClip();
    const probes = await Promise.all(Array.from({ length: 8 }, () => api.probe(file, file.name)));
    expect(new Set(probes.map((probe) => JSON.stringify(probe))).size).toBe(1);
  });
});

describe('files that are not what they seem', () => {
  const cut = (file: File, bytes: number): File => new File([file.slice(0, bytes)], file.name);

  it.each([
    ['empty_file', () => new File([], 'a.mp4')],
    ['text_file', () => new File(['WEBVTT\n\n00:01.000 --> 00:02.000\nhi'], 'a.mp4')],
    ['text_file', () => new File(['#EXTM3U\nhttps://example.org/a.ts\n'], 'a.mp4')],
    ['still_image', () => new File([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)], 'a.mp4')],
    ['not_media', () => new File([new Uint8Array(5000).fill(0x80)], 'a.mp4')],
    ['not_media', () => new File([Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)], 'a.mp4')],
    ['truncated', () => new File([Uint8Array.of(0, 0, 0, 16), 'ftypisom', new Uint8Array(4)], 'a.mp4')],
  ])('%s', async (expected, make) => {
    const file = make();
    expect(reason(await analysis().probe(file, file.name))).toBe(expected);
  });

  it('an unknown format may be for ffmpeg, an archive is not', async () => {
    const api = analysis();
    const avi = await api.probe(new File(['RIFF\u0000\u0001\u0000\u0000AVI LIST'], 'a'), 'a');
    expect(avi).toMatchObject({ ok: false, error: { details: { tryFfmpeg: true } } });
    const zip = await api.probe(new File([Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)], 'a.zip'), 'a.zip');
    expect(zip.ok ? null : zip.error.details).toBeUndefined();
  });

  it('an index that promises more than there is: the length is what is there', async () => {
    const api = analysis();
    const whole = await makeClip({ frames: 100 });
    const file = cut(whole, Math.floor(whole.size * 0.6));
    const probe = value(await api.probe(file, file.name));
    expect(probe.warnings).toEqual(['truncated']);
    expect(probe.durationUs).toBeGreaterThan(500_000);
    expect(probe.durationUs).toBeLessThan(3_600_000);
    const index = value(await api.frameIndex(file, 0, probe.originUs, ignore));
    expect(index.complete).toBe(false);
    expect(index.endUs).toBe(probe.durationUs);
  });

  it('a recording that was not finished has no index', async () => {
    const whole = await makeClip({ container: 'mp4 with its index last' });
    const file = cut(whole, whole.size - 1500);
    expect(reason(await analysis().probe(file, file.name))).toBe('truncated');
  });

  it('a cut recording of fragments keeps its whole fragments', async () => {
    const api = analysis();
    const whole = await makeClip({ container: 'fragmented mp4', frames: 150 });
    const file = cut(whole, Math.floor(whole.size * 0.7));
    const probe = value(await api.probe(file, file.name));
    expect(probe.warnings).toEqual(['truncated']);
    const index = value(await api.frameIndex(file, 0, 0, ignore));
    expect(index.timesUs.length).toBeGreaterThan(10);
    expect(index.timesUs.length).toBeLessThan(150);
  });

  it('noise in the middle of a picture track is found by decoding', async () => {
    const api = analysis();
    const whole = new Uint8Array(await (await makeClip({ frames: 75 })).arrayBuffer());
    const from = Math.floor(whole.length * 0.5);
    crypto.getRandomValues(whole.subarray(from, from + Math.floor(whole.length * 0.3)));
    const file = new File([whole], 'noise.mp4');
    const [start, noise, after] = value(
      await api.decodeRuns(file, 0, [runTo(0, 0), runTo(1_000_000, 2_000_000), runTo(0, 80_000)]),
    );
    expect(start).toMatchObject({ framesDecoded: 1, problem: null });
    expect(noise?.problem).not.toBeNull();
    // One broken stretch is not blamed on the others.
    expect(after).toMatchObject({ framesDecoded: 3, problem: null });
  });
});

describe('a file that is gone', () => {
  it('is unreadable, whatever is asked', async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('gone.mp4', { create: true });
    const writable = await handle.createWritable();
    await writable.write('x'.repeat(100_000));
    await writable.close();
    const file = await handle.getFile();
    await root.removeEntry('gone.mp4');
    const api = analysis();
    expect(reason(await api.fingerprint(file))).toBe('unreadable_file');
    expect(reason(await api.probe(file, file.name))).toBe('unreadable_file');
    expect(reason(await api.frameIndex(file, 0, 0, ignore))).toBe('unreadable_file');
    expect(reason(await api.poster(file, 0, 0, 100))).toBe('unreadable_file');
    expect(reason(await api.readBack(file))).toBe('unreadable_file');
  });
});

describe('finished files', () => {
  it('are read back and decoded around times', async () => {
    const api = analysis();
    const file = await makeClip();
    const back = value(await api.readBack(file));
    expect(back).toMatchObject({
      container: 'mp4',
      audio: null,
      video: { codec: 'avc', width: 320, height: 180, rotation: 0, endUs: 2_000_000, decodable: true },
    });
    expect(back.video?.timesUs).toHaveLength(50);
    // The encoder adds key frames of its own where the grey jumps.
    expect([back.video?.keys.length, back.video?.keys[0], back.video?.keys[25]]).toEqual([50, 1, 1]);
    expect(Math.min(...(back.video?.sizes ?? [0]))).toBeGreaterThan(0);
    const runs = value(
      await api.decodeRuns(file, 0, [
        { ...runTo(0, 0), extra: 2, lookUs: [0] },
        runTo(400_000, 1_000_000),
        { ...runTo(1_000_000, 1_960_000), extra: 1000, lookUs: [1_000_000, 1_960_000] },
      ]),
    );
    expect(runs.map(({ framesDecoded, problem }) => [framesDecoded, problem])).toEqual([
      [3, null],
      [26, null],
      [25, null],
    ]);
    // Frame i is a grey of its own with a small bar.
    const grey = (frame: number): number => 16 + ((40 + ((frame * 37) % 160)) * 219) / 255;
    const seen = runs
      .flatMap(({ pictures }) => pictures)
      .map(({ timeUs, luma }) => [timeUs, luma[17 * 32 + 31]]);
    expect(seen.map(([timeUs]) => timeUs)).toEqual([0, 1_000_000, 1_960_000]);
    for (const [timeUs = 0, luma = 0] of seen) expect(Math.abs(luma - grey(timeUs / 40_000))).toBeLessThan(3);
  });

  it('that are no files fail the check', async () => {
    expect(await analysis().readBack(new File(['nothing'], 'x'))).toMatchObject({
      ok: false,
      error: { code: 'verification_failed' },
    });
  });
});

describe('fingerprint', () => {
  it('knows the same bytes under another name', async () => {
    const api = analysis();
    const file = await makeClip();
    const first = value(await api.fingerprint(file));
    expect(first).toMatch(new RegExp(`^${String(file.size)}-[0-9a-f]{64}$`));
    expect(value(await api.fingerprint(new File([file], 'other.mov')))).toBe(first);
    expect(value(await api.fingerprint(file.slice(0, file.size - 1)))).not.toBe(first);
  });
});
