import { useEffect } from 'react';
import type { StoragePolicy, StorageState } from '../../app/studio/types.ts';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Choice, FailureNote } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { ReviewSettings } from '../review/ReviewSettings.tsx';
import { useSurroundings, useTask, useWatch } from '../workspace/context.tsx';
import { BUDGETS, CACHES, KEEP_DAYS, stepsWith } from './steps.ts';
import { StorageMeter } from './StorageMeter.tsx';
import { useNews } from './useNews.tsx';

/** What is kept, how much and for how long. */
export function SettingsDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={open} name="settings" title={t('settings.title')} onClose={onClose}>
      <Contents />
    </Dialog>
  );
}

function Contents() {
  const t = useT();
  const { storage } = useSurroundings().studio;
  const state = useWatch(storage);
  useEffect(() => {
    void storage.refresh();
  }, [storage]);
  return (
    <div className="settings-body" role="region" tabIndex={0} aria-label={t('settings.title')}>
      <section>
        <h3>{t('settings.storage')}</h3>
        <p className="settings-hint">{t('settings.storageHint')}</p>
        <StorageMeter state={state} />
      </section>
      <Limits state={state} />
      <Persistent state={state} />
      <ReviewSettings />
      <Appearance />
    </div>
  );
}

/** How long results are kept, and the budgets. */
function Limits({ state: { policy } }: { readonly state: StorageState }) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const task = useTask();
  const { news, say } = useNews();
  const change = (part: Partial<StoragePolicy>): void => {
    say('');
    void task.run(() => studio.storage.changePolicy(part));
  };
  const days = [...new Set([...KEEP_DAYS, policy.keepDays])].sort(
    (a, b) => (a ?? Infinity) - (b ?? Infinity),
  );
  const sizes = (steps: readonly number[], chosen: number) =>
    stepsWith(steps, chosen).map((bytes) => ({ value: String(bytes), text: size(bytes, language) }));
  return (
    <section className="settings-pair" aria-label={t('settings.storage')}>
      <Choice
        label={t('settings.keep')}
        note={t('settings.keepNote')}
        value={String(policy.keepDays)}
        options={days.map((count) => ({
          value: String(count),
          text: count === null ? t('settings.forever') : t('settings.days', { count }),
        }))}
        onChange={(value) => {
          change({ keepDays: value === 'null' ? null : Number(value) });
        }}
      />
      <Choice
        label={t('settings.cache')}
        value={String(policy.cacheBytes)}
        options={sizes(CACHES, policy.cacheBytes)}
        onChange={(value) => {
          change({ cacheBytes: Number(value) });
        }}
      />
      <Choice
        label={t('settings.soft')}
        value={String(policy.softBytes)}
        options={sizes(BUDGETS, policy.softBytes)}
        onChange={(value) => {
          const softBytes = Number(value);
          const raised = softBytes > policy.hardBytes;
          void task
            .run(async () => {
              const saved = await studio.storage.changePolicy({ softBytes });
              return saved.ok ? ok(raised) : saved;
            })
            .then((moved) => {
              // One field has moved another one, which may not be seen.
              say(moved === true ? t('settings.hardRaised', { size: size(softBytes, language) }) : '');
            });
        }}
      />
      <Choice
        label={t('settings.hard')}
        value={String(policy.hardBytes)}
        // The hard limit is never below the soft one.
        options={sizes(BUDGETS, policy.hardBytes).filter(({ value }) => Number(value) >= policy.softBytes)}
        onChange={(value) => {
          change({ hardBytes: Number(value) });
        }}
      />
      {news}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </section>
  );
}

/** What stands in the bar at the top as well, where there is room. */
function Appearance() {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const { theme } = useWatch(studio.settings);
  return (
    <section>
      <h3>{t('settings.appearance')}</h3>
      <div className="settings-pair">
        <Choice
          label={t('top.theme')}
          value={theme ?? 'system'}
          options={[
            { value: 'system', text: t('top.themeSystem') },
            { value: 'dark', text: t('top.themeDark') },
            { value: 'light', text: t('top.themeLight') },
          ]}
          onChange={(value) => {
            studio.changeSettings({ theme: value === 'system' ? null : value });
          }}
        />
        <Choice
          label={t('top.language')}
          value={language}
          options={[
            { value: 'en', text: 'English' },
            { value: 'ko', text: '한국어' },
          ]}
          onChange={(value) => {
            studio.changeSettings({ language: value });
          }}
        />
      </div>
    </section>
  );
}

/** Whether the browser may clear all of it by itself. */
function Persistent({ state: { persistence } }: { readonly state: StorageState }) {
  const t = useT();
  const { studio } = useSurroundings();
  const task = useTask();
  const { news, say } = useNews();
  const granted = persistence === 'granted';
  return (
    <section className="settings-persistent">
      <h3>{t('settings.persistent')}</h3>
      <p className="settings-state">
        <Icon name={granted ? 'check' : 'info'} />
        <span>
          {t(
            granted
              ? 'settings.persistentGranted'
              : persistence === null
                ? 'settings.persistentUnknown'
                : 'settings.persistentRefused',
          )}
        </span>
        {granted ? null : (
          <Button
            disabled={task.busy}
            onClick={() => {
              void task
                .run(() => studio.storage.askPersistence())
                .then((answer) => {
                  if (answer === 'granted') say(t('settings.persistentGranted'), { unseen: true });
                  else if (answer === 'refused') say(t('settings.askRefused'));
                });
            }}
          >
            {t(persistence === null ? 'settings.ask' : 'settings.askAgain')}
          </Button>
        )}
      </p>
      {news}
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
    </section>
  );
}
