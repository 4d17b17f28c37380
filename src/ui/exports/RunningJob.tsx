import type { ReactNode } from 'react';
import type { ExportView } from '../../app/studio/types.ts';
import { size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, FailureNote, ProgressBar } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatch } from '../workspace/context.tsx';
import { FreeStorage } from './FreeStorage.tsx';
import { jobState, lackingBytes } from './job-text.ts';
import { SourceWanted } from './SourceWanted.tsx';
import { useStarted } from './useStarted.ts';

/** How far an export is, or what it waits for. */
export function RunningJob({ view, move }: { readonly view: ExportView; readonly move: ReactNode }) {
  const t = useT();
  const language = useLanguage();
  const { record, progress } = view;
  const state = jobState(record);
  const percent = progress?.percent ?? record.percent;
  const total = progress?.stepsTotal ?? record.plan.steps.length;
  const done = progress?.stepsDone ?? record.receipts.length;
  const shown = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    Math.floor(percent) / 100,
  );
  const eta = progress?.etaMs ?? null;
  // Nothing is done yet: that is no speed.
  const speed = (progress?.speed ?? 0) > 0 ? (progress?.speed ?? null) : null;
  return (
    <div className="job-running">
      {state === 'waiting' && record.waitingFor === 'source' ? <SourceWanted record={record} /> : null}
      {state === 'waiting' && record.waitingFor === 'storage' ? <StorageWanted view={view} /> : null}
      {state === 'running' || percent > 0 ? (
        <ProgressBar label={t('job.progress', { name: record.name })} percent={percent} />
      ) : null}
      {state === 'running' ? (
        <>
          <p className="job-numbers">
            <b>{shown}</b>
            {eta === null ? null : <span>{t('job.left', { time: span(eta, t) })}</span>}
            {speed === null ? null : (
              <span>
                {t('job.speed', {
                  speed: new Intl.NumberFormat(language, {
                    maximumFractionDigits: speed < 10 ? 1 : 0,
                  }).format(speed),
                })}
              </span>
            )}
          </p>
          <Steps done={done} total={total} />
        </>
      ) : null}
      {record.stale ? <StaleWaiting view={view} /> : null}
      {move}
    </div>
  );
}

/** A job of what the project was: it never becomes half of the new state, and the person may want the new one instead. */
function StaleWaiting({ view: { record } }: { readonly view: ExportView }) {
  const t = useT();
  const { studio } = useSurroundings();
  const started = useStarted();
  const task = useTask();
  return (
    <div className="job-stale">
      <p>
        <span className="tag tag-warn">{t('job.staleTag')}</span> {t('job.staleWaiting')}
      </p>
      <Button
        icon="retry"
        aria-disabled={task.busy}
        onClick={() => {
          if (task.busy) return;
          void task
            .run(async () => {
              const made = await studio.exportAgain(record.id);
              // Only then: where the new one cannot be made, the old one goes on.
              if (made.ok) await studio.client.cancelExport(record.id);
              return made;
            })
            .then((made) => {
              if (made !== null) started(made);
            });
        }}
      >
        {t('job.restart')}
      </Button>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </div>
  );
}

/** A job that goes on by itself as soon as there is room, and what can be freed for it. */
function StorageWanted({ view: { record } }: { readonly view: ExportView }) {
  const t = useT();
  const language = useLanguage();
  const bytes = lackingBytes(record, useWatch(useSurroundings().studio.storage));
  return (
    <div className="note note-warning">
      <Icon name="warning" />
      <div className="note-body">
        <p>{t('job.waitingStorage', { size: size(bytes, language) })}</p>
        <FreeStorage bytes={bytes} />
      </div>
    </div>
  );
}

/** Steps as a strip of cells; many steps share cells. */
function Steps({ done, total }: { readonly done: number; readonly total: number }) {
  const t = useT();
  const cells = Math.min(total, 36);
  const full = total === 0 ? 0 : Math.floor((done / total) * cells);
  const text = t('job.steps', { done, total });
  return (
    <div className="job-steps">
      <span className="job-strip" aria-hidden="true">
        {Array.from({ length: cells }, (_, cell) => (
          <i key={cell} className={cell < full ? 'is-done' : cell === full ? 'is-now' : ''} />
        ))}
      </span>
      <span>{text}</span>
    </div>
  );
}
