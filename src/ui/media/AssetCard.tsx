import { useState } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import type { Asset } from '../../core/schema/asset.ts';
import { primaryAudio, primaryVideo } from '../core.ts';
import { clock, codecName, fps, isOneFrame, size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';
import { Button, Confirm, FailureNote, IconButton } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatchPart } from '../workspace/context.tsx';

/** One imported file in the list. */
export function AssetCard({
  view,
  selected,
  onOpen,
}: {
  readonly view: AssetView;
  readonly selected: boolean;
  readonly onOpen: () => void;
}) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const { asset, posterUrl, access } = view;
  const [removing, setRemoving] = useState(false);
  const removal = useTask();
  const used = useWatchPart(
    studio.document,
    (state) => state.document.clips.filter((clip) => clip.assetId === asset.id).length,
  );
  const comments = useWatchPart(
    studio.review,
    (all) => [...all.values()].filter(({ assetId }) => assetId === asset.id).length,
  );
  const { warnings } = asset.probe;

  return (
    <li className={`asset ${selected ? 'is-selected' : ''} ${access === 'ready' ? '' : 'is-away'}`}>
      <button
        type="button"
        className="asset-open"
        aria-label={t('media.select', { name: asset.name })}
        aria-current={selected ? 'true' : undefined}
        onClick={onOpen}
      >
        <span className="poster">
          {posterUrl === null ? (
            <Icon name={asset.kind === 'audio' ? 'wave' : 'film'} size={20} />
          ) : (
            <img src={posterUrl} alt="" loading="lazy" draggable={false} />
          )}
          <span className="poster-time">{clock(asset.probe.durationUs)}</span>
        </span>
        <span className="asset-text">
          <span className="asset-name" title={asset.name}>
            <bdi>{asset.name}</bdi>
          </span>
          <span className="asset-facts">
            <LinkSign view={view} />
            {summary(asset, t, language)}
          </span>
          {warnings.length === 0 ? null : (
            <span className="asset-warning" title={warnings.map((code) => t(`warning.${code}`)).join('\n')}>
              <Icon name="warning" size={12} />
              {t('media.warnings', { count: warnings.length })}
            </span>
          )}
        </span>
      </button>
      <IconButton
        icon="trash"
        className="asset-remove"
        label={t('media.remove', { name: asset.name })}
        onClick={() => {
          setRemoving(true);
        }}
      />
      {removing ? (
        <Confirm
          question={[
            t('media.removeConfirm'),
            used > 0 ? t('media.removeUsed', { count: used }) : '',
            comments > 0 ? t('review.removeWithFile', { count: comments }) : '',
          ]
            .filter((part) => part !== '')
            .join(' ')}
          yes={t('media.removeShort')}
          no={t('app.cancel')}
          onNo={() => {
            setRemoving(false);
          }}
          onYes={() => {
            setRemoving(false);
            void removal.run(() => studio.removeAsset(asset.id));
          }}
        />
      ) : null}
      {removal.failure === null ? null : <FailureNote failure={removal.failure} onDismiss={removal.clear} />}
      <Access view={view} />
    </li>
  );
}

/** Size, rate and codec in one line. */
function summary(asset: Asset, t: Translate, language: Language): string {
  const video = primaryVideo(asset.probe);
  const audio = primaryAudio(asset.probe);
  const bytes = size(asset.bytes, language);
  if (video === null) {
    return [t('media.soundOnly'), audio === null ? null : codecName(audio.codec), bytes]
      .filter((part) => part !== null)
      .join(' · ');
  }
  const rate = isOneFrame(asset)
    ? t('media.oneFrame')
    : video.frameRate.kind === 'constant'
      ? `${fps(video.frameRate.rate, language)} fps`
      : `${fps(video.frameRate.average, language)} fps ${t('media.vfr')}`;
  return [
    `${String(video.displayWidth)}×${String(video.displayHeight)}`,
    rate,
    codecName(video.codec),
    bytes,
  ].join(' · ');
}

/** A small sign that the file is only linked, or not any more; what can be done stands once above the list. */
function LinkSign({ view: { asset, access } }: { readonly view: AssetView }) {
  const t = useT();
  const missing = access === 'missing';
  if (!missing && (access !== 'ready' || asset.source !== 'link')) return null;
  const text = missing ? t('access.missing') : t('access.linkOnly');
  return (
    <span className={missing ? 'asset-link is-missing' : 'asset-link'} title={text}>
      <Icon name="link" size={12} />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

/** The browser asks for each file that it may read again. */
function Access({ view: { asset, access } }: { readonly view: AssetView }) {
  const t = useT();
  const { studio } = useSurroundings();
  const task = useTask();
  const failure =
    task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />;
  if (access !== 'ask') return failure;
  return (
    <div className="asset-access">
      <p>
        <Icon name="lock" size={14} /> {t('access.ask')}
      </p>
      <Button disabled={task.busy} onClick={() => void task.run(() => studio.grantAccess(asset.id))}>
        {t('access.allow')}
      </Button>
      {failure}
    </div>
  );
}
