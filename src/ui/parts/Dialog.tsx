/** A modal dialog with a title and a way out: the close button, Escape, a click beside it. */
import { useEffect, useRef, type ReactNode } from 'react';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from './controls.tsx';

/** Shows its children while it is open; focus stays inside (the platform's own modal dialog). */
export function Dialog({
  open,
  name,
  title,
  onClose,
  children,
}: {
  readonly open: boolean;
  /** Class of the dialog, and the id of its title. */
  readonly name: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${name}`}
      aria-labelledby={`${name}-title`}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {open ? (
        <>
          <header>
            <h2 id={`${name}-title`}>{title}</h2>
            <IconButton icon="close" label={t('app.close')} onClick={onClose} />
          </header>
          {children}
        </>
      ) : null}
    </dialog>
  );
}
