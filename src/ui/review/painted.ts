/** What of the comments is painted on the picture, in the painter's words. Pure. */
import type { PaintComment } from '../../app/painter.ts';
import type { Timed } from './comments.ts';
import type { Draft } from './desk.ts';

/** A comment as it is burned in. */
export function paintOf({ comment, number }: Timed): PaintComment {
  const { text, author, color, category, shapes, replies } = comment;
  return { number, text, author, color, category, shapes, replies: replies.length };
}

/** What is drawn now: shapes only, so that nothing stands in the way of the next one. */
export function paintOfDraft(
  { color, shapes }: Pick<Draft, 'color' | 'shapes'>,
  number: number,
): PaintComment {
  return { number, text: '', author: '', color, category: null, shapes, replies: 0 };
}

/** The number that a draft has, or will have when it is sent. */
export function numberOf(draft: Draft, timed: readonly Timed[]): number {
  const own = timed.find(({ comment }) => comment.id === draft.id);
  if (own !== undefined) return own.number;
  return timed.filter(({ fromUs }) => fromUs <= (draft.timeUs ?? Infinity)).length + 1;
}
