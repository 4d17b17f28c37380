/**
 * The painter for whoever shows comments over a picture in the page: the same code that paints exported files, with the same font.
 * Wait for `loadPainter`, then call `paintOverlay` with the picture's size as displayed (after rotation), in pixels of the canvas.
 */
import type { Failure } from '../core/base/failure.ts';
import type { Result } from '../core/base/result.ts';
import { loadPaintFonts } from '../paint/fonts.ts';
import { locateAssets } from './assets.ts';

export { stripAt } from '../core/plan/overlay-times.ts';
export { shownFrames } from '../core/plan/overlays.ts';
export { paintOverlay } from '../paint/overlay.ts';
export type { PaintComment, PaintStrip } from '../paint/types.ts';

/** Loads the painter's font into the page, once. `engine_failed`/`font_missing`. */
export function loadPainter(assetBase?: string): Promise<Result<null, Failure>> {
  return loadPaintFonts(document.fonts, locateAssets(assetBase).fonts);
}
