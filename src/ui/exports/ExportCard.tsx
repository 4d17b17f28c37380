import { useEffect, useRef, useState } from 'react';
import { ok } from '../core.ts';
import type { ExportView } from '../../app/studio/types.ts';
import type { ExportSpec } from '../../core/schema/spec.ts';
import { clock, moment, size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Confirm, FailureNote, IconButton, ProgressBar } from '../parts/controls.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { ExportDetails } from './ExportDetails.tsx';
import { ResultPlayer } from './ResultPlayer.tsx';

const ICONS: Readonly<Record<ExportView['record']['status'], IconName>> = {
  pending: 'file',
  processing: 'file',
  completed: 'check',
  failed: 'warning',
  cancelled: 'close',
};

/** One export: running, finished or failed. */
export function ExportCard({ view }: { readonly view: ExportView }) {
  const t = useT();
  const { record } = view;
  const running = record.status === 'pending' || record.status === 'processing';
  const [asking, setAsking] = useState(false);
  const { studio } = useSurroundings();
  const task = useTask();
  const name = record.name;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const isNew = Date.now() - Date.parse(record.createdAt) < 5_000;
    if (running && isNew) card.current?.scrollIntoView({ block: 'nearest' });
  }, [running, record.createdAt]);

  return (
    <article
      ref={card}
      className={`job job-${record.status}`}
      aria-label={name}
      data-testid="export-card"
      data-status={record.status}
    >
      <header className="job-head">
        {record.status === 'processing' && record.waitingFor === null ? (
          <span className="spinner" />
        ) : (
          <Icon name={record.waitingFor === null ? ICONS[record.status] : 'warning'} />
        )}
        <div className="job-title">
          <h3 title={name}>
            <bdi>{name}</bdi>
          </h3>
          <JobLine view={view} />
        </div>
        {asking ? null : (
          <IconButton
            icon={running ? 'close' : 'trash'}
            size={14}
            label={running ? t('job.cancel') : t('job.delete')}
            onClick={() => {
              setAsking(true);
            }}
          />
        )}
      </header>
      {asking ? (
        <Confirm
          question={running ? t('job.cancelConfirm') : t('job.deleteConfirm')}
          yes={running ? t('job.cancelYes') : t('job.deleteYes')}
          no={running ? t('job.keepRunning') : t('job.keep')}
          onNo={() => {
            setAsking(false);
          }}
          onYes={() => {
            setAsking(false);
            void task.run(async () => {
              if (running) await studio.client.cancelExport(record.id);
              else await studio.client.deleteExport(record.id);
              return ok(null);
            });
          }}
        />
      ) : null}
      {running ? <Running view={view} /> : null}
      {record.status === 'completed' ? <Finished view={view} /> : null}
      {record.status === 'failed' ? <Failed view={view} /> : null}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </article>
  );
}

/** The second line of a card: what it is or was. */
function JobLine({ view: { record, progress } }: { readonly view: ExportView }) {
  const t = useT();
  const language = useLanguage();
  const status = t(`status.${record.status}`);
  let parts: readonly (string | null)[];
  if (record.status === 'completed') {
    parts = [
      size(record.bytes, language),
      clock(record.plan.output.durationUs),
      record.actual === null ? null : t('job.took', { time: span(record.actual.wallMs, t) }),
    ];
  } else if (record.status === 'processing') {
    parts = [t(`stage.${progress?.stage ?? record.stage}`)];
  } else if (record.status === 'pending') {
    parts = [t('job.queued')];
  } else {
    parts = [status, moment(record.completedAt ?? record.createdAt, language)];
  }
  return <p className="job-line">{parts.filter((part) => part !== null).join(' · ')}</p>;
}

function Running({ view: { record, progress } }: { readonly view: ExportView }) {
  const t = useT();
  const language = useLanguage();
  const percent = progress?.percent ?? record.percent;
  const total = progress?.stepsTotal ?? record.plan.steps.length;
  const done = progress?.stepsDone ?? record.receipts.length;
  const shown = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    Math.floor(percent) / 100,
  );
  const eta = progress?.etaMs ?? null;
  const speed = progress?.speed ?? null;
  return (
    <div className="job-running">
      {record.waitingFor === null ? null : (
        <p className="note note-warning">
          <Icon name="warning" />
          {t(record.waitingFor === 'source' ? 'job.waitingSource' : 'job.waitingStorage')}
        </p>
      )}
      <ProgressBar label={t('job.progress', { name: record.name })} percent={percent} />
      <p className="job-numbers">
        <b>{shown}</b>
        {eta === null ? null : <span>{t('job.left', { time: span(eta, t) })}</span>}
        {speed === null ? null : (
          <span>
            {t('job.speed', {
              speed: new Intl.NumberFormat(language, { maximumFractionDigits: speed < 10 ? 1 : 0 }).format(
                speed,
              ),
            })}
          </span>
        )}
      </p>
      <Steps done={done} total={total} />
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

function Finished({ view: { record } }: { readonly view: ExportView }) {
  const t = useT();
  const language = useLanguage();
  const { studio, announce } = useSurroundings();
  const [playing, setPlaying] = useState(false);
  const saving = useTask();
  return (
    <div className="job-finished">
      {playing ? <ResultPlayer id={record.id} /> : null}
      <div className="job-actions">
        <Button
          icon="download"
          tone="primary"
          disabled={saving.busy}
          onClick={() => {
            void saving
              .run(() => studio.saveExport(record.id))
              .then((how) => {
                if (how !== null && how !== 'dismissed')
                  announce(t('job.saved', { name: record.files[0]?.name ?? record.name }));
              });
          }}
        >
          {t('job.save')}
        </Button>
        <Button
          icon={playing ? 'close' : 'play'}
          aria-expanded={playing}
          onClick={() => {
            setPlaying(!playing);
          }}
        >
          {playing ? t('job.hide') : t('job.play')}
        </Button>
      </div>
      {saving.failure === null ? null : <FailureNote failure={saving.failure} onDismiss={saving.clear} />}
      {record.stale ? (
        <p className="job-hint">
          <Icon name="info" size={13} /> {t('job.stale')}
        </p>
      ) : null}
      {record.expiresAt === null ? null : (
        <p className="job-hint">{t('job.expires', { date: moment(record.expiresAt, language) })}</p>
      )}
      <ExportDetails record={record} />
    </div>
  );
}

function Failed({ view: { record } }: { readonly view: ExportView }) {
  const t = useT();
  const { studio } = useSurroundings();
  const task = useTask();
  return (
    <div className="job-failed">
      {record.error === null ? null : (
        <FailureNote failure={record.error}>
          <p className="job-code">{t('job.code', { code: record.error.code })}</p>
        </FailureNote>
      )}
      <Button
        icon="retry"
        disabled={task.busy}
        onClick={() => {
          const spec: ExportSpec = record.spec;
          void task.run(async () => ok(await studio.client.createExport(spec)));
        }}
      >
        {t('job.retry')}
      </Button>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
      <ExportDetails record={record} />
    </div>
  );
}
