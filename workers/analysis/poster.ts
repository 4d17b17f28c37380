/** A small picture of one frame. */
import { CanvasSink } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import { messageOf } from '../shared/failure.ts';
import { withVideo } from '../shared/open.ts';

/** Encodes as WebP; Safari has no encoder for it and answers with PNG, which is too big for a poster. */
async function encode(canvas: OffscreenCanvas): Promise<Blob> {
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  return webp.type === 'image/webp' ? webp : canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}

/** See `AnalysisWorkerApi.poster`. */
export async function posterOf(
  file: Blob,
  order: number,
  fileUs: number,
  maxSide: number,
): Promise<Result<Blob, Failure>> {
  return withVideo(file, order, async (track, sink) => {
    const cannot = (cause?: string): Result<never, Failure> =>
      err(
        failure('unsupported_media', 'no_decoder', 'The browser cannot decode this picture track.', {
          cause: cause ?? null,
          tryFfmpeg: true,
        }),
      );
    if (!(await track.canDecode())) return cannot();
    const width = await track.getDisplayWidth();
    const height = await track.getDisplayHeight();
    const scale = Math.min(1, maxSide / Math.max(width, height));
    const canvases = new CanvasSink(track, {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
      fit: 'fill',
      // A frame of its own is drawn, rotation applied; none is kept.
      poolSize: 0,
    });
    const draw = async (seconds: number): Promise<Result<Blob, Failure>> => {
      const wrapped = await canvases.getCanvas(seconds);
      if (wrapped === null) return cannot('no frame');
      return wrapped.canvas instanceof OffscreenCanvas
        ? ok(await encode(wrapped.canvas))
        : cannot('no canvas');
    };
    try {
      const wanted = await draw((fileUs + 1) / 1e6).catch(() => null);
      if (wanted?.ok === true) return wanted;
      // Before the first frame, or in an open group where this decoder cannot start: the first frame will do.
      const first = await sink.getFirstKeyPacket({ metadataOnly: true });
      return first === null ? cannot('no key frame') : await draw(first.timestamp);
    } catch (cause) {
      return cannot(messageOf(cause));
    }
  });
}
