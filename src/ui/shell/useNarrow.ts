import { useSyncExternalStore } from 'react';

/** The width below which one room is shown at a time; the same as in styles/narrow.css. */
const NARROW = '(max-width: 820px)';

/** Whether one room is shown at a time. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => {
    query.removeEventListener('change', listener);
  };
}
