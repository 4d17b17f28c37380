import { useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { authorName } from './parts.tsx';

/** Goes to the comment before or after the frame on display, and says which. */
export function useJump(): (direction: 1 | -1) => void {
  const t = useT();
  const { desk, announce } = useSurroundings();
  return (direction) => {
    const to = desk.step(direction);
    if (to === null) {
      announce(t(direction === 1 ? 'review.noNext' : 'review.noPrevious'));
      return;
    }
    const { author, text } = to.comment;
    announce(t('review.spoken', { n: to.number, author: authorName(author, t), text }), { quiet: true });
  };
}
