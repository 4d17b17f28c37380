import { useCallback, useEffect, useState } from 'react';
import type { Activity } from '../../app/studio/types.ts';
import { useSurroundings } from '../workspace/context.tsx';

/** What the machine did, and where reading it stands. */
export type ActivityState =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'read'; readonly activity: Activity };

/** Reads the activity when it is shown, and again when asked to. What was read stays on the screen meanwhile. */
export function useActivity(): { readonly shown: ActivityState; readonly refresh: () => void } {
  const { diagnostics } = useSurroundings().studio;
  const [shown, setShown] = useState<ActivityState>({ state: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    diagnostics.activity().then(
      (activity) => {
        if (!gone) setShown({ state: 'read', activity });
      },
      () => {
        if (!gone) setShown({ state: 'failed' });
      },
    );
    return () => {
      gone = true;
    };
  }, [diagnostics, round]);
  const refresh = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { shown, refresh };
}
