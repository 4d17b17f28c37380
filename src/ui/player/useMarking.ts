import { rateOf, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import type { DroppedMark } from '../workspace/workspace.ts';

/** Marking and adding a range, with the words that say what happened; for buttons, fields and keys alike. */
export function useMarking(): {
  readonly markIn: () => void;
  readonly markOut: () => void;
  readonly setMark: (which: 'inUs' | 'outUs', us: number) => void;
  readonly addRange: () => void;
} {
  const t = useT();
  const { workspace, announce } = useSurroundings();
  const tell = (dropped: DroppedMark): void => {
    if (dropped === 'outUs') announce(t('transport.outDropped'));
    if (dropped === 'inUs') announce(t('transport.inDropped'));
  };
  return {
    markIn: () => {
      tell(workspace.markIn());
    },
    markOut: () => {
      tell(workspace.markOut());
    },
    setMark: (which, us) => {
      tell(workspace.setMark(which, us));
    },
    addRange: () => {
      const added = workspace.addRange();
      if (added === null) return;
      const rate = rateOf(workspace.assetOf(workspace.get().assetId)?.asset ?? null);
      announce(
        t('transport.rangeAdded', {
          n: added.number,
          start: timecode(added.startUs, rate),
          end: timecode(added.endUs, rate),
        }),
      );
    },
  };
}
