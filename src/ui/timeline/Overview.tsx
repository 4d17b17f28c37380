import { useRef } from 'react';
import { useT } from '../messages/i18n.tsx';
import type { Block } from './blocks.ts';
import { clampView, type View } from './scale.ts';

/** The whole file in a thin strip, with the visible stretch to drag. */
export function Overview({
  view,
  blocks,
  closest,
  onChange,
}: {
  readonly view: View;
  readonly blocks: readonly Block[];
  readonly closest: number;
  readonly onChange: (view: View) => void;
}) {
  const t = useT();
  const grab = useRef<{ readonly x: number; readonly startUs: number } | null>(null);
  const share = (us: number): string => `${String((us / view.durationUs) * 100)}%`;
  const visibleUs = view.usPerPx * view.widthPx;
  return (
    <div
      className="overview"
      title={t('timeline.overview')}
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const us = ((event.clientX - box.left) / box.width) * view.durationUs;
        const inside = us >= view.startUs && us <= view.startUs + visibleUs;
        const next = inside ? view : clampView({ ...view, startUs: us - visibleUs / 2 }, closest);
        if (!inside) onChange(next);
        grab.current = { x: event.clientX, startUs: next.startUs };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (grab.current === null) return;
        const box = event.currentTarget.getBoundingClientRect();
        const moved = ((event.clientX - grab.current.x) / box.width) * view.durationUs;
        onChange(clampView({ ...view, startUs: grab.current.startUs + moved }, closest));
      }}
      onPointerUp={() => {
        grab.current = null;
      }}
      onPointerCancel={() => {
        grab.current = null;
      }}
    >
      {blocks.map((block) => (
        <i
          key={block.id}
          style={{ insetInlineStart: share(block.startUs), inlineSize: share(block.endUs - block.startUs) }}
        />
      ))}
      <b
        style={{
          insetInlineStart: share(view.startUs),
          inlineSize: share(Math.min(visibleUs, view.durationUs)),
        }}
      />
    </div>
  );
}
