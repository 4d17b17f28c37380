import { useEffect, useState, type RefObject } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import { rateOf, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, IconButton } from '../parts/controls.tsx';
import { TimeField } from '../parts/TimeField.tsx';
import { usePlayer, useSurroundings, useWatchPart, useWorkspace } from '../workspace/context.tsx';
import { useMarking } from './useMarking.ts';

/** Buttons of the player, the time on display, and the in and out marks. */
export function Transport({
  view,
  screen,
}: {
  readonly view: AssetView | null;
  readonly screen: RefObject<HTMLElement | null>;
}) {
  const t = useT();
  const { studio, workspace } = useSurroundings();
  const { addRange } = useMarking();
  const ready = usePlayer((state) => state.status === 'ready');
  const playing = usePlayer((state) => state.playing);
  const readOnly = useWatchPart(studio.document, (state) => state.readOnly);
  const player = useWorkspace((state) => state.player);
  const marks = useWorkspace((state) => state.marks);
  const clipId = useWorkspace((state) => state.clipId);
  const rate = rateOf(view?.asset ?? null);

  return (
    <div className="transport" role="group" aria-label={t('transport.label')}>
      <div className="transport-time">
        <Timecode view={view} />
      </div>
      <div className="transport-buttons">
        <IconButton
          icon="start"
          label={t('transport.start')}
          hint="Home"
          disabled={!ready}
          onClick={() => player?.seek(0)}
        />
        <IconButton
          icon="back"
          label={t('transport.back')}
          hint="←"
          disabled={!ready}
          onClick={() => player?.step(-1)}
        />
        <IconButton
          icon={playing ? 'pause' : 'play'}
          size={20}
          className="transport-play"
          label={playing ? t('transport.pause') : t('transport.play')}
          hint="Space"
          disabled={!ready}
          onClick={() => player?.toggle()}
        />
        <IconButton
          icon="forward"
          label={t('transport.forward')}
          hint="→"
          disabled={!ready}
          onClick={() => player?.step(1)}
        />
        <IconButton
          icon="end"
          label={t('transport.end')}
          hint="End"
          disabled={!ready}
          onClick={() => player?.seek(Math.max(0, player.get().durationUs - 1))}
        />
        <span className="transport-gap" />
        <IconButton
          icon="loop"
          label={t('transport.loop')}
          hint="Ctrl+/"
          disabled={!ready || clipId === null}
          onClick={() => {
            if (clipId !== null) workspace.playClip(clipId, true);
          }}
        />
        <Sound />
        <FullScreen screen={screen} />
      </div>
      <div className="transport-marks">
        <Mark which="inUs" us={marks.inUs} view={view} ready={ready} />
        <Mark which="outUs" us={marks.outUs} view={view} ready={ready} />
        {marks.inUs !== null && marks.outUs !== null ? (
          <span className="marks-length" title={t('transport.length')}>
            {timecode(marks.outUs - marks.inUs, rate)}
          </span>
        ) : null}
        <IconButton
          icon="close"
          size={12}
          className="mark-clear"
          label={t('transport.clearMarks')}
          hint="Alt+X"
          disabled={marks.inUs === null && marks.outUs === null}
          onClick={() => {
            workspace.clearMarks();
          }}
        />
        <Button
          icon="plus"
          className="add-range"
          tone={marks.inUs !== null || marks.outUs !== null ? 'primary' : 'plain'}
          disabled={!ready || readOnly}
          title={`${t('transport.addRange')}  (Enter)`}
          onClick={addRange}
        >
          {t('transport.addRange')}
        </Button>
      </div>
    </div>
  );
}

/** The time on display; typing goes there. */
function Timecode({ view }: { readonly view: AssetView | null }) {
  const t = useT();
  const player = useWorkspace((state) => state.player);
  const timeUs = usePlayer((state) => state.timeUs);
  const frame = usePlayer((state) => state.frame);
  const total = usePlayer((state) => state.index?.timesUs.length ?? null);
  const rate = usePlayer((state) => (state.playing && state.rate !== 1 ? state.rate : null));
  return (
    <>
      <TimeField
        label={t('transport.timecode')}
        className="timecode"
        valueUs={Math.max(0, timeUs)}
        rate={rateOf(view?.asset ?? null)}
        onCommit={(us) => player?.seek(us)}
      />
      <span className="frame-number">
        {rate !== null
          ? t('transport.rate', { rate })
          : frame === null
            ? ' '
            : total === null
              ? t('transport.frame', { n: frame })
              : t('transport.frameOf', { n: frame, total })}
      </span>
    </>
  );
}

/** One mark: a button that sets it here, and a field to type it. */
function Mark({
  which,
  us,
  view,
  ready,
}: {
  readonly which: 'inUs' | 'outUs';
  readonly us: number | null;
  readonly view: AssetView | null;
  readonly ready: boolean;
}) {
  const t = useT();
  const marking = useMarking();
  const isIn = which === 'inUs';
  return (
    <span className={`mark ${us === null ? '' : 'is-set'}`}>
      <IconButton
        icon={isIn ? 'markIn' : 'markOut'}
        label={isIn ? t('transport.markIn') : t('transport.markOut')}
        hint={isIn ? 'I' : 'O'}
        disabled={!ready}
        onClick={() => {
          if (isIn) marking.markIn();
          else marking.markOut();
        }}
      />
      <TimeField
        label={isIn ? t('transport.in') : t('transport.out')}
        valueUs={us ?? 0}
        empty={us === null}
        rate={rateOf(view?.asset ?? null)}
        readOnly={!ready}
        onCommit={(typed) => {
          marking.setMark(which, typed);
        }}
      />
    </span>
  );
}

function Sound() {
  const t = useT();
  const player = useWorkspace((state) => state.player);
  const volume = usePlayer((state) => state.volume);
  const [before, setBefore] = useState(1);
  return (
    <span className="sound">
      <IconButton
        icon={volume === 0 ? 'mute' : 'sound'}
        label={volume === 0 ? t('transport.unmute') : t('transport.mute')}
        onClick={() => {
          if (volume > 0) setBefore(volume);
          player?.setVolume(volume === 0 ? before : 0);
        }}
      />
      <input
        type="range"
        className="volume"
        aria-label={t('transport.volume')}
        min={0}
        max={1}
        step={0.05}
        value={volume}
        style={{ '--filled': `${String(volume * 100)}%` }}
        onChange={(event) => player?.setVolume(event.target.valueAsNumber)}
      />
    </span>
  );
}

function FullScreen({ screen }: { readonly screen: RefObject<HTMLElement | null> }) {
  const t = useT();
  const [full, setFull] = useState(false);
  useEffect(() => {
    const follow = (): void => {
      setFull(document.fullscreenElement !== null);
    };
    document.addEventListener('fullscreenchange', follow);
    return () => {
      document.removeEventListener('fullscreenchange', follow);
    };
  }, []);
  return (
    <IconButton
      icon={full ? 'shrink' : 'full'}
      label={full ? t('viewer.exitFullscreen') : t('viewer.fullscreen')}
      onClick={() => {
        // Refused in a page that is framed without permission: then it stays as it is.
        if (full) void document.exitFullscreen().catch(() => undefined);
        else void screen.current?.requestFullscreen().catch(() => undefined);
      }}
    />
  );
}
