/** Files of other people, with the defects that made each of them famous. They are on some machines only. */
import { proxy } from 'comlink';
import { describe, expect, it } from 'vitest';
import { primaryVideo } from '../../../src/core/schema/asset.ts';
import { realFileOrSkip as open } from '../real-media.ts';
import { analysis, reason, value } from './helpers.ts';

/** name, ffmpeg's stream number, rate, rotation, duration, frames shown; measured with ffprobe 5.1. */
const FILES: readonly (readonly [string, number, string, number, number, number])[] = [
  ['iphone_rotated.mov', 1, '30000/1001', 90, 2_201_667, 66],
  ['VID_20191220_170832.mp4', 0, 'variable', 0, 1_600_000, 41],
  ['pixel-motion-photo-2-hevc-tracks.mp4', 0, 'variable', 90, 2_134_044, 58],
  ['karma.mp4', 0, '30000/1001', 0, 12_078_733, 362],
  ['car-detection.mp4', 0, '25/2', 0, 30_160_000, 377],
  ['motion.mov', 1, '30/1', 0, 8_043_333, 242],
  ['cursed-vfr.mp4', 0, 'variable', 0, 8_725_503, 63],
  ['annex-b-avc.mkv', 0, 'variable', 0, 35_230_000, 745],
  ['hevc.ts', 0, '24/1', 0, 5_013_334, 120],
  ['ocean.webm', 0, '24/1', 0, 10_089_000, 240],
  ['vp9cake.webm', 0, '30/1', 0, 7_999_000, 240],
  ['hdr10-av1.mp4', 0, '30000/1001', 0, 4_237_567, 127],
  ['sowt-with-video.mov', 0, '50/1', 0, 2_000_000, 100],
  ['cockatoo.mp4', 0, '20/1', 0, 14_000_000, 280],
  ['nasa_13013.mp4', 3, '30000/1001', 0, 13_056_000, 390],
  ['rotate-buck-bunny.mp4', 0, '24/1', 90, 2_005_333, 45],
  ['edts.mp4', 0, '25/1', 0, 9_000_000, 225],
  ['bear-vp9-odd-dimensions.webm', 0, '30000/1001', 0, 1_001_367, 30],
  ['long_1080p_lowbitrate.mp4', 0, '30/1', 0, 362_766_667, 10_883],
  ['sample_with_overlapping_srt.mkv', 0, '30/1', 0, 1_072_150, 30],
];

describe('real files (where there are any)', () => {
  it.for(FILES)('%s', async ([name, stream, rate, rotation, durationUs, frames], context) => {
    const api = analysis();
    const file = await open(context, name);
    const probe = value(await api.probe(file, name));
    const video = primaryVideo(probe)!;
    const { frameRate } = video;
    expect({
      stream: video.index,
      rate:
        frameRate.kind === 'constant'
          ? `${String(frameRate.rate.num)}/${String(frameRate.rate.den)}`
          : 'variable',
      rotation: video.rotation,
      durationUs: probe.durationUs,
    }).toEqual({ stream, rate, rotation, durationUs });
    const index = value(
      await api.frameIndex(
        file,
        video.order,
        probe.originUs,
        proxy(() => undefined),
      ),
    );
    expect(index.timesUs).toHaveLength(frames);
    expect(index.complete).toBe(true);
  });

  it('an edit list with pre-roll: one frame is cut into, eight are hidden', async (context) => {
    const api = analysis();
    const file = await open(context, 'sample_edit_list.mp4');
    const probe = value(await api.probe(file, file.name));
    expect(probe).toMatchObject({ originUs: 0, durationUs: 2_548_333, container: 'mov' });
    expect(primaryVideo(probe)).toMatchObject({
      firstUs: -21_667,
      engineOffsetUs: 455_000,
      hdr: true,
      bitDepth: 10,
      profile: 'Main 10',
      color: { transfer: 'hlg', primaries: 'bt2020' },
    });
    const index = value(
      await api.frameIndex(
        file,
        0,
        0,
        proxy(() => undefined),
      ),
    );
    expect([...index.timesUs.slice(0, 3)]).toEqual([-21_667, 11_667, 45_000]);
    expect(index.timesUs).toHaveLength(78);
    expect(index.endUs).toBe(2_548_333);
    expect(value(await api.keyFrameIsClean(file, 0, 1_578_333))).toBe(false);
  });

  it('signed composition offsets in fragments: ffmpeg is 83 ms late', async (context) => {
    const file = await open(context, 'rotate-buck-bunny.mp4');
    const probe = value(await analysis().probe(file, file.name));
    expect(primaryVideo(probe)?.engineOffsetUs).toBe(83_333);
    expect(probe.audio[0]?.engineOffsetUs).toBe(0);
  });

  it('a cut file is as long as what is there', async (context) => {
    const api = analysis();
    const file = await open(context, 'annex-b.mp4');
    const probe = value(await api.probe(file, file.name));
    expect(probe).toMatchObject({ durationUs: 463_000, warnings: ['truncated'] });
    const index = value(
      await api.frameIndex(
        file,
        0,
        0,
        proxy(() => undefined),
      ),
    );
    expect(index).toMatchObject({ complete: false, endUs: 463_000 });
  });

  it('a bitstream of noise is not decodable, and nothing hangs', async (context) => {
    const api = analysis();
    const file = await open(context, 'invalid-bitstream.webm');
    expect(primaryVideo(value(await api.probe(file, file.name)))?.decodable).toBe(false);
    expect(reason(await api.poster(file, 0, 0, 320))).toBe('no_decoder');
    const run = { keyUs: 1_000_000, throughUs: 1_000_000, extra: 3, fullUs: [], lookUs: [] };
    expect(value(await api.decodeRuns(file, 0, [run]))[0]?.problem).not.toBeNull();
  });

  it.for([
    ['Landscape_6.jpg', 'still_image'],
    ['typical_utf16le.srt', 'text_file'],
    ['with_positioning.vtt', 'text_file'],
    ['MVI_4823.AVI', 'not_media'],
  ] as const)('%s is %s', async ([name, expected], context) => {
    expect(reason(await analysis().probe(await open(context, name), name))).toBe(expected);
  });

  it('sound alone', async (context) => {
    const file = await open(context, 'timbl_1.mp3');
    expect(value(await analysis().probe(file, file.name))).toMatchObject({
      container: 'mp3',
      durationUs: 48_024_000,
      primaryVideo: null,
      primaryAudio: 0,
      audio: [{ index: 0, codec: 'mp3', sampleRate: 48_000, channels: 2 }],
    });
  });
});
