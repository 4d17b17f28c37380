import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ExportView } from '../../app/studio/types.ts';
import { isUnfinished, ok } from '../core.ts';
import { clock, moment, size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { FailureNote, IconButton } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useNow, useSurroundings, useTask } from '../workspace/context.tsx';
import { ConfirmEnd } from './ConfirmEnd.tsx';
import { EndedJob } from './EndedJob.tsx';
import { ExportDetails } from './ExportDetails.tsx';
import { LOOK_AGAIN_MS, STANDING_ICONS, standingOf, standingText } from './job-text.ts';
import { partsText } from './Parts.tsx';
import { RunningJob } from './RunningJob.tsx';
import { filesSaid } from './ResultFiles.tsx';

/** One export: waiting, running, finished or failed. `move`: where it stands in the queue, and what moves it. */
export function ExportCard({
  view,
  grip,
  move,
}: {
  readonly view: ExportView;
  readonly grip?: ReactNode;
  readonly move?: ReactNode;
}) {
  const t = useT();
  const { record } = view;
  const open = isUnfinished(record);
  const standing = standingOf(record);
  const [asking, setAsking] = useState(false);
  const { studio } = useSurroundings();
  const task = useTask();
  const { name } = record;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const isNew = Date.now() - Date.parse(record.createdAt) < 5_000;
    if (open && isNew) card.current?.scrollIntoView({ block: 'nearest' });
  }, [open, record.createdAt]);

  return (
    <article
      ref={card}
      className={`job job-${record.status} is-${standing}`}
      aria-label={name}
      data-testid="export-card"
      data-status={record.status}
      data-state={standing}
    >
      <header className="job-head">
        {grip}
        {standing === 'running' ? <span className="spinner" /> : <Icon name={STANDING_ICONS[standing]} />}
        <div className="job-title">
          <h3 title={name}>
            <bdi>{name}</bdi>
          </h3>
          <JobLine view={view} />
        </div>
        {asking ? null : (
          <div className="job-buttons">
            {open ? (
              <IconButton
                icon={record.paused ? 'play' : 'pause'}
                size={14}
                label={t(record.paused ? 'job.resume' : 'job.pause', { name })}
                disabled={task.busy}
                onClick={() => {
                  void task.run(async () =>
                    ok(
                      await (record.paused
                        ? studio.client.resumeExport(record.id)
                        : studio.client.pauseExport(record.id)),
                    ),
                  );
                }}
              />
            ) : null}
            <IconButton
              icon={open ? 'close' : 'trash'}
              size={14}
              label={t(open ? 'job.cancelNamed' : 'job.deleteNamed', { name })}
              onClick={() => {
                setAsking(true);
              }}
            />
          </div>
        )}
      </header>
      {asking ? (
        <ConfirmEnd
          record={record}
          open={open}
          task={task}
          onDone={() => {
            setAsking(false);
          }}
        />
      ) : null}
      {open ? (
        <RunningJob view={view} move={move} />
      ) : (
        <>
          <EndedJob record={record} />
          <ExportDetails record={record} />
        </>
      )}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </article>
  );
}

/** The second line of a card: what it is or was. */
function JobLine({ view: { record, progress } }: { readonly view: ExportView }) {
  const t = useT();
  const language = useLanguage();
  const percent = Math.floor(progress?.percent ?? record.percent);
  const share = new Intl.NumberFormat(language, { style: 'percent' }).format(percent / 100);
  const standing = standingOf(record);
  const now = useNow(LOOK_AGAIN_MS);
  let parts: readonly (string | null)[];
  if (record.status === 'completed') {
    parts = [
      standing === 'partial' || standing === 'gone' ? standingText(record, now, t) : null,
      partsText(record, t),
      standing === 'gone' ? null : size(record.bytes, language),
      filesSaid(record, t),
      record.type === 'csv' ? null : clock(record.plan.output.durationUs),
      record.actual === null ? null : t('job.took', { time: span(record.actual.wallMs, t) }),
    ];
  } else if (!isUnfinished(record)) {
    parts = [t(`status.${record.status}`), moment(record.completedAt ?? record.createdAt, language)];
  } else if (record.paused) {
    parts = [percent === 0 ? t('job.paused') : t('job.pausedAt', { percent: share })];
  } else if (standing === 'waiting') {
    // Whatever stage it is in, nothing of it goes on.
    parts = [standingText(record, now, t), percent === 0 ? null : share];
  } else if (record.status === 'pending') {
    parts = [percent === 0 ? t('job.queued') : t('job.queuedAt', { percent: share })];
  } else {
    parts = [t(`stage.${progress?.stage ?? record.stage}`)];
  }
  return <p className="job-line">{parts.filter((part) => part !== null).join(' · ')}</p>;
}
