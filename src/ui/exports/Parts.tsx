import { useState } from 'react';
import type { Export, ExportPart } from '../../core/schema/export.ts';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { CertificateChecks, Passed } from './Certificate.tsx';
import { partCounts, type PictureSize } from './summary.ts';

/** How many clips there are of those that were asked for: "9 of 10 clips · 1 failed". Null for an export without parts. */
export function partsText(record: Export, t: Translate): string | null {
  const counts = partCounts(record);
  if (counts === null) return null;
  const { made, failed, total } = counts;
  const said = t('parts.made', { made, total });
  return failed === 0 ? said : `${said} · ${t('parts.failed', { count: failed })}`;
}

/** How many files there are and how large their pictures: "4 files", "1280 × 720" or that they differ; no size for sound alone. */
export function filesText(
  { count, size }: { readonly count: number; readonly size: PictureSize | 'different' | null },
  t: Translate,
): readonly string[] {
  const files = t('parts.files', { count });
  if (size === null) return [files];
  return [
    files,
    size === 'different' ? t('parts.different') : `${String(size.width)} × ${String(size.height)}`,
  ];
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

/** Every clip with its file; opened, what its check said. */
export function PartList({ record }: { readonly record: Export }) {
  const t = useT();
  if (record.parts === undefined) return null;
  return (
    <section>
      <h4>{t('parts.list')}</h4>
      <ul className="clip-list" data-testid="clip-list">
        {record.parts.map((part) => (
          <PartLine key={part.position} part={part} />
        ))}
      </ul>
    </section>
  );
}

function PartLine({ part }: { readonly part: ExportPart }) {
  const t = useT();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const { certificate } = part;
  const name = <bdi title={part.name}>{part.name}</bdi>;
  if (part.status === 'failed') {
    return (
      <li className="is-failed">
        <p className="clip-line">
          <Icon name="warning" size={13} />
          {name}
        </p>
        <p className="clip-why">{reasonOf(part, t)}</p>
      </li>
    );
  }
  const said = (
    <span className="clip-size">
      {part.status === 'pending' ? t('parts.waiting') : size((part.entry ?? part.file)?.bytes ?? 0, language)}
    </span>
  );
  if (certificate === null) {
    return (
      <li>
        <p className="clip-line">
          <Icon name="minus" size={13} />
          {name}
          {said}
        </p>
      </li>
    );
  }
  return (
    <li className="is-passed">
      <details
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary className="clip-line">
          <Icon name="right" size={12} />
          {name}
          {said}
          <span className="tag tag-good">
            <Icon name="check" size={11} />
            <Passed certificate={certificate} />
          </span>
        </summary>
        {open ? <CertificateChecks certificate={certificate} /> : null}
      </details>
    </li>
  );
}

function reasonOf({ error }: ExportPart, t: Translate): string {
  return error === null ? '–' : t(`failure.${error.reason}`);
}
