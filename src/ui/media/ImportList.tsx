import type { ImportItem } from '../../app/studio/types.ts';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';

const ICONS: Readonly<Record<ImportItem['state'], IconName>> = {
  waiting: 'file',
  reading: 'file',
  done: 'check',
  known: 'check',
  linked: 'link',
  failed: 'warning',
};

/** Imports under way and ended; gone when there is nothing to tell any more. */
export function ImportList() {
  const t = useT();
  const { studio } = useSurroundings();
  const imports = useWatch(studio.imports);
  const running = imports.some((item) => item.state === 'waiting' || item.state === 'reading');
  const worthTelling = imports.filter((item) => running || item.state !== 'done');
  if (worthTelling.length === 0) return null;
  return (
    <section className="imports" aria-label={t('media.importing')} aria-live="polite" aria-busy={running}>
      <header>
        <h3>{t('media.importing')}</h3>
        {running ? null : (
          <IconButton
            icon="close"
            size={14}
            label={t('media.clear')}
            onClick={() => {
              studio.clearImports();
            }}
          />
        )}
      </header>
      <ul>
        {worthTelling.map((item) => (
          <li key={item.id} className={`import import-${item.state}`}>
            {item.state === 'reading' ? (
              <span className="spinner" />
            ) : (
              <Icon name={ICONS[item.state]} size={14} />
            )}
            <div>
              <span className="import-name" title={item.name}>
                <bdi>{item.name}</bdi>
              </span>
              <span className="import-state">
                {item.failure === null ? t(`importState.${item.state}`) : t(`failure.${item.failure.reason}`)}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
