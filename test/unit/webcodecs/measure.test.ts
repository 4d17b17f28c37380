import { describe, expect, it } from 'vitest';
import type { EncoderQuestion } from '../../../src/runtime/contract/webcodecs.ts';
import { measuredConfig } from '../../../workers/webcodecs/measure-config.ts';
import { patternGrid, patternPlanes, patternProblem } from '../../../workers/webcodecs/measure-pattern.ts';

describe('pictures that say their number', () => {
  it('are told apart, whichever two are compared', () => {
    for (let one = 0; one < 8; one += 1) {
      for (let other = 0; other < 8; other += 1) {
        const problem = patternProblem(one, patternGrid(other));
        if (one === other) expect(problem).toBeNull();
        else expect(problem).toContain(`Picture ${String(one)}`);
      }
    }
  });

  it.each([
    [320, 180],
    [180, 320],
    [321, 181],
    [64, 36],
  ])('fill %i x %i to the edges', (width, height) => {
    const planes = patternPlanes(3, width, height);
    expect(planes.length).toBe(width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2));
    const grid = patternGrid(3);
    for (const [x, y, cell] of [
      [0, 0, 0],
      [width - 1, 0, 31],
      [0, height - 1, 32 * 17],
      [width - 1, height - 1, 32 * 18 - 1],
    ] as const) {
      expect(planes[y * width + x]).toBe(grid[cell]);
    }
    expect(new Set(planes.subarray(0, width * height))).toEqual(new Set([60, 190]));
  });
});

describe('what is measured', () => {
  const ask = (more: Partial<EncoderQuestion>): VideoEncoderConfig =>
    measuredConfig({ codec: 'avc', mode: 'software', width: 1920, height: 1080, fps: 30, ...more }, false)
      .config;

  it('is asked for by the level that its size and rate need', () => {
    expect(ask({}).codec).toBe('avc1.640028');
    expect(ask({ width: 3840, height: 2160 }).codec).toBe('avc1.640033');
    expect(ask({ codec: 'vp9' }).codec).toBe('vp09.00.40.08');
    expect(ask({ codec: 'av1' }).codec).toBe('av01.0.08M.08');
    expect(ask({ codec: 'av1', width: 3840, height: 2160, fps: 60 }).codec).toBe('av01.0.13M.08');
    expect(ask({ codec: 'hevc' }).codec).toBe('hvc1.1.6.L120.B0');
    expect(ask({ codec: 'vp8' }).codec).toBe('vp8');
  });

  it('names where the encoder must run', () => {
    expect(ask({ codec: 'av1' }).hardwareAcceleration).toBe('prefer-software');
    expect(ask({ mode: 'hardware' }).hardwareAcceleration).toBe('prefer-hardware');
  });

  it('takes a quantizer where there is one', () => {
    const question = { codec: 'vp9', mode: 'software', width: 320, height: 180, fps: 25 } as const;
    const { config, frame } = measuredConfig(question, true);
    expect(config.bitrateMode).toBe('quantizer');
    expect(frame).toHaveProperty('vp9.quantizer');
  });
});
