/** Colours of what is painted: what is seen on any ground. Pure. */

/** Relative luminance of `#rrggbb`, 0..1, roughly (no linear light: this only tells dark from light). */
function lightness(color: string): number {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16) / 255;
  return 0.299 * part(1) + 0.587 * part(3) + 0.114 * part(5);
}

/** Black or white, whichever is seen on a colour. */
export function inkOn(color: string): string {
  return lightness(color) > 0.55 ? '#14161a' : '#ffffff';
}

/** The rim of a shape: dark about light colours, light about dark ones, so that one of the two is seen on any ground. */
export function rimOf(color: string): string {
  return lightness(color) > 0.3 ? 'rgba(0, 0, 0, 0.62)' : 'rgba(255, 255, 255, 0.8)';
}
