import { describe, expect, it } from 'vitest';
import type { EncoderQuestion } from '../../../src/runtime/contract/webcodecs.ts';
import { measureEncoder } from '../../../workers/webcodecs/measure.ts';

const question = (more: Partial<EncoderQuestion>): EncoderQuestion => ({
  codec: 'avc',
  mode: 'software',
  width: 1280,
  height: 720,
  fps: 30,
  ...more,
});

describe('measuring encoders', () => {
  it.each([
    question({ width: 1920, height: 1080 }),
    question({ width: 1080, height: 1920, fps: 30_000 / 1001 }),
    question({ width: 854, height: 480, fps: 25 }),
    question({ codec: 'vp9' }),
    question({ codec: 'vp9', width: 720, height: 1280 }),
    question({ codec: 'vp8', width: 640, height: 360 }),
    question({ codec: 'av1', width: 640, height: 360 }),
  ])('$codec of $width x $height works in this browser', async (asked) => {
    const answer = await measureEncoder(asked);
    expect(answer).toMatchObject({ question: asked, works: true, fault: null, problem: null });
    expect(answer.encodeFps).toBeGreaterThan(0);
    expect(answer.decodeFps).toBeGreaterThan(0);
  });

  it('odd sizes: an answer, and a reason where it is no', async () => {
    for (const codec of ['avc', 'vp9'] as const) {
      const answer = await measureEncoder(question({ codec, width: 641, height: 361 }));
      expect(answer.works).toBe(answer.problem === null);
      expect(answer.works).toBe(answer.fault === null);
      if (!answer.works) expect(answer.problem).toMatch(/size|failed|came out/);
    }
  });

  it.each([
    question({ width: 0 }),
    question({ width: -16, height: 16 }),
    question({ fps: Number.NaN }),
    question({ width: 100_000, height: 100_000 }),
    question({ width: 16_384, height: 8192 }),
    question({ codec: 'theora' as 'avc' }),
  ])('nonsense is answered with no: $codec $width x $height at $fps', async (asked) => {
    const answer = await measureEncoder(asked);
    expect(answer.works).toBe(false);
    expect(answer.fault).toBe('not_offered');
    expect(answer.problem).toBeTruthy();
  });

  it('a hardware encoder is believed only when it is not the software one', async () => {
    const hardware = await measureEncoder(question({ mode: 'hardware', width: 640, height: 360 }));
    if (hardware.works) expect(hardware.encodeFps).toBeGreaterThan(0);
    else expect(['not_offered', 'software_again']).toContain(hardware.fault);
  });

  it('measures several at once', async () => {
    const answers = await Promise.all([
      measureEncoder(question({})),
      measureEncoder(question({ codec: 'vp9' })),
      measureEncoder(question({ width: 640, height: 360 })),
    ]);
    expect(answers.map(({ works }) => works)).toEqual([true, true, true]);
  });
});
