import fc from 'fast-check';
import Timecode from 'smpte-timecode';
import { describe, expect, it } from 'vitest';
import {
  frameAt,
  framesOf,
  hourFrames,
  isOnFrame,
  labelOf,
  mediaLine,
  readLabel,
  timeOf,
} from '../../../src/core/interchange/timecode-text.ts';
import { film, FILM, NTSC, NTSC_60, PAL, RATES, variableFilm } from './support.ts';

const rates = fc.constantFrom(...RATES);
const frames = fc.nat({ max: 2_000_000 });

describe('labels', () => {
  it.each([
    [1800, NTSC, '00:01:00;02'],
    [17982, NTSC, '00:10:00;00'],
    [3600, NTSC_60, '00:01:00;04'],
    [86_400, FILM, '01:00:00:00'],
  ] as const)('frame %i at %o is %s', (frame, rate, label) => {
    expect(labelOf(frame, rate)).toBe(label);
    expect(readLabel(label, rate, false)).toEqual({ frame, repaired: false });
  });

  it('come back as the frame they were made of', () => {
    fc.assert(
      fc.property(frames, rates, (frame, rate) => {
        expect(readLabel(labelOf(frame, rate), rate, false)).toEqual({ frame, repaired: false });
      }),
    );
  });

  it('are what another implementation makes of them, drop-frame or not', () => {
    fc.assert(
      fc.property(frames, fc.boolean(), (frame, drop) => {
        const label = new Timecode(frame, [30000, 1001], drop).toString();
        expect(readLabel(label, NTSC, drop)?.frame).toBe(frame);
        expect(readLabel(label.replaceAll(';', ':'), NTSC, drop)?.frame).toBe(frame);
      }),
    );
  });

  it('are drop-frame only at the rates that have it', () => {
    expect(readLabel('00:01:00;00', PAL, true)).toEqual({ frame: 1500, repaired: false });
    expect(readLabel('00:01:00;00', FILM, true)).toEqual({ frame: 1440, repaired: false });
    expect(readLabel('00:01:00:00', NTSC, false)).toEqual({ frame: 1800, repaired: false });
    expect(readLabel('00:01:00;00', NTSC, false)).toEqual({ frame: 1800, repaired: true });
    expect(readLabel('00:01:00:01', NTSC, true)).toEqual({ frame: 1800, repaired: true });
  });

  it.each(['', 'now', '1:2:3', '00:00:00:25', '00:60:00:00', '00:00:60:00', '-1:00:00:00', '١٢:00:00:00'])(
    'do not include %j',
    (text) => {
      expect(readLabel(text, PAL, false)).toBeNull();
    },
  );

  it('count an hour', () => {
    expect(hourFrames(NTSC)).toBe(107_892);
    expect(hourFrames(PAL)).toBe(90_000);
    expect(hourFrames(FILM)).toBe(86_400);
  });
});

describe('times and frames of a film', () => {
  it('belong together at every rate', () => {
    fc.assert(
      fc.property(frames, rates, (frame, rate) => {
        const media = film(rate);
        expect(frameAt(media, timeOf(media, frame))).toBe(frame);
        expect(mediaLine(media).frameAt(timeOf(media, frame))).toBe(frame);
      }),
    );
  });

  it('belong together where a container has rounded them to milliseconds', () => {
    const times = Float64Array.from({ length: 3000 }, (_, at) => Math.round((at * 1001) / 30) * 1000);
    const media = film(NTSC, { timesUs: times });
    for (let frame = 0; frame < times.length; frame += 1) {
      expect(frameAt(media, timeOf(media, frame))).toBe(frame);
      expect(frameAt(film(NTSC), times[frame]!)).toBe(frame);
    }
  });

  it('take the frame on display for a time between two', () => {
    expect(frameAt(film(PAL), 79_000 - 1001)).toBe(1);
    expect(isOnFrame(mediaLine(film(PAL)), 60_000)).toBe(false);
    expect(isOnFrame(mediaLine(film(PAL)), 80_000)).toBe(true);
  });

  it('count frames of varying length, and label the nearest of the average rate', () => {
    const media = variableFilm();
    const line = mediaLine(media);
    for (const frame of [0, 1, 500, 1999]) {
      const us = media.timesUs![frame]!;
      expect(frameAt(media, us)).toBe(frame);
      expect(line.frameAt(us)).toBe(Math.round(us / 50_000));
    }
    // Reading the label gives a frame of the film, and the nearest one.
    const read = line.timeOf(line.frameAt(media.timesUs![700]!));
    expect([...media.timesUs!]).toContain(read);
    expect(Math.abs(read - media.timesUs![700]!)).toBeLessThanOrEqual(86_000);
  });

  it('go on beyond the last frame, where ranges end', () => {
    const times = Float64Array.from({ length: 100 }, (_, at) => at * 40_000);
    const line = mediaLine(film(PAL, { timesUs: times, durationUs: 4_000_000 }));
    expect(framesOf(line, 3_920_000, 80_000)).toBe(2);
    expect(line.timeOf(100)).toBe(4_000_000);
  });
});
