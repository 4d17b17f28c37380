import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import type { Rational } from '../../core/base/time.ts';
import { timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { nearestCut, neighbourCut } from '../timeline/frames.ts';
import { usAt, xOf, type View } from '../timeline/scale.ts';
import { useDesk, useSurroundings, useWatch } from '../workspace/context.tsx';
import { authorName, colorStyle } from './parts.tsx';
import { untilOf, type Timed } from './comments.ts';
import { layBars, layMarkers, nextOf, type Marker } from './markers.ts';
import { useCanAnnotate, useComments } from './useReview.ts';

const ROWS = 3;
const ROW_HEIGHT = 3;
/** Height of the flags, and of the whole lane. */
const FLAG_HEIGHT = 24;
/** Height of the lane; it is there only for files that have comments. */
export const LANE_HEIGHT = FLAG_HEIGHT + ROWS * ROW_HEIGHT + 3;

/** The comments of the open file on the time line: a flag where each begins, a bar for how long it is shown. */
export function CommentLane({
  view,
  top,
  rate,
}: {
  readonly view: View;
  readonly top: number;
  readonly rate: Rational;
}) {
  const t = useT();
  const { found } = useComments();
  const editable = useCanAnnotate();
  const selected = useDesk((state) => state.selected);
  const markers = useMemo(() => layMarkers(found.timed, view), [found, view]);
  const row = useRef<HTMLDivElement>(null);
  const own = found.timed.find(({ comment }) => comment.id === selected) ?? null;
  const holdsOwn = own !== null && markers.some(({ ids }) => ids.includes(own.comment.id));

  // One stop of the tab key; the arrow keys go from flag to flag.
  const walk = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const flags = [...(row.current?.querySelectorAll<HTMLElement>('.comment-flag') ?? [])];
    const next = flags[flags.findIndex((flag) => flag === document.activeElement) + by];
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  };
  return (
    <div
      ref={row}
      className="comment-lane"
      style={{ insetBlockStart: top, blockSize: LANE_HEIGHT }}
      role="group"
      aria-label={t('review.onTimeline')}
      onKeyDown={walk}
    >
      <Bars timed={found.timed} view={view} selected={selected} />
      {markers.map((marker, position) => (
        <Flag
          key={marker.ids[0]}
          marker={marker}
          rate={rate}
          timed={found.timed}
          selected={selected !== null && marker.ids.includes(selected)}
          stop={holdsOwn ? marker.ids.includes(own.comment.id) : position === 0}
        />
      ))}
      {own === null || !editable ? null : <EndHandle one={own} view={view} rate={rate} />}
    </div>
  );
}

function Flag({
  marker,
  rate,
  timed,
  selected,
  stop,
}: {
  readonly marker: Marker;
  readonly rate: Rational;
  readonly timed: readonly Timed[];
  readonly selected: boolean;
  readonly stop: boolean;
}) {
  const t = useT();
  const { desk, workspace } = useSurroundings();
  const first = timed.find(({ comment }) => comment.id === marker.ids[0]);
  if (first === undefined) return null;
  const { author, text } = first.comment;
  const label =
    marker.ids.length > 1
      ? t('review.cluster', { count: marker.ids.length, n: marker.label })
      : t('review.go', {
          n: marker.label,
          place: timecode(first.fromUs, rate),
          author: authorName(author, t),
        });
  return (
    <button
      type="button"
      className={[
        'comment-flag',
        selected ? 'is-selected' : '',
        marker.ids.length > 1 ? 'is-cluster' : '',
        marker.ids.length === 1 && first.comment.resolved !== null ? 'is-resolved' : '',
      ].join(' ')}
      style={{
        insetInlineStart: marker.x,
        inlineSize: marker.width,
        ...(marker.color === null ? {} : colorStyle(marker.color)),
      }}
      tabIndex={stop ? 0 : -1}
      aria-label={label}
      aria-pressed={selected}
      title={marker.ids.length > 1 ? label : `${label}\n${text.slice(0, 200)}`}
      onClick={() => {
        const id = nextOf(marker, desk.get().selected);
        if (id === null) return;
        desk.select(id);
        workspace.showSide('comments');
      }}
    >
      <span>{marker.label}</span>
    </button>
  );
}

/** Drawn, not laid out: there may be thousands. */
function Bars({
  timed,
  view,
  selected,
}: {
  readonly timed: readonly Timed[];
  readonly view: View;
  readonly selected: string | null;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bars = useMemo(() => layBars(timed, view, ROWS), [timed, view]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null || view.widthPx === 0) return;
    const ratio = devicePixelRatio;
    context.canvas.width = Math.round(view.widthPx * ratio);
    context.canvas.height = Math.round(ROWS * ROW_HEIGHT * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const bar of [...bars].sort((a, b) => Number(a.id === selected) - Number(b.id === selected))) {
      context.globalAlpha = selected === null || bar.id === selected ? 1 : 0.6;
      context.fillStyle = bar.color;
      context.fillRect(bar.left, bar.row * ROW_HEIGHT, bar.right - bar.left, ROW_HEIGHT - 1);
    }
  }, [bars, view.widthPx, selected]);
  return (
    <canvas
      ref={canvas}
      className="comment-bars"
      aria-hidden="true"
      style={{ insetBlockStart: FLAG_HEIGHT + 2, blockSize: ROWS * ROW_HEIGHT }}
    />
  );
}

/** The end of the selected comment: dragged, or moved by frames with the arrow keys. */
function EndHandle({
  one,
  view,
  rate,
}: {
  readonly one: Timed;
  readonly view: View;
  readonly rate: Rational;
}) {
  const t = useT();
  const { studio, desk, workspace } = useSurroundings();
  const { shownUs } = useWatch(studio.settings);
  const drag = useRef<{ readonly x: number; readonly untilUs: number; readonly merge: string } | null>(null);
  const { comment, fromUs, number } = one;
  const untilUs = untilOf(one, shownUs);
  const left = xOf(view, fromUs);
  const right = Math.min(xOf(view, untilUs), view.widthPx);
  if (right < 0 || left > view.widthPx) return null;

  const endAt = (us: number, merge: string): void => {
    const end = desk.endAt(fromUs, us);
    desk.dispatch({ type: 'changeComment', id: comment.id, change: { durationUs: end - fromUs } }, merge);
    workspace.get().player?.seek(Math.max(fromUs, end - 1));
  };
  return (
    <>
      <i
        className={comment.durationUs === null ? 'comment-span is-open' : 'comment-span'}
        style={{
          ...colorStyle(comment.color),
          insetInlineStart: Math.max(0, left),
          inlineSize: Math.max(1, right - Math.max(0, left)),
        }}
      />
      <div
        className="comment-end"
        role="slider"
        tabIndex={0}
        aria-label={t('review.endOf', { n: number })}
        aria-valuemin={Math.round(fromUs / 1000)}
        aria-valuemax={Math.round(view.durationUs / 1000)}
        aria-valuenow={Math.round(untilUs / 1000)}
        aria-valuetext={timecode(untilUs, rate)}
        title={t('review.endOf', { n: number })}
        style={{ ...colorStyle(comment.color), insetInlineStart: right - 12 }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.currentTarget.focus();
          event.currentTarget.setPointerCapture(event.pointerId);
          workspace.get().player?.pause();
          drag.current = { x: event.clientX, untilUs, merge: desk.stepKey() };
        }}
        onPointerMove={(event) => {
          const held = drag.current;
          if (held === null || Math.abs(event.clientX - held.x) < 2) return;
          endAt(usAt(view, xOf(view, held.untilUs) + event.clientX - held.x), held.merge);
        }}
        onPointerUp={() => {
          drag.current = null;
        }}
        onPointerCancel={() => {
          drag.current = null;
        }}
        onKeyDown={(event) => {
          const grid = workspace.grid();
          const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          if (by === 0 || grid === null) return;
          event.preventDefault();
          event.stopPropagation();
          const to = event.shiftKey
            ? untilUs + by * 1_000_000
            : neighbourCut(grid, nearestCut(grid, untilUs), by);
          endAt(to, `comment-end-${comment.id}`);
        }}
      />
    </>
  );
}
