import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avidMarkers } from '../../../src/core/interchange/avid-markers.ts';
import { timeOf } from '../../../src/core/interchange/timecode-text.ts';
import { premiereMarkers } from '../../../src/core/interchange/premiere-markers.ts';
import { recognise } from '../../../src/core/interchange/registry.ts';
import { resolveEdl } from '../../../src/core/interchange/resolve-edl.ts';
import type { TextFormat } from '../../../src/core/interchange/model.ts';
import {
  comment,
  context,
  cut,
  film,
  hostileText,
  input,
  lost,
  NTSC,
  plainText,
  RATES,
  readBy,
  roundTrip,
  someFrames,
  variableFilm,
  wrote,
} from './support.ts';

const RESOLVE_COLORS = ['#ff4d4f', '#007fe3', '#00ad00', '#f5ebe1'];
const AVID_COLORS = ['#ff4d4f', '#00ff00', '#ffffff', '#000000'];

/** Comments on frames that a marker list holds, of some rate. */
function marked(colors: readonly string[]) {
  return fc.tuple(fc.constantFrom(...RATES), someFrames).chain(([rate, frames]) => {
    const media = film(rate, { startFrame: 777 });
    const comments = frames.map((frame) =>
      fc
        .record({
          text: plainText,
          author: plainText,
          color: fc.constantFrom(...colors),
          length: fc.option(fc.integer({ min: 2, max: 100 }), { nil: null }),
        })
        .map(({ length, ...said }) => {
          const timeUs = timeOf(media, frame);
          const durationUs = length === null ? null : timeOf(media, frame + length) - timeUs;
          return comment({ ...said, timeUs, durationUs });
        }),
    );
    return fc.tuple(fc.constant(media), fc.tuple(...comments));
  });
}

describe.each([
  ['resolve-edl', resolveEdl, RESOLVE_COLORS],
  ['avid-markers', avidMarkers, AVID_COLORS],
] as const)('%s', (_name, format: TextFormat, colors) => {
  it('gives back frames, lengths, texts, authors and colours', () => {
    fc.assert(
      fc.property(marked(colors), ([media, comments]) => {
        fc.pre(comments.length > 0);
        const { written, read } = roundTrip(format, input({ comments }, [media]));
        expect(read.exchange.comments).toEqual(comments);
        expect(written.losses).toEqual([]);
        expect(read.losses).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('changes no number of comments, whatever they say, and says where it changed what they say', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileText, hostileText), { minLength: 1, maxLength: 6 }), (said) => {
        const comments = said.map(([text, author], at) => comment({ text, author, timeUs: at * 40_000 }));
        const { written, read } = roundTrip(format, input({ comments }));
        expect(read.exchange.comments.map(({ timeUs }) => timeUs)).toEqual(
          comments.map(({ timeUs }) => timeUs),
        );
        const back = read.exchange.comments.map(({ text, author }) => [text, author]);
        if (JSON.stringify(back) !== JSON.stringify(said)) {
          expect(lost(written.losses, 'text_changed')).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('starts where it is told, and reading takes what fits', () => {
    const comments = [comment({ timeUs: 40_000, color: '#ff4d4f' })];
    for (const startFrame of [0, 90_000, 36 * 90_000]) {
      const what = input({ comments }, undefined, { startFrame });
      const written = wrote(format, what);
      const hour = String(startFrame / 90_000).padStart(2, '0');
      expect(written.text).toContain(`${hour}:00:00:01`);
      if (startFrame / 90_000 < 24) expect(readBy(format, written.text).exchange.comments).toEqual(comments);
    }
    const long = film(undefined, { durationUs: 3 * 3600e6 });
    const { losses, exchange } = readBy(
      format,
      wrote(format, input({ comments }, [long])).text,
      context(long),
    );
    expect(lost(losses, 'start_assumed', { start: '01:00:00:00' })).toBe(1);
    expect(exchange.comments[0]!.timeUs).toBe(40_000);
    const told = { ...context(long), startFrame: 0 };
    expect(
      readBy(format, wrote(format, input({ comments }, [long])).text, told).exchange.comments[0]!.timeUs,
    ).toBe(3600e6 + 40_000);
  });

  it('keeps drop-frame', () => {
    const media = film(NTSC);
    const comments = [comment({ timeUs: timeOf(media, 1800), color: '#ff4d4f' })];
    const { written, read } = roundTrip(format, input({ comments }, [media], { startFrame: 0 }));
    expect(written.text).toContain('00:01:00;02');
    expect(read.exchange.comments).toEqual(comments);
  });

  it('leaves comments on no frame out, unless it is told to place them', () => {
    const legacy = [comment({ timeUs: null, text: 'general' }), comment({ timeUs: null, text: 'more' })];
    const comments = [...legacy, comment({ timeUs: 40_000, color: '#ff4d4f' })];
    const without = wrote(format, input({ comments }));
    expect(without.text).not.toContain('general');
    expect(lost(without.losses, 'legacy_left_out')).toBe(2);
    const { written, read } = roundTrip(format, input({ comments }, undefined, { withLegacy: true }));
    expect(lost(written.losses, 'legacy_placed')).toBe(2);
    expect(written.text.indexOf('general')).toBeGreaterThan(written.text.indexOf('Too dark'));
    expect(read.exchange.comments.filter(({ timeUs }) => timeUs === null).length).toBeGreaterThan(0);
    expect(read.exchange.comments.filter(({ timeUs }) => timeUs !== null)).toEqual([comments[2]]);
  });

  it('names what it has no place for', () => {
    const comments = [
      comment({
        timeUs: 41_500,
        color: '#123456',
        category: 'sound',
        resolved: true,
        createdAt: '2026-11-20T12:00:00Z',
        shapes: [{ kind: 'text', x: 0, y: 0, text: 'x' }],
        replies: [{ author: 'a', text: 'b', createdAt: null }],
      }),
    ];
    const { losses } = wrote(format, input({ comments, cuts: [cut({ endUs: 500_000 })], cues: [] }));
    const things = losses.filter(({ code }) => code === 'not_carried').map(({ params }) => params['what']);
    expect(things.sort()).toEqual(['category', 'color', 'created', 'cuts', 'replies', 'resolved', 'shapes']);
    expect(lost(losses, 'time_rounded')).toBe(1);
  });

  it('shows a comment wherever a cut shows its moment', () => {
    const comments = [comment({ timeUs: 2_000_000 }), comment({ timeUs: 9_000_000, text: 'cut away' })];
    const cuts = [
      cut({ startUs: 1_000_000, endUs: 3_000_000, recordUs: 0 }),
      cut({ startUs: 2_000_000, endUs: 2_500_000, recordUs: 2_000_000 }),
    ];
    const { text, losses } = wrote(format, input({ comments, cuts }));
    expect(text).toContain('01:00:01:00');
    expect(text).toContain('01:00:02:00');
    expect(text).not.toContain('cut away');
    expect(lost(losses, 'not_carried', { what: 'comments' })).toBe(1);
  });

  it('gives back times of frames where the rate varies', () => {
    const media = variableFilm();
    const comments = [10, 400, 1500].map((frame) =>
      comment({ timeUs: media.timesUs![frame]!, color: '#ff4d4f' }),
    );
    const { written, read } = roundTrip(format, input({ comments }, [media]));
    const off = read.exchange.comments.filter(({ timeUs }, at) => timeUs !== comments[at]!.timeUs);
    expect(lost(written.losses, 'time_rounded')).toBe(off.length);
    for (const { timeUs } of read.exchange.comments) expect([...media.timesUs!]).toContain(timeUs);
  });
});

describe('Resolve markers', () => {
  it('puts comments on one frame together', () => {
    const comments = [
      comment({ timeUs: 0, text: 'one', author: 'A' }),
      comment({ timeUs: 0, text: 'two', author: 'B', durationUs: 80_000 }),
      comment({ timeUs: 40_000, text: 'three', author: '' }),
    ];
    const { written, read } = roundTrip(resolveEdl, input({ comments }));
    expect(lost(written.losses, 'merged_same_frame')).toBe(2);
    expect(read.exchange.comments.map(({ text, author, durationUs }) => [text, author, durationUs])).toEqual([
      ['A: one / B: two', 'A, B', 80_000],
      ['three', '', null],
    ]);
  });

  it('keeps a note from ending early or beginning with a digit', () => {
    const { text, losses } = wrote(
      resolveEdl,
      input({ comments: [comment({ text: '3 shots |M:evil\nmore' })] }),
    );
    expect(text.split('\n').slice(3)).toEqual([
      '001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01  ',
      '- 3 shots /M:evil more |C:ResolveColorRed |M:Kim |D:1',
      '',
    ]);
    expect(lost(losses, 'text_changed')).toBeGreaterThan(0);
  });

  it('reads what Resolve writes', () => {
    const text = [
      'TITLE: Marker Data Demo_V3',
      'FCM: NON-DROP FRAME',
      '',
      '001  001      V     C        00:00:02:03 00:00:02:04 00:00:02:03 00:00:02:04  ',
      'Note 01 |C:ResolveColorPurple |M:Marker 1 |D:1',
      '',
      '002  001      V     C        00:00:03:00 00:00:03:01 00:00:03:00 00:00:03:01  ',
      ' |C:ResolveColorNew |M:Only a name |D:25',
      '',
      '003  001      V     C        00:00:99:00 00:00:03:01 00:00:99:00 00:00:03:01  ',
      'never |C:ResolveColorBlue |M:x |D:25',
      '004  001      V     C        10:00:00:00 10:00:00:01 10:00:00:00 10:00:00:01  ',
      'far away |C:ResolveColorBlue |M:x |D:25',
    ].join('\r\n');
    expect(recognise(text)).toBe('resolve-edl');
    const { exchange, losses } = readBy(resolveEdl, text);
    expect(exchange.title).toBe('Marker Data Demo_V3');
    expect(exchange.comments).toEqual([
      comment({ timeUs: 2_120_000, text: 'Note 01', author: '', color: '#9013fe' }),
      comment({ timeUs: 3_000_000, durationUs: 1_000_000, text: 'Only a name', author: '' }),
    ]);
    expect(losses).toEqual([
      { code: 'unreadable_line', count: 1, params: { line: 10, found: text.split('\r\n')[9]!.trim() } },
      { code: 'outside_media', count: 1, params: { line: 13 } },
    ]);
  });

  it('says that a drop-frame list is none of this film’s rate', () => {
    const text =
      'TITLE: x\nFCM: DROP FRAME\n001  1 V C 00:00:01;00 00:00:01;01 00:00:01;00 00:00:01;01\nx |C:ResolveColorRed |M:a |D:1';
    const { exchange, losses } = readBy(resolveEdl, text);
    expect(exchange.comments[0]!.timeUs).toBe(1_000_000);
    expect(lost(losses, 'rate_differs', { found: 'DROP FRAME', expected: '25' })).toBe(1);
  });
});

describe('Avid markers', () => {
  it('reads what Avid writes', () => {
    const text = [
      'Isabel Yanes GT\t01:00:07:21\tV1\tred\tVFX - Fade In…\t1',
      'Kim\t01:00:08:00\tA2\tcyan\t소리가 작다\t50',
      'no marker at all',
      'Kim\t01:00:00:00\tTC1\tmagenta\tgeneral\t1',
    ].join('\r');
    expect(recognise(text.replace(/no marker.*?\r/, ''))).toBe('avid-markers');
    const { exchange, losses } = readBy(avidMarkers, text);
    expect(exchange.comments).toEqual([
      comment({ timeUs: 7_840_000, author: 'Isabel Yanes GT', text: 'VFX - Fade In…', color: '#ff4d4f' }),
      comment({
        timeUs: 8_000_000,
        durationUs: 2_000_000,
        author: 'Kim',
        text: '소리가 작다',
        color: '#00ffff',
      }),
      comment({ timeUs: null, author: 'Kim', text: 'general' }),
    ]);
    expect(lost(losses, 'unreadable_line')).toBe(1);
  });

  it('keeps several comments on no frame apart', () => {
    const comments = ['a', 'b', 'c'].map((text) => comment({ timeUs: null, text }));
    const { read, written } = roundTrip(avidMarkers, input({ comments }, undefined, { withLegacy: true }));
    expect(read.exchange.comments).toEqual(comments);
    expect(written.text.split('\r\n')[1]).toBe('Kim\t01:00:00:01\tTC1\tmagenta\tb\t1');
  });
});

describe('Premiere markers', () => {
  const text = [
    'Имя маркера\tОписание\tВход\tВыход\tДлительность\tТип маркера',
    'Chapter one\t\t00:01:00;02\t00:01:00;02\t00:00:00;00\tГлава',
    '"Kim"\t"Too ""dark""\n너무"\t00:00:01;00\t00:00:02;00\t00:00:01;00\tКомментарий',
    'broken\t\tlater\t\t\t',
  ].join('\r\n');

  it('are read by place, whatever the language', () => {
    expect(recognise(text)).toBe('premiere-markers');
    const media = film(NTSC);
    const { exchange, losses } = readBy(premiereMarkers, text, context(media));
    expect(exchange.comments).toEqual([
      comment({ timeUs: timeOf(media, 1800), text: 'Chapter one', author: '', category: 'Глава' }),
      comment({
        timeUs: timeOf(media, 30),
        durationUs: timeOf(media, 60) - timeOf(media, 30),
        text: 'Kim\nToo "dark"\n너무',
        author: '',
        category: 'Комментарий',
      }),
    ]);
    expect(lost(losses, 'unreadable_line')).toBe(1);
    expect(premiereMarkers.write).toBeNull();
  });
});
