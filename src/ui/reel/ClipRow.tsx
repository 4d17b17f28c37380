import { useEffect, useRef } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import type { Clip } from '../../core/schema/document.ts';
import { MILLISECONDS, rateOf } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { EditableText, IconButton } from '../parts/controls.tsx';
import { MoveButtons } from '../parts/MoveButtons.tsx';
import { TimeField } from '../parts/TimeField.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { ClipSound } from './ClipSound.tsx';
import { useRowDrag, type RowDrop } from './useRowDrag.ts';

/** One range of the reel. */
export function ClipRow({
  clip,
  position,
  total,
  view,
  selected,
  showFile,
  readOnly,
  dropMark,
  lifted,
  onDrop,
}: {
  readonly clip: Clip;
  readonly position: number;
  readonly total: number;
  readonly view: AssetView | null;
  readonly selected: boolean;
  readonly showFile: boolean;
  readonly readOnly: boolean;
  readonly dropMark: 'before' | 'after' | null;
  readonly lifted: boolean;
  readonly onDrop: (drop: RowDrop | null) => void;
}) {
  const t = useT();
  const { studio, workspace, announce } = useSurroundings();
  const row = useRef<HTMLLIElement>(null);
  const n = position + 1;
  const name = clip.label === '' ? t('reel.range', { n }) : clip.label;
  const rate = rateOf(view?.asset ?? null);
  const move = (to: number): void => {
    const place = workspace.moveClip(clip.id, to);
    if (place !== null) announce(t('reel.moved', { n: place }), { quiet: true });
  };
  const grip = useRowDrag(position, onDrop, move);

  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected, position]);

  return (
    <li
      ref={row}
      className={[
        'clip',
        selected ? 'is-selected' : '',
        lifted ? 'is-lifted' : '',
        dropMark === null ? '' : `drop-${dropMark}`,
      ].join(' ')}
      onClick={(event) => {
        // Fields and buttons of the row do their own work; everywhere else the row itself is meant.
        if (event.target instanceof Element && event.target.closest('button, input, select') === null) {
          workspace.selectClip(clip.id);
        }
      }}
      onFocus={(event) => {
        const field = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
        if (field) workspace.selectClip(clip.id, { seek: false });
      }}
    >
      <span
        className="clip-grip"
        title={t('reel.drag', { n })}
        aria-hidden="true"
        {...(readOnly ? {} : grip)}
      >
        <GripDots />
      </span>
      <button
        type="button"
        className="clip-number"
        aria-pressed={selected}
        aria-label={t('reel.select', { n, name })}
        onClick={() => {
          workspace.selectClip(clip.id);
        }}
      >
        {n}
      </button>
      <div className="clip-main">
        <div className="clip-line">
          <EditableText
            label={t('reel.name', { n })}
            className="clip-name"
            value={clip.label}
            placeholder={t('reel.range', { n })}
            maxLength={500}
            readOnly={readOnly}
            onCommit={(label) => {
              studio.document.dispatch({ type: 'changeClip', id: clip.id, label });
            }}
          />
          <IconButton
            icon="play"
            size={14}
            label={t('reel.play', { n })}
            disabled={view === null}
            onClick={() => {
              workspace.playClip(clip.id);
            }}
          />
        </div>
        <div className={rate === MILLISECONDS ? 'clip-times is-fine' : 'clip-times'}>
          <ClipTime
            clip={clip}
            which="start"
            label={t('reel.start', { n })}
            short={t('reel.startShort')}
            us={clip.startUs}
            rate={rate}
            readOnly={readOnly}
          />
          <ClipTime
            clip={clip}
            which="end"
            label={t('reel.end', { n })}
            short={t('reel.endShort')}
            us={clip.endUs}
            rate={rate}
            readOnly={readOnly}
          />
          <ClipTime
            clip={clip}
            which="length"
            label={t('reel.length', { n })}
            short={t('reel.lengthShort')}
            us={clip.endUs - clip.startUs}
            rate={rate}
            readOnly={readOnly}
          />
        </div>
        {showFile || view === null ? (
          <span className="clip-file" title={view?.asset.name}>
            {view === null ? t('reel.missing') : <bdi>{view.asset.name}</bdi>}
          </span>
        ) : null}
        {view === null ? null : (
          <ClipSound clip={clip} asset={view.asset} n={n} selected={selected} readOnly={readOnly} />
        )}
        {selected && !readOnly ? (
          <ClipActions clip={clip} position={position} total={total} onMove={move} />
        ) : null}
      </div>
    </li>
  );
}

function GripDots() {
  return (
    <svg width="8" height="16" viewBox="0 0 8 16" fill="currentColor">
      {[3, 8, 13].map((y) => (
        <g key={y}>
          <circle cx="2" cy={y} r="1.1" />
          <circle cx="6" cy={y} r="1.1" />
        </g>
      ))}
    </svg>
  );
}

function ClipTime({
  clip,
  which,
  label,
  short,
  us,
  rate,
  readOnly,
}: {
  readonly clip: Clip;
  readonly which: 'start' | 'end' | 'length';
  readonly label: string;
  readonly short: string;
  readonly us: number;
  readonly rate: ReturnType<typeof rateOf>;
  readonly readOnly: boolean;
}) {
  const { workspace } = useSurroundings();
  return (
    <span className="clip-time">
      <span className="clip-time-name" aria-hidden="true">
        {short}
      </span>
      <TimeField
        label={label}
        valueUs={us}
        rate={rate}
        readOnly={readOnly}
        onCommit={(typed) => {
          workspace.changeClip(clip.id, which, typed);
        }}
      />
    </span>
  );
}

function ClipActions({
  clip,
  position,
  total,
  onMove,
}: {
  readonly clip: Clip;
  readonly position: number;
  readonly total: number;
  readonly onMove: (to: number) => void;
}) {
  const t = useT();
  const { workspace, announce } = useSurroundings();
  const n = position + 1;
  const player = (): { readonly timeUs: number; readonly frameEndUs: number } | null => {
    const state = workspace.get();
    return state.assetId === clip.assetId ? (state.player?.here() ?? null) : null;
  };
  return (
    <div className="clip-actions">
      <IconButton
        icon="markIn"
        size={14}
        label={t('reel.startHere')}
        onClick={() => {
          const now = player();
          if (now !== null) workspace.changeClip(clip.id, 'start', now.timeUs);
        }}
      />
      <IconButton
        icon="markOut"
        size={14}
        label={t('reel.endHere')}
        onClick={() => {
          const now = player();
          if (now !== null) workspace.changeClip(clip.id, 'end', now.frameEndUs);
        }}
      />
      <span className="spring" />
      <MoveButtons
        position={position}
        total={total}
        up={t('reel.up', { n })}
        down={t('reel.down', { n })}
        onMove={onMove}
      />
      <IconButton
        icon="duplicate"
        size={14}
        label={t('reel.duplicate', { n })}
        onClick={() => {
          workspace.duplicateClip(clip.id);
        }}
      />
      <IconButton
        icon="trash"
        size={14}
        label={t('reel.remove', { n })}
        hint="Delete"
        onClick={() => {
          workspace.removeClip(clip.id);
          announce(t('reel.removed', { n }));
        }}
      />
    </div>
  );
}
