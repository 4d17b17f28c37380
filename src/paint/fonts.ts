/** The font that everything is painted with, Korean and Latin: from our own files, so that a film looks the same on every machine. */
import { failure, type Failure } from '../core/base/failure.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { PaintFonts } from '../core/schema/overlay.ts';

/** A name of our own: a page that embeds us may have another build of the font under its usual one. */
export const FONT_FAMILY = 'Reelkeep Pretendard';

/** Pictographs are not in the font: those of the machine serve. */
const FALLBACK = 'sans-serif';

/** A font in the words of canvas. */
export function fontOf(size: number, weight: 'regular' | 'bold'): string {
  return `${weight === 'bold' ? '600' : '400'} ${size.toFixed(2)}px "${FONT_FAMILY}", ${FALLBACK}`;
}

/** A place that fonts are added to: `document.fonts` in a page, `self.fonts` in a worker. */
type FontPlace = Pick<FontFaceSet, 'add'>;

const loaded = new WeakMap<FontPlace, Promise<Result<null, Failure>>>();

async function load(place: FontPlace, fonts: PaintFonts): Promise<Result<null, Failure>> {
  try {
    const faces = await Promise.all([
      new FontFace(FONT_FAMILY, `url("${fonts.regular}") format("woff2")`, { weight: '400' }).load(),
      new FontFace(FONT_FAMILY, `url("${fonts.bold}") format("woff2")`, { weight: '600' }).load(),
    ]);
    for (const face of faces) place.add(face);
    return ok(null);
  } catch (cause) {
    return err(
      failure(
        'engine_failed',
        'font_missing',
        'The font that comments are painted with could not be loaded.',
        {
          cause: String(cause),
        },
      ),
    );
  }
}

/**
 * Loads the font once; whoever paints waits for it first, or boxes would stand where letters should. `engine_failed`/`font_missing`.
 *
 * @param place `document.fonts` or, in a worker, `self.fonts`
 */
export function loadPaintFonts(place: FontPlace, fonts: PaintFonts): Promise<Result<null, Failure>> {
  let done = loaded.get(place);
  if (done === undefined) {
    done = load(place, fonts);
    loaded.set(place, done);
    // What failed may work later: a page that was offline, a server that was busy.
    void done.then((result) => {
      if (!result.ok) loaded.delete(place);
    });
  }
  return done;
}
