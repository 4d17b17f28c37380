import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatchPart, useWorkspace } from '../workspace/context.tsx';

/** What stands in place of the exports for somebody who may not take any film away. */
export function GuestNote() {
  const t = useT();
  const { studio } = useSurroundings();
  const csv = studio.allows('can_export_csv');
  return (
    <section className="panel export" aria-labelledby="export-title">
      <header className="panel-head">
        <h2 id="export-title">{t('export.title')}</h2>
      </header>
      <div className="panel-scroll">
        <div className="panel-empty guest-note" role="note">
          <Icon name="lock" size={22} />
          <strong>{t('review.guestTitle')}</strong>
          <p>{t(csv ? 'review.guestCsv' : 'review.guestBody')}</p>
          {csv ? <GuestCsv /> : null}
        </div>
      </div>
    </section>
  );
}

/** The comments of the reel, or of the open film where there is none. */
function GuestCsv() {
  const t = useT();
  const { studio } = useSurroundings();
  const openId = useWorkspace((state) => state.assetId);
  const hasReel = useWatchPart(studio.document, ({ document }) => document.clips.length > 0);
  const task = useTask();
  const of = hasReel ? 'reel' : openId;
  const save = async (): Promise<void> => {
    if (of === null) return;
    await task.run(async () => {
      const made = await studio.exchange.write('reelkeep-csv', of);
      return made.ok ? studio.reviewFiles.save(made.value) : made;
    });
  };
  return (
    <>
      <Button
        icon="download"
        disabled={of === null || task.busy}
        onClick={() => {
          void save();
        }}
      >
        {t('review.guestSave')}
      </Button>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </>
  );
}
