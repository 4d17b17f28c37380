import { useT, useLanguage } from '../messages/i18n.tsx';
import { EditableText, IconButton } from '../parts/controls.tsx';
import { Icon, Logo, type IconName } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';

const THEMES = [null, 'dark', 'light'] as const;
const THEME_ICONS: Readonly<Record<'system' | 'dark' | 'light', IconName>> = {
  system: 'system',
  dark: 'moon',
  light: 'sun',
};

/** Name of the project, undo, and what concerns the whole page. */
export function TopBar({
  onHelp,
  onDiagnostics,
  onHandover,
}: {
  readonly onHelp: () => void;
  readonly onDiagnostics: () => void;
  readonly onHandover: () => void;
}) {
  const t = useT();
  const { studio, showSettings } = useSurroundings();
  const { document: project, canUndo, canRedo, saved, readOnly } = useWatch(studio.document);
  const { theme } = useWatch(studio.settings);
  const language = useLanguage();
  const themeText =
    theme === null ? t('top.themeSystem') : t(theme === 'dark' ? 'top.themeDark' : 'top.themeLight');

  return (
    <header className="topbar">
      <div className="brand">
        <Logo />
        <h1>{t('app.name')}</h1>
      </div>
      <span className="topbar-line" aria-hidden="true" />
      <EditableText
        label={t('top.projectName')}
        className="project-name"
        value={project.name}
        placeholder={t('top.untitled')}
        maxLength={200}
        readOnly={readOnly}
        onCommit={(name) => {
          studio.document.dispatch({ type: 'renameProject', name });
        }}
      />
      <span className={`saved saved-${saved}`} role="status">
        {saved === 'saved' ? t('top.saved') : t(saved === 'saving' ? 'top.saving' : 'top.saveFailed')}
      </span>
      <div className="topbar-group topbar-history">
        <IconButton
          icon="undo"
          label={t('top.undo')}
          hint="Ctrl+Z"
          disabled={!canUndo}
          onClick={() => {
            studio.document.undo();
          }}
        />
        <IconButton
          icon="redo"
          label={t('top.redo')}
          hint="Ctrl+Shift+Z"
          disabled={!canRedo}
          onClick={() => {
            studio.document.redo();
          }}
        />
      </div>
      <span className="spring" />
      <span className="private-badge" title={t('app.privateLong')}>
        <Icon name="shield" />
        <span>{t('app.private')}</span>
      </span>
      <div className="topbar-group">
        <div className="languages" role="group" aria-label={t('top.language')}>
          {(['en', 'ko'] as const).map((one) => (
            <button
              key={one}
              type="button"
              lang={one}
              aria-pressed={language === one}
              aria-label={one === 'en' ? 'English' : '한국어'}
              onClick={() => {
                studio.changeSettings({ language: one });
              }}
            >
              {one === 'en' ? 'EN' : '한국어'}
            </button>
          ))}
        </div>
        <IconButton
          icon={THEME_ICONS[theme ?? 'system']}
          className="theme-button"
          label={`${t('top.theme')}: ${themeText}`}
          onClick={() => {
            const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
            studio.changeSettings({ theme: next ?? null });
          }}
        />
        <IconButton icon="share" label={t('handover.button')} onClick={onHandover} />
        <IconButton icon="sliders" label={t('settings.open')} onClick={showSettings} />
        <IconButton icon="gauge" label={t('diagnostics.open')} onClick={onDiagnostics} />
        <IconButton
          icon="keyboard"
          className="keys-button"
          label={t('top.shortcuts')}
          hint="?"
          onClick={onHelp}
        />
      </div>
    </header>
  );
}
