import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLine, seen, seenLine, wrapText } from '../../../src/paint/text.ts';

/** Every letter is 10 wide. */
const fits = (text: string): number => Array.from(text).length * 10;

describe('text of comments', () => {
  it('breaks Korean between words', () => {
    expect(wrapText('이 장면의 색을 다시 봐 주세요', 90, 5, fits)).toEqual([
      '이 장면의 색을',
      '다시 봐 주세요',
    ]);
  });

  it('breaks Latin between words, and a word that is longer than a line inside', () => {
    expect(wrapText('fix the sky', 70, 5, fits)).toEqual(['fix the', 'sky']);
    expect(wrapText('see https://a.example/b please', 100, 5, fits)).toEqual([
      'see',
      'https://a.',
      'example/b',
      'please',
    ]);
    expect(wrapText('가나다라마바사아자차', 40, 5, fits)).toEqual(['가나다라', '마바사아', '자차']);
  });

  it('never parts what is one letter to a reader', () => {
    expect(wrapText('👩‍👩‍👧👩‍👩‍👧', 50, 5, fits)).toEqual(['👩‍👩‍👧', '👩‍👩‍👧']);
    expect(cutLine('각각각각각', 30, fits)).toBe('각각…');
  });

  it('cuts long text off with an ellipsis', () => {
    expect(wrapText('one two three four five', 50, 2, fits)).toEqual(['one', 'two…']);
    expect(wrapText('one\ntwo\nthree', 90, 2, fits)).toEqual(['one', 'two…']);
    expect(wrapText('one\n\n\ntwo', 90, 2, fits)).toEqual(['one', 'two']);
  });

  it('takes out what is not seen but changes what is', () => {
    expect(seen('a\u202egnp.exe\u202c\u2066b\u2069\u0000\u0007c')).toBe('agnp.exebc');
    expect(seen('a\r\nb\u2028c\td')).toBe('a\nb\nc d');
    expect(seen('\ud800x\u{e0041}')).toBe('\ufffdx');
    expect(seen(`a${'\u0301'.repeat(50)}`)).toBe('a\u0301\u0301\u0301');
    expect(seenLine('  a \n b  ')).toBe('a b');
    expect(seen('x'.repeat(10_000)).length).toBe(600);
  });

  it('keeps every line within the width and the number of lines, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 40, max: 300 }),
        fc.integer({ min: 1, max: 6 }),
        (text, width, most) => {
          const lines = wrapText(text, width, most, fits);
          expect(lines.length).toBeLessThanOrEqual(most);
          for (const line of lines) {
            expect(line).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
            // One letter may be wider than the line: there is nothing to break.
            if (Array.from(new Intl.Segmenter().segment(line)).length > 2)
              expect(fits(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});
