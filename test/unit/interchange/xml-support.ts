/** What the tests of the XML and JSON formats share: films, comments, arbitrary ones of both, and the structure check. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
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

export const NTSC: Rational = { num: 30000, den: 1001 };
export const FILM: Rational = { num: 24000, den: 1001 };
export const PAL: Rational = { num: 25, den: 1 };

export function film(more: Partial<ExchangeMedia> = {}): ExchangeMedia {
  const rate = more.rate ?? NTSC;
  return {
    id: 'one',
    name: 'one.mov',
    durationUs: frameToMicros(3600, rate),
    rate,
    variable: false,
    size: { width: 1920, height: 1080 },
    sound: { sampleRate: 48_000, channels: 2 },
    timesUs: null,
    startFrame: 0,
    ...more,
  };
}

export function comment(more: Partial<ExchangeComment> = {}): ExchangeComment {
  return {
    id: null,
    mediaId: 'one',
    timeUs: 0,
    durationUs: null,
    text: 'A note',
    author: 'Ann',
    color: null,
    category: null,
    shapes: [],
    replies: [],
    resolved: false,
    resolvedBy: null,
    resolvedAt: null,
    createdAt: null,
    ...more,
  };
}

export function cut(
  media: ExchangeMedia,
  from: number,
  to: number,
  recordFrame: number,
  rate = media.rate,
): ExchangeCut {
  return {
    mediaId: media.id,
    sourceName: media.name,
    label: `${media.name} ${String(from)}`,
    startUs: frameToMicros(from, media.rate),
    endUs: frameToMicros(to, media.rate),
    recordUs: frameToMicros(recordFrame, rate),
    tags: [],
  };
}

export const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  title: 'Cut',
  comments: [],
  cuts: [],
  cues: [],
  ...more,
});

export function input(
  more: Partial<Exchange>,
  media: readonly ExchangeMedia[],
  options: WriteOptions = {},
): WriteInput {
  return { exchange: exchange(more), media, rate: media[0]?.rate ?? NTSC, options };
}

export function context(...media: readonly ExchangeMedia[]): ReadContext {
  return { media: media[0] ?? film(), all: media };
}

export function written(format: TextFormat, what: WriteInput): Written {
  const result = format.write?.(what);
  if (result?.ok !== true) throw new Error(`not written: ${JSON.stringify(result)}`);
  return result.value;
}

export function read(format: TextFormat, text: string, of: ReadContext): ReadExchange {
  const result = format.read?.(text, of);
  if (result?.ok !== true) throw new Error(`not read: ${JSON.stringify(result)}`);
  return result.value;
}

export const codes = (losses: readonly Loss[]): readonly string[] =>
  losses.map(({ code, params }) => ('what' in params ? `${code} ${String(params['what'])}` : code)).sort();

export const lossOf = (losses: readonly Loss[], code: string, what?: string): Loss | undefined =>
  losses.find((loss) => loss.code === code && (what === undefined || loss.params['what'] === what));

/** Errors of a document against a structure of the fixtures; names that are referred to must be there. */
export async function structureErrors(text: string, structure: string): Promise<readonly string[]> {
  const schema = readFileSync(new URL(`../../fixtures/exchange/${structure}`, import.meta.url), 'utf8');
  const xml = [{ fileName: 'written.xml', contents: text }];
  const result = await validateXML({
    xml,
    schema: [{ fileName: structure, contents: schema }],
    extension: 'relaxng',
  });
  const ids = new Set(Array.from(text.matchAll(/ id="([^"]*)"/g), ([, id]) => id));
  const wanted = Array.from(
    text.matchAll(/ (?:ref|format)="([^"]*)"|<linkclipref>([^<]*)</g),
    ([, ref, link]) => ref ?? link,
  );
  const missing = wanted.filter((ref) => !ids.has(ref)).map((ref) => `nothing is called ${String(ref)}`);
  return [...result.errors.map(({ rawMessage }) => rawMessage), ...missing];
}

export const rates = fc.constantFrom<Rational>(
  FILM,
  { num: 24, den: 1 },
  PAL,
  NTSC,
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
);

const iso = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const plainText = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      '한',
      '글',
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      ' ',
      '\n',
      '\t',
      '😀',
      'é',
      ':',
      '=',
      '\n\n',
      '--',
    ),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''));
const name = fc.constantFrom('', 'Ann', '김민준', 'O’Neil & Söhne', 'a <b>', 'Bob: the 2nd');

/** A comment with everything, on a frame of a film. */
export function comments(media: ExchangeMedia, frames: number): fc.Arbitrary<ExchangeComment> {
  return fc
    .record({
      frame: fc.nat({ max: frames - 1 }),
      lasts: fc.option(fc.integer({ min: 2, max: 100 })),
      text: fc.oneof(
        plainText,
        fc.constantFrom('a\n\nAuthor: x', 'Category: y', 'x\n\nReply from Z:\n  hello'),
      ),
      author: name,
      color: fc.constantFrom(null, '#00ff00', '#428dfc', '#123456'),
      category: fc.option(fc.constantFrom('Grade', '소리')),
      replies: fc.array(fc.record({ author: name, text: plainText, createdAt: fc.option(iso) }), {
        maxLength: 3,
      }),
      resolved: fc.boolean(),
      by: fc.option(fc.constantFrom('Ann', '김')),
      at: fc.option(iso),
      createdAt: fc.option(iso),
    })
    .map(({ frame, lasts, by, at, resolved, ...rest }) => {
      const timeUs = frameToMicros(frame, media.rate);
      const end = lasts === null ? null : Math.min(frames, frame + lasts);
      const durationUs = end === null || end - frame < 2 ? null : frameToMicros(end, media.rate) - timeUs;
      return comment({
        ...rest,
        mediaId: media.id,
        timeUs,
        durationUs,
        resolved,
        resolvedBy: resolved ? by : null,
        resolvedAt: resolved ? at : null,
      });
    });
}

/** In an order that does not depend on the format's. */
export function sorted(list: readonly ExchangeComment[]): readonly ExchangeComment[] {
  const keyOf = (one: ExchangeComment): string =>
    JSON.stringify([one.mediaId, one.timeUs, one.durationUs, one.text, one.author, one]);
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Runs it and says how long it took, milliseconds. */
export function timed<T>(run: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}
