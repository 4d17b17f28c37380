import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { losslesscutCsv } from '../../../src/core/interchange/losslesscut-csv.ts';
import { losslesscut } from '../../../src/core/interchange/losslesscut.ts';
import type { ExchangeCut, TextFormat } from '../../../src/core/interchange/model.ts';
import { readExchange, recognise } from '../../../src/core/interchange/registry.ts';
import {
  comment,
  context,
  cut,
  film,
  hostileText,
  input,
  lost,
  readBy,
  roundTrip,
  wrote,
} from './support.ts';

const length = film().durationUs;
const tagName = fc.constantFrom('k', '색', '__proto__', '=x', 'constructor', 'a b', '"q"', 'toString');
const tags = fc
  .uniqueArray(
    fc.tuple(
      tagName.filter((name) => !name.includes('=')),
      fc.constantFrom('v', '값', '=1+1', 'a=b'),
    ),
    {
      selector: ([name]) => name,
      maxLength: 3,
    },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`));
const cuts = fc
  .array(
    fc.record({
      startUs: fc.nat({ max: length - 2_000_000 }),
      takes: fc.integer({ min: 1, max: 2_000_000 }),
      label: hostileText,
      tags,
    }),
    {
      maxLength: 5,
    },
  )
  .map((all) => {
    let recordUs = 0;
    return all.map(({ startUs, takes, ...said }): ExchangeCut => {
      const one = cut({ ...said, startUs, endUs: startUs + takes, recordUs });
      recordUs += takes;
      return one;
    });
  });
const comments = fc.array(
  fc
    .record({ timeUs: fc.nat({ max: length - 1 }), text: hostileText, author: hostileText })
    .map((said) => comment({ ...said, mediaId: 'a1' })),
  { maxLength: 5 },
);
/** Tags are columns: what one cut lacks is an empty cell, and the order is that of the columns. */
const sorted = (all: readonly ExchangeCut[]): readonly ExchangeCut[] =>
  all.map((one) => ({ ...one, tags: [...one.tags].sort() }));

describe.each([
  ['losslesscut', losslesscut],
  ['losslesscut-csv', losslesscutCsv],
] as const)('%s', (name, format: TextFormat) => {
  it.each(['spreadsheet', 'interchange'] as const)(
    'gives back cuts and markers to the microsecond: %s',
    (profile) => {
      fc.assert(
        fc.property(cuts, comments, (someCuts, someComments) => {
          fc.pre(someCuts.length + someComments.length > 0);
          const what = input({ cuts: someCuts, comments: someComments }, undefined, { profile });
          const { read, written } = roundTrip(format, what);
          expect(sorted(read.exchange.cuts)).toEqual(sorted(someCuts));
          expect(read.exchange.comments).toEqual(someComments);
          expect(read.losses).toEqual([]);
          expect(written.losses.filter(({ code }) => code !== 'text_changed')).toEqual([]);
        }),
        { numRuns: 200 },
      );
    },
  );

  it('says what has no place', () => {
    const what = {
      cuts: [cut({ mediaId: 'other' }), cut({ tags: ['a', 'a', 'b='] })],
      comments: [
        comment({ timeUs: null }),
        comment({ mediaId: 'other' }),
        comment({ durationUs: 5, color: '#123456' }),
      ],
      cues: [{ startUs: 0, endUs: 1, text: 'x', speaker: null }],
    };
    const { losses } = wrote(format, input(what));
    expect(lost(losses, 'legacy_left_out')).toBe(1);
    for (const thing of ['cuts', 'comments', 'duration', 'color', 'cues', 'tags']) {
      expect(lost(losses, 'not_carried', { what: thing }), thing).toBe(1);
    }
    expect(lost(losses, 'text_changed')).toBeGreaterThan(0);
    expect(format.name).toBe(name);
  });
});

describe('LosslessCut projects', () => {
  it('are JSON5, of both versions', () => {
    const text = `// saved by hand
      { version: 1, mediaFileName: 'take 1.mp4', cutSegments: [
        { end: 1, name: 'First', color: 3 },
        { start: 1.5, end: 2.25, tags: { k: 'v', bad: 7 }, selected: false },
        { start: 12.000001, name: 'marker', tags: { author: 'Kim', other: 'x' } },
        { start: 'now' }, null, { start: 5, end: 4 }, { start: 99999, end: 100000 }, { start: 799, end: 900 },
      ] }`;
    expect(recognise(text)).toBe('losslesscut');
    const { exchange, losses } = readBy(losslesscut, text);
    expect(exchange.cuts).toEqual([
      cut({ label: 'First' }),
      cut({ startUs: 1_500_000, endUs: 2_250_000, recordUs: 1_000_000, tags: ['k=v'] }),
      cut({ startUs: 799_000_000, endUs: 800_000_000, recordUs: 1_750_000 }),
    ]);
    expect(exchange.comments).toEqual([
      comment({ mediaId: 'a1', timeUs: 12_000_001, text: 'marker', author: 'Kim' }),
    ]);
    expect(lost(losses, 'unreadable_line')).toBe(3);
    expect(lost(losses, 'outside_media')).toBe(2);
    expect(lost(losses, 'not_carried', { what: 'selection' })).toBe(1);
    expect(lost(losses, 'not_carried', { what: 'tags' })).toBe(1);
  });

  it.each([
    '{cutSegments: ',
    '{cutSegments: 3}',
    `{cutSegments: ${'['.repeat(100_000)}`,
    `{cutSegments:[],x:"${'y'.repeat(9e6)}"}`,
  ])('are refused where they are broken: %#', (text) => {
    const result = readExchange(text, context());
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_spec', reason: 'broken_document' } });
  });

  it('cannot reach a prototype', () => {
    const text =
      '{"version":2,"cutSegments":[{"start":0,"end":1,"__proto__":{"name":"x"},"tags":{"__proto__":"p"}}]}';
    const { exchange } = readBy(losslesscut, text);
    expect(exchange.cuts[0]!.tags).toEqual(['__proto__=p']);
    expect(({} as Record<string, unknown>)['name']).toBeUndefined();
  });
});

describe('LosslessCut CSV', () => {
  it('is read without a header', () => {
    const text = ',56.9568,First segment starting at 0\n70,842.33,"Another quoted label"\n791,,Last marker\n';
    expect(recognise(text)).toBe('losslesscut-csv');
    const { exchange, losses } = readBy(losslesscutCsv, text);
    expect(exchange.cuts).toEqual([
      cut({ endUs: 56_956_800, label: 'First segment starting at 0' }),
      cut({ startUs: 70_000_000, endUs: 800_000_000, recordUs: 56_956_800, label: 'Another quoted label' }),
    ]);
    expect(exchange.comments.map(({ timeUs, text: said }) => [timeUs, said])).toEqual([
      [791_000_000, 'Last marker'],
    ]);
    expect(lost(losses, 'outside_media')).toBe(1);
  });

  it('is written as LosslessCut writes it, guarded for spreadsheets', () => {
    const what = {
      cuts: [cut({ label: '=1+1', tags: ['k=v', 'b'] })],
      comments: [comment({ timeUs: 1_500_000 })],
    };
    const { text, losses } = wrote(losslesscutCsv, input(what));
    expect(text).toBe(
      "Start,End,Name,k,b,author\r\n0.000000,1.000000,'=1+1,v,b,\r\n1.500000,,Too dark,,,Kim\r\n",
    );
    expect(lost(losses, 'text_changed')).toBe(1);
    expect(wrote(losslesscutCsv, input(what, undefined, { profile: 'interchange' })).text).toContain(
      ',=1+1,',
    );
    expect(readBy(losslesscutCsv, text).exchange.cuts).toEqual(what.cuts);
  });

  it('names rows that are none', () => {
    const { losses, exchange } = readBy(
      losslesscutCsv,
      'Start,End,Name\n1,2,x\nfoo,bar,x\n-1,2,x\n1e3,2,x\n\n',
    );
    expect(exchange.cuts).toHaveLength(1);
    expect(lost(losses, 'unreadable_line')).toBe(3);
  });
});
