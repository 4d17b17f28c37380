/**
 * The layout of an `.otioz` bundle: which entries it has and what they are called. Packing and unpacking is done elsewhere; here is
 * only what can be told from names and texts.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { ExchangeMedia, WriteInput, Written } from './model.ts';
import { writeOtio } from './otio-write.ts';
import { cutText, unreadable } from './xml-loss.ts';

/** The time line's entry. */
export const OTIOZ_CONTENT = 'content.otio';
const VERSION = 'version.txt';
const MEDIA = 'media/';
/** Version of the bundle's layout that is written. */
const OTIOZ_VERSION = '1.0.0';
/** Longest name of an entry below `media/`, characters. */
const MAX_NAME = 120;
/** Names that Windows keeps for devices, with any extension. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** What no file system takes in a name. */
const NOT_NAME = /[\p{Cc}\p{Surrogate}<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/gu;

/** A name that is a name and nothing else on every system: no folder, no device, no drive. */
function flatName(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(NOT_NAME, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const extension = /\.[^.]{1,12}$/.exec(clean)?.[0] ?? '';
  const stem = cutText(clean.slice(0, clean.length - extension.length), MAX_NAME - extension.length);
  const whole = `${stem}${extension}` || 'media';
  return DEVICES.test(whole) ? `_${whole}` : whole;
}

/** Entry of each film: `media/name`, no two the same even where case does not count. */
export function otiozPaths(media: readonly ExchangeMedia[]): ReadonlyMap<string, string> {
  const used = new Set<string>();
  const paths = new Map<string, string>();
  for (const { id, name } of media) {
    const flat = flatName(name);
    const dot = flat.lastIndexOf('.');
    const [stem, extension] = dot > 0 ? [flat.slice(0, dot), flat.slice(dot)] : [flat, ''];
    let path = flat;
    for (let number = 2; used.has(path.toLowerCase()); number += 1)
      path = `${stem}_${String(number)}${extension}`;
    used.add(path.toLowerCase());
    paths.set(id, `${MEDIA}${path}`);
  }
  return paths;
}

/** What a bundle is made of. Everything is stored without compression, as readers expect of the films. */
export interface OtiozLayout {
  readonly content: Written;
  /** Small entries, in their order. */
  readonly texts: readonly { readonly name: string; readonly text: string }[];
  /** Films, by `ExchangeMedia.id`. */
  readonly media: readonly { readonly name: string; readonly mediaId: string }[];
}

/** Lays out a bundle. */
export function otiozLayout(input: WriteInput): Result<OtiozLayout, Failure> {
  const paths = otiozPaths(input.media);
  // The URL is a path inside the bundle, which readers take as it stands in a URL.
  const urlOf = ({ id, name }: ExchangeMedia): string =>
    (paths.get(id) ?? `${MEDIA}${flatName(name)}`).split('/').map(encodeURIComponent).join('/');
  const content = writeOtio(input, { urlOf });
  if (!content.ok) return content;
  return ok({
    content: { ...content.value, extension: '.otioz', type: 'application/zip' },
    texts: [
      { name: OTIOZ_CONTENT, text: content.value.text },
      { name: VERSION, text: OTIOZ_VERSION },
    ],
    media: input.media.flatMap(({ id }) => {
      const name = paths.get(id);
      return name === undefined ? [] : [{ name, mediaId: id }];
    }),
  });
}

/** A text entry of a bundle that was unpacked. */
export interface OtiozEntry {
  readonly name: string;
  readonly text: string;
}

/** Whether the names of a ZIP's entries are those of a bundle. */
export function isOtioz(names: readonly string[]): boolean {
  return names.includes(OTIOZ_CONTENT);
}

/** The time line's text of a bundle. Fails for bundles of a layout that is newer than ours, and for those without one. */
export function otiozContent(entries: readonly OtiozEntry[]): Result<string, Failure> {
  const version = entries
    .find(({ name }) => name === VERSION)
    ?.text.trim()
    .replace(/^\ufeff/, '');
  // Bundles without the entry are met too.
  if (version !== undefined && !/^1(?:\.\d{1,5}){0,2}$/.test(version)) {
    return unreadable('OTIOZ', 'the bundle is of a newer version');
  }
  const content = entries.find(({ name }) => name === OTIOZ_CONTENT);
  return content ? ok(content.text) : unreadable('OTIOZ', 'the bundle has no time line');
}
