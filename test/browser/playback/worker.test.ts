import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { clip, indexOf, numberOf, sourceOf, withSource, worker } from './helpers.ts';

function value<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const NTSC = (frame: number) => (frame * 1001) / 30_000;

describe('frameAt', () => {
  it('gives the frame on display, to the microsecond, forward, backward and anywhere', async () => {
    const file = await clip({ frames: 90, timeOf: NTSC, keyEvery: 30 });
    // The container rounds times to its own clock: what counts is what it says.
    const { timesUs, endUs } = await indexOf(file);
    const usOf = (frame: number) => timesUs[frame] ?? endUs;
    await withSource(sourceOf(file), async (api) => {
      const at = async (us: number) => {
        const found = value(await api.frameAt(us))!;
        return [numberOf(found.frame), found.timeUs, found.durationUs];
      };
      for (let frame = 0; frame < 90; frame += 1) {
        expect(await at(usOf(frame))).toEqual([frame, usOf(frame), usOf(frame + 1) - usOf(frame)]);
      }
      for (let frame = 89; frame >= 0; frame -= 1) expect((await at(usOf(frame)))[0]).toBe(frame);
      for (const frame of [45, 3, 88, 29, 30, 31, 60, 59, 0, 89]) {
        expect((await at(usOf(frame)))[0]).toBe(frame);
        expect((await at(usOf(frame + 1) - 1))[0]).toBe(frame);
      }
      // The last frame holds.
      expect((await at(60_000_000))[0]).toBe(89);
    });
  });

  it('counts from the origin, and nothing is on display before the first frame', async () => {
    const file = await clip({ frames: 10, container: 'mkv' });
    await withSource(sourceOf(file, { originUs: -200_000 }), async (api) => {
      expect(value(await api.frameAt(199_999))).toBeNull();
      const first = value(await api.frameAt(200_000))!;
      expect([numberOf(first.frame), first.timeUs]).toEqual([0, 200_000]);
      value(await api.startFrames(0));
      const [stream] = value(await api.nextFrames(1));
      expect(numberOf(stream!.frame)).toBe(0);
    });
    await withSource(sourceOf(file, { originUs: 80_000 }), async (api) => {
      const first = value(await api.frameAt(0))!;
      expect([numberOf(first.frame), first.timeUs]).toEqual([2, 0]);
    });
  });

  it('a newer wish takes the place of older ones', async () => {
    const file = await clip({ frames: 100, keyEvery: 100 });
    await withSource(sourceOf(file), async (api) => {
      const answers = await Promise.all([90, 80, 70, 5].map((frame) => api.frameAt(frame * 40_000)));
      expect(answers.slice(0, -1).every((answer) => !answer.ok && answer.error.code === 'aborted')).toBe(
        true,
      );
      expect(numberOf(value(answers.at(-1)!)!.frame)).toBe(5);
    });
  });

  it('variable rates: a frame holds until the next one', async () => {
    const times = [0, 0.1, 0.11, 0.5, 1.7, 1.733, 2, 2.5];
    const file = await clip({ frames: 7, timeOf: (frame) => times[frame]!, keyEvery: 4 });
    await withSource(sourceOf(file), async (api) => {
      for (const [us, frame] of [
        [1_699_000, 3],
        [99_000, 0],
        [105_000, 1],
        [499_000, 2],
        [1_740_000, 5],
        [1_699_000, 3],
      ] as const) {
        const found = value(await api.frameAt(us))!;
        expect(numberOf(found.frame)).toBe(frame);
        // Within the container's clock.
        expect(Math.abs(found.timeUs - times[frame]! * 1e6)).toBeLessThan(20);
      }
    });
  });
});

describe('streams', () => {
  it('give every frame once, from the frame on display, and end', async () => {
    const file = await clip({ frames: 60, keyEvery: 25 });
    await withSource(sourceOf(file), async (api) => {
      value(await api.startFrames(290_000));
      const numbers: number[] = [];
      for (;;) {
        const frames = value(await api.nextFrames(4));
        if (frames.length === 0) break;
        numbers.push(...frames.map((one) => numberOf(one.frame)));
      }
      expect(numbers).toEqual(Array.from({ length: 53 }, (_, at) => at + 7));
      expect(value(await api.nextFrames(4))).toEqual([]);
    });
  });

  it('go on around single frames: playing, stepping back, playing again', async () => {
    const file = await clip({ frames: 60, keyEvery: 60 });
    await withSource(sourceOf(file), async (api) => {
      const next = async (count: number) =>
        value(await api.nextFrames(count)).map((one) => numberOf(one.frame));
      value(await api.startFrames(0));
      expect(await next(3)).toEqual([0, 1, 2]);
      expect(numberOf(value(await api.frameAt(40_000))!.frame)).toBe(1);
      expect(numberOf(value(await api.frameAt(1_600_000))!.frame)).toBe(40);
      expect(await next(2)).toEqual([3, 4]);
      value(await api.startFrames(1_560_000));
      expect(await next(4)).toEqual([39, 40, 41, 42]);
    });
  });
});

describe('sound', () => {
  it.each(['mp4', 'mkv'] as const)('comes without seams from a time on (%s)', async (container) => {
    const file = await clip({ frames: 75, sound: true, container });
    await withSource(sourceOf(file, { audioOrder: 0 }), async (api) => {
      value(await api.startSound(1_000_000));
      let endUs: number | null = null;
      let frames = 0;
      for (;;) {
        const sounds = value(await api.nextSound(500_000));
        if (sounds.length === 0) break;
        expect(sounds).toHaveLength(1);
        const [{ startUs, sampleRate, channels }] = sounds as [(typeof sounds)[0]];
        if (endUs === null) {
          expect(startUs).toBeLessThanOrEqual(1_000_000);
          expect(startUs).toBeGreaterThan(950_000);
        } else expect(Math.abs(startUs - endUs)).toBeLessThanOrEqual(1);
        expect(channels[0]!.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
        frames += channels[0]!.length;
        endUs = startUs + (channels[0]!.length * 1e6) / sampleRate;
      }
      expect(frames / 48_000).toBeGreaterThan(1.95);
      expect(frames / 48_000).toBeLessThan(2.1);
    });
  });
});

describe('what cannot be played', () => {
  const opening = (file: Blob, more = {}) => worker().call((api) => api.open(sourceOf(file, more)));

  it('is a failure with a reason', async () => {
    const good = await clip({ frames: 5 });
    expect(await opening(good, { videoOrder: 1 })).toMatchObject({
      ok: false,
      error: { reason: 'no_tracks' },
    });
    expect(await opening(good, { audioOrder: 0 })).toMatchObject({
      ok: false,
      error: { reason: 'no_tracks' },
    });
    expect(await opening(new Blob(['not a video']))).toMatchObject({
      ok: false,
      error: { code: 'unsupported_media' },
    });
    expect(await opening(new Blob([]))).toMatchObject({ ok: false, error: { code: 'unsupported_media' } });
    const asked = await worker().call((api) => api.frameAt(0));
    expect(asked).toMatchObject({ ok: false, error: { code: 'not_ready' } });
    await withSource(sourceOf(good), async (api) => {
      expect(await api.nextFrames(1)).toMatchObject({ ok: false, error: { code: 'not_ready' } });
      expect(await api.startSound(0)).toMatchObject({ ok: false, error: { reason: 'no_tracks' } });
    });
  });

  it('a file with its end cut off plays as far as it goes', async () => {
    const file = await clip({ frames: 100, container: 'mkv', keyEvery: 10 });
    const cut = file.slice(0, Math.floor(file.size * 0.6));
    await withSource(sourceOf(cut), async (api) => {
      value(await api.startFrames(0));
      const numbers: number[] = [];
      for (;;) {
        const result = await api.nextFrames(8);
        if (!result.ok || result.value.length === 0) break;
        numbers.push(...result.value.map((one) => numberOf(one.frame)));
      }
      expect(numbers.length).toBeGreaterThan(30);
      expect(numbers).toEqual(numbers.map((_, at) => at));
    });
  });
});
