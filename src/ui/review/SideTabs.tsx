import { useT } from '../messages/i18n.tsx';
import { useSurroundings, useWatchPart, useWorkspace } from '../workspace/context.tsx';
import type { Side } from '../workspace/workspace.ts';
import { useOpenComments } from './useReview.ts';

const SIDES: readonly Side[] = ['cut', 'comments'];

/** What stands on the right of wide screens. Narrow ones have the bar of rooms instead. */
export function SideTabs() {
  const t = useT();
  const { studio, workspace } = useSurroundings();
  const side = useWorkspace((state) => state.side);
  const open = useOpenComments();
  const ranges = useWatchPart(studio.document, (state) => state.document.clips.length);
  const counts: Readonly<Record<Side, number>> = { cut: ranges, comments: open };
  return (
    <div className="side-tabs" role="tablist" aria-label={t('review.sides')}>
      {SIDES.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`side-${one}`}
          aria-selected={one === side}
          aria-controls={one === 'comments' ? 'room-comments' : 'room-ranges'}
          tabIndex={one === side ? 0 : -1}
          onClick={() => {
            workspace.showSide(one);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
            event.preventDefault();
            const next = one === 'cut' ? 'comments' : 'cut';
            workspace.showSide(next);
            document.getElementById(`side-${next}`)?.focus();
          }}
        >
          {t(one === 'cut' ? 'review.sideCut' : 'review.title')}
          {counts[one] === 0 ? null : <span className="side-count">{counts[one]}</span>}
        </button>
      ))}
    </div>
  );
}
