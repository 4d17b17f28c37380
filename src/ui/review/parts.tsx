import type { CSSProperties, ReactNode } from 'react';
import { moment, shortMoment } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import type { MessageKey } from '../messages/types.ts';

/** The colours that are offered; others that come with imported comments are shown as they are. */
export const COLORS: readonly { readonly color: string; readonly name: MessageKey }[] = [
  { color: '#ff4d4f', name: 'review.colors.red' },
  { color: '#fa8c16', name: 'review.colors.orange' },
  { color: '#fadb14', name: 'review.colors.yellow' },
  { color: '#52c41a', name: 'review.colors.green' },
  { color: '#4096ff', name: 'review.colors.blue' },
  { color: '#9254de', name: 'review.colors.purple' },
  { color: '#ffffff', name: 'review.colors.white' },
];

/** Dark or light, whichever can be read on a colour. */
export function inkOn(color: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return light > 0.19 ? '#101114' : '#ffffff';
}

/** A comment's colour for a style sheet. */
export function colorStyle(color: string): CSSProperties {
  return { '--comment': color, '--comment-ink': inkOn(color) };
}

/** Who wrote something, also where nobody said. */
export function authorName(author: string, t: Translate): string {
  return author.trim() === '' ? t('review.noName') : author;
}

/** One of a few colours. Radio buttons underneath. */
export function ColorChoice({
  value,
  label,
  onChange,
}: {
  readonly value: string;
  readonly label: string;
  readonly onChange: (color: string) => void;
}) {
  const t = useT();
  const known = COLORS.some(({ color }) => color === value);
  const options = known ? COLORS : [...COLORS, { color: value, name: 'review.colors.own' as const }];
  return (
    <fieldset className="color-choice">
      <legend className="visually-hidden">{label}</legend>
      {options.map(({ color, name }) => (
        <label key={color} title={t(name)} style={colorStyle(color)}>
          <input
            type="radio"
            name="comment-color"
            aria-label={t(name)}
            value={color}
            checked={color === value}
            onChange={() => {
              onChange(color);
            }}
          />
          <span />
        </label>
      ))}
    </fieldset>
  );
}

/** When something was written: short, with the whole of it in the tooltip. */
export function Written({ at }: { readonly at: string }) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={moment(at, language)}>
      {shortMoment(at, language, new Date())}
    </time>
  );
}

/** A text with its line ends; directions of writing do not reach out of it. */
export function CommentText({ children }: { readonly children: string }): ReactNode {
  return (
    <p className="comment-text" dir="auto">
      {children}
    </p>
  );
}
