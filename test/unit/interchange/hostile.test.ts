import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/core/interchange/lines.ts';
import { MAX_LINE, MAX_READ, MAX_TEXT_LENGTH } from '../../../src/core/interchange/model.ts';
import {
  readExchange,
  recognise,
  TEXT_FORMATS,
  writeExchange,
} from '../../../src/core/interchange/registry.ts';
import { comment, context, cut, hostileText, input, lost } from './support.ts';

const MB = 1_000_000;
/** A million characters of what parsers with bad patterns do not come back from. */
const ADVERSARIAL: readonly (readonly [string, string])[] = [
  ['spaces', ' '.repeat(MB)],
  ['tabs', '\t'.repeat(MB)],
  ['digits', '0'.repeat(MB)],
  ['quotes', '"'.repeat(MB)],
  ['quotes and spaces', `${'" '.repeat(MB / 4)}${' '.repeat(MB / 2)}`],
  ['commas', ','.repeat(MB)],
  ['bars', '|C:'.repeat(MB / 3)],
  ['colons', '00:'.repeat(MB / 3)],
  ['arrows', '-->'.repeat(MB / 3)],
  ['tags', '<v '.repeat(MB / 3)],
  ['font tags', '<font '.repeat(MB / 6)],
  ['braces', '{\\an'.repeat(MB / 4)],
  ['brackets', '['.repeat(MB)],
  ['line feeds', '\n'.repeat(MB)],
  ['carriage returns', '\r'.repeat(MB)],
  ['both', '\r\n'.repeat(MB / 2)],
  ['NUL', '\0'.repeat(MB)],
  ['apostrophes', "'".repeat(MB)],
  ['dashes', '-–—'.repeat(MB / 3)],
  ['stars', '* '.repeat(MB / 2)],
  ['entities', '&amp'.repeat(MB / 4)],
];
/** What makes each format take the text for its own. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  'reelkeep-csv': 'text,author,seconds,legacy_comment,profile\n',
  'frameio-csv': 'Comment,Commenter,Frame\n',
  'premiere-markers': 'a\tb\tc\td\te\tf\nx\ty\t00:00:00:00\t00:00:00:00\t00:00:00:00\tz\n',
  'resolve-edl':
    '001 1 V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\nx |C:ResolveColorRed |M:a |D:1\n',
  cmx3600: '001 AX V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n* LOC: 00:00:00:00 ',
  'avid-markers': 'a\t00:00:00:00\tV1\tred\tx\t1\n',
  losslesscut: '{cutSegments: ',
  'losslesscut-csv': 'Start,End,Name\n1,2,"',
  webvtt: 'WEBVTT\n\n00:00.000 --> 00:01.000\n',
  srt: '1\n00:00:00,000 --> 00:00:01,000\n',
  'youtube-chapters': '0:00 a\n0:10 b\n',
};

/** A row or line of each format that is good, by its number. */
const ROWS: Readonly<Record<string, (at: number) => string>> = {
  'reelkeep-csv': (at) => `=cmd,${String(at)},1,,\n`,
  'frameio-csv': (at) => `x,y,${String(at % 1000)}\n`,
  'premiere-markers': () => 'x\ty\t00:00:00:00\t00:00:00:00\t00:00:00:00\tz\n',
  'resolve-edl': () => '001 1 V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\nx |C:ResolveColorRed\n',
  cmx3600: (at) => `\n${String(at % 1000)} AX V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00`,
  'avid-markers': () => 'a\t00:00:00:00\tV1\tred\tx\t1\n',
  losslesscut: (at) => `${at === 0 ? '[' : ','}{start: 1, end: 2}`,
  'losslesscut-csv': () => '1,2,x\n',
  webvtt: () => '\n00:00.000 --> 00:01.000\nx\n',
  srt: () => '\n00:00:00,000 --> 00:00:01,000\nx\n',
  'youtube-chapters': () => '0:00 a\n',
};

describe.each(TEXT_FORMATS.map((format) => [format.name, format] as const))('%s', (name, format) => {
  it.each(ADVERSARIAL)('ends with an answer on a million characters of %s', (_what, text) => {
    const beginning = BEGINNINGS[name] ?? '';
    for (const whole of [text, beginning + text, beginning + text + beginning]) {
      expect(format.sniff(whole)).toBeLessThanOrEqual(1);
      const result = format.read!(whole, context());
      expect(typeof result.ok).toBe('boolean');
      if (!result.ok) expect(result.error.code).toBe('invalid_spec');
    }
  });

  it('reads anything at all without throwing', () => {
    const beginning = BEGINNINGS[name] ?? '';
    fc.assert(
      fc.property(
        fc.array(hostileText, { maxLength: 8 }),
        fc.constantFrom('', ',', '\n', '\t', '|'),
        (parts, glue) => {
          const result = format.read!(beginning + parts.join(glue), context());
          expect(result.ok || result.error.code === 'invalid_spec').toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a list without end', () => {
  it.each(Object.keys(ROWS))('is taken up to the most, and the rest is counted: %s', (name) => {
    const format = TEXT_FORMATS.find((one) => one.name === name)!;
    const beginning = (BEGINNINGS[name] ?? '').replace(/(?:\* LOC.*|1,2,")$/, '');
    const text = beginning + Array.from({ length: MAX_READ + 500 }, (_, at) => ROWS[name]!(at)).join('');
    const result = format.read!(name === 'losslesscut' ? `${text}]}` : text, context());
    if (!result.ok) throw new Error(result.error.message);
    const { exchange, losses } = result.value;
    const most = Math.max(exchange.comments.length, exchange.cuts.length, exchange.cues.length);
    expect(most).toBeLessThanOrEqual(MAX_READ);
    expect(lost(losses, 'too_many', { limit: MAX_READ })).toBeGreaterThanOrEqual(499);
    expect(losses.length).toBeLessThan(10);
  });
});

describe('a text of which nobody knows what it is', () => {
  it.each(['', ' ', '\uFEFF', 'hello', 'a,b,c\n1,2,3\n', '{}', '<xml/>', '\0', 'Just\n1:30 a time\nin text'])(
    'is refused: %j',
    (text) => {
      expect(recognise(text)).toBeNull();
      expect(readExchange(text, context())).toMatchObject({
        ok: false,
        error: { code: 'invalid_spec', reason: 'unknown_format' },
      });
    },
  );

  it('is refused at once where it is too long', () => {
    const huge = 'WEBVTT\n\n'.padEnd(MAX_TEXT_LENGTH + 1, 'x');
    expect(readExchange(huge, context())).toMatchObject({ ok: false, error: { reason: 'text_too_large' } });
  });

  it('is skipped line by line where a line is too long', () => {
    const long = 'x'.repeat(MAX_LINE + 1);
    expect([...linesOf(`a\r${long}\r\nb`)]).toEqual([
      { text: 'a', number: 1, tooLong: false },
      { text: '', number: 2, tooLong: true },
      { text: 'b', number: 3, tooLong: false },
    ]);
    const result = readExchange(`0:00 a\n0:05 b\n${long}\n0:10 c\n`, context());
    if (!result.ok) throw new Error(result.error.message);
    expect(result.value.exchange.cuts).toHaveLength(3);
    expect(lost(result.value.losses, 'unreadable_line')).toBe(1);
  });
});

describe('the list of formats', () => {
  const what = input({
    comments: [comment({ timeUs: 1_000_000 })],
    cuts: [cut({ endUs: 2_000_000, label: 'x' })],
    title: 'T',
  });

  it('recognises what each of them writes', () => {
    for (const { name, write } of TEXT_FORMATS) {
      const written = writeExchange(name, what);
      if (write === null) {
        expect(written).toMatchObject({ ok: false, error: { reason: 'not_offered_yet' } });
      } else {
        if (!written.ok) throw new Error(written.error.message);
        // One chapter alone is any line with a time.
        expect(recognise(written.value.text), name).toBe(name === 'youtube-chapters' ? null : name);
        expect(written.value.extension).toMatch(/^\.\w+$/);
      }
    }
  });

  it('has each name once', () => {
    const names = TEXT_FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
