import { useEffect, useState } from 'react';
import { useSurroundings } from '../workspace/context.tsx';

/** Whether steps may go to the browser's own encoders; yes until it is known. */
export function useBrowserEncodes(): boolean {
  const { studio } = useSurroundings();
  const [encodes, setEncodes] = useState(true);
  useEffect(() => {
    let gone = false;
    studio.diagnostics.capabilities().then(
      ({ engines }) => {
        if (!gone) setEncodes(engines.includes('webcodecs'));
      },
      // Closed meanwhile: nothing is exported any more.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [studio]);
  return encodes;
}
