import { useState } from 'react';
import { useT } from '../messages/i18n.tsx';
import { Button, Confirm } from '../parts/controls.tsx';
import { useSurroundings } from '../workspace/context.tsx';

/** Saving and clearing the log. */
export function ActivityFooter({
  empty,
  onChanged,
}: {
  /** There is nothing to save or to clear. */
  readonly empty: boolean;
  /** Read it again. */
  readonly onChanged: () => void;
}) {
  const t = useT();
  const { diagnostics } = useSurroundings().studio;
  const [asks, setAsks] = useState(false);
  const [news, setNews] = useState<'activity.saved' | 'activity.saveFailed' | 'activity.cleared' | null>(
    null,
  );
  const save = (): void => {
    diagnostics.saveLog().then(
      (result) => {
        setNews(!result.ok ? 'activity.saveFailed' : result.value === 'dismissed' ? null : 'activity.saved');
      },
      () => {
        setNews('activity.saveFailed');
      },
    );
  };
  const clear = (): void => {
    setAsks(false);
    const done = (): void => {
      setNews('activity.cleared');
      onChanged();
    };
    diagnostics.clearLog().then(done, done);
  };
  if (asks) {
    return (
      <footer className="is-asking">
        <Confirm
          question={t('activity.clearAsk')}
          yes={t('activity.clear')}
          no={t('app.cancel')}
          onYes={clear}
          onNo={() => {
            setAsks(false);
          }}
        />
      </footer>
    );
  }
  return (
    <footer>
      <p className="diagnostics-news" role="status">
        {news === null ? null : t(news)}
      </p>
      <div className="diagnostics-actions">
        <Button icon="retry" tone="quiet" onClick={onChanged}>
          {t('activity.refresh')}
        </Button>
        <Button
          icon="trash"
          disabled={empty}
          onClick={() => {
            setAsks(true);
          }}
        >
          {t('activity.clear')}
        </Button>
        <Button icon="download" tone="primary" disabled={empty} onClick={save}>
          {t('activity.save')}
        </Button>
      </div>
    </footer>
  );
}
