import { useState } from 'react';
import type { StorageState, StorageUse } from '../../app/studio/types.ts';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Confirm, FailureNote } from '../parts/controls.tsx';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { sharesOf, type Share } from './steps.ts';
import { useNews } from './useNews.tsx';

/** More bytes than there are. */
const EVERYTHING = Number.MAX_SAFE_INTEGER;

const NAMES = {
  results: 'settings.results',
  segments: 'settings.segments',
  copies: 'settings.copies',
  other: 'settings.other',
} as const;

/** What takes how much, against the limit; and what can be freed now. */
export function StorageMeter({ state: { use, policy } }: { readonly state: StorageState }) {
  const t = useT();
  const language = useLanguage();
  if (use === null) {
    return (
      <p className="settings-hint">
        <span className="spinner" /> {t('settings.counting')}
      </p>
    );
  }
  const shares = sharesOf(use);
  const used = use.usedBytes;
  const whole = Math.max(policy.hardBytes, used ?? 0, 1);
  return (
    <div className="storage">
      <div className="storage-bar" aria-hidden="true">
        {shares.map(({ what, bytes }) => (
          <span
            key={what}
            className={`share-${what}`}
            style={{ inlineSize: `${String((bytes / whole) * 100)}%` }}
          />
        ))}
        <i style={{ insetInlineStart: `${String((policy.softBytes / whole) * 100)}%` }} />
      </div>
      <p className="storage-sum">
        <b>
          {used === null
            ? t('settings.unknown')
            : t('settings.usedOf', {
                used: size(used, language),
                limit: size(policy.hardBytes, language),
              })}
        </b>
        {use.freeBytes === null ? null : (
          <span>{t('settings.left', { free: size(use.freeBytes, language) })}</span>
        )}
      </p>
      <ul className="storage-shares">
        {shares.map((share) => (
          <ShareLine key={share.what} share={share} use={use} />
        ))}
      </ul>
    </div>
  );
}

function ShareLine({ share: { what, bytes }, use }: { readonly share: Share; readonly use: StorageUse }) {
  const t = useT();
  const language = useLanguage();
  return (
    <li>
      <i className={`share-${what}`} aria-hidden="true" />
      <div className="storage-share">
        <span>{t(NAMES[what])}</span>
        {what === 'segments' && bytes > 0 ? (
          <small>{t('settings.segmentsHint', { size: size(use.evictableBytes, language) })}</small>
        ) : what === 'copies' && bytes > 0 ? (
          <small>{t('settings.copiesHint')}</small>
        ) : what === 'results' && bytes > 0 ? (
          <small>{t('settings.resultsHint')}</small>
        ) : null}
      </div>
      <b>{size(bytes, language)}</b>
      {what === 'segments' ? (
        <FreeSegments bytes={use.evictableBytes} />
      ) : what === 'results' ? (
        <FreeResults bytes={bytes} />
      ) : (
        <span />
      )}
    </li>
  );
}

function FreeSegments({ bytes }: { readonly bytes: number }) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const { news, say } = useNews();
  const task = useTask();
  return (
    <>
      <Button
        aria-label={t('settings.freeSegments')}
        disabled={task.busy || bytes === 0}
        onClick={() => {
          void task
            .run(async () => ok(await studio.storage.clearSegments()))
            .then((went) => {
              if (went !== null) say(t('budget.freed', { size: size(went, language) }));
            });
        }}
      >
        {t('settings.freeNow')}
      </Button>
      {news}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </>
  );
}

interface Files {
  readonly names: readonly string[];
  readonly bytes: number;
}

/** Deletes finished files, never pinned ones, and asks before: the oldest one, or all of them; which they are and how much it is. */
function FreeResults({ bytes }: { readonly bytes: number }) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const [asked, setAsked] = useState<{ readonly oldest: Files; readonly all: Files } | null>(null);
  const { news, say } = useNews();
  const task = useTask();
  const drop = (least: number): void => {
    setAsked(null);
    void task
      .run(async () => ok(await studio.storage.dropOldestResults(least)))
      .then((went) => {
        if (went !== null) say(t('budget.freed', { size: size(went, language) }));
      });
  };
  return (
    <>
      <Button
        aria-label={t('settings.freeResults')}
        disabled={task.busy || bytes === 0}
        onClick={() => {
          void task
            .run(async () => {
              const oldest = await studio.storage.oldestResults(1);
              return ok({ oldest, all: await studio.storage.oldestResults(EVERYTHING) });
            })
            .then((found) => {
              if (found === null) return;
              const none = found.all.names.length === 0;
              say(none ? t('settings.allPinned') : '');
              setAsked(none ? null : found);
            });
        }}
      >
        {t('settings.freeOldest')}
      </Button>
      {asked === null ? null : (
        <Confirm
          question={t('budget.resultsAsk', {
            count: asked.oldest.names.length,
            size: size(asked.oldest.bytes, language),
            names: asked.oldest.names.map((name) => `“${name}”`).join(', '),
          })}
          yes={t('budget.resultsYes')}
          no={t('job.keep')}
          {...(asked.all.names.length <= asked.oldest.names.length
            ? {}
            : {
                other: {
                  text: t('settings.freeAll', {
                    count: asked.all.names.length,
                    size: size(asked.all.bytes, language),
                  }),
                  tone: 'danger' as const,
                  onClick: () => {
                    drop(EVERYTHING);
                  },
                },
              })}
          onNo={() => {
            setAsked(null);
          }}
          onYes={() => {
            drop(1);
          }}
        />
      )}
      {news}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </>
  );
}
