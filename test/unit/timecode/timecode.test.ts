import fc from 'fast-check';
import Timecode from 'smpte-timecode';
import { describe, expect, it } from 'vitest';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import { formatTimecode, isDropFrame, nominalRate, parseTimecode } from '../../../src/core/base/timecode.ts';

const NTSC: Rational = { num: 30000, den: 1001 };
const NTSC_60: Rational = { num: 60000, den: 1001 };
const RATES: readonly Rational[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  NTSC,
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  NTSC_60,
  { num: 60, den: 1 },
];
const rates = fc.constantFrom(...RATES);
/** The oracle counts one day. */
const dayFrames = (rate: Rational) => Math.floor((86_400 * rate.num) / rate.den) - nominalRate(rate);
const frames = rates.chain((rate) => fc.tuple(fc.constant(rate), fc.nat({ max: dayFrames(rate) })));

describe('formatTimecode', () => {
  it.each([
    [0, NTSC, '00:00:00;00'],
    [1799, NTSC, '00:00:59;29'],
    [1800, NTSC, '00:01:00;02'],
    [17981, NTSC, '00:09:59;29'],
    [17982, NTSC, '00:10:00;00'],
    [17982 + 1800, NTSC, '00:11:00;02'],
    [3600, NTSC_60, '00:01:00;04'],
    [35964, NTSC_60, '00:10:00;00'],
    [90, { num: 25, den: 1 }, '00:00:03:15'],
    [86400, { num: 24000, den: 1001 }, '01:00:00:00'],
    [119, { num: 120, den: 1 }, '00:00:00:119'],
    [25 * 3600 * 100, { num: 25, den: 1 }, '100:00:00:00'],
  ])('labels frame %i at %o as %s', (frame, rate, label) => {
    expect(formatTimecode(frame, rate)).toBe(label);
  });

  it('agrees with smpte-timecode on every rate for a whole day', () => {
    fc.assert(
      fc.property(frames, ([rate, frame]) => {
        const oracle = new Timecode(frame, [rate.num, rate.den], isDropFrame(rate));
        expect(formatTimecode(frame, rate)).toBe(oracle.toString());
      }),
      { numRuns: 5000 },
    );
  });

  it.each([NTSC, NTSC_60])('agrees with smpte-timecode around every minute of two hours at %o', (rate) => {
    for (let minute = 0; minute <= 120; minute += 1) {
      const middle = Math.round((minute * 60 * rate.num) / rate.den);
      for (let frame = Math.max(0, middle - 8); frame <= middle + 8; frame += 1) {
        expect(formatTimecode(frame, rate)).toBe(new Timecode(frame, [rate.num, rate.den], true).toString());
      }
    }
  });

  it('stays with the clock: drop-frame labels are within a frame or two of the true time', () => {
    const oneDay = formatTimecode(Math.round((86_000 * 30000) / 1001), NTSC);
    expect(oneDay.startsWith('23:53:2') || oneDay.startsWith('23:53:1')).toBe(true);
  });

  it('shows frames before 0 and between frames as whole frames from 0', () => {
    expect(formatTimecode(-3, NTSC)).toBe('00:00:00;00');
    expect(formatTimecode(1.9, { num: 25, den: 1 })).toBe('00:00:00:01');
  });
});

describe('parseTimecode', () => {
  it('reads every label back to its frame', () => {
    fc.assert(
      fc.property(frames, ([rate, frame]) => {
        expect(parseTimecode(formatTimecode(frame, rate), rate)).toBe(frame);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads what smpte-timecode writes', () => {
    fc.assert(
      fc.property(frames, ([rate, frame]) => {
        const oracle = new Timecode(frame, [rate.num, rate.den], isDropFrame(rate));
        expect(parseTimecode(oracle.toString(), rate)).toBe(oracle.frameCount);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads a frame's own time, written as seconds, back to that frame", () => {
    fc.assert(
      fc.property(frames, ([rate, frame]) => {
        const us = frameToMicros(frame, rate);
        // The field takes five digits of seconds without minutes: a day fits.
        const text = `${String(Math.floor(us / 1_000_000))}.${String(us % 1_000_000).padStart(6, '0')}`;
        expect(parseTimecode(text, rate)).toBe(frame);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['90', 90],
    [' 12 ', 12],
    ['12.5', 312],
    ['12,5', 312],
    ['1:02.5', 1562],
    ['1:00:00.0', 90_000],
    ['01:02:03:04', 93_079],
    ['02:03:04', 3079],
    ['3:04', 79],
    ['0.04', 1],
    ['0.039', 0],
  ])('reads %s at 25 frames a second', (text, frame) => {
    expect(parseTimecode(text, { num: 25, den: 1 })).toBe(frame);
  });

  it.each([
    '',
    'abc',
    '1:2:3:4:5',
    '00:60:00:00',
    '00:00:60:00',
    '00:00:00:25',
    '-5',
    '1e3',
    '12.',
    '.5',
    '1:-2',
  ])('does not read %s', (text) => {
    expect(parseTimecode(text, { num: 25, den: 1 })).toBeNull();
  });

  it('takes a label that drop-frame leaves out as the first one of that minute', () => {
    expect(parseTimecode('00:01:00;00', NTSC)).toBe(1800);
    expect(parseTimecode('00:01:00;01', NTSC)).toBe(1800);
    expect(parseTimecode('00:01:00;02', NTSC)).toBe(1800);
    expect(parseTimecode('00:01:00;03', NTSC_60)).toBe(3600);
    expect(parseTimecode('00:10:00;00', NTSC)).toBe(17982);
  });
});
