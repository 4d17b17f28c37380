/** Comments painted into pictures on their way to the encoder: in the planes themselves, and only where something is painted. */
import type { Failure } from '../../src/core/base/failure.ts';
import type { EncodeVideoStep, VideoSettings } from '../../src/core/schema/plan.ts';
import { Painting, type PaintRequest } from '../shared/overlay/painting.ts';
import {
  blendInto,
  blendOf,
  type Blend,
  type OverlayPicture,
  type TargetPlane,
} from '../shared/overlay/picture.ts';
import { CodecProblem } from './problem.ts';

/** Painting itself cannot be done: no other run of a codec would help. */
export class PaintProblem extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

interface Target {
  readonly y: TargetPlane;
  readonly u: TargetPlane;
  readonly v: TargetPlane;
}

function planesOf(
  data: Uint8Array,
  layout: readonly PlaneLayout[],
  format: 'I420' | 'NV12',
  width: number,
  height: number,
): Target {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const at = (index: number): PlaneLayout => {
    const place = layout[index];
    if (place === undefined) throw new CodecProblem('A picture lacks one of its planes.');
    return place;
  };
  const y: TargetPlane = { data, ...at(0), step: 1, width, height };
  if (format === 'I420') {
    return { y, u: { data, ...at(1), step: 1, ...half }, v: { data, ...at(2), step: 1, ...half } };
  }
  const { offset, stride } = at(1);
  const u: TargetPlane = { data, offset, stride, step: 2, ...half };
  return { y, u, v: { ...u, offset: offset + 1 } };
}

/** Paints on the pictures of one step. */
export class PictureOverlay {
  readonly #request: PaintRequest;
  readonly #step: EncodeVideoStep;
  readonly #settings: VideoSettings;
  #painting: { readonly painting: Painting; readonly width: number; readonly height: number } | null = null;
  /** Where each picture is painted on, one after the other. */
  #bytes = new Uint8Array(0);
  /** What was made ready of the pictures that come again and again. */
  readonly #ready = new WeakMap<OverlayPicture, Blend>();

  constructor(request: PaintRequest, step: EncodeVideoStep, settings: VideoSettings) {
    this.#request = request;
    this.#step = step;
    this.#settings = settings;
  }

  /**
   * The picture with everything painted on it that is visible at an asset time; takes the one it is given and closes it. The same one
   * where nothing is. Throws a `PaintProblem`.
   */
  async apply(frame: VideoFrame, assetUs: number): Promise<VideoFrame> {
    const { format } = frame;
    const width = frame.visibleRect?.width ?? frame.codedWidth;
    const height = frame.visibleRect?.height ?? frame.codedHeight;
    try {
      const painting = await this.#open(width, height);
      const strip = painting.strip(assetUs);
      const comments = painting.comments(assetUs);
      const blends = [
        ...(comments === null ? [] : [this.#readyFor(comments)]),
        ...(strip === null ? [] : [blendOf(strip)]),
      ];
      if (blends.length === 0) return frame.clone();
      if (format !== 'I420' && format !== 'NV12')
        throw new CodecProblem(`Pictures in the form ${String(format)} are not painted on.`);
      const bytes = frame.allocationSize();
      if (this.#bytes.length !== bytes) this.#bytes = new Uint8Array(bytes);
      const data = this.#bytes;
      const layout = await frame.copyTo(data);
      const planes = planesOf(data, layout, format, width, height);
      for (const { y, u, v } of blends) {
        blendInto(planes.y, y);
        blendInto(planes.u, u);
        blendInto(planes.v, v);
      }
      // The new picture takes a copy: fresh memory for each would cost ten times as much.
      return new VideoFrame(data, {
        format,
        codedWidth: width,
        codedHeight: height,
        timestamp: frame.timestamp,
        ...(frame.duration === null ? {} : { duration: frame.duration }),
        layout,
        colorSpace: frame.colorSpace.toJSON(),
      });
    } finally {
      frame.close();
    }
  }

  async #open(width: number, height: number): Promise<Painting> {
    const known = this.#painting;
    if (known?.width === width && known.height === height) return known.painting;
    const opened = await Painting.open(this.#request, this.#step, this.#settings, { width, height });
    if (!opened.ok) throw new PaintProblem(opened.error);
    this.#painting = { painting: opened.value, width, height };
    return opened.value;
  }

  #readyFor(picture: OverlayPicture): Blend {
    const blend = this.#ready.get(picture) ?? blendOf(picture);
    this.#ready.set(picture, blend);
    return blend;
  }
}
