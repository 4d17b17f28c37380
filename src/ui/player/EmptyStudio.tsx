import { useT } from '../messages/i18n.tsx';
import { LicencesLink } from '../parts/LicencesLink.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { ImportList } from '../media/ImportList.tsx';
import { useNarrow } from '../shell/useNarrow.ts';
import { useSurroundings, useTask } from '../workspace/context.tsx';

/** The first thing a person sees: what to do, and that nothing leaves the machine. */
export function EmptyStudio() {
  const t = useT();
  const { studio, pickFiles, pickFolder } = useSurroundings();
  const sample = useTask();
  const narrow = useNarrow();
  return (
    <section className="welcome" aria-labelledby="welcome-title">
      <div className="welcome-card">
        <div className="welcome-strip" aria-hidden="true">
          {Array.from({ length: 9 }, (_, cell) => (
            <span key={cell} className={cell === 3 || cell === 4 || cell === 5 ? 'is-kept' : ''} />
          ))}
        </div>
        <h2 id="welcome-title">{t('empty.title')}</h2>
        <p className="welcome-body">{t('empty.body')}</p>
        <div className="welcome-actions">
          <Button tone="primary" icon="film" onClick={pickFiles}>
            {t('empty.chooseFiles')}
          </Button>
          <Button icon="folder" onClick={pickFolder}>
            {t('empty.chooseFolder')}
          </Button>
        </div>
        <p className="welcome-sample">
          <span>{t('empty.or')}</span>
          <Button
            tone="quiet"
            icon="play"
            disabled={sample.busy}
            onClick={() => void sample.run(() => studio.openSample())}
          >
            {sample.busy ? t('empty.sampleOpening') : t('empty.sample')}
          </Button>
        </p>
        {sample.failure === null ? null : <FailureNote failure={sample.failure} onDismiss={sample.clear} />}
        {narrow ? <ImportList /> : null}
        <p className="welcome-private">
          <Icon name="shield" size={18} />
          <span>
            <strong>{t('app.private')}</strong>
            {t('app.privateLong')}
          </span>
        </p>
        <p className="welcome-facts">
          {t('empty.formats')} · <LicencesLink />
        </p>
      </div>
    </section>
  );
}
