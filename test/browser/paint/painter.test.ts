import { beforeAll, describe, expect, it } from 'vitest';
import { locateAssets } from '../../../src/app/assets.ts';
import { fontOf, FONT_FAMILY, loadPaintFonts } from '../../../src/paint/fonts.ts';
import { paintOverlay } from '../../../src/paint/overlay.ts';
import type { Context2D, PaintComment, PaintStrip } from '../../../src/paint/types.ts';

const SIZE = { width: 640, height: 360 };

const comment = (more: Partial<PaintComment> = {}): PaintComment => ({
  number: 1,
  text: '',
  author: '',
  color: '#ff0000',
  category: null,
  shapes: [],
  replies: 0,
  ...more,
});

function canvas(): OffscreenCanvasRenderingContext2D {
  const ctx = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d', { willReadFrequently: true });
  if (ctx === null) throw new Error('no canvas');
  return ctx;
}

/** Pixels of what is painted on nothing. */
function painted(visible: readonly PaintComment[], strip: PaintStrip | null = null): ImageData {
  const ctx = canvas();
  paintOverlay(ctx, SIZE, visible, strip);
  return ctx.getImageData(0, 0, SIZE.width, SIZE.height);
}

/** A pixel in 0..1 of the picture. */
function at({ data }: ImageData, x: number, y: number): readonly number[] {
  const start = (Math.round(y * SIZE.height) * SIZE.width + Math.round(x * SIZE.width)) * 4;
  return [...data.subarray(start, start + 4)];
}

const RED = [255, 0, 0, 255];

beforeAll(async () => {
  expect(await loadPaintFonts(document.fonts, locateAssets(undefined).fonts)).toMatchObject({ ok: true });
});

describe('the painter', () => {
  it.each([
    ['box', { kind: 'box', x: 0.25, y: 0.25, w: 0.5, h: 0.5 }, [0.5, 0.25], [0.5, 0.5]],
    [
      'a box drawn from its lower right',
      { kind: 'box', x: 0.75, y: 0.75, w: -0.5, h: -0.5 },
      [0.5, 0.25],
      [0.5, 0.5],
    ],
    ['ellipse', { kind: 'ellipse', x: 0.25, y: 0.25, w: 0.5, h: 0.5 }, [0.75, 0.5], [0.3, 0.3]],
    ['arrow', { kind: 'arrow', x1: 0.2, y1: 0.5, x2: 0.8, y2: 0.5 }, [0.5, 0.5], [0.5, 0.6]],
    [
      'freehand',
      {
        kind: 'freehand',
        points: [
          [0.2, 0.5],
          [0.5, 0.5],
          [0.8, 0.5],
        ],
      },
      [0.5, 0.5],
      [0.5, 0.6],
    ],
  ] as const)(
    'draws a %s in its colour where it is, and nothing beside it',
    (_name, shape, inside, outside) => {
      const picture = painted([comment({ shapes: [shape] })]);
      const [red = 0, green = 255, , alpha = 0] = at(picture, inside[0], inside[1]);
      expect(Math.min(red, 255 - green, alpha)).toBeGreaterThan(240);
      expect(at(picture, outside[0], outside[1])).toEqual([0, 0, 0, 0]);
    },
  );

  it('puts a dark rim about light shapes and a light one about dark ones', () => {
    const rim = (color: string): readonly number[] => {
      const picture = painted([
        comment({ color, shapes: [{ kind: 'box', x: 0.25, y: 0.25, w: 0.5, h: 0.5 }] }),
      ]);
      return at(picture, 0.5, (0.25 * SIZE.height - 2) / SIZE.height);
    };
    const [dark = 255] = rim('#ffffff');
    const [light = 0] = rim('#101010');
    expect(dark).toBeLessThan(90);
    expect(light).toBeGreaterThan(160);
  });

  it('numbers a shape at its corner', () => {
    const shapes = [{ kind: 'box', x: 0.3, y: 0.4, w: 0.2, h: 0.2 }] as const;
    const picture = painted([comment({ shapes: [...shapes], number: 8 })]);
    // The badge is round: left of the corner there is no stroke of the box.
    expect(at(picture, 0.3 - 4 / SIZE.width, 0.4 - 2 / SIZE.height)).toEqual(RED);
  });

  it("writes Korean and Latin with the bundled font, not with the machine's", () => {
    const ctx = canvas();
    const width = (font: string, text: string): number => {
      ctx.font = font;
      return ctx.measureText(text).width;
    };
    for (const text of ['하늘 색이 이상합니다', 'Please fix the sky']) {
      expect(document.fonts.check(fontOf(20, 'regular'), text)).toBe(true);
      expect(width(fontOf(20, 'regular'), text)).not.toBeCloseTo(width('20px monospace', text), 1);
      expect(width(fontOf(20, 'bold'), text)).not.toBeCloseTo(width(fontOf(20, 'regular'), text), 3);
    }
    // Letters that a font lacks all come out as wide as its box.
    const widths = ['하', '늘', '이', 'i', 'W'].map((letter) => width(`20px "${FONT_FAMILY}"`, letter));
    expect(new Set(widths).size).toBeGreaterThan(2);
  });

  it('shows the timecode on the right and the name on the left of a strip along the lower edge', () => {
    const lit = (picture: ImageData, from: number, to: number): number => {
      let count = 0;
      for (let x = from; x < to; x += 1 / SIZE.width) if ((at(picture, x, 0.979)[0] ?? 0) > 120) count += 1;
      return count;
    };
    const both = painted([], { timecode: '00:00:12:07', name: '촬영본.mp4' });
    expect(lit(both, 0, 0.3)).toBeGreaterThan(2);
    expect(lit(both, 0.8, 0.99)).toBeGreaterThan(2);
    const name = painted([], { timecode: null, name: '촬영본.mp4' });
    expect(lit(name, 0.8, 0.99)).toBe(0);
    expect(at(both, 0.5, 0.9)).toEqual([0, 0, 0, 0]);
  });

  it('paints every timecode differently, its digits in their places', () => {
    const seen = new Set<string>();
    for (let frame = 0; frame < 25; frame += 1) {
      const { data } = painted([], { timecode: `00:00:00:${String(frame).padStart(2, '0')}`, name: null });
      seen.add(data.join());
    }
    expect(seen.size).toBe(25);
  });

  it('keeps the transform of its caller, and leaves the context as it was', () => {
    const ctx: Context2D & Pick<OffscreenCanvasRenderingContext2D, 'translate' | 'rotate' | 'getImageData'> =
      canvas();
    ctx.fillStyle = '#123456';
    ctx.translate(SIZE.width, SIZE.height);
    ctx.rotate(Math.PI);
    paintOverlay(ctx, SIZE, [comment({ shapes: [{ kind: 'box', x: 0.1, y: 0.25, w: 0.2, h: 0.5 }] })], null);
    expect(ctx.fillStyle).toBe('#123456');
    const picture = ctx.getImageData(0, 0, SIZE.width, SIZE.height);
    expect(at(picture, 0.8, 0.75)).toEqual(RED);
    expect(at(picture, 0.2, 0.25)).toEqual([0, 0, 0, 0]);
  });

  it('says so when the font is not there', async () => {
    const fonts = { regular: '/no-such-font.woff2', bold: '/no-such-font.woff2' };
    const place = { add: () => document.fonts };
    expect(await loadPaintFonts(place, fonts)).toMatchObject({
      ok: false,
      error: { code: 'engine_failed', reason: 'font_missing' },
    });
    // It is tried again by the next one who asks.
    expect(await loadPaintFonts(place, locateAssets(undefined).fonts)).toMatchObject({ ok: true });
  });
});
