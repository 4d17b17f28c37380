import type { Export } from '../../core/schema/export.ts';
import { ok } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { Confirm } from '../parts/controls.tsx';
import { useSurroundings, type useTask } from '../workspace/context.tsx';

/** Asks before an export is cancelled, or deleted where it has ended; and does it. */
export function ConfirmEnd({
  record,
  open,
  task,
  onDone,
}: {
  readonly record: Export;
  /** It has not ended. */
  readonly open: boolean;
  readonly task: ReturnType<typeof useTask>;
  /** Answered, either way. */
  readonly onDone: () => void;
}) {
  const t = useT();
  const { studio } = useSurroundings();
  return (
    <Confirm
      question={open ? t('job.cancelConfirm') : t('job.deleteConfirm')}
      yes={open ? t('job.cancelYes') : t('job.deleteYes')}
      no={open ? t('job.keepRunning') : t('job.keep')}
      onNo={onDone}
      onYes={() => {
        onDone();
        void task.run(async () => {
          if (open) await studio.client.cancelExport(record.id);
          else await studio.client.deleteExport(record.id);
          return ok(null);
        });
      }}
    />
  );
}
