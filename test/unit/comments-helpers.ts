/** Comments for unit tests. */
import type { AnnotationId, AssetId } from '../../src/core/base/ids.ts';
import type { Annotation } from '../../src/core/schema/annotation.ts';

/** A comment; what is left out is empty. */
export function comment(
  id: string,
  more: Partial<Omit<Annotation, 'assetId'>> & { readonly assetId?: string } = {},
): Annotation {
  const { assetId = 'asset-a', ...rest } = more;
  return {
    version: 1,
    id: id as AnnotationId,
    assetId: assetId as AssetId,
    timeUs: 0,
    durationUs: null,
    text: id,
    author: 'Ann',
    color: '#ff4d4f',
    category: null,
    shapes: [],
    replies: [],
    resolved: null,
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    ...rest,
  };
}
