import type { ReactNode } from 'react';
import type { Export, ExportPart } from '../../core/schema/export.ts';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { partCounts } from './summary.ts';

/** How many clips there are of those that were asked for: "9 of 10 clips · 1 failed". Null for an export without parts. */
export function partsText(record: Export, t: Translate): string | null {
  const counts = partCounts(record);
  if (counts === null) return null;
  const { made, failed, total } = counts;
  const said = t('parts.made', { made, total });
  return failed === 0 ? said : `${said} · ${t('parts.failed', { count: failed })}`;
}

/** Which clips of a finished export are missing and why, and the way to have them after all. */
export function MissingParts({ record }: { readonly record: Export }) {
  const t = useT();
  const { studio } = useSurroundings();
  const task = useTask();
  const missing = record.parts?.filter(({ status }) => status === 'failed') ?? [];
  if (missing.length === 0) return null;
  return (
    <div className="job-stale" data-testid="missing-clips">
      <ul className="deviations" aria-label={t('parts.failedList')}>
        {missing.map((part) => (
          <li key={part.position}>
            <bdi>{part.name}</bdi>: {reasonOf(part, t)}
          </li>
        ))}
      </ul>
      <Button
        icon="retry"
        title={t('parts.retryHint')}
        aria-disabled={task.busy}
        onClick={() => {
          if (task.busy) return;
          void task.run(async () => ok(await studio.client.retryExport(record.id)));
        }}
      >
        {t('parts.retry', { count: missing.length })}
      </Button>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </div>
  );
}

/** Every clip with its file and what its check said. `certificate` shows one. */
export function PartList({
  record,
  certificate,
}: {
  readonly record: Export;
  readonly certificate: (of: NonNullable<ExportPart['certificate']>) => ReactNode;
}) {
  const t = useT();
  const language = useLanguage();
  if (record.parts === undefined) return null;
  return (
    <section>
      <h4>{t('parts.list')}</h4>
      <ul className="checks" data-testid="clip-list">
        {record.parts.map((part) => (
          <li key={part.position} className={part.status === 'failed' ? 'is-failed' : 'is-passed'}>
            <Icon name={ICONS[part.status]} size={13} />
            <div className="check-said">
              <b>
                <bdi>{part.name}</bdi>
              </b>
              <span className="check-found">
                {part.status === 'failed'
                  ? reasonOf(part, t)
                  : part.status === 'pending'
                    ? t('parts.waiting')
                    : size((part.entry ?? part.file)?.bytes ?? 0, language)}
              </span>
              {part.certificate === null ? null : (
                <span className="check-found">{certificate(part.certificate)}</span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const ICONS = { completed: 'check', failed: 'warning', pending: 'minus' } as const;

function reasonOf({ error }: ExportPart, t: Translate): string {
  return error === null ? '–' : t(`failure.${error.reason}`);
}
