import type { ExportView } from '../../app/studio/types.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button } from '../parts/controls.tsx';
import { queueSign } from './job-text.ts';

/** The queue in a few words, beside the heading of the panel: the queue itself is below what the first screen shows. */
export function QueueSign({
  views,
  onShow,
}: {
  readonly views: readonly ExportView[];
  /** Go there. */
  readonly onShow: () => void;
}) {
  const t = useT();
  const language = useLanguage();
  if (views.length === 0) return null;
  const { waiting, percent, paused } = queueSign(views);
  const share =
    percent === null
      ? null
      : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
  const text = [
    waiting > 0 ? t('job.signWaiting', { count: waiting }) : t('job.sign', { count: views.length }),
    // How far the others are is not what matters then.
    waiting > 0 ? null : paused ? t('job.paused') : share,
  ]
    .filter((part) => part !== null)
    .join(' · ');
  return (
    <Button
      className={waiting > 0 ? 'queue-sign is-waiting' : 'queue-sign'}
      tone="quiet"
      icon={waiting > 0 ? 'warning' : 'down'}
      title={t('job.signHint')}
      onClick={onShow}
    >
      {text}
    </Button>
  );
}
