/** Made-up comments for the tests of the interface. */
import type { AnnotationId, AssetId } from '../../../src/core/base/ids.ts';
import { annotationOf, type Annotation } from '../../../src/core/schema/annotation.ts';
import { listComments, type Timed } from '../../../src/ui/review/comments.ts';

let made = 0;

export function comment(timeUs: number | null, part: Partial<Annotation> = {}): Annotation {
  made += 1;
  const id = `c${String(made)}` as AnnotationId;
  const isoNow = new Date(Date.UTC(2026, 10, 20, 10, 0, made)).toISOString();
  const own = annotationOf(
    { timeUs, text: 'A comment', author: 'Ana' },
    { id, assetId: 'a1' as AssetId, isoNow },
  );
  return { ...own, ...part };
}

export function timedOf(...comments: readonly Annotation[]): readonly Timed[] {
  return listComments(comments).timed;
}
