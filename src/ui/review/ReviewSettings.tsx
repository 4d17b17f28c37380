import { useState } from 'react';
import { MAX_NAME } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { EditableText } from '../parts/controls.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';

/** Shortest and longest that may be set, seconds. */
const LEAST = 0.1;
const MOST = 60;

/** Who comments are signed with, and how long one without a duration is shown. */
export function ReviewSettings() {
  const t = useT();
  const { studio } = useSurroundings();
  const { author, shownUs } = useWatch(studio.settings);
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    setTyped(null);
    const seconds = typed === null || typed.trim() === '' ? NaN : Number(typed.replace(',', '.'));
    if (!Number.isFinite(seconds)) return;
    studio.changeSettings({ shownUs: Math.round(Math.min(MOST, Math.max(LEAST, seconds)) * 1_000_000) });
  };
  return (
    <section>
      <h3>{t('review.title')}</h3>
      <div className="settings-pair">
        <div>
          <span className="field-label" aria-hidden="true">
            {t('review.author')}
          </span>
          <EditableText
            label={t('review.author')}
            className="boxed"
            value={author}
            maxLength={MAX_NAME}
            onCommit={(name) => {
              studio.changeSettings({ author: name });
            }}
          />
          <small className="field-note">{t('review.authorNote')}</small>
        </div>
        <div>
          <span className="field-label" aria-hidden="true">
            {t('review.shown')}
          </span>
          <input
            type="number"
            className="editable boxed"
            aria-label={t('review.shown')}
            min={LEAST}
            max={MOST}
            step={0.5}
            value={typed ?? String(shownUs / 1_000_000)}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
            }}
          />
          <small className="field-note">{t('review.shownNote')}</small>
        </div>
      </div>
    </section>
  );
}
