/** File names are hostile text: shown, but never used as a path or an argument. Pure. */

/** The name as it is kept: NFC (macOS gives decomposed Hangul), without control characters and path separators. */
export function displayName(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/\p{Cc}/gu, '')
    .replace(/[/\\]/g, '_')
    .trim();
  return clean === '' ? 'untitled' : clean;
}

/** The name under which ffmpeg sees a file: fixed, but for an extension that is harmless and may help its probing. */
export function mountName(name: string): string {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  return extension === undefined ? 'source' : `source.${extension}`;
}
