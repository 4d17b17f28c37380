import type { Export } from '../../core/schema/export.ts';
import { ok } from '../core.ts';
import { useT, type Translate } from '../messages/i18n.tsx';
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
      question={open ? cancelQuestion(record, t) : t('job.deleteConfirm')}
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

/** What cancelling takes away; whoever only wants to wait is told of the other way, unless the export is held already. */
function cancelQuestion({ parts, files, paused }: Export, t: Translate): string {
  // A retry of missing clips: the ZIP of the others is put back.
  const keeps = parts !== undefined && files.length > 0;
  const question = t(keeps ? 'job.cancelKeeps' : 'job.cancelConfirm');
  return paused ? question : `${question} ${t('job.cancelPause')}`;
}
