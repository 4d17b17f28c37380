import { useState } from 'react';
import type { Activity } from '../../app/studio/types.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Choice } from '../parts/controls.tsx';
import { dataText, stamp, took } from './words.ts';

type Entry = Activity['entries'][number];
type Event = Entry['event'];

/** Entries that are shown at once; the file has them all. */
const MOST_ENTRIES = 100;
/** An export's id is long and random: its end tells it apart. */
const ID_END = 6;

/** The last entries of the log, of one event or of all. */
export function LogTable({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useT();
  const language = useLanguage();
  const [wanted, setWanted] = useState<Event | 'all'>('all');
  const counts = new Map<Event, number>();
  for (const { event } of entries) counts.set(event, (counts.get(event) ?? 0) + 1);
  // What was chosen may be gone after the log was cleared.
  const event = wanted !== 'all' && counts.has(wanted) ? wanted : 'all';
  const hits = event === 'all' ? entries : entries.filter((entry) => entry.event === event);
  const shown = hits.slice(0, MOST_ENTRIES);
  return (
    <section>
      <div className="log-head">
        <div>
          <h3 id="log-title">{t('activity.log')}</h3>
          <p className="diagnostics-hint">{t('activity.logHint')}</p>
        </div>
        <Choice<Event | 'all'>
          label={t('activity.filter')}
          value={event}
          options={[
            { value: 'all', text: t('activity.all', { count: entries.length }) },
            ...[...counts].map(([value, count]) => ({
              value,
              text: t('activity.eventCount', { event: t(`logEvent.${value}`), count }),
            })),
          ]}
          onChange={setWanted}
        />
      </div>
      {shown.length === 0 ? (
        <p className="encoders-none">{t('activity.nothing')}</p>
      ) : (
        <>
          <div className="log-scroll" role="region" tabIndex={0} aria-labelledby="log-title">
            <table className="log" aria-labelledby="log-title">
              <thead>
                <tr>
                  <th scope="col">{t('activity.time')}</th>
                  <th scope="col">{t('activity.event')}</th>
                  <th scope="col">{t('activity.export')}</th>
                  <th scope="col" className="is-number">
                    {t('activity.duration')}
                  </th>
                  <th scope="col">{t('activity.data')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((entry, position) => (
                  <tr key={`${entry.time}/${String(hits.length - position)}`}>
                    <td>{stamp(entry.time, language)}</td>
                    <td className={entry.code === null ? '' : 'is-bad'}>{t(`logEvent.${entry.event}`)}</td>
                    <td>{entry.jobId === null ? '–' : <code>{entry.jobId.slice(-ID_END)}</code>}</td>
                    <td className="is-number">
                      {entry.durationMs === null ? '–' : took(entry.durationMs, t, language)}
                    </td>
                    <td className="log-data">
                      {entry.code === null ? null : (
                        <code className="log-code" title={t(`failure.${entry.code}`)}>
                          {entry.code}
                        </code>
                      )}
                      <span>{dataText(entry.data, language)}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="diagnostics-hint">{t('activity.shown', { count: shown.length, all: hits.length })}</p>
        </>
      )}
    </section>
  );
}
