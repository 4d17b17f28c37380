import { useEffect, useRef, useState, type RefObject } from 'react';
import type { PaintComment, paintOverlay } from '../../app/painter.ts';
import type { AssetView } from '../../app/studio/types.ts';
import { primaryVideo } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { useDesk, usePlayer } from '../workspace/context.tsx';
import { authorName } from './parts.tsx';
import type { Timed } from './comments.ts';
import { DrawLayer } from './DrawLayer.tsx';
import { pictureBox, type Box } from './geometry.ts';
import { numberOf, paintOf, paintOfDraft } from './painted.ts';
import { useComments, useDraft, useDraftOnPicture, useVisible } from './useReview.ts';

/** Comments and drawing over the picture, exactly where it is shown. */
export function PictureLayer({
  view,
  screen,
}: {
  readonly view: AssetView;
  /** What the player draws on. */
  readonly screen: RefObject<HTMLCanvasElement | null>;
}) {
  const { all } = useComments();
  const visible = useVisible(all.timed);
  const painted = useDesk((state) => state.painted);
  const draft = useDraft();
  const drawing = useDraftOnPicture(draft);
  const root = useRef<HTMLDivElement>(null);
  const picture = usePictureSize(view, screen);
  const box = usePictureBox(root, picture);

  const onPicture: readonly PaintComment[] =
    draft !== null && drawing
      ? [paintOfDraft(draft, numberOf(draft, all.timed))]
      : painted
        ? visible.filter(({ comment }) => comment.id !== draft?.id).map(paintOf)
        : [];
  return (
    <div className="picture-layer" ref={root}>
      {box.w === 0 ? null : (
        <div
          className="picture-box"
          style={{ insetInlineStart: box.x, insetBlockStart: box.y, inlineSize: box.w, blockSize: box.h }}
        >
          <Painted comments={onPicture} picture={picture} />
          {draft !== null && drawing ? <DrawLayer draft={draft} box={box} /> : null}
        </div>
      )}
      <Spoken visible={visible} />
    </div>
  );
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size of the picture as it is displayed: of the canvas, once there is a frame on it. */
function usePictureSize(view: AssetView, screen: RefObject<HTMLCanvasElement | null>): PictureSize {
  const video = primaryVideo(view.asset.probe);
  const told = video === null ? '0 0' : `${String(video.displayWidth)} ${String(video.displayHeight)}`;
  const size = usePlayer((state) => {
    const canvas = screen.current;
    // Before the first frame the canvas has a size of its own.
    if (canvas === null || state.status !== 'ready' || (canvas.width === 300 && canvas.height === 150))
      return told;
    return `${String(canvas.width)} ${String(canvas.height)}`;
  });
  const [width = 0, height = 0] = size.split(' ').map(Number);
  return { width, height };
}

/** Where the picture lies in the player. */
function usePictureBox(root: RefObject<HTMLDivElement | null>, { width, height }: PictureSize): Box {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setRoom({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [root]);
  return pictureBox(room, { width, height });
}

interface Painter {
  readonly paint: typeof paintOverlay;
}

/** Loaded when there is something to paint: a page without comments does without painter and font. */
async function openPainter(): Promise<Painter> {
  const painter = await import('../../app/painter.ts');
  // Without the font it is painted with what the machine has.
  await painter.loadPainter();
  return { paint: painter.paintOverlay };
}

/** The painter's picture; as large as the film's, so that it is laid out as it will be when it is burned in. */
function Painted({
  comments,
  picture: { width, height },
}: {
  readonly comments: readonly PaintComment[];
  readonly picture: PictureSize;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painter, setPainter] = useState<Painter | null>(null);
  const wanted = comments.length > 0;
  useEffect(() => {
    if (!wanted || painter !== null) return;
    let gone = false;
    void openPainter().then((opened) => {
      if (!gone) setPainter(opened);
    });
    return () => {
      gone = true;
    };
  }, [wanted, painter]);
  const key = JSON.stringify(comments);
  const shown = useRef('');
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null || painter === null) return;
    const now = `${String(width)}×${String(height)} ${key}`;
    if (shown.current === now) return;
    shown.current = now;
    context.canvas.width = width;
    context.canvas.height = height;
    painter.paint(context, { width, height }, JSON.parse(key) as readonly PaintComment[], null);
  }, [key, width, height, painter]);
  return (
    <canvas
      ref={canvas}
      className="painted"
      aria-hidden="true"
      data-testid="painted"
      data-numbers={comments.map(({ number }) => number).join(' ')}
    />
  );
}

/** What is painted, for those who do not see it. */
function Spoken({ visible }: { readonly visible: readonly Timed[] }) {
  const t = useT();
  return (
    <ul className="visually-hidden" aria-label={t('review.onPicture')}>
      {visible.map(({ comment, number }) => (
        <li key={comment.id}>
          {t('review.spoken', { n: number, author: authorName(comment.author, t), text: comment.text })}
        </li>
      ))}
    </ul>
  );
}
