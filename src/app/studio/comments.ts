/** Makes new comments and replies, as a person writes them. */
import type { AnnotationId, AssetId } from '../../core/base/ids.ts';
import {
  annotationOf,
  type Annotation,
  type AnnotationInput,
  type Reply,
} from '../../core/schema/annotation.ts';
import { browserClock } from '../clock.ts';
import { newId } from '../ids.ts';

/** A new comment on an asset. */
export function newComment(assetId: AssetId, input: AnnotationInput): Annotation {
  const shapes = input.shapes === undefined ? undefined : [...input.shapes];
  return annotationOf(
    { ...input, shapes },
    { id: newId<AnnotationId>('annotation'), assetId, isoNow: browserClock.iso() },
  );
}

/** A new answer. */
export function newReply(author: string, text: string): Reply {
  return {
    id: newId('reply'),
    author: author.normalize('NFC'),
    text: text.normalize('NFC'),
    createdAt: browserClock.iso(),
  };
}
