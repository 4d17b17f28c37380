/** What a list of comments, subtitles or cuts has brought that was dropped on the page. */
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import { Brought, Losses } from './Exchange.tsx';

/** Opens by itself when a text has been read, or could not be. */
export function TextOpenedDialog() {
  const t = useT();
  const { exchange } = useSurroundings().studio;
  const opened = useWatch(exchange.opened);
  const close = (): void => {
    exchange.dismiss();
  };
  return (
    <Dialog open={opened !== null} name="opened-text" title={t('handover.textTitle')} onClose={close}>
      {opened === null ? null : (
        <div className="handover-body">
          {opened.ok ? (
            <>
              <Brought report={opened.value} />
              <Losses losses={opened.value.losses} />
            </>
          ) : (
            <FailureNote failure={opened.error} />
          )}
          <div className="handover-end">
            <Button tone="primary" onClick={close}>
              {t('handover.done')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
