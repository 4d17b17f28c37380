/** Text of comments, which is hostile, made fit to be painted: nothing hidden in it, and broken into lines. Pure. */

/** Longest text that is looked at: no card holds more of it. */
const MOST_CHARACTERS = 600;
/** Marks on one letter; towers of them would reach into other cards. */
const MANY_MARKS = /(\p{M}{3})\p{M}+/gu;
/** Characters that are not seen but change what is: controls, byte order marks, overrides of the writing direction. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- These are the characters that are taken out.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/** The widths that lay-out depends on: how wide a text is, pixels. */
export type Measure = (text: string, size: number, weight: 'regular' | 'bold') => number;

/** Text without anything that could hide or turn other text around; line breaks are `\n`. */
export function seen(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS * 4)
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(UNSEEN, '')
    .replace(LONE_SURROGATE, '\u{fffd}')
    .replace(MANY_MARKS, '$1')
    .slice(0, MOST_CHARACTERS)
    .replace(LONE_SURROGATE, '');
}

/** The same on one line. */
export function seenLine(text: string): string {
  return seen(text).replace(/\s+/g, ' ').trim();
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Letters as a reader counts them. */
function letters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const ELLIPSIS = '…';

/** A line cut to a width, with an ellipsis where something is left out. */
export function cutLine(text: string, width: number, fits: (text: string) => number, isCut = false): string {
  if (!isCut && fits(text) <= width) return text;
  const all = letters(text);
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(`${all.slice(0, middle).join('').trimEnd()}${ELLIPSIS}`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${all.slice(0, low).join('').trimEnd()}${ELLIPSIS}`;
}

/** As much of a word as fits, and the rest. At least one letter: a line of nothing would never end. */
function splitWord(word: string, width: number, fits: (text: string) => number): [string, string] {
  const all = letters(word);
  let low = 1;
  let high = all.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(all.slice(0, middle).join('')) <= width) low = middle;
    else high = middle - 1;
  }
  return [all.slice(0, low).join(''), all.slice(low).join('')];
}

/**
 * Text in lines of a width: broken between words, as Korean and Latin are, and inside of words that are longer than a line (names of
 * files, text without spaces). What is beyond the last line is cut off with an ellipsis.
 */
export function wrapText(
  text: string,
  width: number,
  mostLines: number,
  fits: (text: string) => number,
): string[] {
  const lines: string[] = [];
  const paragraphs = seen(text)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  for (const paragraph of paragraphs) {
    let line = '';
    for (let word of paragraph.split(' ')) {
      if (line !== '') {
        if (fits(`${line} ${word}`) <= width) {
          line = `${line} ${word}`;
          continue;
        }
        lines.push(line);
      }
      while (fits(word) > width && lines.length <= mostLines) {
        const [head, rest] = splitWord(word, width, fits);
        if (rest === '') break;
        lines.push(head);
        word = rest;
      }
      line = word;
      if (lines.length > mostLines) break;
    }
    lines.push(line);
    if (lines.length > mostLines) break;
  }
  if (lines.length <= mostLines) return lines;
  const kept = lines.slice(0, mostLines);
  kept[mostLines - 1] = cutLine(kept.at(-1) ?? '', width, fits, true);
  return kept;
}
