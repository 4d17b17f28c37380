import { describe, expect, it } from 'vitest';
import { detectRate } from '../../../workers/analysis/rate.ts';

const times = (fps: number, count: number, round = (us: number) => us): number[] =>
  Array.from({ length: count }, (_, i) => round((i * 1e6) / fps));
const toMs = (us: number): number => Math.round(us / 1000) * 1000;
const cutToMs = (us: number): number => Math.floor(us / 1000) * 1000;

describe('detectRate', () => {
  it.each([
    ['25 exact', times(25, 300), 11.1, { num: 25, den: 1 }],
    ['29.97 exact', times(30000 / 1001, 300), 11.1, { num: 30000, den: 1001 }],
    ['29.97 rounded to milliseconds', times(30000 / 1001, 300, toMs), 1000, { num: 30000, den: 1001 }],
    ['23.976 cut to milliseconds', times(24000 / 1001, 300, cutToMs), 1000, { num: 24000, den: 1001 }],
    ['24 rounded to milliseconds', times(24, 300, toMs), 1000, { num: 24, den: 1 }],
    ['30 in only 30 frames of milliseconds', times(30, 30, toMs), 1000, { num: 30, den: 1 }],
    ['59.94', times(60000 / 1001, 300, toMs), 1000, { num: 60000, den: 1001 }],
    ['12.5', times(12.5, 300), 40, { num: 25, den: 2 }],
    [
      '29.97 on a clock of 1/600 s',
      times(30000 / 1001, 66, (us) => Math.round(us * 600e-6) / 600e-6),
      1667,
      { num: 30000, den: 1001 },
    ],
    ['12.345', times(12.345, 300), 1, { num: 2469, den: 200 }],
  ] as const)('%s', (_, list, tick, rate) => {
    expect(detectRate(list, tick)).toEqual({ kind: 'constant', rate });
  });

  it('is the same wherever the clock starts', () => {
    const late = times(25, 100, toMs).map((time) => time + 1_483_333);
    expect(detectRate(late, 1000)).toEqual({ kind: 'constant', rate: { num: 25, den: 1 } });
  });

  it('one odd gap of a phone makes it variable', () => {
    const list = times(30, 41).map((time, i) => (i === 0 ? time : time + 151_000));
    expect(detectRate(list, 11.1).kind).toBe('variable');
  });

  it('a lost frame makes it variable', () => {
    const list = times(30, 200).filter((_, i) => i !== 100);
    expect(detectRate(list, 1000).kind).toBe('variable');
  });

  it('screen recordings are variable, with their average', () => {
    const list = [0, 5, 7, 19, 40, 480, 492, 900, 1000].map((ms) => ms * 1000);
    expect(detectRate(list, 1000)).toEqual({ kind: 'variable', average: { num: 8, den: 1 } });
  });

  it('what comes after the window counts where the header tells it', () => {
    const start = times(30, 300);
    const last = start.at(-1)!;
    expect(detectRate(start, 11.1, { frames: 3000, firstUs: 0, lastUs: 2999 * (1e6 / 30) }).kind).toBe(
      'constant',
    );
    expect(detectRate(start, 11.1, { frames: 2500, firstUs: 0, lastUs: 2999 * (1e6 / 30) }).kind).toBe(
      'variable',
    );
    expect(last).toBeGreaterThan(0);
  });

  it('one frame has no rate', () => {
    expect(detectRate([0], 1).kind).toBe('variable');
    expect(detectRate([], 1).kind).toBe('variable');
  });
});
