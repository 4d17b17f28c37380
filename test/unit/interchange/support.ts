/** Films, comments and cuts for the tests of formats. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import type {
  Exchange,
  ExchangeComment,
  ExchangeCut,
  ExchangeMedia,
  Loss,
  ReadContext,
  ReadExchange,
  TextFormat,
  WriteInput,
  WriteOptions,
  Written,
} from '../../../src/core/interchange/model.ts';
import { readExchange, recognise } from '../../../src/core/interchange/registry.ts';
import type { Shape } from '../../../src/core/schema/annotation.ts';

export const NTSC: Rational = { num: 30000, den: 1001 };
export const PAL: Rational = { num: 25, den: 1 };
export const FILM: Rational = { num: 24000, den: 1001 };
export const NTSC_60: Rational = { num: 60000, den: 1001 };
export const RATES: readonly Rational[] = [
  PAL,
  NTSC,
  FILM,
  NTSC_60,
  { num: 24, den: 1 },
  { num: 60, den: 1 },
];

/** Frames of the films of the tests: 20 minutes at most, so that a start of one hour is the only one that fits. */
export const FRAMES = 20_000;

/** A film that keeps its rate. */
export function film(rate: Rational = PAL, over: Partial<ExchangeMedia> = {}): ExchangeMedia {
  return {
    id: 'a1',
    name: 'Take 1.mp4',
    durationUs: frameToMicros(FRAMES, rate),
    rate,
    variable: false,
    size: { width: 1920, height: 1080 },
    sound: null,
    timesUs: null,
    startFrame: 0,
    ...over,
  };
}

/** A film whose frames have any distance from one another, as a recording of a screen has. */
export function variableFilm(): ExchangeMedia {
  const times = new Float64Array(2000);
  for (let at = 1; at < times.length; at += 1)
    times[at] = (times[at - 1] ?? 0) + 16_000 + ((at * 7919) % 70_000);
  const durationUs = (times.at(-1) ?? 0) + 33_000;
  return film({ num: 20, den: 1 }, { variable: true, timesUs: times, durationUs });
}

export function comment(over: Partial<ExchangeComment> = {}): ExchangeComment {
  return {
    id: null,
    mediaId: null,
    timeUs: 0,
    durationUs: null,
    text: 'Too dark',
    author: 'Kim',
    color: null,
    category: null,
    shapes: [],
    replies: [],
    resolved: false,
    resolvedBy: null,
    resolvedAt: null,
    createdAt: null,
    ...over,
  };
}

export function cut(over: Partial<ExchangeCut> = {}): ExchangeCut {
  return {
    mediaId: 'a1',
    sourceName: 'Take 1.mp4',
    label: '',
    startUs: 0,
    endUs: 1_000_000,
    recordUs: 0,
    tags: [],
    ...over,
  };
}

export function exchange(over: Partial<Exchange> = {}): Exchange {
  return { title: '', comments: [], cuts: [], cues: [], ...over };
}

export function input(
  over: Partial<Exchange>,
  media: readonly ExchangeMedia[] = [film()],
  options: WriteOptions = {},
): WriteInput {
  return { exchange: exchange(over), media, rate: media[0]?.rate ?? PAL, options };
}

export function context(media: ExchangeMedia = film(), all: readonly ExchangeMedia[] = [media]): ReadContext {
  return { media, all };
}

export function wrote(format: TextFormat, what: WriteInput): Written {
  const result = format.write?.(what);
  if (result?.ok !== true) throw new Error(`${format.name} did not write`);
  return result.value;
}

/** What a format reads, or the failure as an exception. */
export function readBy(format: TextFormat, text: string, with_: ReadContext = context()): ReadExchange {
  const result = format.read?.(text, with_);
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return result.value;
}

/** Writes, checks that the text is recognised as what it is, and reads it again. */
export function roundTrip(
  format: TextFormat,
  what: WriteInput,
): { readonly written: Written; readonly read: ReadExchange } {
  const written = wrote(format, what);
  expect(recognise(written.text)).toBe(format.name);
  const [media = film()] = what.media;
  const result = readExchange(written.text, context(media, what.media));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return { written, read: result.value };
}

/** How often a loss happened. */
export function lost(losses: readonly Loss[], code: Loss['code'], params: Loss['params'] = {}): number {
  return losses
    .filter(
      (loss) =>
        loss.code === code && Object.entries(params).every(([name, value]) => loss.params[name] === value),
    )
    .reduce((sum, { count }) => sum + count, 0);
}

/** Text that somebody means ill with, or that is only unusual. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    "=cmd|'/C calc'!A0",
    '@SUM(1+1)*cmd',
    '＝1+1',
    "'=1+1",
    "''=1",
    "'plain",
    '=1+1\nfoo',
    'a "quoted" word, and; more\ttabs',
    '"',
    '""',
    '\r',
    'line\rline\r\nline\nline',
    '\n\n\n',
    '\0nul\0',
    '\uD800 lone',
    '학교에 갑니다\n두 번째 줄',
    '한글'.normalize('NFD'),
    '<script>alert(1)</script>',
    '</v><b>x',
    '&amp; &lt;b&gt; &#65; &',
    '00:00:00,000 --> 00:00:01,000',
    '|C:ResolveColorBlue |M:x |D:9',
    '3 shots later',
    '* LOC: 01:00:00:00 RED x',
    ' spaces around ',
    '\u2028separator',
    '',
  ),
  fc
    .array(fc.constantFrom('"', ',', '\n', '\r', "'", '=', ';', '\t', 'x', '\0'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

/** Text that every format holds: one line, with nothing that any of them takes for more than text. */
export const plainText = fc
  .array(
    fc.constantFrom(
      'too',
      'dark',
      '하늘이',
      '너무',
      'é',
      '어둡다',
      '(x)',
      'Ünïcode',
      '🙂',
      '#2',
      'a&b',
      'half %',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((words) => words.join(' '));

const part = fc.double({ min: -1, max: 2, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));

/** Anything drawn. */
export const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('box' as const, 'ellipse' as const),
    x: part,
    y: part,
    w: part,
    h: part,
  }),
  fc.record({ kind: fc.constant('arrow' as const), x1: part, y1: part, x2: part, y2: part }),
  fc.record({
    kind: fc.constant('freehand' as const),
    points: fc.array(fc.tuple(part, part), { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('text' as const), x: part, y: part, text: hostileText }),
);

export const isoDate = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

/** Any comment that we could have kept. */
export function anyComment(timeUs: fc.Arbitrary<number | null>, mediaIds: readonly (string | null)[]) {
  return fc.record<ExchangeComment>({
    // An empty name is none.
    id: orNull(hostileText.filter((text) => text !== '')),
    mediaId: fc.constantFrom(...mediaIds),
    timeUs,
    durationUs: orNull(fc.integer({ min: 1, max: 10_000_000_000 })),
    text: hostileText,
    author: hostileText,
    color: orNull(fc.constantFrom('#ff4d4f', '#00ff00', '#123abc', '#ABCDEF')),
    category: orNull(hostileText.filter((text) => text !== '')),
    shapes: fc.array(shape, { maxLength: 3 }),
    replies: fc.array(fc.record({ author: hostileText, text: hostileText, createdAt: orNull(isoDate) }), {
      maxLength: 3,
    }),
    resolved: fc.boolean(),
    resolvedBy: orNull(hostileText.filter((text) => text !== '')),
    resolvedAt: orNull(isoDate),
    createdAt: orNull(isoDate),
  });
}

/** Frames of a film, each once, in order. */
export const someFrames = fc
  .uniqueArray(fc.integer({ min: 0, max: FRAMES - 101 }), { maxLength: 12 })
  .map((frames) => [...frames].sort((a, b) => a - b));
