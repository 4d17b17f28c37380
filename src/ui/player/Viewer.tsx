import { useEffect, useRef } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import { primaryVideo } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { FailureNote, ProgressBar } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { PictureLayer } from '../review/PictureLayer.tsx';
import { usePlayer, useSurroundings, useWorkspace } from '../workspace/context.tsx';

/** The picture. */
export function Viewer({ view }: { readonly view: AssetView | null }) {
  const t = useT();
  const { workspace } = useSurroundings();
  const canvas = useRef<HTMLCanvasElement>(null);
  const player = useWorkspace((state) => state.player);
  const status = usePlayer((state) => state.status);
  const preparing = usePlayer((state) => state.preparing);
  const failure = usePlayer((state) => state.failure);
  const proxy = usePlayer((state) => state.proxy);
  const rate = usePlayer((state) => (state.playing ? state.rate : 0));

  useEffect(() => {
    player?.attach(canvas.current);
    return () => player?.attach(null);
  }, [player]);

  const away = view === null || view.access === 'ready' ? null : view.access;
  const soundOnly = view !== null && primaryVideo(view.asset.probe) === null;
  return (
    <div className="viewer">
      <canvas
        ref={canvas}
        className={status === 'failed' || soundOnly ? 'is-hidden' : ''}
        role="img"
        aria-label={view === null ? t('viewer.label') : t('viewer.picture', { name: view.asset.name })}
        onClick={() => {
          workspace.get().player?.toggle();
        }}
      />
      {view === null || soundOnly || status === 'failed' ? null : (
        <PictureLayer view={view} screen={canvas} />
      )}
      {soundOnly && status !== 'failed' ? (
        <div className="viewer-sound" aria-hidden="true">
          <Icon name="wave" size={64} />
        </div>
      ) : null}
      {view === null ? <p className="viewer-center">{t('viewer.pick')}</p> : null}
      {view !== null && status === 'opening' && away === null ? (
        <p className="viewer-center" role="status">
          <span className="spinner" /> {t('viewer.opening')}
        </p>
      ) : null}
      {status === 'preparing' ? (
        <div className="viewer-center viewer-preparing" role="status">
          <p>{t('viewer.preparing')}</p>
          <ProgressBar label={t('viewer.preparing')} percent={preparing === null ? null : preparing * 100} />
        </div>
      ) : null}
      {away !== null ? (
        <p className="viewer-center" role="status">
          <Icon name={away === 'ask' ? 'lock' : 'link'} /> {t(`access.${away}`)}
        </p>
      ) : null}
      {status === 'failed' && failure !== null && away === null ? (
        <div className="viewer-center viewer-failed">
          <FailureNote failure={failure} title={t('viewer.failed')} />
        </div>
      ) : null}
      {proxy ? (
        <span className="viewer-badge" title={t('viewer.proxyHint')}>
          {t('viewer.proxy')}
        </span>
      ) : null}
      {rate === 0 || rate === 1 ? null : <span className="viewer-rate">{rate}×</span>}
    </div>
  );
}
