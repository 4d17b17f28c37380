import { useState } from 'react';
import type { Activity } from '../../app/studio/types.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Choice } from '../parts/controls.tsx';
import { dataText, stamp, took } from './words.ts';

type Entry = Activity['entries'][number];
type Event = Entry['event'];

/** Entries that are shown at first, and that come with each wish for more; the file has them all. */
const PORTION = 100;
/** An export's id is long and random: its end tells it apart. */
const ID_END = 6;

/** The last entries of the log, of one event or of all. */
export function LogTable({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useT();
  const language = useLanguage();
  const [wanted, setWanted] = useState<Event | 'all'>('all');
  const [most, setMost] = useState(PORTION);
  const counts = new Map<Event, number>();
  for (const { event } of entries) counts.set(event, (counts.get(event) ?? 0) + 1);
  // What was chosen may be gone after the log was cleared.
  const event = wanted !== 'all' && counts.has(wanted) ? wanted : 'all';
  const hits = event === 'all' ? entries : entries.filter((entry) => entry.event === event);
  const shown = hits.slice(0, most);
  const more = Math.min(PORTION, hits.length - shown.length);
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
          onChange={(value) => {
            setWanted(value);
            setMost(PORTION);
          }}
        />
      </div>
      {shown.length === 0 ? (
        <p className="encoders-none">{t('activity.nothing')}</p>
      ) : (
        <>
          <div className="log-scroll" role="region" tabIndex={0} aria-labelledby="log-title">
            {/* Laid out as lines on narrow screens, its parts would lose what they are: they say it. */}
            <table className="log" role="table" aria-labelledby="log-title">
              <thead role="rowgroup">
                <tr role="row">
                  <th role="columnheader" scope="col">
                    {t('activity.time')}
                  </th>
                  <th role="columnheader" scope="col">
                    {t('activity.event')}
                  </th>
                  <th role="columnheader" scope="col">
                    {t('activity.export')}
                  </th>
                  <th role="columnheader" scope="col" className="is-number">
                    {t('activity.duration')}
                  </th>
                  <th role="columnheader" scope="col">
                    {t('activity.data')}
                  </th>
                </tr>
              </thead>
              <tbody role="rowgroup">
                {shown.map((entry, position) => (
                  <tr role="row" key={`${entry.time}/${String(hits.length - position)}`}>
                    <td role="cell">{stamp(entry.time, language)}</td>
                    <td role="cell" className={entry.code === null ? '' : 'is-bad'}>
                      {t(`logEvent.${entry.event}`)}
                    </td>
                    <td role="cell">
                      {entry.jobId === null ? '–' : <code>{entry.jobId.slice(-ID_END)}</code>}
                    </td>
                    <td role="cell" className="is-number">
                      {entry.durationMs === null ? '–' : took(entry.durationMs, t, language)}
                    </td>
                    <td role="cell" className="log-data">
                      {entry.code === null ? null : (
                        <span className="log-code" title={`${entry.code}: ${t(`failure.${entry.code}`)}`}>
                          {t(`failureShort.${entry.code}`)}
                        </span>
                      )}
                      <span>{dataText(entry.data, language)}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="log-more">
            <p className="diagnostics-hint" role="status">
              {t('activity.shown', { count: shown.length, all: hits.length })}
            </p>
            {more <= 0 ? null : (
              <Button
                onClick={() => {
                  setMost(most + PORTION);
                }}
              >
                {t('activity.more', { count: more })}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
