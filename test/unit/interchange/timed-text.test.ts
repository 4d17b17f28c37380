import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/core/interchange/decode.ts';
import type { ExchangeCue, TextFormat } from '../../../src/core/interchange/model.ts';
import { readExchange, recognise } from '../../../src/core/interchange/registry.ts';
import { srt } from '../../../src/core/interchange/srt.ts';
import { webvtt } from '../../../src/core/interchange/webvtt.ts';
import { decodeInNode, REAL_MEDIA } from './decode-in-node.ts';
import {
  comment,
  context,
  film,
  hostileText,
  input,
  lost,
  plainText,
  readBy,
  roundTrip,
  wrote,
} from './support.ts';

const cue = (over: Partial<ExchangeCue> = {}): ExchangeCue => ({
  startUs: 0,
  endUs: 1_000_000,
  text: 'Hello',
  speaker: null,
  ...over,
});
const times = fc
  .tuple(fc.nat({ max: 700_000 }), fc.integer({ min: 1, max: 90_000 }))
  .map(([start, takes]) => ({ startUs: start * 1000, endUs: (start + takes) * 1000 }));
const cuesOf = (text: fc.Arbitrary<string>, speaker: fc.Arbitrary<string | null>) =>
  fc
    .array(
      fc.tuple(times, text, speaker).map(([when, said, who]) => cue({ ...when, text: said, speaker: who })),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((all) => all.sort((a, b) => a.startUs - b.startUs));
const lines = fc.array(plainText, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n'));
const voices = fc.option(plainText, { nil: null });

describe.each([
  ['webvtt', webvtt, voices],
  ['srt', srt, fc.constant(null)],
] as const)('%s', (_name, format: TextFormat, speakers) => {
  it('gives back cues to the millisecond', () => {
    fc.assert(
      fc.property(cuesOf(lines, speakers), (cues) => {
        const { read, written } = roundTrip(format, input({ cues }));
        expect(read.exchange.cues).toEqual(cues);
        expect([...read.losses, ...written.losses]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every cue, whatever it says, and says where it changed that', () => {
    fc.assert(
      fc.property(cuesOf(hostileText, speakers), (cues) => {
        const { read, written } = roundTrip(format, input({ cues }));
        const when = (all: readonly ExchangeCue[]) => all.map(({ startUs, endUs }) => [startUs, endUs]);
        expect(when(read.exchange.cues)).toEqual(when(cues));
        if (JSON.stringify(read.exchange.cues) !== JSON.stringify(cues)) {
          expect(lost(written.losses, 'text_changed') + lost(read.losses, 'text_changed')).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('writes comments as cues, as long as they are shown', () => {
    const media = film(undefined, { durationUs: 10_000_000 });
    const comments = [
      comment({ timeUs: 8_000_000 }),
      comment({ timeUs: 1_000_000, durationUs: 500_000, author: '', text: 'a < b\n\nc' }),
      comment({ timeUs: null }),
      comment({ timeUs: 2_000_500, mediaId: 'other' }),
    ];
    const { read, written } = roundTrip(format, input({ comments, cues: [cue()] }, [media]));
    expect(read.exchange.comments).toEqual([]);
    expect(read.exchange.cues).toEqual([
      cue(),
      cue({ startUs: 1_000_000, endUs: 1_500_000, text: 'a < b\nc' }),
      cue({ startUs: 8_000_000, endUs: 10_000_000, text: 'Kim: Too dark' }),
    ]);
    expect(lost(written.losses, 'legacy_left_out')).toBe(1);
    expect(lost(written.losses, 'not_carried', { what: 'comments' })).toBe(1);
    expect(lost(written.losses, 'text_changed')).toBe(1);
  });

  it('keeps script as text', () => {
    const cues = [cue({ text: '<script>alert(1)</script><img src=x onerror=alert(1)>' })];
    expect(roundTrip(format, input({ cues })).read.exchange.cues).toEqual(cues);
  });
});

describe('SubRip', () => {
  it('is read as players read it', () => {
    const text = [
      '\uFEFF00:00:01,000 --> 00:00:02,000 X1:10 X2:20',
      '<i>no</i> <font color="#fff">number</font> {\\an8}here',
      '7',
      '00:00:01.500-->00:00:03.000',
      '42',
      '',
      '8',
      '00:00:05,000 --> 00:00:04,000',
      'wrong way round',
      '',
      '9',
      '00:00:06,0 --> 00:00:07,000',
      'too few places',
      '',
      '0:00:08,000 --> 0:00:09,000',
      '',
      'after a blank line',
      '00:13:19,000 --> 00:13:30,000',
      'to the end',
      '10:00:00,000 --> 10:00:01,000',
      'beyond',
    ].join('\r');
    expect(recognise(text)).toBe('srt');
    const { exchange, losses } = readBy(srt, text);
    expect(exchange.cues).toEqual([
      cue({ startUs: 1_000_000, endUs: 2_000_000, text: 'no number here\n7' }),
      cue({ startUs: 1_500_000, endUs: 3_000_000, text: '42' }),
      cue({ startUs: 8_000_000, endUs: 9_000_000, text: 'after a blank line' }),
      cue({ startUs: 799_000_000, endUs: 800_000_000, text: 'to the end' }),
    ]);
    expect(lost(losses, 'unreadable_line')).toBe(2);
    expect(lost(losses, 'outside_media')).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'styles' })).toBe(1);
  });

  it('says who speaks before what they say', () => {
    const { text, losses } = wrote(srt, input({ cues: [cue({ speaker: 'Kim' })] }));
    expect(text).toBe('1\n00:00:00,000 --> 00:00:01,000\nKim: Hello\n');
    expect(lost(losses, 'not_carried', { what: 'speakers' })).toBe(1);
  });
});

describe('WebVTT', () => {
  it('is read with voices, markup and places, and without styles and notes', () => {
    const text = [
      'WEBVTT - a title',
      'Kind: captions',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'NOTE nobody reads this',
      '',
      'id 1',
      '00:01.000 --> 00:02.000 align:start',
      '<v.loud Kim &amp; Lee>너무 <b>어둡다</b> &lt;b&gt; <00:01.500>&#65;</v>',
      '',
      '00:03.000 --> 00:02.000',
      'wrong way round',
      '',
      'not a cue',
      '',
      '00:04.000 --> 00:05.000',
      'two in',
      '00:05.000 --> 00:06.000',
      'one block',
    ].join('\r\n');
    expect(recognise(text)).toBe('webvtt');
    const { exchange, losses } = readBy(webvtt, text);
    expect(exchange.cues).toEqual([
      cue({ startUs: 1_000_000, endUs: 2_000_000, text: '너무 어둡다 <b> A', speaker: 'Kim & Lee' }),
      cue({ startUs: 4_000_000, endUs: 5_000_000, text: 'two in' }),
      cue({ startUs: 5_000_000, endUs: 6_000_000, text: 'one block' }),
    ]);
    expect(lost(losses, 'not_carried', { what: 'styles' })).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'notes' })).toBe(1);
    expect(lost(losses, 'unreadable_line')).toBe(2);
  });

  it('takes what is nested beyond any use for text', () => {
    for (const tag of ['<b>', '<v x>', '<ruby><rt>', '</v>', '<c.a.b>']) {
      const text = `WEBVTT\n\n00:00.000 --> 00:01.000\n${tag.repeat(90_000)}x\n\n00:01.000 --> 00:02.000\ny\n`;
      const { exchange, losses } = readBy(webvtt, text);
      expect(exchange.cues).toHaveLength(2);
      expect(lost(losses, 'text_cut')).toBeGreaterThan(0);
      expect(exchange.cues[1]!.text).toBe('y');
    }
  });
});

const real = ((): readonly string[] => {
  try {
    return readdirSync(REAL_MEDIA).filter((name) => /\.(?:srt|vtt)$/.test(name));
  } catch {
    return [];
  }
})();

describe('real files', () => {
  it('are read as far as they make sense', (test) => {
    if (real.length === 0) test.skip('the folder of real files is not beside this checkout');
    const found = Object.fromEntries(
      real.map((name) => {
        const decoded = decodeText(readFileSync(new URL(name, REAL_MEDIA)), decodeInNode);
        if (!decoded.ok) throw new Error(decoded.error.message);
        const read = readExchange(decoded.value.text, context(film(undefined, { durationUs: 9e9 })));
        if (!read.ok) throw new Error(read.error.message);
        const { format, exchange, losses } = read.value;
        return [
          name,
          [decoded.value.encoding, format, exchange.cues.length, lost(losses, 'unreadable_line')],
        ];
      }),
    );
    expect(found).toMatchObject({
      'typical_bad_timestamps.srt': ['utf-8', 'srt', 1, 2],
      'typical_utf16le.srt': ['utf-16le', 'srt', 3, 0],
      // Six sets of times that the format does not have, and a line above the first.
      'typical_with_bad_timestamps.vtt': ['utf-8', 'webvtt', 0, 6],
      'with_positioning.vtt': ['utf-8', 'webvtt', 8, 0],
    });
  });
});
