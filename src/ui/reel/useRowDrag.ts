import { useEffect, useRef, type PointerEvent as ReactPointerEvent } from 'react';

/** Where a row was taken and where it would go. */
export interface RowDrop {
  readonly from: number;
  readonly to: number;
}

/** Dragging a row of a list by its grip, with mouse, touch or pen; Escape leaves it where it was. The buttons and keys do the same. */
export function useRowDrag(
  from: number,
  onDrop: (drop: RowDrop | null) => void,
  onMove: (to: number) => void,
) {
  const target = useRef<number | null>(null);
  const keys = useRef<AbortController | null>(null);
  const end = (): void => {
    keys.current?.abort();
    target.current = null;
    onDrop(null);
  };
  useEffect(
    () => () => {
      keys.current?.abort();
    },
    [],
  );
  return {
    onPointerDown: (event: ReactPointerEvent<HTMLElement>): void => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      target.current = from;
      keys.current = new AbortController();
      addEventListener(
        'keydown',
        (press) => {
          if (press.key !== 'Escape') return;
          press.preventDefault();
          end();
        },
        { capture: true, signal: keys.current.signal },
      );
      onDrop({ from, to: from });
    },
    onPointerMove: (event: ReactPointerEvent<HTMLElement>): void => {
      if (target.current === null) return;
      const rows = [...(event.currentTarget.closest('ol')?.children ?? [])];
      const boxes = rows.map((row) => row.getBoundingClientRect());
      const over = boxes.findIndex((box) => event.clientY < box.bottom);
      const to = over === -1 ? rows.length - 1 : over;
      if (to === target.current) return;
      target.current = to;
      rows[to]?.scrollIntoView({ block: 'nearest' });
      onDrop({ from, to });
    },
    onPointerUp: (): void => {
      const to = target.current;
      end();
      if (to !== null && to !== from) onMove(to);
    },
    onPointerCancel: end,
  };
}
