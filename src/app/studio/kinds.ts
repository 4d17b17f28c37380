/** What a file that came in is for: a review, a text of another program, or footage. Told by what is in it, never by its name. */
import { isReviewFile } from './review-files.ts';
import type { Importable } from './dropped.ts';

/** Longer files are no lists of comments. Bytes. */
const MOST_BYTES = 256_000_000;
/** How much of a file says what it is. */
const HEAD_BYTES = 65_536;
/** Name of the first entry of a time-line bundle. */
const BUNDLE = 'content.otio';

/** Items by what they are for. */
export interface Sorted {
  readonly reviews: readonly File[];
  readonly texts: readonly File[];
  readonly footage: readonly Importable[];
}

/** Whether the head of a file is text of a known format. UTF-16 has zeros in it, and a mark in front. */
async function isKnownText(file: File): Promise<boolean> {
  if (file.size === 0 || file.size > MOST_BYTES) return false;
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (head[0] === 0x50 && head[1] === 0x4b) {
    return new TextDecoder().decode(head.subarray(30, 30 + BUNDLE.length)) === BUNDLE;
  }
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (!wide && head.includes(0)) return false;
  const { decodeText, recognise } = await import('../../core/interchange/registry.ts');
  const text = decodeText(head, (encoding, bytes) => new TextDecoder(encoding).decode(bytes));
  return text.ok && recognise(text.value.text) !== null;
}

/** Sorts what came in. What cannot be read is left to the importer, which says why. */
export async function sorted(items: readonly Importable[]): Promise<Sorted> {
  const reviews: File[] = [];
  const texts: File[] = [];
  const footage: Importable[] = [];
  for (const item of items) {
    const file =
      item instanceof Blob ? item : item.kind === 'file' ? await item.getFile().catch(() => null) : null;
    if (file !== null && (await isReviewFile(file).catch(() => false))) reviews.push(file);
    else if (file !== null && (await isKnownText(file).catch(() => false))) texts.push(file);
    else footage.push(item);
  }
  return { reviews, texts, footage };
}
