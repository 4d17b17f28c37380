/** The contact sheet: whatever comments say, the page is the same page, and every text is there as a text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHEET_WORDS } from '../../../src/app/contact-sheet-words.ts';
import { contactSheet, escapeHtml, type ContactSheet } from '../../../src/core/interchange/contact-sheet.ts';
import type { Annotation } from '../../../src/core/schema/annotation.ts';
import { comment } from '../comments-helpers.ts';

const SHEET: ContactSheet = {
  title: 'Match',
  madeAt: '2026-11-20T10:00:00.000Z',
  words: SHEET_WORDS.en,
  media: [
    {
      id: 'asset-a',
      name: 'film.mp4',
      durationUs: 60_000_000,
      rate: { num: 30_000, den: 1001 },
      variable: false,
      size: { width: 1920, height: 1080 },
      sound: null,
      timesUs: null,
      startFrame: 0,
    },
  ],
};
const PICTURE = 'data:image/jpeg;base64,/9j/4AA=';

const tags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
const texts = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, '\u0001')
    .replace(
      /&(amp|lt|gt|quot|#39|#96|nbsp);/g,
      (_, name: string) =>
        ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`', nbsp: '\u00a0' })[name] ?? '',
    );

const filled = (
  text: string,
): { readonly sheet: ContactSheet; readonly comments: readonly Annotation[] } => ({
  sheet: {
    ...SHEET,
    title: text,
    media: SHEET.media.map((one) => ({ ...one, name: text })),
  },
  comments: [
    comment('one', {
      text,
      author: text,
      category: text,
      timeUs: 61_061,
      replies: [{ id: 'r', author: text, text, createdAt: '2026-11-20T11:00:00.000Z' }],
      resolved: { by: text, at: '2026-11-20T12:00:00.000Z' },
    }),
    comment('two', { text, author: text, timeUs: null }),
  ],
});

const page = (text: string): string => {
  const { sheet, comments } = filled(text);
  return contactSheet(sheet, comments, new Map([['one', PICTURE]]));
};

/** Hostile by its pieces, and by chance. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "'><svg/onload=alert(1)>",
        '</bdi></p></li></ol></main></body></html>',
        '<!--',
        '-->',
        ']]>',
        '&lt;b&gt;',
        '&#60;',
        '\u202e\u2066',
        '\u0000',
        '\ud800',
        '`',
        'javascript:alert(1)',
        '</style><script>',
        '한글',
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((pieces) => pieces.join('')),
);
/** Control characters cannot be said in HTML; half a pair is no letter. */
// eslint-disable-next-line no-control-regex -- they are what is meant
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const seenText = (text: string): string => text.toWellFormed().replace(UNSAYABLE, '\ufffd');
const oneLine = hostile.filter((text) => !/[\r\n\u2028\u2029]/.test(text));

describe('the contact sheet', () => {
  it('has the same tags whatever texts say', () => {
    const wanted = tags(page('x'));
    fc.assert(
      fc.property(oneLine, (text) => {
        expect(tags(page(text))).toEqual(wanted);
      }),
      { numRuns: 400 },
    );
  });

  it('shows every text as it is', () => {
    fc.assert(
      fc.property(oneLine, (text) => {
        const shown = seenText(text);
        const found = texts(page(text)).split('\u0001');
        // Title twice, name of the film twice, author three times, the one who settled it, category, three texts.
        expect(found.filter((one) => one === shown).length).toBe(12);
      }),
    );
  });

  it('has no way out: no script, no event, no address but of its pictures, and a policy that forbids them', () => {
    const html = page('https://example.org/ onclick=x');
    for (const tag of tags(html)) {
      expect(tag).not.toMatch(/^<(script|iframe|object|embed|link|form|a|svg|base)\b/i);
      expect(tag).not.toMatch(/\son\w+=|\shref=|url\(/i);
      const source = /\ssrc="([^"]*)"/.exec(tag)?.[1];
      if (source !== undefined) expect(source).toBe(PICTURE);
    }
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('img-src data:');
    expect(policy).not.toMatch(/script-src|https?:/);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style'));
  });

  it('takes no picture that is none, and no colour that is none', () => {
    const odd = comment('one', { color: 'red"><script>' });
    const html = contactSheet(SHEET, [odd], new Map([['one', 'data:text/html;base64,AAAA" onerror="x']]));
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<script');
    expect(html).toContain(SHEET_WORDS.en.noPicture);
  });

  it('says when, in drop-frame where that applies, and by the clock where frames keep no rate', () => {
    const at = [comment('one', { timeUs: 60_060_000, durationUs: 1_001_000 })];
    expect(contactSheet(SHEET, at, new Map())).toContain('>00:01:00;02 – 00:01:01;02<');
    const [film] = SHEET.media;
    const variable = { ...SHEET, media: [{ ...film!, variable: true }] };
    expect(contactSheet(variable, at, new Map())).toContain('>00:01:00.060 – 00:01:01.061<');
  });

  it('keeps lines apart, each with a direction of its own', () => {
    const html = contactSheet(SHEET, [comment('one', { text: 'a\r\nb\n\n\u202ec' })], new Map());
    expect(html).toContain(
      '<p dir="auto"><bdi>a</bdi></p><p dir="auto"><bdi>b</bdi></p><p dir="auto">&nbsp;</p><p dir="auto"><bdi>\u202ec</bdi></p>',
    );
  });

  it('numbers comments through, those without a time under a heading of their own', () => {
    const html = page('x');
    expect(html.indexOf('id="c1"')).toBeLessThan(html.indexOf('<h2>'));
    expect(html.indexOf('<h2>')).toBeLessThan(html.indexOf('id="c2"'));
    expect(contactSheet(SHEET, [comment('one')], new Map())).not.toContain('<h2>');
  });

  it('escapes what ends a text or an attribute', () => {
    expect(escapeHtml(`<&>"'\``)).toBe('&lt;&amp;&gt;&quot;&#39;&#96;');
  });
});
