import { useState } from 'react';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Confirm, FailureNote } from '../parts/controls.tsx';
import { useSurroundings, useTask, useWatch } from '../workspace/context.tsx';

/** Names that a question lists; the rest is counted. */
const NAMED = 3;

interface Question {
  readonly names: readonly string[];
  readonly bytes: number;
}

/** What can be freed right here, until so many bytes are. */
export function FreeStorage({ bytes }: { readonly bytes: number }) {
  const t = useT();
  const language = useLanguage();
  const { studio, announce, showSettings } = useSurroundings();
  const { use } = useWatch(studio.storage);
  const [asking, setAsking] = useState<Question | null>(null);
  const task = useTask();
  const freed = (went: number | null): void => {
    if (went !== null) announce(t('budget.freed', { size: size(went, language) }));
  };
  const evictable = use?.evictableBytes ?? 0;
  // Where all that is left is pinned, the question would be about nothing.
  const none = asking !== null && asking.names.length === 0;
  const results = none ? 0 : (use?.resultBytes ?? 0);
  return (
    <div className="free-storage">
      {asking === null || none ? null : (
        <Confirm
          question={t('budget.resultsAsk', {
            count: asking.names.length,
            size: size(asking.bytes, language),
            names: namesOf(asking.names),
          })}
          yes={t('budget.resultsYes')}
          no={t('app.cancel')}
          onNo={() => {
            setAsking(null);
          }}
          onYes={() => {
            setAsking(null);
            void task.run(async () => ok(await studio.storage.dropOldestResults(bytes))).then(freed);
          }}
        />
      )}
      {use !== null && evictable === 0 && results === 0 ? <p>{t('budget.nothing')}</p> : null}
      <div className="free-actions">
        {evictable === 0 ? null : (
          <Button
            icon="trash"
            disabled={task.busy}
            onClick={() => {
              void task.run(async () => ok(await studio.storage.clearSegments())).then(freed);
            }}
          >
            {t('budget.segments', { size: size(evictable, language) })}
          </Button>
        )}
        {results === 0 || asking !== null ? null : (
          <Button
            icon="trash"
            disabled={task.busy}
            onClick={() => {
              void task.run(async () => ok(await studio.storage.oldestResults(bytes))).then(setAsking);
            }}
          >
            {t('budget.results')}
          </Button>
        )}
        <Button icon="sliders" onClick={showSettings}>
          {t('budget.settings')}
        </Button>
      </div>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </div>
  );
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `“${name}”`);
  return names.length > NAMED ? `${shown.join(', ')} …` : shown.join(', ');
}
