import { useEffect } from 'react';
import { useT } from '../messages/i18n.tsx';

/** The title of the page in the language of the interface. */
export function usePageTitle(): void {
  const title = useT()('app.title');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
