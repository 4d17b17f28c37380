/** A frame with a comment's shapes on it, as a small JPEG. */
import { CanvasSink } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import { loadPaintFonts } from '../../src/paint/fonts.ts';
import { paintShapes } from '../../src/paint/picture.ts';
import type { Size } from '../../src/paint/types.ts';
import type { CommentPictureRequest } from '../../src/runtime/contract/analysis.ts';
import { messageOf } from '../shared/failure.ts';
import { withVideo } from '../shared/open.ts';

const QUALITY = 0.82;
/** A frame is looked for at its own time and this much later: readers compare seconds in floating point. */
const AHEAD_US = 1;

declare const self: { readonly fonts: FontFaceSet };

type Drawn = OffscreenCanvas | ImageBitmap;

function cannot(cause: string): Result<never, Failure> {
  return err(
    failure('unsupported_media', 'no_decoder', 'The browser cannot decode this picture track.', { cause }),
  );
}

function fitted(width: number, height: number, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** The frame on display at a time of the file. Another than that one would show what the comment is not about. */
function frameOf(
  { file, order, fileUs }: Extract<CommentPictureRequest['from'], { readonly kind: 'frame' }>,
  maxSide: number,
): Promise<Result<Drawn, Failure>> {
  return withVideo(file, order, async (track) => {
    if (!(await track.canDecode())) return cannot('no decoder');
    const size = fitted(await track.getDisplayWidth(), await track.getDisplayHeight(), maxSide);
    try {
      // A canvas of its own is drawn, rotation applied; none is kept.
      const sink = new CanvasSink(track, { ...size, fit: 'fill', poolSize: 0 });
      const wrapped = await sink.getCanvas((fileUs + AHEAD_US) / 1e6);
      if (wrapped === null) return cannot('no frame');
      return wrapped.canvas instanceof OffscreenCanvas ? ok(wrapped.canvas) : cannot('no canvas');
    } catch (cause) {
      return cannot(messageOf(cause));
    }
  });
}

/** See `AnalysisWorkerApi.commentPicture`. */
export async function commentPicture(request: CommentPictureRequest): Promise<Result<Blob, Failure>> {
  const { from, comment, fonts, maxSide } = request;
  if (comment.shapes.some(({ kind }) => kind === 'text')) {
    const ready = await loadPaintFonts(self.fonts, fonts);
    if (!ready.ok) return ready;
  }
  const drawn =
    from.kind === 'frame' ? await frameOf(from, maxSide) : ok(await createImageBitmap(from.picture));
  if (!drawn.ok) return drawn;
  const { width, height } = fitted(drawn.value.width, drawn.value.height, maxSide);
  const canvas = new OffscreenCanvas(width, height);
  const ctx = canvas.getContext('2d');
  if (ctx === null) return cannot('no canvas');
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(drawn.value, 0, 0, width, height);
  if (drawn.value instanceof ImageBitmap) drawn.value.close();
  paintShapes(ctx, { width, height }, comment);
  return ok(await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }));
}
