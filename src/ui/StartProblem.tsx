import { useT } from './messages/i18n.tsx';
import { Button } from './parts/controls.tsx';
import { Logo } from './parts/icons.tsx';
import type { Failure } from '../core/base/failure.ts';
import { usePageTitle } from './shell/usePageTitle.ts';

/** Shown instead of the studio when it cannot start. */
export function StartProblem({ failure }: { readonly failure: Failure }) {
  const t = useT();
  usePageTitle();
  return (
    <main className="start-problem" role="alert">
      <Logo size={32} />
      <h1>{t('app.startFailed')}</h1>
      <p>{t(`failure.${failure.reason}`)}</p>
      <p>{t('app.startHint')}</p>
      <code>
        {failure.code} / {failure.reason}
        {failure.message === '' ? '' : `\n${failure.message}`}
      </code>
      <Button
        tone="primary"
        icon="retry"
        onClick={() => {
          location.reload();
        }}
      >
        {t('app.reload')}
      </Button>
    </main>
  );
}
