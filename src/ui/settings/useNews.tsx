import { useState, type ReactNode } from 'react';

/** A live region of a dialog: what is announced on the page behind it is neither heard nor seen while it is open. */
export function useNews(): {
  readonly news: ReactNode;
  /** `unseen`: for screen readers only, where eyes see it already. An empty text takes the last one away. */
  readonly say: (text: string, options?: { readonly unseen?: boolean }) => void;
} {
  const [said, setSaid] = useState({ text: '', unseen: false });
  return {
    news: (
      <p className={said.unseen ? 'visually-hidden' : 'settings-news'} role="status">
        {said.text}
      </p>
    ),
    say(text, { unseen = false } = {}) {
      // The same sentence twice has to differ, or it is not read again.
      setSaid((before) => ({ text: text !== '' && before.text === text ? `${text}\u00a0` : text, unseen }));
    },
  };
}
