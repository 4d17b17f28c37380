/** Two versions of a film side by side, in sync; and carrying comments from the older to the newer one. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { AssetId } from '../../core/base/ids.ts';
import type { AssetView, Player } from '../../app/studio/types.ts';
import { primaryVideo } from '../core.ts';
import { clock } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Choice, IconButton } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import { Carry } from './Carry.tsx';
import { usePair, type Pair } from './usePair.ts';

/** Shows two of the project's films beside each other. */
export function VersionsDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={open} name="versions" title={t('versions.title')} onClose={onClose}>
      <Contents />
    </Dialog>
  );
}

function Contents() {
  const t = useT();
  const { studio } = useSurroundings();
  const films = useWatch(studio.assets).filter(({ asset }) => primaryVideo(asset.probe) !== null);
  const [first, second] = films;
  if (first === undefined || second === undefined)
    return <p className="versions-none">{t('versions.none')}</p>;
  return <Compare films={films} first={first.asset.id} second={second.asset.id} />;
}

function Compare({
  films,
  first,
  second,
}: {
  readonly films: readonly AssetView[];
  readonly first: AssetId;
  readonly second: AssetId;
}) {
  const t = useT();
  const [leftId, setLeft] = useState(first);
  const [rightId, setRight] = useState(second);
  const [offsetUs, setOffset] = useState(0);
  const pair = usePair(leftId, rightId, offsetUs);
  const options = films.map(({ asset }) => ({ value: asset.id, text: asset.name }));
  const same = leftId === rightId;
  return (
    <div className="versions-body">
      <div className="versions-pair">
        <div>
          <Choice label={t('versions.older')} value={leftId} options={options} onChange={setLeft} />
          <Picture player={pair?.left ?? null} name={nameOf(films, leftId)} />
        </div>
        <div>
          <Choice label={t('versions.newer')} value={rightId} options={options} onChange={setRight} />
          <Picture player={pair?.right ?? null} name={nameOf(films, rightId)} />
        </div>
      </div>
      {pair === null ? null : <Transport pair={pair} offsetUs={offsetUs} onOffset={setOffset} />}
      {same ? (
        <p className="versions-none">{t('versions.same')}</p>
      ) : (
        <Carry key={`${leftId} ${rightId}`} from={leftId} to={rightId} />
      )}
    </div>
  );
}

const nameOf = (films: readonly AssetView[], id: AssetId): string =>
  films.find(({ asset }) => asset.id === id)?.asset.name ?? '';

function Picture({ player, name }: { readonly player: Player | null; readonly name: string }) {
  const t = useT();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    player?.attach(canvas.current);
    return () => player?.attach(null);
  }, [player]);
  return <canvas ref={canvas} role="img" aria-label={t('viewer.picture', { name })} />;
}

function usePlayerState<T>(player: Player, pick: (state: ReturnType<Player['get']>) => T): T {
  return useSyncExternalStore(
    (listener) => player.subscribe(listener),
    () => pick(player.get()),
  );
}

function Transport({
  pair: { left, right },
  offsetUs,
  onOffset,
}: {
  readonly pair: Pair;
  readonly offsetUs: number;
  readonly onOffset: (us: number) => void;
}) {
  const t = useT();
  const playing = usePlayerState(left, (state) => state.playing);
  const timeUs = usePlayerState(left, (state) => state.timeUs);
  const durationUs = usePlayerState(left, (state) => state.durationUs);
  const frameUs = usePlayerState(right, (state) => Math.max(1, state.frameEndUs - state.timeUs));
  return (
    <div className="versions-transport" role="group" aria-label={t('versions.both')}>
      <IconButton
        icon="back"
        label={t('versions.stepBack')}
        onClick={() => {
          left.step(-1);
        }}
      />
      <IconButton
        icon={playing ? 'pause' : 'play'}
        label={t(playing ? 'versions.pause' : 'versions.play')}
        onClick={() => {
          left.toggle();
        }}
      />
      <IconButton
        icon="forward"
        label={t('versions.stepOn')}
        onClick={() => {
          left.step(1);
        }}
      />
      <input
        type="range"
        min={0}
        max={Math.max(1, durationUs)}
        step={1000}
        value={timeUs}
        aria-label={t('versions.place')}
        aria-valuetext={clock(timeUs)}
        onChange={(event) => {
          left.seek(event.currentTarget.valueAsNumber);
        }}
      />
      <output>{clock(timeUs)}</output>
      <span className="versions-offset">
        {t('versions.offset', { seconds: (offsetUs / 1e6).toFixed(2) })}
        <IconButton
          icon="minus"
          label={t('versions.offsetLess')}
          onClick={() => {
            onOffset(offsetUs - frameUs);
          }}
        />
        <IconButton
          icon="plus"
          label={t('versions.offsetMore')}
          onClick={() => {
            onOffset(offsetUs + frameUs);
          }}
        />
      </span>
    </div>
  );
}
