/**
 * Names that every file system takes. What a person typed, or what a hostile file was called, becomes one name:
 * never a path, never a device of Windows, never a name that shows itself as another kind of file.
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */

/** Longest name, with its extension, in characters. */
export const MAX_FILE_NAME = 120;

/** No file system takes more bytes than this; Korean is three bytes a character. */
const MAX_FILE_NAME_BYTES = 240;

/** What stands where nothing of a name is left. */
const NAMELESS = 'reelkeep';

// eslint-disable-next-line no-control-regex -- control characters are what is replaced
const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f]+/g;
/** Invisible signs (not the joiners that Persian and emoji need); among them those that turn the direction, by which `gpj.exe` can be shown as `exe.jpg`. */
const INVISIBLE = /[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+/g;
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * A safe file name from any text. `extension` without its dot; a name that ends with it already does not get it
 * twice. Unicode is composed (NFC): decomposed Hangul, as macOS writes it, falls apart on other systems.
 */
export function safeFileName(name: string, extension: string): string {
  const ending = extension === '' ? '' : `.${clean(extension).replaceAll(' ', '')}`;
  let stem = clean(name);
  if (ending !== '' && stem.toLowerCase().endsWith(ending.toLowerCase()))
    stem = stem.slice(0, -ending.length);
  stem = trimmed(stem);
  // A device name stays a device name whatever follows its first dot.
  if (DEVICE.test(stem)) stem = `_${stem}`;
  stem = trimmed(shortened(stem, ending));
  return `${stem === '' ? NAMELESS : stem}${ending}`;
}

/** The name, numbered when it is taken: `Goal.mp4`, `Goal (2).mp4` ... Compared as Windows and macOS do. */
export function uniqueFileName(name: string, extension: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((one) => one.normalize('NFC').toLowerCase()));
  const plain = safeFileName(name, extension);
  if (!used.has(plain.toLowerCase())) return plain;
  const ending = extension === '' ? '' : `.${extension}`;
  const stem = plain.slice(0, plain.length - ending.length);
  for (let number = 2; ; number += 1) {
    const suffix = ` (${String(number)})`;
    const numbered = safeFileName(`${shortened(stem, suffix + ending)}${suffix}`, extension);
    if (!used.has(numbered.toLowerCase())) return numbered;
  }
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(FORBIDDEN, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Windows drops dots and spaces at the end; a dot in front hides the file, or is a way up. */
function trimmed(text: string): string {
  return text.replace(/^[.\s]+|[.\s]+$/g, '');
}

/** Cut at a whole character (as a person sees it), so that name and ending keep both limits. */
function shortened(stem: string, ending: string): string {
  const encoder = new TextEncoder();
  const fits = (text: string) =>
    text.length + ending.length <= MAX_FILE_NAME &&
    encoder.encode(text + ending).length <= MAX_FILE_NAME_BYTES;
  if (fits(stem)) return stem;
  let kept = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(stem)) {
    if (!fits(kept + segment)) break;
    kept += segment;
  }
  return kept;
}
