import { beforeAll, describe, expect, it } from 'vitest';
import type { AudioSettings } from '../../../src/core/schema/plan.ts';
import { decodeSound } from '../../../workers/webcodecs/sound/decode.ts';
import { encodeSound } from '../../../workers/webcodecs/sound/encode.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import {
  AAC,
  clickErrors,
  clicksOf,
  firstAndLength,
  pcmJob,
  pictureOriginUs,
  planesOf,
  rms,
  toWebm,
  value,
  worst,
} from './sound-helpers.ts';
import { clipFile, heardByFfmpeg, soundFile } from './sound-node.ts';

const quiet = (): void => undefined;

/** A small picture: only its sound matters here. */
const clip = (more: ClipSpec): ClipSpec => ({ width: 64, height: 64, seconds: 4, ...more });

describe('sound to PCM', () => {
  /** Matroska rounds the times of picture and sound to milliseconds each: up to 24 samples are its own. */
  const kinds: readonly (readonly [name: string, spec: ClipSpec, tolerance: number])[] = [
    ['AAC in MP4', {}, 1],
    ['AAC of 44100 Hz in MP4', { audio: { sampleRate: 44_100 } }, 1],
    ['mono AAC in MP4', { audio: { channels: 1 } }, 1],
    ['AAC that begins late', { audio: { delayUs: 500_000 } }, 1],
    ['AAC in MPEG-TS', { container: 'ts' }, 1],
    ['AAC in Matroska', { container: 'mkv' }, 25],
    ['AAC 5.1 in Matroska', { container: 'mkv', audio: { channels: 6 } }, 25],
    ['MP3 in MP4', { audio: { codec: 'mp3' } }, 1],
    ['MP3 in Matroska', { container: 'mkv', audio: { codec: 'mp3' } }, 25],
    ['Opus in MP4', { audio: { codec: 'opus' } }, 1],
    ['Opus in WebM', { container: 'webm', codec: 'vp8', audio: { codec: 'opus' } }, 1],
    ['Vorbis in Matroska', { container: 'mkv', audio: { codec: 'vorbis', delayUs: 100_000 } }, 25],
    ['FLAC in Matroska', { container: 'mkv', audio: { codec: 'flac' } }, 1],
    ['PCM in MOV', { container: 'mov', audio: { codec: 'pcm' } }, 1],
  ];

  it.each(kinds)(
    '%s: every click lies where it belongs, from the start and from the middle',
    async (_, more, tolerance) => {
      const spec = clip(more);
      const file = await clipFile(spec);
      const originUs = await pictureOriginUs(file);
      const own = spec.audio?.sampleRate ?? 48_000;
      const other = own === 48_000 ? 44_100 : 48_000;
      for (const sampleRate of [own, other]) {
        for (const startUs of [0, 1_510_000]) {
          const samples = Math.round(((4e6 - startUs) / 1e6) * sampleRate) - 7;
          const job = pcmJob(file, startUs, samples, { originUs, settings: { sampleRate } });
          const { data } = value(await decodeSound(job, quiet));
          expect(data.size).toBe(samples * 4);
          const [left] = await planesOf(data, 2);
          const errors = clickErrors(left!, sampleRate, startUs, clicksOf(spec));
          expect(errors.length).toBeGreaterThan(3);
          expect(worst(errors)).toBeLessThan(tolerance);
        }
      }
    },
  );

  it('stretches that are decoded separately join without a seam', async () => {
    // MP3 decodes to the same samples wherever it is entered; AAC has noise that is made up anew.
    for (const [container, sampleRate] of [
      ['mp4', 48_000],
      ['mkv', 48_000],
      ['mkv', 44_100],
    ] as const) {
      const file = await clipFile(clip({ container, audio: { codec: 'mp3' } }));
      const settings = { sampleRate };
      const [from, length] = [sampleRate * 1.5, sampleRate * 3];
      const whole = value(await decodeSound(pcmJob(file, 0, length, { settings }), quiet)).data;
      const second = value(await decodeSound(pcmJob(file, 1_500_000, from, { settings }), quiet)).data;
      const expected = new Int16Array(await whole.slice(from * 4).arrayBuffer());
      const got = new Int16Array(await second.arrayBuffer());
      expect(got.length).toBe(expected.length);
      const off = got.reduce((most, sample, n) => Math.max(most, Math.abs(sample - (expected[n] ?? 0))), 0);
      // Resampled sound may lie off by a small part of a sample.
      expect(off, container).toBeLessThan(sampleRate === 48_000 ? 3 : 60);
    }
  });

  it('is silent before the sound begins, after it ends, and where there is no source', async () => {
    const file = await clipFile(clip({}));
    const before = value(await decodeSound(pcmJob(file, -1_000_000, 48_000), quiet)).data;
    const end = value(await decodeSound(pcmJob(file, 3_500_000, 96_000), quiet)).data;
    const beyond = value(await decodeSound(pcmJob(file, 60_000_000, 48_000), quiet)).data;
    const none = value(
      await decodeSound(pcmJob(new Blob(), 0, 100_001, { step: { assetId: null } }), quiet),
    ).data;
    expect([before.size, end.size, beyond.size, none.size]).toEqual(
      [48_000, 96_000, 48_000, 100_001].map((n) => n * 4),
    );
    const loud = async (pcm: Blob, from: number, to: number): Promise<number> =>
      rms((await planesOf(pcm, 2))[0]!.subarray(from, to));
    // The last samples before the first one may carry the encoder's pre-echo.
    expect(await loud(before, 0, 46_000)).toBe(0);
    expect(await loud(end, 0, 20_000)).toBeGreaterThan(0.01);
    expect(await loud(end, 26_500, 96_000)).toBe(0);
    expect(await loud(beyond, 0, 48_000)).toBe(0);
    expect(await loud(none, 0, 100_001)).toBe(0);
  });

  it('fades, and tells its progress up to 1', async () => {
    const file = await clipFile(clip({ container: 'mov', audio: { codec: 'pcm' } }));
    const plain = value(await decodeSound(pcmJob(file, 0, 96_000), quiet)).data;
    const told: number[] = [];
    const step = { fadeInSamples: 24_000, fadeOutSamples: 12_000 };
    const faded = value(
      await decodeSound(pcmJob(file, 0, 96_000, { step }), (fraction) => told.push(fraction)),
    ).data;
    const [before] = await planesOf(plain, 2);
    const [after] = await planesOf(faded, 2);
    for (const [index, gain] of [
      [0, 0],
      [6_000, 0.25],
      [12_000, 0.5],
      [24_000, 1],
      [50_000, 1],
      [87_000, 0.75],
      [95_999, 1 / 12_000],
    ] as const) {
      expect(Math.abs(after![index]! - before![index]! * gain)).toBeLessThan(1 / 32_768);
    }
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.length).toBeGreaterThan(3);
  });

  it('a sound track is chosen by its order; one that is not there fails', async () => {
    const tone = (hertz: number): string[] => [
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=${String(hertz)}:sample_rate=48000:duration=1`,
    ];
    const file = await soundFile(
      [...tone(400), ...tone(3000), '-map', '0', '-map', '1', '-c:a', 'aac', '-f', 'mp4'],
      'mp4',
    );
    const high = async (order: number): Promise<boolean> => {
      const { data } = value(await decodeSound(pcmJob(file, 0, 48_000, { order }), quiet));
      const [plane] = await planesOf(data, 2);
      let crossings = 0;
      for (let n = 4801; n < 43_200; n += 1) if (plane![n - 1]! < 0 && plane![n]! >= 0) crossings += 1;
      return crossings / 0.8 > 1000;
    };
    expect([await high(0), await high(1)]).toEqual([false, true]);
    expect(await decodeSound(pcmJob(file, 0, 48_000, { order: 2 }), quiet)).toMatchObject({ ok: false });
  });

  describe.each([
    ['AAC in MP4', ['-c:a', 'aac', '-b:a', '384k', '-f', 'mp4'], 'mp4'],
    ['Opus in Matroska', ['-c:a', 'libopus', '-b:a', '384k', '-f', 'matroska'], 'mkv'],
    ['FLAC', ['-c:a', 'flac', '-f', 'flac'], 'flac'],
    ['PCM in MOV', ['-c:a', 'pcm_s16le', '-f', 'mov'], 'mov'],
  ] as const)('5.1 %s', (name, args, extension) => {
    /** One channel after the other has a tone for a second. */
    let file: Blob;
    beforeAll(async () => {
      const channels = Array.from(
        { length: 6 },
        (_, n) => `0.4*sin(${String(2 * Math.PI * 220)}*t)*between(t\\,${String(n)}\\,${String(n + 1)})`,
      );
      const source = `aevalsrc=${channels.join('|')}:c=5.1:s=48000:d=6`;
      file = await soundFile(['-f', 'lavfi', '-i', source, ...args], extension);
    });
    const full = 0.4 / Math.SQRT2;
    /** Loudness of each output channel while one input channel sounds, a part of the input's. */
    const shares = async (channels: number): Promise<number[][]> => {
      const { data } = value(await decodeSound(pcmJob(file, 0, 288_000, { settings: { channels } }), quiet));
      const planes = await planesOf(data, channels);
      return Array.from({ length: 6 }, (_, n) =>
        planes.map(
          (plane) =>
            Math.round((rms(plane.subarray(n * 48_000 + 9600, n * 48_000 + 38_400)) / full) * 20) / 20,
        ),
      );
    };

    it('keeps its channels in their order', async () => {
      const diagonal = Array.from({ length: 6 }, (_, n) =>
        Array.from({ length: 6 }, (__, m): number => (m === n ? 1 : 0)),
      );
      // The encoder cuts the bass channel of coded 5.1 off at 120 Hz; what is left of the tone is only there.
      const got = await shares(6);
      if (name.startsWith('AAC') || name.startsWith('Opus')) {
        expect(got[3]!.map((share, n) => (n === 3 ? 0 : share))).toEqual([0, 0, 0, 0, 0, 0]);
        diagonal[3] = got[3]!;
      }
      expect(got).toEqual(diagonal);
    });

    it('is mixed to stereo and to mono as FFmpeg does', async () => {
      expect(await shares(2)).toEqual([
        [0.4, 0],
        [0, 0.4],
        [0.3, 0.3],
        [0, 0],
        [0.3, 0],
        [0, 0.3],
      ]);
      expect(await shares(1)).toEqual([[0.2], [0.2], [0.3], [0], [0.15], [0.15]]);
    });
  });

  it('a source that is broken, or no media, or gone, fails with a code', async () => {
    const good = await clipFile(clip({}));
    const bytes = new Uint8Array(await good.arrayBuffer());
    const holes = bytes.slice();
    for (let at = 200; at < holes.length - 30_000; at += 3) holes[at] = (holes[at] ?? 0) ^ 0xff;
    for (const file of [new Blob([bytes.slice(0, 500)]), new Blob(['words']), new Blob()]) {
      const result = await decodeSound(pcmJob(file, 0, 48_000), quiet);
      expect(result).toMatchObject({ ok: false, error: { code: 'unsupported_media' } });
    }
    // Garbage inside of packets: a failure or sound, but an answer.
    const garbled = await decodeSound(pcmJob(new Blob([holes]), 0, 96_000), quiet);
    if (garbled.ok) expect(garbled.value.data.size).toBe(96_000 * 4);
    else expect(['engine_failed', 'unsupported_media']).toContain(garbled.error.code);
  });

  it('a codec that the browser does not have is left to another engine', async () => {
    const spec = clip({ container: 'mkv', audio: { codec: 'ac3' } });
    const result = await decodeSound(pcmJob(await clipFile(spec), 0, 48_000), quiet);
    expect(result).toMatchObject({ ok: false, error: { reason: 'no_decoder' } });
  });
});

describe('PCM to packets', () => {
  /** 4 s of clicks as PCM, not a whole number of packets. */
  async function clicksPcm(settings: AudioSettings): Promise<{ spec: ClipSpec; pcm: Blob; samples: number }> {
    const channels = settings.channels as 1 | 2 | 6;
    const spec = clip({
      container: 'mov',
      audio: { codec: 'pcm', sampleRate: settings.sampleRate, channels },
    });
    const samples = settings.sampleRate * 4 - 37;
    const { data } = value(await decodeSound(pcmJob(await clipFile(spec), 0, samples, { settings }), quiet));
    return { spec, pcm: data, samples };
  }

  const settings: readonly AudioSettings[] = [
    AAC,
    { ...AAC, sampleRate: 44_100, channels: 1, bitrate: 128_000 },
    { ...AAC, sampleRate: 32_000 },
    { ...AAC, channels: 6, bitrate: 448_000 },
    { ...AAC, codec: 'opus' },
    { ...AAC, codec: 'opus', channels: 1, bitrate: 96_000 },
  ];

  it.each(settings)(
    '$codec, $channels channels, $sampleRate Hz: sample 0 is heard at 0 in FFmpeg and here',
    async (wish) => {
      const { spec, pcm, samples } = await clicksPcm(wish);
      const told: number[] = [];
      const { data, config } = value(
        await encodeSound({ settings: wish, pcm }, (fraction) => told.push(fraction)),
      );
      expect(config.join()).toContain(String(wish.bitrate));
      expect(told.at(-1)).toBe(1);

      const packet = wish.codec === 'aac' ? 1024 : 960;
      const { first, end } = await firstAndLength(data);
      // The run-in lies before 0, as in what FFmpeg writes.
      expect(Math.round(first * wish.sampleRate)).toBe(wish.codec === 'aac' ? -1024 : -312);
      expect(end * wish.sampleRate).toBeGreaterThanOrEqual(samples);
      expect(end * wish.sampleRate).toBeLessThan(samples + packet);

      const heard = await heardByFfmpeg(data);
      expect(heard.startSample).toBe(0);
      expect(heard.channels).toHaveLength(wish.channels);
      expect(heard.channels[0]!.length).toBeGreaterThanOrEqual(samples);
      expect(heard.channels[0]!.length).toBeLessThan(samples + packet);
      const limit = { ...AAC, ...wish };
      const here = value(await decodeSound(pcmJob(data, 0, samples, { settings: limit }), quiet)).data;
      for (const plane of [
        heard.channels[0]!.subarray(0, samples),
        (await planesOf(here, wish.channels))[0]!,
      ]) {
        const errors = clickErrors(plane, wish.sampleRate, 0, clicksOf(spec));
        expect(errors.length).toBe(10);
        expect(worst(errors)).toBeLessThan(1);
      }
    },
  );

  it('lies where the sound that FFmpeg encodes lies', async () => {
    const { pcm, samples } = await clicksPcm(AAC);
    const ours = value(await encodeSound({ settings: AAC, pcm }, quiet)).data;
    const bytes = new Uint8Array(await pcm.arrayBuffer());
    const args = [
      '-f',
      's16le',
      '-ar',
      '48000',
      '-ac',
      '2',
      '-i',
      'pcm',
      '-c:a',
      'aac',
      '-b:a',
      '192k',
      '-f',
      'mp4',
    ];
    const theirs = await soundFile(args, 'm4a', bytes);
    const [mine, reference] = [await firstAndLength(ours), await firstAndLength(theirs)];
    expect(mine.first).toBeCloseTo(reference.first, 6);
    expect(Math.abs(mine.end - reference.end)).toBeLessThan(1024 / 48_000);
    const planes = await Promise.all(
      [ours, theirs].map(async (file) => {
        const { data } = value(await decodeSound(pcmJob(file, 0, samples), quiet));
        return (await planesOf(data, 2))[0]!;
      }),
    );
    const difference = planes[0]!.map((sample, n) => sample - (planes[1]![n] ?? 0));
    expect(rms(difference) / rms(planes[0]!)).toBeLessThan(0.1);
  });

  it('Opus that is put into WebM stays where it is, in FFmpeg and when it is opened again', async () => {
    const wish: AudioSettings = { ...AAC, codec: 'opus' };
    const { spec, pcm, samples } = await clicksPcm(wish);
    const webm = await toWebm(value(await encodeSound({ settings: wish, pcm }, quiet)).data);
    const heard = await heardByFfmpeg(webm);
    const placed = new Float32Array(heard.startSample + heard.channels[0]!.length);
    placed.set(heard.channels[0]!, heard.startSample);
    const again = value(await decodeSound(pcmJob(webm, 0, samples), quiet)).data;
    // WebM counts milliseconds: the first packet's -6.5 cannot be written.
    const there = clickErrors(placed, 48_000, 0, clicksOf(spec));
    const here = clickErrors((await planesOf(again, 2))[0]!, 48_000, 0, clicksOf(spec));
    expect([there.length, here.length]).toEqual([10, 10]);
    expect(worst([...there, ...here])).toBeLessThan(49);
  });

  it('sound shorter than a packet, and none at all', async () => {
    for (const codec of ['aac', 'opus'] as const) {
      const short = value(
        await encodeSound({ settings: { ...AAC, codec }, pcm: new Blob([new Int16Array(200)]) }, quiet),
      );
      const { end } = await firstAndLength(short.data);
      expect(end).toBeGreaterThan(0);
      expect(end).toBeLessThan(0.05);
      const none = await encodeSound({ settings: { ...AAC, codec }, pcm: new Blob() }, quiet);
      expect(none).toMatchObject({ ok: false, error: { code: 'engine_failed' } });
    }
  });

  it('what the encoders cannot do fails instead of coming out wrong', async () => {
    const pcm = new Blob([new Int16Array(48_000 * 6)]);
    for (const [wish, reason] of [
      [{ ...AAC, sampleRate: 47_000 }, 'step_failed'],
      [{ ...AAC, codec: 'opus', channels: 6 }, 'no_encoder'],
      [{ ...AAC, codec: 'opus', sampleRate: 44_100 }, 'no_encoder'],
    ] as const) {
      const result = await encodeSound({ settings: wish, pcm }, quiet);
      expect(result).toMatchObject({ ok: false, error: { code: 'engine_failed', reason } });
    }
  });
});
