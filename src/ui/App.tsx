import { useCallback, useEffect, useMemo, useState, type MouseEvent } from 'react';
import type { Studio } from '../app/studio/types.ts';
import { DiagnosticsDialog } from './diagnostics/DiagnosticsDialog.tsx';
import { ExportPanel } from './exports/ExportPanel.tsx';
import { HandoverDialog } from './handover/HandoverDialog.tsx';
import { OpenedDialog } from './handover/OpenedDialog.tsx';
import { TextOpenedDialog } from './handover/TextOpenedDialog.tsx';
import { HistoryDialog } from './history/HistoryDialog.tsx';
import { useKeys } from './keys/useKeys.ts';
import { MediaPanel } from './media/MediaPanel.tsx';
import { browserLanguage, Messages, useT } from './messages/i18n.tsx';
import { Button } from './parts/controls.tsx';
import { Icon } from './parts/icons.tsx';
import { PlayerRoom } from './player/PlayerRoom.tsx';
import { ReelPanel } from './reel/ReelPanel.tsx';
import { CommentsPanel } from './review/CommentsPanel.tsx';
import { createDesk } from './review/desk.ts';
import { SideTabs } from './review/SideTabs.tsx';
import { SettingsDialog } from './settings/SettingsDialog.tsx';
import { KeyHelp } from './shell/KeyHelp.tsx';
import { TabBar } from './shell/TabBar.tsx';
import { TopBar } from './shell/TopBar.tsx';
import { useAnnouncer } from './shell/useAnnouncer.tsx';
import { useDrop } from './shell/useDrop.ts';
import { useExportNews } from './shell/useExportNews.ts';
import { usePageTitle } from './shell/usePageTitle.ts';
import { usePickers } from './shell/usePickers.tsx';
import { useSingleKeys } from './shell/useSingleKeys.ts';
import { VersionsDialog } from './versions/VersionsDialog.tsx';
import {
  SurroundingsProvider,
  useSurroundings,
  useWatch,
  useWatchPart,
  useWorkspace,
} from './workspace/context.tsx';
import type { Workspace } from './workspace/workspace.ts';

/** The whole interface of a studio. */
export function App({ studio, workspace }: { readonly studio: Studio; readonly workspace: Workspace }) {
  const { language, theme } = useWatch(studio.settings);
  const shown = language ?? browserLanguage();
  useEffect(() => {
    document.documentElement.lang = shown;
  }, [shown]);
  useEffect(() => {
    if (theme === null) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  const { announce, region } = useAnnouncer();
  const openFilm = useCallback(() => workspace.get().assetId, [workspace]);
  const { pickFiles, pickFolder, inputs } = usePickers(studio, openFilm);
  const [desk] = useState(() => createDesk(studio, workspace));
  const [settings, setSettings] = useState(false);
  const [history, setHistory] = useState(false);
  const [versions, setVersions] = useState(false);
  const surroundings = useMemo(
    () => ({
      studio,
      workspace,
      desk,
      announce,
      pickFiles,
      pickFolder,
      showSettings: () => {
        setSettings(true);
      },
      showHistory: () => {
        setHistory(true);
      },
      showVersions: () => {
        setVersions(true);
      },
    }),
    [studio, workspace, desk, announce, pickFiles, pickFolder],
  );
  return (
    <Messages language={shown}>
      <SurroundingsProvider value={surroundings}>
        <Rooms />
        <HistoryDialog
          open={history}
          onClose={() => {
            setHistory(false);
          }}
        />
        <VersionsDialog
          open={versions}
          onClose={() => {
            setVersions(false);
          }}
        />
        <SettingsDialog
          open={settings}
          onClose={() => {
            setSettings(false);
          }}
        />
        {inputs}
        {region}
      </SurroundingsProvider>
    </Messages>
  );
}

function Rooms() {
  const t = useT();
  const { studio, workspace } = useSurroundings();
  const room = useWorkspace((state) => state.room);
  const side = useWorkspace((state) => state.side);
  const empty = useWatchPart(studio.assets, (assets) => assets.length === 0);
  const readOnly = useWatchPart(studio.document, (state) => state.readOnly);
  const loss = useWatch(studio.storageLoss);
  const openFilm = useCallback(() => workspace.get().assetId, [workspace]);
  const over = useDrop(studio, openFilm);
  const [help, setHelp] = useState(false);
  const [diagnostics, setDiagnostics] = useState(false);
  const [handover, setHandover] = useState(false);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  useKeys({
    singleKeys,
    onHelp: () => {
      setHelp(true);
    },
  });
  useExportNews();
  usePageTitle();

  return (
    <div
      className={empty ? 'app is-empty' : 'app'}
      data-room={room}
      data-side={side}
      onClickCapture={releaseFocus}
    >
      <TopBar
        onHelp={() => {
          setHelp(true);
        }}
        onDiagnostics={() => {
          setDiagnostics(true);
        }}
        onHandover={() => {
          setHandover(true);
        }}
      />
      {loss !== null ? (
        <div className="banner" role="alert">
          <Icon name="warning" /> <span>{t(`app.loss.${loss}`)}</span>
          <Button
            onClick={() => {
              location.reload();
            }}
          >
            {t('app.reload')}
          </Button>
        </div>
      ) : readOnly ? (
        <p className="banner" role="status">
          <Icon name="warning" /> {t(studio.readOnly ? 'settings.readOnly' : 'app.readOnly')}
        </p>
      ) : null}
      <main className="rooms">
        <div className="room room-media" id="room-media">
          <MediaPanel />
        </div>
        <div className="room room-player" id="room-player">
          <PlayerRoom />
        </div>
        <div className="room-right">
          <SideTabs />
          <div className="room room-comments" id="room-comments">
            <CommentsPanel />
          </div>
          <div className="room room-ranges" id="room-ranges">
            <ReelPanel />
          </div>
          <div className="room room-export" id="room-export">
            <ExportPanel />
          </div>
        </div>
      </main>
      <TabBar />
      {over ? (
        <div className="drop" role="presentation">
          <div>
            <Icon name="download" size={40} />
            <strong>{t('drop.title')}</strong>
            <span>{t('drop.body')}</span>
          </div>
        </div>
      ) : null}
      <KeyHelp
        open={help}
        singleKeys={singleKeys}
        onSingleKeys={setSingleKeys}
        onClose={() => {
          setHelp(false);
        }}
      />
      <HandoverDialog
        open={handover}
        onClose={() => {
          setHandover(false);
        }}
      />
      <OpenedDialog />
      <TextOpenedDialog />
      <DiagnosticsDialog
        open={diagnostics}
        onClose={() => {
          setDiagnostics(false);
        }}
      />
    </div>
  );
}

/**
 * A button that was clicked with a pointer gives the keyboard back, so that Space plays and Enter adds a range instead
 * of pressing it again. Dialogs keep their focus, and so do buttons that were pressed by key.
 */
function releaseFocus(event: MouseEvent): void {
  if (event.detail === 0 || !(event.target instanceof Element)) return;
  const button = event.target.closest('button');
  if (button === null || button !== document.activeElement) return;
  if (button.closest('dialog, [popover]') === null) button.blur();
}
