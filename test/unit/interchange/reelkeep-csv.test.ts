import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guarded, unguarded } from '../../../src/core/interchange/csv.ts';
import { reelkeepCsv } from '../../../src/core/interchange/reelkeep-csv.ts';
import {
  anyComment,
  comment,
  context,
  film,
  hostileText,
  input,
  lost,
  NTSC,
  readBy,
  roundTrip,
  variableFilm,
  wrote,
} from './support.ts';

const media = [film(NTSC, { startFrame: 1800 }), film(NTSC, { id: 'b2', name: '=evil,"name".mov' })];
const times = fc.option(fc.integer({ min: 0, max: media[0]!.durationUs - 1 }), { nil: null });
const comments = fc.array(anyComment(times, [null, 'a1', 'b2']), { maxLength: 5 });

describe('our own CSV', () => {
  it.each(['spreadsheet', 'interchange'] as const)('gives back exactly what was written: %s', (profile) => {
    fc.assert(
      fc.property(comments, (all) => {
        const { read } = roundTrip(reelkeepCsv, input({ comments: all }, media, { profile }));
        expect(read.exchange.comments).toEqual(all);
        expect(read.losses).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back the comments of a film of varying rate', () => {
    const varying = variableFilm();
    const all = [0, 1, 777, 1999].map((frame) => comment({ timeUs: varying.timesUs![frame]! }));
    const { read, written } = roundTrip(reelkeepCsv, input({ comments: all }, [varying]));
    expect(read.exchange.comments).toEqual(all);
    expect(written.text.split('\r\n')[3]).toContain(',777,');
  });

  it('is read by a spreadsheet: mark, CRLF, guard; and by programs without', () => {
    const all = [comment({ text: '=1+1\nfoo' })];
    const sheet = wrote(reelkeepCsv, input({ comments: all })).text;
    expect(sheet.startsWith('\uFEFFid,asset,')).toBe(true);
    expect(sheet).toContain(`"'=1+1\nfoo"`);
    expect(sheet.endsWith('spreadsheet\r\n')).toBe(true);
    const plain = wrote(reelkeepCsv, input({ comments: all }, undefined, { profile: 'interchange' })).text;
    expect(plain.startsWith('id,asset,')).toBe(true);
    expect(plain).not.toContain('\r');
    expect(plain).toContain('"=1+1\nfoo"');
  });

  it('writes no time for a comment on no frame, and times for others', () => {
    const all = [comment({ timeUs: null }), comment({ timeUs: 60_060_000, durationUs: 1_001_000 })];
    const rows = wrote(reelkeepCsv, input({ comments: all }, media, { profile: 'interchange' })).text.split(
      '\n',
    );
    expect(rows[1]).toBe(',,,,,,,,Kim,Too dark,,false,,,,,,,true,interchange');
    // Frame 1800 of a film that starts at 00:01:00;02.
    expect(rows[2]).toBe(
      ',,,1800,00:02:00;04,00:02:01;04,60.060000,1.001000,Kim,Too dark,,false,,,,,,,false,interchange',
    );
  });

  it('is understood after a spreadsheet has saved it: other order, other ends, semicolons, capitals', () => {
    const text = [
      'LEGACY_COMMENT;Text;Author;Seconds;profile;extra',
      `FALSE;"'=sum";Kim;3,5;spreadsheet;x`,
      'TRUE;;;;;',
      ';;;;;',
    ].join('\n');
    const { exchange } = readBy(reelkeepCsv, text);
    expect(exchange.comments).toEqual([
      comment({ text: '=sum', timeUs: 3_500_000 }),
      comment({ text: '', author: '', timeUs: null }),
    ]);
  });

  it('takes the frame, or the timecode, where somebody has written no seconds', () => {
    const text = [
      'text,author,frame,timecode_in,seconds,legacy_comment',
      'x,y,50,,,',
      'x,y,,00:00:02:00,,',
      'x,y,soon,,,',
      'x,y,,,-1,',
      'x,y,,,99999,',
    ].join('\n');
    const { exchange, losses } = readBy(reelkeepCsv, text);
    expect(exchange.comments.map(({ timeUs }) => timeUs)).toEqual([2_000_000, 2_000_000]);
    expect(lost(losses, 'unreadable_line')).toBe(2);
    expect(losses[0]!.params).toEqual({ line: 4, found: 'soon' });
    expect(lost(losses, 'outside_media')).toBe(1);
  });

  it('drops what cells say that is no shape, reply, colour or date, and says so', () => {
    const text = [
      'text,author,seconds,legacy_comment,shapes,replies,color,created',
      `x,y,1,,"[{""kind"":""box"",""x"":99},{""kind"":""box"",""x"":0,""y"":0,""w"":1,""h"":1,""__proto__"":{}}]","[1,{""author"":""a"",""text"":""b""}]",url(x),yesterday`,
      'x,y,1,,{not json,"{}",,',
    ].join('\n');
    const { exchange, losses } = readBy(reelkeepCsv, text);
    expect(exchange.comments[0]).toEqual(
      comment({
        text: 'x',
        author: 'y',
        timeUs: 1_000_000,
        shapes: [{ kind: 'box', x: 0, y: 0, w: 1, h: 1 }],
        replies: [{ author: 'a', text: 'b', createdAt: null }],
      }),
    );
    expect(exchange.comments[1]).toMatchObject({ shapes: [], replies: [] });
    expect(lost(losses, 'not_carried', { what: 'shapes' })).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'replies' })).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'color' })).toBe(1);
    expect(lost(losses, 'not_carried', { what: 'created' })).toBe(1);
  });

  it('names films that are not here', () => {
    const text =
      'text,author,seconds,legacy_comment,asset_id,asset\nx,y,1,,zz,Other.mp4\nx,y,1,,,take 1.MP4\n';
    const { exchange, losses } = readBy(reelkeepCsv, text, context(film(), [film()]));
    expect(exchange.comments.map(({ mediaId }) => mediaId)).toEqual([null, 'a1']);
    expect(lost(losses, 'unknown_media', { name: 'Other.mp4' })).toBe(1);
  });

  it('says where a spreadsheet would cut a cell', () => {
    const points = Array.from({ length: 5000 }, (_, at) => [at / 5000, 0.123456] as [number, number]);
    const all = [comment({ shapes: [{ kind: 'freehand', points }] })];
    const { written, read } = roundTrip(reelkeepCsv, input({ comments: all }));
    expect(lost(written.losses, 'rule_broken', { rule: 'cell_length' })).toBe(1);
    expect(read.exchange.comments).toEqual(all);
  });
});

describe('the guard', () => {
  it('comes off as it went on, and never off what had none', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(unguarded(guarded(text))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '=1',
    '+1',
    '-1',
    '@a',
    '\t=1',
    '\r',
    '\n',
    '\0=',
    ' =1',
    '＝1',
    '＋',
    '－',
    '＠',
    '=1\nfoo',
    '\u00a0=1',
  ])('stands before %j', (text) => {
    expect(guarded(text)).toBe(`'${text}`);
  });

  it.each(['1+1', 'a=b', "it's", "'quoted'", '', '학교'])('is not needed for %j', (text) => {
    expect(guarded(text)).toBe(text);
    expect(unguarded(text)).toBe(text);
  });
});
