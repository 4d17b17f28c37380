import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';

/** A polite live region, and the same words as a short notice for eyes. */
export function useAnnouncer(): {
  readonly announce: (text: string, options?: { readonly quiet?: boolean }) => void;
  readonly region: ReactNode;
} {
  const [spoken, setSpoken] = useState('');
  const [shown, setShown] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const announce = useCallback((text: string, options: { readonly quiet?: boolean } = {}) => {
    // The same sentence twice has to differ, or it is not read again.
    setSpoken((before) => (before === text ? `${text}\u00a0` : text));
    if (options.quiet === true) return;
    setShown(text);
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setShown(null);
    }, 3600);
  }, []);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  const region = (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
        {spoken}
      </div>
      {shown === null ? null : (
        <div className="toast" aria-hidden="true">
          {shown}
        </div>
      )}
    </>
  );
  return { announce, region };
}
