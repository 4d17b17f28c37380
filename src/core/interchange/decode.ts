/**
 * Which encoding a text file is in. Deciding is here; decoding is done by whoever has a `TextDecoder`, because the core has
 * none. A byte order mark decides, then UTF-8 where the bytes are valid, UTF-16 where every other byte is zero, and at last a
 * guess between the two that old programs of our readers write: Korean (EUC-KR with its extension) and Western.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lossNotes } from './loss.ts';
import { MAX_TEXT_LENGTH, type Loss } from './model.ts';

/** Encodings that are looked for, by the labels of the Encoding Standard. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'euc-kr' | 'windows-1252';

/**
 * Decodes bytes; null where they are not valid in the encoding. In a browser: `new TextDecoder(encoding, { fatal: true })`,
 * with its exception turned into null. It takes a byte order mark away.
 */
export type Decode = (encoding: TextEncoding, bytes: Uint8Array) => string | null;

/** A decoded text. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
  readonly losses: readonly Loss[];
}

/** How many bytes tell UTF-16 from others. */
const SAMPLE = 4096;

function markOf(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** UTF-16 without a mark: text in any language has spaces, digits and line ends, whose upper byte is zero. */
function wideOf(bytes: Uint8Array): TextEncoding | null {
  const sample = bytes.subarray(0, SAMPLE);
  let even = 0;
  let odd = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const many = sample.length / 10;
  if (odd > many && even * 10 < odd) return 'utf-16le';
  if (even > many && odd * 10 < even) return 'utf-16be';
  return null;
}

/** Korean text is pairs of high bytes; accents of Western text stand alone among low ones. */
function looksKorean(bytes: Uint8Array): boolean {
  let pairs = 0;
  let alone = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    if ((bytes[at + 1] ?? 0) >= 0xa1) {
      pairs += 1;
      at += 1;
    } else alone += 1;
  }
  return pairs > alone;
}

/** Reads the bytes of a text file. Fails with `text_too_large`, or `unknown_format` where it is no text. */
export function decodeText(bytes: Uint8Array, decode: Decode): Result<DecodedText, Failure> {
  // Four bytes are the most that UTF-8 needs for what counts as one or two characters here.
  if (bytes.length > MAX_TEXT_LENGTH * 4) return err(tooLarge(bytes.length));
  const sure = markOf(bytes) ?? wideOf(bytes);
  for (const encoding of sure === null ? (['utf-8'] as const) : ([sure, 'utf-8'] as const)) {
    const text = decode(encoding, bytes);
    if (text !== null) return ok({ text, encoding, losses: [] });
  }
  const guesses: readonly TextEncoding[] = looksKorean(bytes) ? ['euc-kr', 'windows-1252'] : ['windows-1252'];
  for (const encoding of guesses) {
    const text = decode(encoding, bytes);
    if (text === null) continue;
    const notes = lossNotes();
    notes.add('encoding_guessed', { encoding });
    return ok({ text, encoding, losses: notes.list() });
  }
  return err(
    failure('invalid_spec', 'unknown_format', 'The file is not text in any encoding that is known.'),
  );
}

/** A text that is too large to be looked at. */
export function tooLarge(length: number): Failure {
  return failure('invalid_spec', 'text_too_large', `The text is too large: ${String(length)}.`, { length });
}
