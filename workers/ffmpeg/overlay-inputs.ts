/** The painted pictures of a step as inputs for ffmpeg: each stands from its own time until the next one. */
import type { Failure } from '../../src/core/base/failure.ts';
import { ok, type Result } from '../../src/core/base/result.ts';
import { commentTimes, stripTimes } from '../../src/core/plan/overlay-times.ts';
import {
  COMMENTS_INPUT,
  STRIP_INPUT,
  type FfmpegPaint,
  type FfmpegJob,
} from '../../src/runtime/contract/ffmpeg.ts';
import { Painting } from '../shared/overlay/painting.ts';
import type { OverlayPicture } from '../shared/overlay/picture.ts';
import { matroskaHeader, matroskaPictureHeader } from './raw-matroska.ts';

/** An input as a command takes it. */
type Input = FfmpegJob['inputs'][number];

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** A frame-sized picture of planes, clear where nothing is painted. */
function planesOf(picture: OverlayPicture | null, { width, height }: Canvas): Uint8Array<ArrayBuffer> {
  const pixels = width * height;
  const data = new Uint8Array((pixels * 5) / 2);
  data.fill(128, pixels, (pixels * 3) / 2);
  if (picture === null) return data;
  const place = (from: Uint8Array, offset: number, half: 1 | 2): void => {
    const [stride, own] = [width / half, picture.width / half];
    let to = offset + (picture.y / half) * stride + picture.x / half;
    for (let start = 0; start < from.length; start += own, to += stride)
      data.set(from.subarray(start, start + own), to);
  };
  place(picture.luma, 0, 1);
  place(picture.u, pixels, 2);
  place(picture.v, (pixels * 5) / 4, 2);
  place(picture.alpha, (pixels * 3) / 2, 1);
  return data;
}

/** Frame times this much early, so that rounding cannot show a picture one frame late. */
const GUARD_US = 500;

interface Timed {
  readonly atUs: number;
  readonly data: Blob;
}

function inputOf(name: string, size: Canvas, pictures: readonly Timed[], startUs: number): Input {
  const parts: BlobPart[] = [matroskaHeader(size.width, size.height)];
  for (const [position, { atUs, data }] of pictures.entries()) {
    // The first stands from the start: the step's first frame may be one that is held there.
    const timeUs = position === 0 ? 0 : Math.max(1, Math.round(atUs - startUs - GUARD_US));
    parts.push(matroskaPictureHeader(timeUs, data.size), data);
  }
  return { name, data: new Blob(parts) };
}

/** Paints everything that a step shows. `engine_failed`/`font_missing`. */
export async function overlayInputs({
  step,
  settings,
  fonts,
}: FfmpegPaint): Promise<Result<readonly Input[], Failure>> {
  const { overlay } = step;
  if (overlay === undefined) return ok([]);
  const frame = { width: settings.width, height: settings.height };
  const opened = await Painting.open({ overlay, fonts }, step, settings, frame);
  if (!opened.ok) return opened;
  const painting = opened.value;
  const inputs: Input[] = [];
  if (overlay.comments.length > 0) {
    const blobs = new Map<string, Blob>();
    const pictures = commentTimes(step, overlay).map((atUs): Timed => {
      const name = painting.nameOf(atUs);
      const data = blobs.get(name) ?? new Blob([planesOf(painting.comments(atUs), frame)]);
      blobs.set(name, data);
      return { atUs, data };
    });
    inputs.push(inputOf(COMMENTS_INPUT, frame, pictures, step.startUs));
  }
  if (overlay.strip !== null) {
    const place = painting.stripPlace();
    const size = { width: place.w, height: place.h };
    const pictures = stripTimes(step, overlay.strip).map((atUs): Timed => {
      const picture = painting.strip(atUs);
      const moved = picture && { ...picture, x: picture.x - place.x, y: picture.y - place.y };
      return { atUs, data: new Blob([planesOf(moved, size)]) };
    });
    inputs.push(inputOf(STRIP_INPUT, size, pictures, step.startUs));
  }
  return ok(inputs);
}
