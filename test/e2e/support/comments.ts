/** Comments for exports: Korean, hostile, with shapes, without a time. */
import type { Page } from '@playwright/test';
import type { Annotation, AnnotationInput, AssetId } from '../../../src/app/api/types.ts';

/** In the order of the film at 25 frames a second; the last but one lies behind ten seconds, the last on no frame. */
export const COMMENTS: readonly AnnotationInput[] = [
  {
    timeUs: 1_000_000,
    text: '결승골 장면, "여기"를 강조\n둘째 줄',
    author: '김민준',
    category: '편집',
    color: '#22c55e',
    createdAt: '2026-11-19T08:30:00.000Z',
    shapes: [
      // Beside the marks that tell the frames of generated clips.
      { kind: 'box', x: 0.72, y: 0.7, w: 0.2, h: 0.2 },
      { kind: 'text', x: 0.72, y: 0.1, text: '골' },
    ],
  },
  { timeUs: 2_400_000, durationUs: 1_200_000, text: '=HYPERLINK("x","y")', author: 'Ann' },
  {
    timeUs: 5_040_000,
    text: '<script>window.hacked=1</script><img src="x" onerror="window.hacked=1">',
    author: '"><svg onload=window.hacked=1>',
  },
  { timeUs: 7_960_000, text: 'a \u202egpj.exe\u202c b, ; \t c', author: '\u202eevil', category: "'>" },
  { timeUs: 11_000_000, text: 'behind the range', author: 'Ann' },
  { timeUs: null, text: '예전 리뷰의 메모 & <b>more</b>', author: '박서준' },
];

/** Adds comments through the API, and answers with their records in the order of the film. */
export async function addComments(
  page: Page,
  assetId: AssetId,
  items: readonly AnnotationInput[],
): Promise<readonly Annotation[]> {
  return page.evaluate(
    async ([id, list]) => {
      await window.reelkeep.addAnnotations(id, list);
      return window.reelkeep.listAnnotations(id);
    },
    [assetId, items] as const,
  );
}
