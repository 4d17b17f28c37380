import { useId, useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { isUnfinished } from '../core.ts';
import { ConfirmEnd } from '../exports/ConfirmEnd.tsx';
import { DetailSections } from '../exports/ExportDetails.tsx';
import { EndedJob } from '../exports/EndedJob.tsx';
import { LOOK_AGAIN_MS, STANDING_ICONS, standingOf, standingText } from '../exports/job-text.ts';
import { filesText } from '../exports/Parts.tsx';
import { filesOf } from '../exports/summary.ts';
import { moment, size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useNow, useTask } from '../workspace/context.tsx';

const QUALITIES = { high: 'export.high', medium: 'export.medium', low: 'export.low' } as const;

/** One export of the list; opened, everything that is known of it. `onLeave`: what was asked for is shown elsewhere. */
export function HistoryRow({ record, onLeave }: { readonly record: Export; readonly onLeave: () => void }) {
  const t = useT();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { name, status } = record;
  const standing = standingOf(record);
  const now = useNow(LOOK_AGAIN_MS);
  return (
    <li className={`history-row job-${status} is-${standing}`} data-testid="history-row" data-status={status}>
      <button
        type="button"
        className="history-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <span className="history-name">
          <Icon name={open ? 'down' : 'right'} size={12} />
          <span>
            <b title={name}>
              <bdi>{name}</bdi>
            </b>
            <span className="history-what">
              <span>{whatOf(record, t)}</span>
              {record.pinned ? <Icon name="pin" size={12} /> : null}
              {record.stale ? <span className="tag tag-warn">{t('job.staleTag')}</span> : null}
            </span>
          </span>
        </span>
        <span className="history-status">
          <Icon name={STANDING_ICONS[standing]} size={13} />
          {standingText(record, now, t)}
        </span>
        <span className="history-date">{moment(record.createdAt, language)}</span>
        <span className="history-size">
          {record.bytes === 0 || standing === 'gone' ? '–' : size(record.bytes, language)}
        </span>
      </button>
      <div id={id} hidden={!open}>
        {open ? <Opened record={record} onLeave={onLeave} /> : null}
      </div>
    </li>
  );
}

const TYPES = {
  single: 'export.single',
  combined: 'export.combined',
  clips: 'parts.type',
  bundle: 'bundle.type',
  csv: 'bundle.csvType',
} as const;

/** What kind of file it is: the settings that tell exports of one reel apart. */
function whatOf({ type, format, spec, plan, parts }: Export, t: Translate): string {
  const { video } = plan.output;
  return [
    t(TYPES[type]),
    ...(type === 'csv' ? [] : [format.toUpperCase()]),
    ...(video === null
      ? []
      : [
          ...(parts === undefined
            ? [`${String(video.width)} × ${String(video.height)}`]
            : filesText(filesOf(plan, parts, []), t)),
          t(QUALITIES[spec.quality]),
        ]),
  ].join(' · ');
}

function Opened({ record, onLeave }: { readonly record: Export; readonly onLeave: () => void }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const task = useTask();
  const open = isUnfinished(record);
  const remove = (
    <Button
      tone="quiet"
      icon={open ? 'close' : 'trash'}
      aria-label={t(open ? 'job.cancelNamed' : 'job.deleteNamed', { name: record.name })}
      disabled={task.busy || asking}
      onClick={() => {
        setAsking(true);
      }}
    >
      {open ? t('job.cancel') : t('job.delete')}
    </Button>
  );
  return (
    <div className="history-opened job-details">
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
        <div className="job-actions">{remove}</div>
      ) : (
        <EndedJob record={record} onLeave={onLeave}>
          {remove}
        </EndedJob>
      )}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
      <DetailSections record={record} />
    </div>
  );
}
