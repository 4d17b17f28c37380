import { useId } from 'react';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { useSurroundings, useWatch, useWorkspace } from '../workspace/context.tsx';
import { AssetCard } from './AssetCard.tsx';
import { AssetDetails } from './AssetDetails.tsx';
import { ImportList } from './ImportList.tsx';
import { LinkNotes } from './LinkNotes.tsx';

/** The room on the left: imported files, imports under way, and what the open file says of itself. */
export function MediaPanel() {
  const t = useT();
  const { studio, workspace, pickFiles, pickFolder, showVersions } = useSurroundings();
  const assets = useWatch(studio.assets);
  const openId = useWorkspace((state) => state.assetId);
  const open = assets.find((view) => view.asset.id === openId) ?? null;

  return (
    <section className="panel media" aria-labelledby="media-title">
      <header className="panel-head">
        <h2 id="media-title">{t('media.title')}</h2>
        {assets.length === 0 ? null : (
          <span className="panel-count">{t('media.count', { count: assets.length })}</span>
        )}
        <span className="spring" />
        {assets.length < 2 ? null : (
          <IconButton icon="compare" label={t('versions.button')} onClick={showVersions} />
        )}
        <ImportOptions />
        <IconButton icon="folder" label={t('media.addFolder')} onClick={pickFolder} />
        <IconButton icon="plus" label={t('media.add')} onClick={pickFiles} />
      </header>
      <div className="panel-scroll">
        <ImportList />
        <LinkNotes assets={assets} />
        {assets.length === 0 ? (
          <p className="panel-empty">{t('media.empty')}</p>
        ) : (
          <ul className="assets" aria-label={t('media.list')}>
            {assets.map((view) => (
              <AssetCard
                key={view.asset.id}
                view={view}
                selected={view.asset.id === openId}
                onOpen={() => {
                  workspace.openAsset(view.asset.id);
                }}
              />
            ))}
          </ul>
        )}
      </div>
      {open === null ? null : <AssetDetails view={open} />}
    </section>
  );
}

/** What happens to files that the browser cannot open again by itself. */
function ImportOptions() {
  const t = useT();
  const id = useId();
  const { studio } = useSurroundings();
  const { keepCopies } = useWatch(studio.settings);
  const choices = [
    { value: 'ask', text: t('media.copiesAsk') },
    { value: 'always', text: t('media.copiesAlways') },
    { value: 'never', text: t('media.copiesNever') },
  ] as const;
  return (
    <>
      <IconButton
        icon="options"
        label={t('media.options')}
        popoverTarget={id}
        style={{ anchorName: '--import-options' }}
      />
      <div
        id={id}
        popover="auto"
        className="popover popover-import"
        role="dialog"
        aria-label={t('media.options')}
      >
        <fieldset>
          <legend>{t('media.copies')}</legend>
          {choices.map((choice) => (
            <label key={choice.value} className="radio-line">
              <input
                type="radio"
                name={`${id}-copies`}
                checked={keepCopies === choice.value}
                onChange={() => {
                  studio.changeSettings({ keepCopies: choice.value });
                }}
              />
              {choice.text}
            </label>
          ))}
        </fieldset>
      </div>
    </>
  );
}
