import { useEffect, useRef, useState } from 'react';
import type { Shape } from '../../core/schema/annotation.ts';
import { MAX_TEXT } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { useDesk, useSurroundings } from '../workspace/context.tsx';
import type { Draft } from './desk.ts';
import { boundsOf, fittedTo } from './geometry.ts';

/** The selected shape as numbers: place and size in percent of the picture, typed. */
export function ShapeNumbers({ draft }: { readonly draft: Draft }) {
  const t = useT();
  const { desk } = useSurroundings();
  const at = useDesk((state) => state.shape);
  const text = useRef<HTMLInputElement>(null);
  const shape = at === null ? undefined : draft.shapes[at];
  const isText = shape?.kind === 'text';
  const isBlank = shape?.kind === 'text' && shape.text === '';
  useEffect(() => {
    // Later: the drawing gives the focus to the shape first.
    if (isBlank) requestAnimationFrame(() => text.current?.focus());
  }, [isBlank, at]);
  if (at === null || shape === undefined) return null;

  const put = (next: Shape): void => {
    desk.draw(
      draft.shapes.map((one, position) => (position === at ? next : one)),
      { merge: `typed-${String(at)}` },
    );
  };
  const fields = numbersOf(shape);
  return (
    <div
      className="draw-numbers"
      role="group"
      aria-label={t('review.numbers', { shape: t(`review.shape.${shape.kind}`) })}
    >
      <span className="draw-numbers-name">{t(`review.shape.${shape.kind}`)}</span>
      {fields.map(({ name, value, set }) => (
        <Percent
          key={name}
          name={name}
          label={t(`review.number.${name}`)}
          value={value}
          onCommit={(next) => {
            put(set(next));
          }}
        />
      ))}
      {isText ? (
        <input
          ref={text}
          type="text"
          className="editable boxed draw-text"
          aria-label={t('review.shapeText')}
          placeholder={t('review.shapeText')}
          value={shape.text}
          maxLength={Math.min(500, MAX_TEXT)}
          onChange={(event) => {
            put({ ...shape, text: event.target.value });
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.key !== 'Enter') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('.composer textarea')?.focus();
          }}
        />
      ) : null}
      <IconButton
        icon="trash"
        size={14}
        label={t('review.removeShape')}
        hint="Delete"
        onClick={() => {
          desk.draw(
            draft.shapes.filter((_, position) => position !== at),
            { shape: null },
          );
        }}
      />
    </div>
  );
}

type NumberName = 'x' | 'y' | 'w' | 'h' | 'x1' | 'y1' | 'x2' | 'y2';

/** What can be typed of a shape, and the shape with another number in one place. */
export function numbersOf(
  shape: Shape,
): readonly { readonly name: NumberName; readonly value: number; readonly set: (value: number) => Shape }[] {
  if (shape.kind === 'arrow') {
    return (['x1', 'y1', 'x2', 'y2'] as const).map((name) => ({
      name,
      value: shape[name],
      set: (value: number): Shape => ({ ...shape, [name]: value }),
    }));
  }
  const bounds = boundsOf(shape);
  const names = shape.kind === 'text' ? (['x', 'y'] as const) : (['x', 'y', 'w', 'h'] as const);
  return names.map((name) => ({
    name,
    value: bounds[name],
    set: (value: number): Shape => fittedTo(shape, { ...bounds, [name]: value }),
  }));
}

/** A percentage that can be typed; what is no number or lies outside gives the old one back. */
function Percent({
  name,
  label,
  value,
  onCommit,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly onCommit: (value: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    setTyped(null);
    if (typed === null || typed.trim() === '') return;
    const percent = Number(typed.replace(',', '.'));
    if (Number.isFinite(percent)) onCommit(Math.min(1, Math.max(0, percent / 100)));
  };
  return (
    <label className="draw-number" title={label}>
      <span aria-hidden="true">{name}</span>
      <input
        type="number"
        aria-label={label}
        min={0}
        max={100}
        step={0.1}
        value={typed ?? String(Math.round(value * 1000) / 10)}
        onChange={(event) => {
          const { value: text } = event.target;
          setTyped(text);
          const percent = event.target.valueAsNumber;
          // The arrows of the field, and whatever is a number already, are seen at once.
          if (Number.isFinite(percent) && percent >= 0 && percent <= 100) onCommit(percent / 100);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            commit();
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            setTyped(null);
          }
        }}
      />
    </label>
  );
}
