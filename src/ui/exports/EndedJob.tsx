import { useState, type ReactNode } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { ok } from '../core.ts';
import { moment } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Confirm, FailureNote, IconButton } from '../parts/controls.tsx';
import { useNow, useSurroundings, useTask } from '../workspace/context.tsx';
import { daysLeft, LOOK_AGAIN_MS } from './job-text.ts';
import { MissingParts } from './Parts.tsx';
import { ResultFiles } from './ResultFiles.tsx';
import { ResultPlayer } from './ResultPlayer.tsx';
import { useStarted } from './useStarted.ts';
import { useDuplicate } from './useDuplicate.ts';

interface Ended {
  readonly record: Export;
  /** What was asked for is shown elsewhere: whoever lies above it may go. */
  readonly onLeave?: (() => void) | undefined;
  /** More that can be done with it. */
  readonly children?: ReactNode;
}

/** What can be done with an export that has ended: in its card, and in the list of all of them. */
export function EndedJob({ record, onLeave, children }: Ended) {
  return (
    <div className="job-ended">
      {record.status === 'completed' ? (
        <Finished record={record} onLeave={onLeave}>
          {children}
        </Finished>
      ) : (
        <>
          {record.error === null ? null : <Reason error={record.error} />}
          <Unfinished record={record} onLeave={onLeave}>
            {children}
          </Unfinished>
        </>
      )}
    </div>
  );
}

function Reason({ error }: { readonly error: NonNullable<Export['error']> }) {
  const t = useT();
  return (
    <FailureNote failure={error}>
      <p className="job-code">{t('job.code', { code: error.code })}</p>
    </FailureNote>
  );
}

/** Failed or cancelled: the same once more, or something like it. */
function Unfinished({ record, onLeave, children }: Ended) {
  const t = useT();
  const { studio } = useSurroundings();
  const task = useTask();
  const duplicate = useDuplicate(record, onLeave);
  return (
    <>
      {duplicate.asking ? <DuplicateQuestion duplicate={duplicate} /> : null}
      <div className="job-actions">
        <Button
          icon="retry"
          disabled={task.busy}
          onClick={() => {
            void task.run(async () => ok(await studio.client.retryExport(record.id)));
          }}
        >
          {t('job.retry')}
        </Button>
        <DuplicateButton duplicate={duplicate} short={onLeave === undefined} />
        {children}
      </div>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </>
  );
}

/** A ZIP is not played, and neither is a table. */
function isPlayed({ parts, type }: Export): boolean {
  return parts === undefined && type !== 'csv' && type !== 'bundle';
}

function Finished({ record, onLeave, children }: Ended) {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const started = useStarted();
  const [playing, setPlaying] = useState(false);
  const task = useTask();
  const duplicate = useDuplicate(record, onLeave);
  const kept = record.files.length > 0;
  const again = (): void => {
    if (task.busy) return;
    void task
      .run(() => studio.exportAgain(record.id))
      .then((made) => {
        if (made !== null) started(made);
      });
  };
  return (
    <>
      {playing ? <ResultPlayer id={record.id} /> : null}
      <MissingParts record={record} />
      <ResultFiles files={record.files} />
      {record.stale ? (
        <div className="job-stale">
          <p>
            <span className="tag tag-warn">{t('job.staleTag')}</span> {t('job.stale')}
          </p>
          <Button icon="retry" title={t('job.againHint')} aria-disabled={task.busy} onClick={again}>
            {t('job.again')}
          </Button>
        </div>
      ) : null}
      {duplicate.asking ? <DuplicateQuestion duplicate={duplicate} /> : null}
      <div className="job-actions">
        {kept ? (
          <>
            <Button
              icon="download"
              tone="primary"
              disabled={task.busy}
              onClick={() => {
                void task
                  .run(() => studio.saveExport(record.id))
                  .then((how) => {
                    if (how === null || how === 'dismissed') return;
                    const { files } = record;
                    announce(
                      files.length > 1
                        ? t('bundle.saved', { count: files.length })
                        : t('job.saved', { name: files[0]?.name ?? record.name }),
                    );
                  });
              }}
            >
              {t('job.save')}
            </Button>
            {isPlayed(record) ? (
              <Button
                icon={playing ? 'close' : 'play'}
                aria-expanded={playing}
                onClick={() => {
                  setPlaying(!playing);
                }}
              >
                {playing ? t('job.hide') : t('job.play')}
              </Button>
            ) : null}
          </>
        ) : record.stale ? null : (
          <Button icon="retry" aria-disabled={task.busy} onClick={again}>
            {t('job.makeAgain')}
          </Button>
        )}
        <DuplicateButton duplicate={duplicate} short={onLeave === undefined} />
        {children}
      </div>
      {kept ? <Keeping record={record} /> : <p className="job-hint">{t('job.gone')}</p>}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </>
  );
}

/** How long the file is kept, and the pin that keeps it for ever. */
function Keeping({ record }: { readonly record: Export }) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const task = useTask();
  const days = daysLeft(record, useNow(LOOK_AGAIN_MS));
  const text =
    days === null
      ? record.pinned
        ? t('job.pinned')
        : null
      : days === 0
        ? t('job.expired')
        : t('job.daysLeft', { days });
  return (
    <div className="job-keeping">
      <IconButton
        icon="pin"
        size={14}
        className={record.pinned ? 'is-on' : ''}
        label={t(record.pinned ? 'job.unpin' : 'job.pin')}
        aria-pressed={record.pinned}
        disabled={task.busy}
        onClick={() => {
          void task.run(async () => ok(await studio.client.pinExport(record.id, !record.pinned)));
        }}
      />
      {text === null ? null : (
        <span
          {...(record.expiresAt === null || record.pinned
            ? {}
            : { title: t('job.daysLeftHint', { date: moment(record.expiresAt, language) }) })}
        >
          {text}
        </span>
      )}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </div>
  );
}

type Duplicate = ReturnType<typeof useDuplicate>;

/** `short`: beside the others in a card there is no room for its name. */
function DuplicateButton({ duplicate, short }: { readonly duplicate: Duplicate; readonly short: boolean }) {
  const t = useT();
  const { asking, start } = duplicate;
  if (short) {
    return (
      <IconButton icon="duplicate" size={14} label={t('job.duplicate')} disabled={asking} onClick={start} />
    );
  }
  return (
    <Button icon="duplicate" tone="quiet" disabled={asking} onClick={start}>
      {t('job.duplicate')}
    </Button>
  );
}

/** Whether the reel's own ranges may go. */
function DuplicateQuestion({ duplicate }: { readonly duplicate: Duplicate }) {
  const t = useT();
  return (
    <Confirm
      question={t('job.duplicateAsk', { mine: duplicate.mine, theirs: duplicate.theirs })}
      yes={t('job.duplicateReplace')}
      no={t('app.cancel')}
      other={{
        text: t('job.duplicateSettings'),
        onClick: () => {
          duplicate.answer(false);
        },
      }}
      onYes={() => {
        duplicate.answer(true);
      }}
      onNo={duplicate.cancel}
    />
  );
}
