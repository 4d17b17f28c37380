import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/core/interchange/decode.ts';
import { MAX_TEXT_LENGTH } from '../../../src/core/interchange/model.ts';
import { decodeInNode } from './decode-in-node.ts';

const utf16 = (text: string, big: boolean): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
const said = (bytes: Uint8Array) => {
  const result = decodeText(bytes, decodeInNode);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

const SUBTITLE = '1\n00:00:01,000 --> 00:00:02,000\n학교에 갑니다\n';

describe('the encoding of a text file', () => {
  it('is UTF-8 for all that is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
        fc.pre(!text.startsWith('\uFEFF') && !text.includes('\0'));
        expect(said(Buffer.from(text, 'utf8'))).toEqual({ text, encoding: 'utf-8', losses: [] });
      }),
    );
  });

  it.each([
    ['utf-8', Buffer.from(`\uFEFF${SUBTITLE}`, 'utf8')],
    ['utf-16le', utf16(`\uFEFF${SUBTITLE}`, false)],
    ['utf-16be', utf16(`\uFEFF${SUBTITLE}`, true)],
    ['utf-16le', utf16(SUBTITLE, false)],
    ['utf-16be', utf16(SUBTITLE, true)],
  ] as const)('is told by its mark or its zeros: %s', (encoding, bytes) => {
    expect(said(bytes)).toEqual({ text: SUBTITLE, encoding, losses: [] });
  });

  it('is guessed between Korean and Western, and that is said', () => {
    // "학교에" in EUC-KR, and "où été" in windows-1252.
    const korean = Buffer.from([0xc7, 0xd0, 0xb1, 0xb3, 0xbf, 0xa1, 0x0a]);
    const western = Buffer.from([0x6f, 0xf9, 0x20, 0xe9, 0x74, 0xe9]);
    expect(said(korean)).toEqual({
      text: '학교에\n',
      encoding: 'euc-kr',
      losses: [{ code: 'encoding_guessed', count: 1, params: { encoding: 'euc-kr' } }],
    });
    expect(said(western)).toMatchObject({ text: 'où été', encoding: 'windows-1252' });
    expect(said(western).losses).toHaveLength(1);
  });

  it('is never asked of what is too large', () => {
    const huge = { length: MAX_TEXT_LENGTH * 4 + 1 } as Uint8Array;
    expect(decodeText(huge, decodeInNode)).toMatchObject({ ok: false, error: { reason: 'text_too_large' } });
  });

  it('is nothing where nothing can decode it', () => {
    expect(decodeText(Buffer.from([0xff]), () => null)).toMatchObject({
      ok: false,
      error: { reason: 'unknown_format' },
    });
  });
});
