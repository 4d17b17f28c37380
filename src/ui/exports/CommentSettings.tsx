import { useId, useState } from 'react';
import { useT } from '../messages/i18n.tsx';
import { Choice, Segmented } from '../parts/controls.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import type { Choices } from './choices.ts';

interface Settings {
  readonly choices: Choices;
  readonly change: (part: Partial<Choices>) => void;
}

/** What the CSV is written for. */
export function CsvProfile({ choices, change }: Settings) {
  const t = useT();
  return (
    <Segmented
      label={t('bundle.profile')}
      value={choices.csv}
      options={[
        { value: 'spreadsheet', text: t('bundle.spreadsheet'), hint: t('bundle.spreadsheetHint') },
        { value: 'interchange', text: t('bundle.interchange'), hint: t('bundle.interchangeHint') },
      ]}
      onChange={(csv) => {
        change({ csv });
      }}
    />
  );
}

/** Whether comments are painted into the picture, and what goes with that. */
export function BurnInSettings({ choices, change }: Settings) {
  const t = useT();
  return (
    <>
      <label className="check-line export-burn-in">
        <input
          type="checkbox"
          checked={choices.burnIn}
          onChange={(event) => {
            change({ burnIn: event.target.checked });
          }}
        />
        {t('bundle.burnIn')}
      </label>
      {choices.burnIn ? (
        <>
          <Choice
            label={t('bundle.strip')}
            value={choices.strip}
            options={[
              { value: 'none', text: t('bundle.stripNone') },
              { value: 'timecode', text: t('bundle.stripTimecode') },
              { value: 'name', text: t('bundle.stripName') },
              { value: 'both', text: t('bundle.stripBoth') },
            ]}
            onChange={(strip) => {
              change({ strip });
            }}
          />
          <ShownFor />
        </>
      ) : null}
    </>
  );
}

/** As the settings keep it. */
const LEAST_SECONDS = 0.1;
const MOST_SECONDS = 60;

/** How long a comment without a duration is shown: the same setting that the player follows. */
function ShownFor() {
  const t = useT();
  const { studio } = useSurroundings();
  const { shownUs } = useWatch(studio.settings);
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  const commit = (): void => {
    const seconds = Number(draft ?? '');
    setDraft(null);
    if (draft === null || draft.trim() === '' || !Number.isFinite(seconds)) return;
    const kept = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds));
    studio.changeSettings({ shownUs: Math.round(kept * 1_000_000) });
  };
  return (
    <div className="export-shown">
      <label className="field-label" htmlFor={id}>
        {t('bundle.shown')}
      </label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        className="editable boxed"
        min={LEAST_SECONDS}
        max={MOST_SECONDS}
        step="any"
        value={draft ?? String(shownUs / 1_000_000)}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
    </div>
  );
}
