/**
 * Decoded frames around where the person steps, so that stepping back does not decode from the key frame again.
 *
 * What is kept are copies: a decoder (a hardware one above all) has few pictures of its own and stops when it does
 * not get them back.
 */

/** A frame that is kept. Times in microseconds of the asset. */
export interface CachedFrame {
  readonly frame: VideoFrame;
  readonly timeUs: number;
  readonly endUs: number;
  readonly last: boolean;
}

/** Most memory for kept frames: 31 of 1080p, 8 of 4K. */
export const CACHE_BYTES = 96 * 1024 * 1024;
/** Most frames, however small. */
export const CACHE_FRAMES = 64;

/** Kept frames; within both limits, the ones nearest to where the person is. */
export class FrameCache {
  #frames: CachedFrame[] = [];

  /** The frame on display at a time. The caller gets no ownership: clone it. */
  at(us: number): CachedFrame | null {
    return this.#frames.find((one) => one.timeUs <= us && (us < one.endUs || one.last)) ?? null;
  }

  /** How many frames of a size are kept at most. */
  static capacity(frameBytes: number): number {
    return Math.max(2, Math.min(CACHE_FRAMES, Math.floor(CACHE_BYTES / Math.max(1, frameBytes))));
  }

  /** Keeps a frame (and owns it now); `nearUs` is where the person is. */
  add(frame: CachedFrame, nearUs: number): void {
    this.#frames = this.#frames.filter((one) => {
      if (one.timeUs !== frame.timeUs) return true;
      one.frame.close();
      return false;
    });
    this.#frames.push(frame);
    const distance = (one: CachedFrame) => Math.abs(one.timeUs - nearUs);
    if (this.#frames.length > FrameCache.capacity(bytesOf(frame.frame))) {
      const farthest = this.#frames.reduce((worst, one) => (distance(one) > distance(worst) ? one : worst));
      farthest.frame.close();
      this.#frames = this.#frames.filter((one) => one !== farthest);
    }
  }

  clear(): void {
    for (const one of this.#frames.splice(0)) one.frame.close();
  }
}

/** Memory of a frame, near enough. */
export function bytesOf(frame: VideoFrame): number {
  try {
    return frame.allocationSize();
  } catch {
    // An opaque format: kept as a bitmap of four bytes a pixel.
    return frame.codedWidth * frame.codedHeight * 4;
  }
}

/** A copy in our own memory; null where the browser gives none. The original stays open. */
export async function copyOf(frame: VideoFrame): Promise<VideoFrame | null> {
  const { timestamp, duration, displayWidth, displayHeight, format, visibleRect } = frame;
  const timing = { timestamp, ...(duration === null ? {} : { duration }) };
  try {
    if (format !== null && visibleRect !== null) {
      const data = new ArrayBuffer(frame.allocationSize());
      const layout = await frame.copyTo(data);
      return new VideoFrame(data, {
        ...timing,
        format,
        layout,
        codedWidth: visibleRect.width,
        codedHeight: visibleRect.height,
        displayWidth,
        displayHeight,
        colorSpace: frame.colorSpace,
      });
    }
  } catch {
    // A size or format that cannot be built from bytes: by way of a picture.
  }
  try {
    const bitmap = await createImageBitmap(frame);
    const copy = new VideoFrame(bitmap, { ...timing, displayWidth, displayHeight });
    bitmap.close();
    return copy;
  } catch {
    return null;
  }
}
