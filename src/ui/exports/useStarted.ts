import type { Export } from '../../core/schema/export.ts';
import { useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { startsLater } from './job-text.ts';

/** Says that an export was made: that it starts, or that it waits for others. */
export function useStarted(): (made: Export) => void {
  const t = useT();
  const { studio, announce } = useSurroundings();
  return (made) => {
    const later = startsLater(made, studio.exports.get());
    announce(t(later ? 'export.queued' : 'export.started', { name: made.name }));
  };
}
