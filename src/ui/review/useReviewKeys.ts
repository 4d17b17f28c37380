import { useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { useJump } from './useJump.ts';
import { listComments } from './comments.ts';
import { commentsOfAsset } from '../core.ts';

/** What the keyboard of the page does with comments. */
export function useReviewKeys(): {
  readonly write: () => void;
  readonly search: () => void;
  readonly jump: (direction: 1 | -1) => void;
  /** Whether Delete is about what lies on the reviewer's desk, and not about the reel. */
  readonly removes: () => boolean;
  readonly remove: () => void;
} {
  const t = useT();
  const { studio, workspace, desk, announce } = useSurroundings();
  const jump = useJump();
  return {
    jump,
    write: () => {
      if (workspace.get().room !== 'player') workspace.showRoom('player');
      if (desk.begin() === null) return;
      // Later: on narrow screens the room has to be there first.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('.composer textarea')?.focus());
    },
    search: () => {
      workspace.showRoom('comments');
      requestAnimationFrame(() => document.getElementById('comment-search')?.focus());
    },
    removes: () => workspace.get().side === 'comments' && desk.get().selected !== null,
    remove: () => {
      const id = desk.get().selected;
      const comment = id === null ? null : desk.commentOf(id);
      if (comment === null) return;
      const { timed } = listComments(commentsOfAsset(studio.review.get(), comment.assetId));
      const number = timed.find((one) => one.comment.id === comment.id)?.number;
      desk.remove(comment.id);
      announce(number === undefined ? t('review.removedUntimed') : t('review.removed', { n: number }));
    },
  };
}
