/** What this machine did: key numbers, charts, estimates that were off, and the log. */
import type { Activity } from '../../app/studio/types.ts';
import { moment, size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { ActivityCharts } from './ActivityCharts.tsx';
import { LogTable } from './LogTable.tsx';
import type { ActivityState } from './useActivity.ts';
import { percent, rungName, short, took } from './words.ts';

/** Shows what was read, or where reading stands. */
export function ActivityView({ shown }: { readonly shown: ActivityState }) {
  const t = useT();
  if (shown.state === 'loading') {
    return (
      <p className="activity-wait" role="status">
        <span className="spinner" /> {t('activity.loading')}
      </p>
    );
  }
  if (shown.state === 'failed') {
    return (
      <p className="encoders-none">
        <Icon name="warning" size={20} /> {t('activity.failed')}
      </p>
    );
  }
  const { activity } = shown;
  // That the studio was opened and tidied up is always there, and tells nothing.
  const idle = activity.entries.every(({ event }) => event === 'opened' || event === 'swept');
  if (idle && activity.compared === 0) return <Empty />;
  return (
    <>
      <section aria-label={t('activity.keyNumbers')}>
        <p className="diagnostics-hint">{t('activity.hint')}</p>
        <KeyNumbers activity={activity} />
      </section>
      <ActivityCharts statistics={activity.statistics} />
      <OffEstimates activity={activity} />
      <LogTable entries={activity.entries} />
    </>
  );
}

function Empty() {
  const t = useT();
  return (
    <div className="activity-empty">
      <Icon name="gauge" size={32} />
      <h3>{t('activity.empty')}</h3>
      <p>{t('activity.emptyHint')}</p>
    </div>
  );
}

function KeyNumbers({ activity: { statistics, off, compared } }: { readonly activity: Activity }) {
  const t = useT();
  const language = useLanguage();
  const { jobs, cache, speeds, storage, failedTries, splits, breakers } = statistics;
  const [fastest] = [...speeds].sort((a, b) => b.steps - a.steps);
  const used = storage.at(-1)?.value;
  const fit = compared - off.length;
  return (
    <dl className="key-numbers">
      <Key
        name={t('activity.finished')}
        value={short(jobs.completed, language)}
        note={t('activity.finishedNote', {
          partial: jobs.partial,
          failed: jobs.failed,
          cancelled: jobs.cancelled,
        })}
        bad={jobs.failed + jobs.partial > 0}
      />
      <Key
        name={t('activity.within')}
        value={compared === 0 ? null : percent(fit / compared, language)}
        note={t('activity.withinNote', { fit, all: compared })}
      />
      <Key
        name={t('activity.reuse')}
        value={cache === null ? null : percent(cache.share, language)}
        note={t('activity.reuseNote', { reused: cache?.reused ?? 0, steps: cache?.steps ?? 0 })}
      />
      <Key
        name={t('activity.speed')}
        value={
          fastest === undefined ? null : t('activity.speedValue', { value: short(fastest.median, language) })
        }
        note={
          fastest === undefined
            ? t('activity.nothing')
            : t('activity.speedNote', { rung: rungName(fastest.rung, t) })
        }
      />
      <Key
        name={t('activity.storage')}
        value={used === undefined ? null : size(used, language)}
        note={t('activity.storageNote')}
      />
      <Key
        name={t('activity.tries')}
        value={short(failedTries, language)}
        note={t('activity.triesNote', { splits, breakers })}
      />
    </dl>
  );
}

function Key({
  name,
  value,
  note,
  bad = false,
}: {
  readonly name: string;
  /** Null where nothing is known yet. */
  readonly value: string | null;
  readonly note: string;
  readonly bad?: boolean;
}) {
  return (
    <div className={bad ? 'is-bad' : ''}>
      <dt>{name}</dt>
      <dd>
        <b>{value ?? '–'}</b>
        <small>{note}</small>
      </dd>
    </div>
  );
}

/** Estimates that are listed. */
const MOST_OFF = 12;

function OffEstimates({ activity: { off, compared } }: { readonly activity: Activity }) {
  const t = useT();
  const language = useLanguage();
  return (
    <section>
      <h3 id="off-title">{t('activity.off')}</h3>
      <p className="diagnostics-hint">{t('activity.offHint')}</p>
      {off.length === 0 ? (
        <p className="encoders-none">
          <Icon name={compared === 0 ? 'gauge' : 'check'} size={20} />
          {t(compared === 0 ? 'activity.offNothing' : 'activity.offNone')}
        </p>
      ) : (
        <div className="log-scroll" role="region" tabIndex={0} aria-labelledby="off-title">
          <table className="off" aria-labelledby="off-title">
            <thead>
              <tr>
                <th scope="col">{t('activity.export')}</th>
                <th scope="col">{t('activity.offTime')}</th>
                <th scope="col">{t('activity.offBytes')}</th>
                <th scope="col">{t('activity.offStorage')}</th>
              </tr>
            </thead>
            <tbody>
              {off.slice(0, MOST_OFF).map(({ id, name, completedAt, offs }) => (
                <tr key={id}>
                  <th scope="row">
                    <bdi className="off-name" title={name}>
                      {name}
                    </bdi>
                    <small>{moment(completedAt, language)}</small>
                  </th>
                  {(['time', 'bytes', 'storage'] as const).map((what) => (
                    <td key={what}>
                      <OffCell off={offs.find((one) => one.what === what)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

type OffOne = Activity['off'][number]['offs'][number];

function OffCell({ off }: { readonly off: OffOne | undefined }) {
  const t = useT();
  const language = useLanguage();
  if (off === undefined) return <span className="off-fits">{t('activity.fits')}</span>;
  const text = (value: number): string =>
    off.what === 'time' ? took(value, t, language) : size(value, language);
  const share = percent(Math.abs(off.by), language);
  return (
    <>
      <span className={off.by > 0 ? 'off-by is-more' : 'off-by is-less'}>
        <span aria-hidden="true">
          {off.by > 0 ? '+' : '−'}
          {share}
        </span>
        <span className="visually-hidden">
          {t(off.by > 0 ? 'activity.offMore' : 'activity.offLess', { share })}
        </span>
      </span>
      <small>{t('activity.offPair', { estimated: text(off.estimated), actual: text(off.actual) })}</small>
    </>
  );
}
