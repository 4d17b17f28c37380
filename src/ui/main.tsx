/** The page's entry: makes the studio and shows it, or says why it cannot start. */
import { createRoot } from 'react-dom/client';
import { keepOffline } from '../app/offline.ts';
import { createStudio } from '../app/studio/create.ts';
import { browserLanguage, Messages } from './messages/i18n.tsx';
import { accessOf } from './review/access.ts';
import { mountStudio } from './mount.tsx';
import { StartProblem } from './StartProblem.tsx';
import { asFailure } from './workspace/context.tsx';

const element = document.getElementById('studio');
if (element === null) throw new Error('The page has no place for the studio');

createStudio(accessOf(new URLSearchParams(location.search))).then(
  (studio) => {
    element.replaceChildren();
    mountStudio(element, studio);
    keepOffline();
  },
  (error: unknown) => {
    element.replaceChildren();
    createRoot(element).render(
      <Messages language={browserLanguage()}>
        <StartProblem failure={asFailure(error)} />
      </Messages>,
    );
  },
);
