import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import type { DocumentState, Studio } from '../../app/studio/types.ts';
import type { AskedPlayer } from '../workspace/here.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { dragTo, hitTest, magnet, type Block, type BlockArea, type Drag, type Hit } from './blocks.ts';
import { panBy, usAt, xOf, zoomAt, type View } from './scale.ts';

interface Parts {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly closest: number;
  readonly blocks: readonly Block[];
  readonly area: BlockArea;
  readonly workspace: Workspace;
  readonly studio: Studio;
  readonly player: AskedPlayer | null;
}

type Hold =
  | { readonly kind: 'scrub' }
  | {
      readonly kind: 'drag';
      readonly drag: Drag;
      readonly merge: string;
      moved: boolean;
      readonly fromX: number;
      /** Where the playhead was. */
      readonly fromUs: number | null;
      /** The document before, and as this drag has left it. */
      readonly before: DocumentState['document'];
      left: DocumentState['document'] | null;
    }
  | { readonly kind: 'pinch'; distance: number; middle: number };

let drags = 0;

/** Mouse, touch and pen on the time line; answers the cursor. */
export function useTimelinePointer(parts: Parts): string {
  const [cursor, setCursor] = useState('default');
  const hold = useRef<Hold | null>(null);
  const pointers = useRef(new Map<number, number>());

  const place = (
    event: PointerEvent | WheelEvent | MouseEvent,
  ): { readonly x: number; readonly y: number } => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hitAt = (x: number, y: number, touch: boolean): Hit =>
    hitTest(parts.blocks, parts.area, parts.view, x, y, touch ? 16 : 7, parts.workspace.get().clipId);
  const spread = (): { readonly distance: number; readonly middle: number } => {
    const [a = 0, b = 0] = [...pointers.current.values()];
    return { distance: Math.max(8, Math.abs(a - b)), middle: (a + b) / 2 };
  };
  /** Edges of other ranges, the marks and the playhead pull a dragged edge to them. */
  const magnets = (drag: Drag): readonly number[] => {
    const { marks } = parts.workspace.get();
    const others = parts.blocks
      .filter((block) => block.id !== drag.id)
      .flatMap((block) => [block.startUs, block.endUs]);
    const own = parts.player === null ? [] : [parts.player.get().timeUs];
    return [...others, ...own, ...[marks.inUs, marks.outUs].filter((us) => us !== null)];
  };

  const down = useEffectEvent((event: PointerEvent) => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, x);
    if (pointers.current.size === 2) {
      hold.current = { kind: 'pinch', ...spread() };
      return;
    }
    const hit = hitAt(x, y, event.pointerType === 'touch');
    const block = hit.kind === 'clip' ? parts.blocks.find((one) => one.id === hit.id) : undefined;
    if (hit.kind === 'clip' && block !== undefined) {
      parts.workspace.selectClip(hit.id, { seek: false });
      if (parts.studio.document.get().readOnly) return;
      drags += 1;
      const drag: Drag = {
        id: hit.id,
        part: hit.part,
        startUs: block.startUs,
        endUs: block.endUs,
        grabUs: usAt(parts.view, x),
      };
      hold.current = {
        kind: 'drag',
        drag,
        merge: `drag-${String(drags)}`,
        moved: false,
        fromX: x,
        fromUs: parts.player?.here().timeUs ?? null,
        before: parts.studio.document.get().document,
        left: null,
      };
      return;
    }
    hold.current = { kind: 'scrub' };
    parts.player?.pause();
    parts.player?.seek(clampTime(parts, usAt(parts.view, x)));
  });

  const move = useEffectEvent((event: PointerEvent) => {
    const { x, y } = place(event);
    const held = hold.current;
    if (held === null) {
      setCursor(cursorOf(hitAt(x, y, false)));
      return;
    }
    if (!pointers.current.has(event.pointerId)) return;
    pointers.current.set(event.pointerId, x);
    if (held.kind === 'pinch') {
      const { distance, middle } = spread();
      const zoomed = zoomAt(parts.view, distance / held.distance, middle, parts.closest);
      parts.setView(panBy(zoomed, held.middle - middle, parts.closest));
      held.distance = distance;
      held.middle = middle;
      return;
    }
    if (held.kind === 'scrub') {
      parts.player?.seek(clampTime(parts, usAt(parts.view, x)));
      return;
    }
    if (!held.moved && Math.abs(x - held.fromX) < 3) return;
    held.moved = true;
    const grid = parts.workspace.grid();
    if (grid === null) return;
    const { drag } = held;
    const wanted =
      drag.part === 'body' || event.shiftKey ? null : edgeOf(drag) + usAt(parts.view, x) - drag.grabUs;
    const next =
      wanted === null
        ? dragTo(drag, usAt(parts.view, x), grid)
        : dragTo(
            { ...drag, grabUs: edgeOf(drag) },
            magnet(parts.view, xOf(parts.view, wanted), magnets(drag), 6),
            grid,
          );
    parts.studio.document.dispatch({ type: 'changeClip', id: drag.id, ...next }, { merge: held.merge });
    held.left = parts.studio.document.get().document;
    if (drag.part === 'start') parts.player?.seek(next.startUs);
    if (drag.part === 'end') parts.player?.seek(Math.max(next.startUs, next.endUs - 1));
  });

  const up = useEffectEvent((event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    const held = hold.current;
    if (pointers.current.size > 0) return;
    hold.current = null;
    // A click without a drag goes to the time under it.
    if (held?.kind === 'drag' && !held.moved && event.type === 'pointerup') {
      parts.player?.seek(clampTime(parts, held.drag.grabUs));
    }
  });

  /** Escape: as if it had not been dragged. */
  const cancel = useEffectEvent((event: KeyboardEvent) => {
    const held = hold.current;
    if (event.key !== 'Escape' || held?.kind !== 'drag') return;
    event.preventDefault();
    event.stopPropagation();
    hold.current = null;
    if (held.left === null || held.left === held.before) return;
    const { document: model } = parts.studio;
    const { id, startUs, endUs } = held.drag;
    // The drag is the last step, unless something else was done meanwhile.
    if (model.get().document === held.left) model.undo();
    else model.dispatch({ type: 'changeClip', id, startUs, endUs }, { merge: held.merge });
    if (held.fromUs !== null) parts.player?.seek(held.fromUs);
  });

  const wheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const { x } = place(event);
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      parts.setView(zoomAt(parts.view, Math.exp((-event.deltaY * unit) / 240), x, parts.closest));
      return;
    }
    const along = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
    parts.setView(panBy(parts.view, along * unit, parts.closest));
  });

  const double = useEffectEvent((event: MouseEvent) => {
    const { x, y } = place(event);
    const hit = hitAt(x, y, false);
    if (hit.kind === 'clip') parts.workspace.playClip(hit.id);
  });

  const { canvas } = parts;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    element.addEventListener('pointerdown', (event) => down(event), options);
    element.addEventListener('pointermove', (event) => move(event), options);
    element.addEventListener('pointerup', (event) => up(event), options);
    element.addEventListener('pointercancel', (event) => up(event), options);
    element.addEventListener('dblclick', (event) => double(event), options);
    addEventListener('keydown', (event) => cancel(event), { ...options, capture: true });
    // React's own wheel listener is passive and could not keep the page from zooming.
    element.addEventListener('wheel', (event) => wheel(event), { ...options, passive: false });
    return () => {
      stop.abort();
    };
  }, [canvas]);

  return cursor;
}

function clampTime(parts: Parts, us: number): number {
  return Math.min(Math.max(0, parts.view.durationUs - 1), Math.max(0, Math.round(us)));
}

function cursorOf(hit: Hit): string {
  if (hit.kind === 'time') return 'default';
  return hit.part === 'body' ? 'grab' : 'ew-resize';
}

function edgeOf(drag: Drag): number {
  return drag.part === 'end' ? drag.endUs : drag.startUs;
}
