/** An example of what a step carries that paints. */
import { PAINTER_VERSION, type PaintFonts, type StepOverlay } from '../../../src/core/schema/overlay.ts';

export const FONTS: PaintFonts = {
  regular: 'https://x.test/regular.woff2',
  bold: 'https://x.test/bold.woff2',
};

export const OVERLAY: StepOverlay = {
  painter: PAINTER_VERSION,
  rotation: 90,
  comments: [
    {
      comment: {
        number: 1,
        text: '하늘 색',
        author: 'Dana',
        color: '#ff4d4f',
        category: null,
        shapes: [
          { kind: 'box', x: 0.1, y: 0.2, w: 0.3, h: 0.4 },
          { kind: 'freehand', points: [[0.5, -1] as const, [2, 0.25] as const] },
          { kind: 'text', x: 0, y: 0, text: '여기' },
        ],
        replies: 2,
      },
      fromUs: 1_001_000,
      untilUs: 1_501_500,
    },
  ],
  strip: { name: '결승전.mp4', timecode: { rate: null, timesUs: [1_001_000, 1_034_000] } },
};
