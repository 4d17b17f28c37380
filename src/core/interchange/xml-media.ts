/** Which imported film a name in somebody's project means. */
import type { ExchangeMedia, ReadContext } from './model.ts';

/** The file name of a path or URL of any system, decoded. */
export function fileNameOf(url: string): string {
  const last =
    url
      .replace(/[?#].*$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase();
const withoutExtension = (name: string): string => name.replace(/\.[a-z0-9]{1,5}$/, '');

/** The names to look for: those of files where there are any. People call clips what they like. */
export function fileNamesOr(
  files: readonly (string | undefined)[],
  clip: string | undefined,
): readonly (string | undefined)[] {
  return files.some((name) => name !== undefined && name !== '') ? files : [clip];
}

/** Finds films by any of several names: as they stand first, then without extension. */
export function mediaFinder(
  context: ReadContext,
): (names: readonly (string | undefined)[]) => ExchangeMedia | null {
  const full = new Map<string, ExchangeMedia>();
  const bare = new Map<string, ExchangeMedia>();
  // The film that the text is read for goes before others of its name.
  for (const media of [context.media, ...context.all]) {
    const name = folded(media.name);
    if (!full.has(name)) full.set(name, media);
    const short = withoutExtension(name);
    if (!bare.has(short)) bare.set(short, media);
  }
  return (names) => {
    const wanted = names
      .filter((name) => name !== undefined && name !== '')
      .map((name) => folded(name ?? ''));
    for (const name of wanted) {
      const media = full.get(name);
      if (media) return media;
    }
    for (const name of wanted) {
      const media = bare.get(name) ?? bare.get(withoutExtension(name));
      if (media) return media;
    }
    return null;
  };
}
