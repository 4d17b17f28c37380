import { describe, expect, it } from 'vitest';
import { sniff, transportStride } from '../../../workers/analysis/sniff.ts';

const codes = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? codes(part) : [...part])));
const utf16 = (text: string, mark: boolean): Uint8Array =>
  bytes(
    mark ? [0xff, 0xfe] : [],
    codes(text).flatMap((code) => [code & 255, code >> 8]),
  );
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('sniff', () => {
  it('tells an empty file', () => {
    expect(sniff(new Uint8Array())).toEqual({ kind: 'empty' });
  });

  it.each([
    ['srt', utf8('1\r\n00:00:01,000 --> 00:00:02,000\r\n안녕하세요\r\n')],
    ['vtt', utf8('\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nhello\n')],
    ['json', utf8('  {"version": 1}')],
    ['html', utf8('<!DOCTYPE html><html><body>video.mp4</body></html>')],
    ['plain', utf8('a')],
    ['plain', utf8('time,text\n1,"ein Töst"\n')],
    ['srt', utf16('1\r\n00:00:01,000 --> 00:00:02,000\r\nhello\r\n', true)],
    ['srt', utf16('1\r\n00:00:01,000 --> 00:00:02,000\r\nhello\r\n', false)],
  ])('tells text: %s', (format, head) => {
    expect(sniff(head)).toEqual({ kind: 'text', format });
  });

  it('forgives a character that the end of the head cuts', () => {
    const whole = utf8('자막 파일입니다');
    expect(sniff(whole.subarray(0, whole.length - 1)).kind).toBe('text');
  });

  it.each([
    ['jpeg', bytes([0xff, 0xd8, 0xff, 0xe1, 0, 0])],
    ['png', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a, 0, 0])],
    ['gif', bytes('GIF89a', [1, 0, 1, 0])],
    ['webp', bytes('RIFF', [4, 0, 0, 0], 'WEBPVP8 ')],
    ['bmp', bytes('BM', [1, 2, 3, 4, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0])],
    ['tiff', bytes('II', [0x2a, 0, 8, 0, 0, 0])],
    ['heic', bytes([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0])],
    ['avif', bytes([0, 0, 0, 24], 'ftypavif', [0, 0, 0, 0])],
    ['svg', utf8('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ])('tells still pictures: %s', (format, head) => {
    expect(sniff(head)).toEqual({ kind: 'image', format });
  });

  it.each([
    ['iso', bytes([0, 0, 0, 24], 'ftypisom', [0, 0, 0, 0])],
    ['iso', bytes([0, 0, 0, 8], 'wide', [0, 0, 1, 0], 'mdat')],
    ['matroska', bytes([0x1a, 0x45, 0xdf, 0xa3, 0x93])],
    ['foreign', bytes('PK', [3, 4, 20, 0])],
    ['foreign', bytes('%PDF-1.7\n', [0x25, 0xe2, 0xe3, 0xcf, 0xd3])],
    ['other', bytes('RIFF', [0, 1, 0, 0], 'AVI LIST')],
    ['other', bytes([0, 0, 1, 0xba, 0x44])],
    ['other', bytes('FLV', [1, 5, 0, 0, 0, 9])],
    ['other', new Uint8Array(4096)],
  ])('tells containers: %s', (kind, head) => {
    expect(sniff(head)).toEqual({ kind });
  });

  it('knows transport streams by their packets, plain and with time stamps', () => {
    for (const [offset, stride] of [
      [0, 188],
      [4, 192],
    ] as const) {
      const head = new Uint8Array(stride * 5 + 8);
      for (let i = 0; i < 5; i++) head[offset + i * stride] = 0x47;
      expect(transportStride(head)).toEqual({ offset, stride });
      expect(sniff(head)).toEqual({ kind: 'mpegts' });
    }
  });
});
