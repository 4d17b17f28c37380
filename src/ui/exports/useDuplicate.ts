import { useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { holdsRanges, nameOfCopy } from './choices.ts';

/** Puts what an export was made with into the export panel; asks before ranges of the reel would go. */
export function useDuplicate(
  record: Export,
  onLeave: (() => void) | undefined,
): {
  readonly asking: boolean;
  /** Ranges of the reel, and of the export. */
  readonly mine: number;
  readonly theirs: number;
  readonly start: () => void;
  readonly answer: (replace: boolean) => void;
  readonly cancel: () => void;
} {
  const t = useT();
  const { studio, workspace, announce } = useSurroundings();
  const [mine, setMine] = useState<number | null>(null);
  const { spec, name } = record;
  const take = (ranges: boolean): void => {
    setMine(null);
    const taken = studio.exports.get().map(({ record: other }) => other.name);
    const withRanges = workspace.takeOver({ ...spec, name: nameOfCopy(name, taken) }, ranges);
    announce(t(withRanges ? 'job.duplicatedRanges' : 'job.duplicated', { name }));
    onLeave?.();
  };
  return {
    asking: mine !== null,
    mine: mine ?? 0,
    theirs: spec.segments.length,
    start() {
      const { clips } = studio.document.get().document;
      if (clips.length === 0) take(true);
      else if (holdsRanges(clips, spec)) take(false);
      else setMine(clips.length);
    },
    answer: take,
    cancel() {
      setMine(null);
    },
  };
}
