import { useEffect, useState, type ReactNode } from 'react';
import type { Capabilities } from '../../app/studio/types.ts';
import { codecName, size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import type { MessageKey } from '../messages/types.ts';
import { Button, ProgressBar } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { ActivityFooter } from './ActivityFooter.tsx';
import { ActivityView } from './ActivityView.tsx';
import { EncoderTable, MODES } from './EncoderTable.tsx';
import { measuredOf, reportText, sizeText, tableOf } from './report.ts';
import { useActivity } from './useActivity.ts';
import { useMeasure, type Measuring } from './useMeasure.ts';

type Tab = 'browser' | 'activity';

const TABS = [
  { tab: 'browser', text: 'activity.tabBrowser' },
  { tab: 'activity', text: 'activity.tabActivity' },
] as const satisfies readonly { tab: Tab; text: MessageKey }[];

/** What this browser can do and what it did, as a dialog. */
export function DiagnosticsDialog({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const t = useT();
  const [tab, setTab] = useState<Tab>('browser');
  const title = tab === 'browser' ? t('diagnostics.title') : t('activity.title');
  return (
    <Dialog open={open} name="diagnostics" title={title} onClose={onClose}>
      <Tabs shown={tab} onShow={setTab} />
      {tab === 'browser' ? <Contents /> : <ActivityContents />}
    </Dialog>
  );
}

/** One of two views; arrow keys go from one to the other. */
function Tabs({ shown, onShow }: { readonly shown: Tab; readonly onShow: (tab: Tab) => void }) {
  const t = useT();
  return (
    <div className="diagnostics-tabs" role="tablist" aria-label={t('activity.tabs')}>
      {TABS.map(({ tab, text }, position) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`diagnostics-tab-${tab}`}
          aria-selected={tab === shown}
          aria-controls="diagnostics-view"
          tabIndex={tab === shown ? 0 : -1}
          onClick={() => {
            onShow(tab);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
            event.preventDefault();
            const next = TABS[(position + 1) % TABS.length];
            if (next === undefined) return;
            onShow(next.tab);
            document.getElementById(`diagnostics-tab-${next.tab}`)?.focus();
          }}
        >
          {t(text)}
        </button>
      ))}
    </div>
  );
}

function ActivityContents() {
  const t = useT();
  const { shown, refresh } = useActivity();
  const empty = shown.state !== 'read' || shown.activity.entries.length === 0;
  return (
    <>
      <div
        className="diagnostics-body is-activity"
        id="diagnostics-view"
        role="tabpanel"
        tabIndex={0}
        aria-label={t('activity.title')}
      >
        <ActivityView shown={shown} />
      </div>
      <ActivityFooter empty={empty} onChanged={refresh} />
    </>
  );
}

function Contents() {
  const t = useT();
  const { diagnostics } = useSurroundings().studio;
  const [capabilities, setCapabilities] = useState<Capabilities | null>(null);
  const [copied, setCopied] = useState<'diagnostics.copied' | 'diagnostics.copyFailed' | null>(null);
  const { known, measuring, start, stop } = useMeasure();
  useEffect(() => {
    let gone = false;
    diagnostics.capabilities().then(
      (answer) => {
        if (!gone) setCapabilities(answer);
      },
      // Closed meanwhile: the dialog goes with it.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [diagnostics]);

  const groups = tableOf(diagnostics.questions, known);
  const { shown, open } = measuredOf(groups);
  const encodes = capabilities?.engines.includes('webcodecs') !== false;
  const running = measuring.state === 'running';
  const copy = (): void => {
    if (capabilities === null) return;
    navigator.clipboard.writeText(reportText(navigator.userAgent, capabilities, groups)).then(
      () => {
        setCopied('diagnostics.copied');
      },
      () => {
        setCopied('diagnostics.copyFailed');
      },
    );
  };

  return (
    <>
      <div
        className="diagnostics-body"
        id="diagnostics-view"
        role="tabpanel"
        tabIndex={0}
        aria-label={t('diagnostics.title')}
      >
        <section aria-label={t('diagnostics.facts')}>
          {capabilities === null ? <span className="spinner" /> : <Facts capabilities={capabilities} />}
        </section>
        <section>
          <h3 id="encoders-title">{t('diagnostics.encoders')}</h3>
          <p className="diagnostics-hint">
            {t(encodes ? 'diagnostics.encodersHint' : 'diagnostics.noEncoders')}
          </p>
          {!encodes ? null : shown.length > 0 ? (
            <>
              <EncoderTable groups={shown} />
              {open === 0 ? null : (
                <p className="diagnostics-hint">{t('diagnostics.rest', { count: open })}</p>
              )}
            </>
          ) : (
            <p className="encoders-none">
              <Icon name="gauge" size={20} /> {t('diagnostics.nothingYet')}
            </p>
          )}
        </section>
      </div>
      <footer>
        {running ? <Progress measuring={measuring} /> : null}
        <p className="diagnostics-news" role="status">
          {copied !== null && !running ? t(copied) : <News measuring={measuring} />}
        </p>
        <div className="diagnostics-actions">
          <Button icon="duplicate" disabled={capabilities === null} onClick={copy}>
            {t('diagnostics.copy')}
          </Button>
          <Button
            tone={running ? 'plain' : 'primary'}
            disabled={!encodes}
            onClick={() => {
              setCopied(null);
              if (running) stop();
              else start();
            }}
          >
            {t(running ? 'diagnostics.stop' : 'diagnostics.measure')}
          </Button>
        </div>
      </footer>
    </>
  );
}

function Progress({ measuring }: { readonly measuring: Measuring }) {
  const t = useT();
  const progress = measuring.state === 'running' ? measuring.progress : null;
  return (
    <ProgressBar
      label={t('diagnostics.progress')}
      percent={progress === null ? null : (progress.done / progress.total) * 100}
    />
  );
}

function News({ measuring }: { readonly measuring: Measuring }) {
  const t = useT();
  if (measuring.state === 'done') return t('diagnostics.measured');
  if (measuring.state === 'stopped') return t('diagnostics.stopped');
  if (measuring.state === 'idle' || measuring.progress === null) return null;
  const { done, total, question } = measuring.progress;
  const what = `${codecName(question.codec)}, ${t(MODES[question.mode])}, ${sizeText(question)}`;
  return t('diagnostics.measuring', { done: done + 1, total, what });
}

function Facts({ capabilities }: { readonly capabilities: Capabilities }) {
  const t = useT();
  const language = useLanguage();
  const { cores, freeBytes, engines, decode, fileHandles, savePicker } = capabilities;
  const said = (is: boolean): string => t(is ? 'diagnostics.yes' : 'diagnostics.no');
  return (
    <dl className="diagnostics-facts">
      <Fact name={t('diagnostics.cores')}>{cores}</Fact>
      <Fact name={t('diagnostics.storage')}>
        {freeBytes === null
          ? t('diagnostics.no')
          : t('diagnostics.storageFree', { size: size(freeBytes, language) })}
      </Fact>
      <Fact name={t('diagnostics.engines')}>
        {t(engines.includes('webcodecs') ? 'diagnostics.enginesBoth' : 'diagnostics.enginesFfmpeg')}
      </Fact>
      <Fact name="WebAssembly">{said(capabilities.webAssembly)}</Fact>
      <Fact name="WebCodecs">{said(capabilities.webCodecs)}</Fact>
      <Fact name={t('diagnostics.decodes')}>
        {decode.length === 0 ? t('diagnostics.nothing') : decode.map(codecName).join(', ')}
      </Fact>
      <Fact name={t('diagnostics.handles')}>{said(fileHandles)}</Fact>
      <Fact name={t('diagnostics.savePicker')}>{said(savePicker)}</Fact>
      <Fact name={t('diagnostics.browser')} wide>
        <span lang="en">{navigator.userAgent}</span>
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  wide = false,
  children,
}: {
  readonly name: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={wide ? 'is-wide' : ''}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
