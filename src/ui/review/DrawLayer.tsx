import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { Shape } from '../../core/schema/annotation.ts';
import { MAX_POINTS, MAX_SHAPES } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { useDesk, useSurroundings } from '../workspace/context.tsx';
import type { Draft } from './desk.ts';
import {
  boundsOf,
  draggedBy,
  drawn,
  extended,
  handlesOf,
  isTiny,
  movedBy,
  partOf,
  type Box,
  type HandleName,
  type Point,
} from './geometry.ts';

type Hold =
  | { readonly kind: 'draw'; readonly at: number; readonly from: Point; readonly merge: string }
  | {
      readonly kind: 'move' | 'resize';
      readonly at: number;
      readonly from: Point;
      readonly shape: Shape;
      readonly handle: HandleName | null;
      readonly merge: string;
      moved: boolean;
    };

/** Where shapes are drawn, taken hold of, moved and resized: over the paused frame, exactly over the picture. */
export function DrawLayer({ draft, box }: { readonly draft: Draft; readonly box: Box }) {
  const t = useT();
  const { desk, announce } = useSurroundings();
  const tool = useDesk((state) => state.tool);
  const selected = useDesk((state) => state.shape);
  const root = useRef<SVGSVGElement>(null);
  const hold = useRef<Hold | null>(null);
  const { shapes } = draft;

  useEffect(() => {
    // A shape that was just drawn takes the keyboard: arrow keys move it, Delete removes it.
    if (selected === null || document.activeElement?.matches('.draw-numbers *') === true) return;
    root.current
      ?.querySelector<SVGElement>(`[data-shape="${String(selected)}"]`)
      ?.focus({ preventScroll: true });
  }, [selected]);

  const pointOf = (event: PointerEvent): Point => {
    const place = root.current?.getBoundingClientRect();
    if (place === undefined) return { x: 0, y: 0 };
    return partOf(
      { x: event.clientX, y: event.clientY },
      { x: place.left, y: place.top, w: place.width, h: place.height },
    );
  };
  const replaced = (at: number, shape: Shape): readonly Shape[] =>
    shapes.map((one, position) => (position === at ? shape : one));

  const begin = (event: PointerEvent): void => {
    if (tool === null || event.button !== 0 || shapes.length >= MAX_SHAPES) return;
    event.preventDefault();
    const from = pointOf(event);
    const merge = desk.stepKey();
    const at = shapes.length;
    desk.draw([...shapes, drawn(tool, from, from, '')], { merge });
    if (tool === 'text') {
      desk.pickTool(null);
      desk.selectShape(at);
      return;
    }
    root.current?.setPointerCapture(event.pointerId);
    hold.current = { kind: 'draw', at, from, merge };
  };
  const take = (event: PointerEvent, at: number, handle: HandleName | null): void => {
    const shape = shapes[at];
    if (tool !== null || event.button !== 0 || shape === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    root.current?.setPointerCapture(event.pointerId);
    desk.selectShape(at);
    const kind = handle === null ? ('move' as const) : ('resize' as const);
    hold.current = { kind, at, from: pointOf(event), shape, handle, merge: desk.stepKey(), moved: false };
  };
  const drag = (event: PointerEvent): void => {
    const held = hold.current;
    if (held === null) return;
    const to = pointOf(event);
    const { merge, at } = held;
    if (held.kind === 'draw') {
      const shape = shapes[at];
      if (shape === undefined) return;
      const next: Shape =
        shape.kind === 'freehand'
          ? { kind: 'freehand', points: extended(shape.points, to, MAX_POINTS) }
          : drawn(shape.kind, held.from, to, '');
      desk.draw(replaced(at, next), { merge });
      return;
    }
    if (!held.moved && Math.hypot((to.x - held.from.x) * box.w, (to.y - held.from.y) * box.h) < 2) return;
    held.moved = true;
    const next =
      held.handle === null
        ? movedBy(held.shape, { x: to.x - held.from.x, y: to.y - held.from.y })
        : draggedBy(held.shape, held.handle, to);
    desk.draw(replaced(at, next), { merge });
  };
  const drop = (): void => {
    const held = hold.current;
    hold.current = null;
    if (held?.kind !== 'draw') return;
    const shape = desk.draftNow()?.shapes[held.at];
    if (shape === undefined) return;
    if (isTiny(shape)) {
      desk.undoShape();
      return;
    }
    // Strokes come in numbers; of the others one is what was wanted.
    if (shape.kind !== 'freehand') desk.pickTool(null);
    desk.selectShape(shape.kind === 'freehand' ? null : held.at);
    announce(t('review.drawn', { shape: t(`review.shape.${shape.kind}`) }), { quiet: true });
  };

  const remove = (at: number): void => {
    const shape = shapes[at];
    if (shape === undefined) return;
    const left = shapes.length - 1;
    desk.draw(
      shapes.filter((_, position) => position !== at),
      { shape: left === 0 ? null : Math.min(at, left - 1) },
    );
    announce(t('review.shapeRemoved', { shape: t(`review.shape.${shape.kind}`) }), { quiet: true });
    if (left === 0) document.querySelector<HTMLElement>('.composer textarea')?.focus();
  };
  const press = (event: KeyboardEvent, at: number): void => {
    const shape = shapes[at];
    if (shape === undefined) return;
    const step = event.shiftKey ? 0.05 : event.altKey ? 0.001 : 0.01;
    const arrows: Readonly<Record<string, Point>> = {
      ArrowLeft: { x: -step, y: 0 },
      ArrowRight: { x: step, y: 0 },
      ArrowUp: { x: 0, y: -step },
      ArrowDown: { x: 0, y: step },
    };
    const by = arrows[event.key];
    if (by !== undefined) desk.draw(replaced(at, movedBy(shape, by)), { merge: `key-${String(at)}` });
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(at);
    else if (event.key === 'Enter') document.querySelector<HTMLElement>('.composer textarea')?.focus();
    else if (event.key === 'Escape') desk.selectShape(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const x = (part: number): number => part * box.w;
  const y = (part: number): number => part * box.h;
  return (
    <svg
      ref={root}
      className={tool === null ? 'draw-layer' : 'draw-layer is-drawing'}
      data-testid="draw-layer"
      width={box.w}
      height={box.h}
      role="group"
      aria-label={t('review.drawing')}
      onPointerDown={begin}
      onPointerMove={drag}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      {shapes.map((shape, at) => {
        const bounds = areaOf(shape, box);
        const isSelected = at === selected && tool === null;
        return (
          <g
            // Shapes have no names of their own; their order is what they are known by.
            key={at}
            data-shape={at}
            role="button"
            tabIndex={tool === null ? 0 : -1}
            aria-pressed={isSelected}
            aria-label={labelOf(shape, at, t(`review.shape.${shape.kind}`))}
            className={isSelected ? 'drawn is-selected' : 'drawn'}
            onPointerDown={(event) => {
              take(event, at, null);
            }}
            onFocus={() => {
              if (hold.current === null) desk.selectShape(at);
            }}
            onKeyDown={(event) => {
              press(event, at);
            }}
          >
            {shape.kind === 'arrow' ? (
              <line
                className="drawn-hit"
                x1={x(shape.x1)}
                y1={y(shape.y1)}
                x2={x(shape.x2)}
                y2={y(shape.y2)}
              />
            ) : shape.kind === 'freehand' ? (
              <polyline
                className="drawn-hit"
                points={shape.points.map(([px, py]) => `${String(x(px))},${String(y(py))}`).join(' ')}
              />
            ) : (
              <rect
                className={shape.kind === 'text' ? 'drawn-hit is-filled' : 'drawn-hit'}
                {...{ x: bounds.x, y: bounds.y, width: bounds.w, height: bounds.h }}
              />
            )}
            <rect
              className="drawn-frame"
              {...{ x: bounds.x - 5, y: bounds.y - 5, width: bounds.w + 10, height: bounds.h + 10, rx: 3 }}
            />
            {isSelected
              ? handlesOf(shape).map((handle) => (
                  <g
                    key={handle.name}
                    data-handle={handle.name}
                    className={`drawn-handle handle-${handle.name}`}
                    onPointerDown={(event) => {
                      take(event, at, handle.name);
                    }}
                  >
                    <circle className="handle-hit" cx={x(handle.x)} cy={y(handle.y)} r={14} />
                    <circle className="handle-dot" cx={x(handle.x)} cy={y(handle.y)} r={5} />
                  </g>
                ))
              : null}
          </g>
        );
      })}
    </svg>
  );
}

/** What a shape covers on the screen; of a text about as much as it will take. */
function areaOf(shape: Shape, box: Box): Box {
  const { x, y, w, h } = boundsOf(shape);
  if (shape.kind !== 'text') return { x: x * box.w, y: y * box.h, w: w * box.w, h: h * box.h };
  const size = (38 * Math.min(box.h, box.w * 0.9)) / 1080;
  const letters = Math.max(3, Array.from(shape.text).length);
  const left = x * box.w;
  return {
    x: left,
    y: y * box.h,
    w: Math.min(letters * size * 0.8, Math.max(24, box.w - left)),
    h: size * 1.3,
  };
}

function labelOf(shape: Shape, at: number, name: string): string {
  const percent = (part: number): string => `${String(Math.round(part * 100))} %`;
  const { x, y } = boundsOf(shape);
  const text = shape.kind === 'text' && shape.text !== '' ? ` “${shape.text}”` : '';
  return `${name} ${String(at + 1)}${text}: ${percent(x)}, ${percent(y)}`;
}
