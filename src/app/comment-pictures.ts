/** Pictures of comments: by the browser's decoder, else by ffmpeg; painted by the one painter. */
import { failure, type Failure } from '../core/base/failure.ts';
import { err, type Result } from '../core/base/result.ts';
import { primaryVideo } from '../core/schema/asset.ts';
import type { PaintFonts } from '../core/schema/overlay.ts';
import type { AnalysisWorkerApi, CommentPictureRequest } from '../runtime/contract/analysis.ts';
import type { FfmpegEngine } from '../runtime/contract/ffmpeg.ts';
import type { CommentPictures } from '../runtime/contract/job-ports.ts';
import type { Supervised } from '../runtime/contract/supervised.ts';
import { posterByFfmpeg } from '../runtime/ingest/ffprobe.ts';

/** Longer side, pixels: to be looked at beside a text, not to be worked on. */
const MAX_SIDE = 640;
/** Decoding from the key frame before it takes less, even in a long group of large pictures. */
const STALL_MS = 60_000;
/** ffmpeg shows the first frame that is not before the time it is given; containers round times to a millisecond. */
const BEFORE_US = 1_000;

/** What it needs. */
export interface PicturePorts {
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly ffmpeg: FfmpegEngine;
  readonly fonts: PaintFonts;
}

/** Makes the maker of pictures. */
export function createCommentPictures({ analysis, ffmpeg, fonts }: PicturePorts): CommentPictures {
  return {
    async paint({ asset, file, timeUs, comment }, { signal }): Promise<Result<Blob, Failure>> {
      const { probe } = asset;
      const track = primaryVideo(probe);
      if (track === null)
        return err(failure('unsupported_media', 'no_tracks', 'The file has no picture track.'));
      const paint = (from: CommentPictureRequest['from']): Promise<Result<Blob, Failure>> =>
        analysis.call((api) => api.commentPicture({ from, comment, fonts, maxSide: MAX_SIDE }), {
          signal,
          stallMs: STALL_MS,
        });
      if (probe.reader === 'packets' && track.decodable) {
        const fileUs = timeUs + probe.originUs;
        const made = await paint({ kind: 'frame', file, order: track.order, fileUs });
        if (made.ok || made.error.reason !== 'no_decoder') return made;
      }
      const at = Math.max(0, timeUs - BEFORE_US);
      const picture = await posterByFfmpeg(ffmpeg, file, track, at, MAX_SIDE, signal, false);
      return picture.ok ? paint({ kind: 'picture', picture: picture.value }) : err(picture.error);
    },
  };
}
