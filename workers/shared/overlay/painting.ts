/** What is painted on the pictures of a step, picture by picture: on a canvas of a worker, as 4:2:0 with alpha. */
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import { stripAt, visibleAt } from '../../../src/core/plan/overlay-times.ts';
import { outputMatrix } from '../../../src/core/schema/color.ts';
import type { PaintFonts, StepOverlay } from '../../../src/core/schema/overlay.ts';
import type { EncodeVideoStep, VideoSettings } from '../../../src/core/schema/plan.ts';
import { loadPaintFonts } from '../../../src/paint/fonts.ts';
import { stripHeight } from '../../../src/paint/layout.ts';
import { paintComments, paintStrip } from '../../../src/paint/overlay.ts';
import type { Rect, Size } from '../../../src/paint/types.ts';
import { paintColor, toPicture, type OverlayPicture, type PaintColor } from './picture.ts';

/** What a step paints with. */
export interface PaintRequest {
  readonly overlay: StepOverlay;
  readonly fonts: PaintFonts;
}

/** Where the picture itself lies in what is encoded, and how it is turned. */
interface Place {
  /** Size of the pictures that are painted on. */
  readonly frame: Size;
  /** As displayed, in the output's own pixels: what the painter lays out for. */
  readonly shown: Size;
  /** From the painter's coordinates to those of the frame: `DOMMatrix` a to f. */
  readonly matrix: readonly [number, number, number, number, number, number];
}

/**
 * Black borders stay free: shapes belong to the picture between them.
 *
 * @param frame size of the pictures that are painted on: the source's own where the encoder scales them afterwards
 */
function placeOf({ filter }: Pick<EncodeVideoStep, 'filter'>, { rotation }: StepOverlay, frame: Size): Place {
  const padded = filter.fit === 'pad';
  const width = padded ? filter.innerWidth : filter.width;
  const height = padded ? filter.innerHeight : filter.height;
  // As both engines place it: on an even pixel.
  const left = padded ? Math.floor((filter.width - width) / 4) * 2 : 0;
  const top = padded ? Math.floor((filter.height - height) / 4) * 2 : 0;
  const [sx, sy] = [frame.width / filter.width, frame.height / filter.height];
  // Players will turn the stored picture clockwise: what is painted is turned back.
  const turns = {
    0: [1, 0, 0, 1, 0, 0],
    90: [0, -1, 1, 0, 0, height],
    180: [-1, 0, 0, -1, width, height],
    270: [0, 1, -1, 0, width, 0],
  } as const;
  const [a, b, c, d, e, f] = turns[rotation];
  const sideways = rotation === 90 || rotation === 270;
  return {
    frame,
    shown: sideways ? { width: height, height: width } : { width, height },
    matrix: [a * sx, b * sy, c * sx, d * sy, (e + left) * sx, (f + top) * sy],
  };
}

/** The even rectangle of the frame that a rectangle of the painter covers. */
function covered({ matrix: [a, b, c, d, e, f], frame }: Place, rect: Rect): Rect {
  const xs = [rect.x, rect.x + rect.w].flatMap((x) =>
    [rect.y, rect.y + rect.h].map((y) => a * x + c * y + e),
  );
  const ys = [rect.x, rect.x + rect.w].flatMap((x) =>
    [rect.y, rect.y + rect.h].map((y) => b * x + d * y + f),
  );
  const low = (values: readonly number[]): number => Math.max(0, Math.floor(Math.min(...values) / 2) * 2);
  const high = (values: readonly number[], limit: number): number =>
    Math.min(limit, Math.ceil(Math.max(...values) / 2) * 2);
  const [x, y] = [low(xs), low(ys)];
  return { x, y, w: high(xs, frame.width) - x, h: high(ys, frame.height) - y };
}

function stripPlace(place: Place): Rect {
  const { shown } = place;
  const height = stripHeight(shown);
  return covered(place, { x: 0, y: shown.height - height, w: shown.width, h: height });
}

/** Sets of comments whose picture is kept: an encoder's trial run starts over. */
const KEPT = 3;

/** Paints the pictures of one step. */
export class Painting {
  readonly #overlay: StepOverlay;
  readonly #place: Place;
  readonly #color: PaintColor;
  readonly #ctx: OffscreenCanvasRenderingContext2D;
  readonly #kept = new Map<string, OverlayPicture | null>();

  private constructor(
    overlay: StepOverlay,
    place: Place,
    color: PaintColor,
    ctx: OffscreenCanvasRenderingContext2D,
  ) {
    this.#overlay = overlay;
    this.#place = place;
    this.#color = color;
    this.#ctx = ctx;
  }

  /** Loads the font and makes a canvas. `engine_failed`/`font_missing`, `engine_failed`/`step_failed`. */
  static async open(
    request: PaintRequest,
    step: Pick<EncodeVideoStep, 'filter'>,
    settings: Pick<VideoSettings, 'color' | 'height'>,
    frame: Size,
  ): Promise<Result<Painting, Failure>> {
    const place = placeOf(step, request.overlay, frame);
    if (typeof OffscreenCanvas === 'undefined') return err(noCanvas());
    const fonts = await loadPaintFonts((globalThis as unknown as WorkerGlobalScope).fonts, request.fonts);
    if (!fonts.ok) return fonts;
    const ctx = new OffscreenCanvas(frame.width, frame.height).getContext('2d', { willReadFrequently: true });
    if (ctx === null) return err(noCanvas());
    const color = paintColor(outputMatrix(settings), settings.color.fullRange ?? false);
    return ok(new Painting(request.overlay, place, color, ctx));
  }

  /** What the comments of the frame at an asset time look like; null where there are none. */
  comments(assetUs: number): OverlayPicture | null {
    const visible = visibleAt(this.#overlay, assetUs);
    const name = visible.map(({ number }) => number).join();
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const { shown, frame } = this.#place;
    const picture =
      visible.length === 0
        ? null
        : this.#painted({ x: 0, y: 0, w: frame.width, h: frame.height }, () => {
            paintComments(this.#ctx, shown, visible, this.#overlay.strip !== null);
          });
    this.#kept.set(name, picture);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return picture;
  }

  /** Names what the comments of a frame look like: the same name, the same picture. */
  nameOf(assetUs: number): string {
    return visibleAt(this.#overlay, assetUs)
      .map(({ number }) => number)
      .join();
  }

  /** What the strip of the frame at an asset time looks like; null where there is none. */
  strip(assetUs: number): OverlayPicture | null {
    const { strip } = this.#overlay;
    if (strip === null) return null;
    return this.#painted(this.stripPlace(), () => {
      paintStrip(this.#ctx, this.#place.shown, stripAt(strip, assetUs));
    });
  }

  /** The even rectangle of the frame that the strip lies in. */
  stripPlace(): Rect {
    return stripPlace(this.#place);
  }

  #painted(rect: Rect, paint: () => void): OverlayPicture | null {
    const ctx = this.#ctx;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(rect.x, rect.y, rect.w, rect.h);
    ctx.setTransform(...this.#place.matrix);
    paint();
    const pixels = ctx.getImageData(rect.x, rect.y, rect.w, rect.h);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(rect.x, rect.y, rect.w, rect.h);
    return toPicture(pixels, rect.x, rect.y, this.#color);
  }
}

function noCanvas(): Failure {
  return failure(
    'engine_failed',
    'step_failed',
    'This browser has no canvas in workers to paint comments on.',
  );
}
