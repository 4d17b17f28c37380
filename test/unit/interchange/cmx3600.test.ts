import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmx3600 } from '../../../src/core/interchange/cmx3600.ts';
import type { ExchangeCut } from '../../../src/core/interchange/model.ts';
import { recognise } from '../../../src/core/interchange/registry.ts';
import { gridLine, timeOf } from '../../../src/core/interchange/timecode-text.ts';
import {
  comment,
  context,
  cut,
  film,
  FRAMES,
  input,
  lost,
  NTSC,
  PAL,
  plainText,
  RATES,
  readBy,
  roundTrip,
  wrote,
} from './support.ts';

/** A reel of two films at one rate, cut at frames, with comments inside the cuts. */
const reels = fc
  .record({
    rate: fc.constantFrom(...RATES),
    pieces: fc.array(
      fc.record({
        film: fc.integer({ min: 0, max: 1 }),
        first: fc.integer({ min: 0, max: FRAMES - 200 }),
        length: fc.integer({ min: 1, max: 199 }),
        gap: fc.constantFrom(0, 0, 0, 25),
        label: fc.option(plainText, { nil: '' }),
        said: fc.option(fc.tuple(fc.nat(), plainText, fc.constantFrom('#ff4d4f', '#0000ff')), { nil: null }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ rate, pieces }) => {
    const media = [film(rate, { startFrame: 500 }), film(rate, { id: 'b2', name: '두 번째 take.mov' })];
    const record = gridLine(rate);
    let at = 0;
    const cuts: ExchangeCut[] = [];
    const comments = pieces.flatMap(({ film: which, first, length, gap, label, said }, index) => {
      const source = media[which]!;
      // A gap before the first cut is kept as well.
      at += gap;
      cuts.push(
        cut({
          mediaId: source.id,
          sourceName: source.name,
          label,
          startUs: timeOf(source, first),
          endUs: timeOf(source, first + length),
          recordUs: record.timeOf(at),
        }),
      );
      at += length;
      // A source range that is used twice shows its comments twice, which reading gives back as two.
      if (said === null || pieces.some((other, place) => place !== index && other.film === which)) return [];
      const [offset, text, color] = said;
      return [
        comment({
          mediaId: source.id,
          timeUs: timeOf(source, first + (offset % length)),
          text,
          color,
          author: '',
        }),
      ];
    });
    return { media, cuts, comments };
  });

describe('CMX3600', () => {
  it('gives back cuts, their places, films and names, and comments on their frames', () => {
    fc.assert(
      fc.property(reels, ({ media, cuts, comments }) => {
        const { written, read } = roundTrip(cmx3600, input({ title: 'Match day', cuts, comments }, media));
        expect(read.exchange).toEqual({ title: 'Match day', cuts, comments, cues: [] });
        expect(written.losses).toEqual([]);
        expect(read.losses).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('says how it counts, the right way round', () => {
    const one = cut({ startUs: timeOf(film(NTSC), 1800), endUs: timeOf(film(NTSC), 1900) });
    expect(wrote(cmx3600, input({ cuts: [one] }, [film(NTSC)])).text).toBe(
      [
        'TITLE: ',
        'FCM: DROP FRAME',
        '',
        '001  AX       V     C        00:01:00;02 00:01:03;12 01:00:00;00 01:00:03;10',
        '* FROM CLIP NAME:  Take 1.mp4',
        '',
      ].join('\n'),
    );
    expect(wrote(cmx3600, input({ cuts: [cut()] })).text).toContain('FCM: NON-DROP FRAME');
  });

  it('makes the film one cut where there are comments and no cuts', () => {
    const { written, read } = roundTrip(
      cmx3600,
      input({ comments: [comment({ timeUs: 1_000_000, author: 'Kim' })] }),
    );
    expect(written.text).toContain('* LOC: 01:00:01:00 RED     Too dark');
    expect(lost(written.losses, 'not_carried', { what: 'author' })).toBe(1);
    expect(read.exchange.cuts).toEqual([cut({ endUs: film().durationUs })]);
    expect(wrote(cmx3600, input({})).text).toBe('TITLE: \nFCM: NON-DROP FRAME\n\n');
  });

  it('says what it leaves out', () => {
    const cuts = Array.from({ length: 1000 }, (_, at) => cut({ recordUs: at * 1_000_000, tags: ['a'] }));
    const comments = [
      comment({ timeUs: null }),
      comment({ timeUs: 500, durationUs: 40_000, resolved: true }),
    ];
    const { losses, text } = wrote(cmx3600, input({ cuts, comments }));
    expect(text).toContain('\n1000  AX ');
    expect(lost(losses, 'rule_broken', { rule: 'events_999' })).toBe(1);
    expect(lost(losses, 'legacy_left_out')).toBe(1);
    expect(lost(losses, 'not_carried', { what: 'tags' })).toBe(1000);
    expect(lost(losses, 'not_carried', { what: 'duration' })).toBe(1000);
    expect(lost(wrote(cmx3600, input({ cuts: [cut({ startUs: 7_000 })] })).losses, 'time_rounded')).toBe(1);
  });

  const named = (id: string, name: string) => film({ num: 24, den: 1 }, { id, name, durationUs: 7200e6 });

  it('reads a dissolve as one cut, and says that it was one', () => {
    const text = [
      'TITLE:   dissolve test',
      'FCM: NON-DROP FRAME',
      '',
      '001  TST V     C        00:00:04:05 00:00:04:14 01:00:00:00 01:00:00:09 ',
      '* FROM CLIP NAME:  clip_A',
      '* LOC: 01:00:00:05 GREEN   Look here',
      '002  TST V     C        00:00:04:14 00:00:04:14 01:00:00:09 01:00:00:09 ',
      '002  TST V     D    010 00:00:08:08 00:00:08:18 01:00:00:09 01:00:00:19 ',
      '* FROM CLIP NAME:  clip_A',
      '* TO CLIP NAME:  clip_B',
    ].join('\n');
    expect(recognise(text)).toBe('cmx3600');
    const all = [named('a', 'clip_A.mov'), named('b', 'folder/clip_B.mov')];
    const { exchange, losses } = readBy(cmx3600, text, context(all[0], all));
    const us = (frames: number): number => timeOf(all[0]!, frames);
    expect(exchange.title).toBe('dissolve test');
    expect(exchange.cuts).toEqual([
      cut({ mediaId: 'a', sourceName: 'clip_A', startUs: us(101), endUs: us(110), recordUs: 0 }),
      cut({ mediaId: 'b', sourceName: 'clip_B', startUs: us(200), endUs: us(210), recordUs: us(9) }),
    ]);
    expect(exchange.comments).toEqual([
      comment({ mediaId: 'a', timeUs: us(106), text: 'Look here', author: '', color: '#00ff00' }),
    ]);
    expect(losses).toEqual([{ code: 'effect_left_out', count: 1, params: {} }]);
  });

  it('reads what programs write beside the rules', () => {
    const text = [
      'TITLE: odd',
      '000001  AX       AA/V  C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00',
      '*FROM CLIP NAME: Take 1.mp4',
      'M2   AX       050.0                00:00:00:00',
      '000002  BL       V     C        00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00',
      '000003  Long Reel Name V     W001 025 00:00:10:00 00:00:11:00 01:00:02:00 01:00:03:00',
      '* FROM CLIP NAME: Gone.mov',
      '* LOC: 01:00:02:10 ON A FILM THAT IS NOT HERE',
      '000004  AX       A2    C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00',
      '000005  AX       A     C        00:00:09:00 00:00:10:00 01:00:09:00 01:00:10:00',
      '000006  AX       V2    C        00:00:09:00 00:00:10:00 01:00:09:00 01:00:10:00',
      '000007  AX       V     C        00:00:30:99 00:00:31:00 01:00:03:00 01:00:04:00',
      '000008  AX       V     C        00:30:00:00 00:30:01:00 01:00:03:00 01:00:04:00',
      '000009  AX       V     C        00:00:02:00 00:00:01:00 01:00:03:00 01:00:04:00',
      '000010  AX broken',
      '* LOC: 02:00:00:00 RED nowhere',
      '* LOC: never RED nowhere',
      '>>> SOURCE something else',
    ].join('\r\n');
    const { exchange, losses } = readBy(cmx3600, text);
    expect(exchange.cuts).toEqual([
      cut(),
      cut({
        mediaId: null,
        sourceName: 'Gone.mov',
        startUs: 10_000_000,
        endUs: 11_000_000,
        recordUs: 2_000_000,
      }),
    ]);
    expect(exchange.comments).toEqual([]);
    expect(lost(losses, 'effect_left_out')).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'tracks' })).toBe(2);
    expect(lost(losses, 'unknown_media', { name: 'Gone.mov' })).toBe(2);
    // A frame that does not exist, times the wrong way round, an event without times, a locator without a time.
    expect(lost(losses, 'unreadable_line')).toBe(4);
    expect(lost(losses, 'outside_media')).toBe(2);
  });

  it('counts from where FCM says so, mid-file and with colons', () => {
    const media = film(NTSC);
    const event = (number: number, source: string): string =>
      `00${String(number)}  AX V C ${source} 00:02:00:00 01:0${String(number)}:00:02 01:0${String(number)}:10:02`;
    const text = [
      'FCM: NON-DROP FRAME',
      event(1, '00:01:00:00'),
      'FCM: DROP FRAME',
      event(2, '00:01:00:02'),
    ].join('\n');
    const { exchange } = readBy(cmx3600, text, context(media));
    expect(exchange.cuts.map(({ startUs }) => startUs)).toEqual([timeOf(media, 1800), timeOf(media, 1800)]);
    const repaired = readBy(cmx3600, text.replace('00:01:00:02 00', '00:01:00:00 00'), context(media));
    expect(lost(repaired.losses, 'timecode_repaired')).toBe(1);
  });

  it('takes source times at the rate of the source, record times at that of the time line', () => {
    const all = [film(PAL), film({ num: 50, den: 1 }, { id: 'fast', name: 'fast.mp4' })];
    const cuts = [cut({ mediaId: 'fast', sourceName: 'fast.mp4', startUs: 1_020_000, endUs: 2_020_000 })];
    const { written, read } = roundTrip(cmx3600, input({ cuts }, all));
    expect(written.text).toContain('00:00:01:01 00:00:02:01 01:00:00:00 01:00:01:00');
    expect(read.exchange.cuts).toEqual(cuts);
  });
});
