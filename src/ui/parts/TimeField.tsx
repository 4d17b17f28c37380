import { useId, useRef, useState, type Ref } from 'react';
import type { Rational } from '../../core/base/time.ts';
import { frameOf, readTime, timecode } from '../format/text.ts';
import { frameToMicros } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { TimeHint, useTimeWays } from './TimeHint.tsx';

/** A time that can be typed: Enter takes it over, Escape gives the old one back, up and down step by a frame. */
export function TimeField({
  label,
  valueUs,
  rate,
  className = '',
  empty = false,
  readOnly = false,
  ref,
  onCommit,
}: {
  readonly label: string;
  readonly valueUs: number;
  readonly rate: Rational;
  readonly className?: string;
  /** Shows dashes: there is no value yet. */
  readonly empty?: boolean;
  readonly readOnly?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
  readonly onCommit: (us: number) => void;
}) {
  const t = useT();
  const hintId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [bad, setBad] = useState(false);
  const [focused, setFocused] = useState(false);
  const field = useRef<HTMLSpanElement>(null);
  const ways = useTimeWays(rate);
  const givenUp = useRef(false);
  const shown = empty ? '' : timecode(valueUs, rate);

  const commit = (): boolean => {
    if (draft === null || draft.trim() === shown || draft.trim() === '') {
      setDraft(null);
      setBad(false);
      return true;
    }
    const us = readTime(draft, rate, valueUs);
    if (us === null) {
      setBad(true);
      return false;
    }
    setDraft(null);
    setBad(false);
    onCommit(us);
    return true;
  };

  const reads = (): number | null =>
    draft === null || draft.trim() === '' ? null : readTime(draft, rate, valueUs);

  return (
    <span ref={field} className={`time-field ${className}`}>
      <input
        ref={ref}
        type="text"
        inputMode="text"
        aria-label={label}
        aria-invalid={bad}
        aria-describedby={bad ? hintId : undefined}
        aria-description={ways.map(({ typed, meaning }) => `${typed}: ${meaning}`).join('; ')}
        title={label}
        value={draft ?? shown}
        placeholder="–"
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        maxLength={24}
        onFocus={(event) => {
          event.currentTarget.select();
          setFocused(!readOnly);
        }}
        onChange={(event) => {
          setDraft(event.target.value);
          setBad(false);
        }}
        onBlur={() => {
          setFocused(false);
          if (givenUp.current || !commit()) {
            givenUp.current = false;
            setDraft(null);
            setBad(false);
          }
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') {
            event.preventDefault();
            if (commit()) event.currentTarget.blur();
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            givenUp.current = true;
            event.currentTarget.blur();
          } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && !event.altKey && !readOnly) {
            event.preventDefault();
            const step = event.key === 'ArrowUp' ? 1 : -1;
            setDraft(null);
            onCommit(frameToMicros(Math.max(0, frameOf(valueUs, rate) + step), rate));
          }
        }}
      />
      {focused && !bad ? (
        <TimeHint field={field} ways={ways} typed={draft} readsUs={reads()} rate={rate} />
      ) : null}
      {bad ? (
        <span id={hintId} className="field-error" role="alert">
          {t('transport.badTime')}
        </span>
      ) : null}
    </span>
  );
}
