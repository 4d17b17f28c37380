import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameioCsv } from '../../../src/core/interchange/frameio-csv.ts';
import { recognise } from '../../../src/core/interchange/registry.ts';
import { timeOf } from '../../../src/core/interchange/timecode-text.ts';
import {
  comment,
  context,
  film,
  FILM,
  hostileText,
  input,
  isoDate,
  lost,
  NTSC,
  RATES,
  readBy,
  roundTrip,
  wrote,
} from './support.ts';

const HEADER =
  'Team,Project,File,File URL,Version,Commenter,Comment ID,Comment,Reply,Commented At,Complete,Annotation,Frame,Duration,Timecode,Timecode In,Timecode Out,Timecode Source,Timecode Source In,Timecode Source Out';

/** Their dates end at seconds. */
const seconds = isoDate.map((date) => `${date.slice(0, 19)}.000Z`);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const threads = fc.constantFrom(...RATES).chain((rate) => {
  const media = [film(rate, { startFrame: 100 }), film(rate, { id: 'b2', name: '둘.mov' })];
  const one = fc
    .record({
      id: orNull(fc.uuid()),
      mediaId: fc.constantFrom('a1', 'b2'),
      frame: orNull(fc.nat({ max: 19_000 })),
      length: orNull(fc.integer({ min: 1, max: 500 })),
      text: hostileText,
      author: hostileText,
      resolved: fc.boolean(),
      createdAt: orNull(seconds),
      replies: fc.array(fc.record({ author: hostileText, text: hostileText, createdAt: orNull(seconds) }), {
        maxLength: 3,
      }),
    })
    .map(({ frame, length, ...known }) => {
      const timeUs = frame === null ? null : timeOf(media[0]!, frame);
      const durationUs =
        frame === null || length === null
          ? null
          : timeOf(media[0]!, frame + length) - timeOf(media[0]!, frame);
      return comment({ ...known, timeUs, durationUs });
    });
  return fc.tuple(fc.constant(media), fc.array(one, { maxLength: 6 }));
});

describe('the CSV of Frame.io', () => {
  it('gives back comments, answers, frames and lengths', () => {
    fc.assert(
      fc.property(threads, ([media, comments]) => {
        const { written, read } = roundTrip(frameioCsv, input({ comments }, media));
        expect(read.exchange.comments).toEqual(comments);
        expect([...written.losses, ...read.losses]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is read as Frame.io wrote it, the frame before the timecode', () => {
    const text = [
      HEADER,
      '"""T""","""P""","""take 1.mp4""",https://example,1,"""Erick Geisler""",f4028bc0,"""new hawk jet?""",no,2021-04-22 03:08:34 AM,no,no,610,0,00:00:25:11,,,,,',
      '"""T""","""P""","""take 1.mp4""",https://example,1,"""Kim""",x2,"""yes""",yes,2021-04-22 12:00:00 PM,no,no,610,0,00:00:25:11,,,,,',
      '"""T""","""P""","""Other.mov""",,1,"""Kim""",x3,"""general""",no,,yes,yes,,0,00:00:00:00,,,,,',
      ',,,,,"""Kim""",x4,"""late""",no,,no,no,999999,0,,,,,,',
      ',,,,,"""Kim""",x5,"""where""",no,,no,no,soon,0,,,,,,',
    ].join('\r\n');
    expect(recognise(`\uFEFF${text}`)).toBe('frameio-csv');
    const media = film(FILM);
    const { exchange, losses } = readBy(frameioCsv, `\uFEFF${text}`, context(media));
    expect(exchange.comments).toEqual([
      comment({
        id: 'f4028bc0',
        mediaId: 'a1',
        timeUs: timeOf(media, 610),
        text: 'new hawk jet?',
        author: 'Erick Geisler',
        createdAt: '2021-04-22T03:08:34.000Z',
        replies: [{ author: 'Kim', text: 'yes', createdAt: '2021-04-22T12:00:00.000Z' }],
      }),
      // The timecode of a comment on no frame is zero there; it is no time.
      comment({ id: 'x3', timeUs: null, text: 'general', author: 'Kim', resolved: true }),
    ]);
    expect(lost(losses, 'not_carried', { what: 'shapes' })).toBe(1);
    expect(lost(losses, 'unknown_media', { name: 'Other.mov' })).toBe(1);
    expect(lost(losses, 'outside_media')).toBe(1);
    expect(lost(losses, 'unreadable_line')).toBe(1);
  });

  it('is read in any order, by the timecode where there are no frames', () => {
    const text = 'comment,TIMECODE,commenter\nx,00:01:00;02,y\n';
    const media = film(NTSC);
    expect(readBy(frameioCsv, text, context(media)).exchange.comments).toEqual([
      comment({ timeUs: timeOf(media, 1800), text: 'x', author: 'y' }),
    ]);
  });

  it('is written with their header, in their quotes, which no spreadsheet runs', () => {
    const comments = [
      comment({
        id: 'c1',
        text: '=1+1',
        timeUs: 1_000_000,
        durationUs: 2_000_000,
        createdAt: '2026-11-20T15:04:05Z',
      }),
      comment({
        timeUs: null,
        shapes: [{ kind: 'text', x: 0, y: 0, text: '' }],
        category: 'x',
        color: '#123456',
      }),
      comment({ timeUs: 41_500 }),
    ];
    const { text, losses } = wrote(
      frameioCsv,
      input({ comments }, [film(undefined, { startFrame: 90_000 })]),
    );
    const lines = text.split('\n');
    expect(lines[0]).toBe(HEADER);
    expect(lines[1]).toBe(
      ',,"""Take 1.mp4""",,1,"""Kim""",c1,"""=1+1""",no,2026-11-20 03:04:05 PM,no,no,25,50,00:00:01:00,00:00:01:00,00:00:03:00,01:00:01:00,01:00:01:00,01:00:03:00',
    );
    expect(lines[2]).toBe(',,"""Take 1.mp4""",,1,"""Kim""",,"""Too dark""",no,,no,yes,,,,,,,,');
    for (const thing of ['shapes', 'category', 'color'])
      expect(lost(losses, 'not_carried', { what: thing })).toBe(1);
    expect(lost(losses, 'time_rounded')).toBe(1);
  });
});
