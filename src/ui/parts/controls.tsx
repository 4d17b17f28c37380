import { useEffect, useId, useRef, useState, type ComponentProps, type ReactNode } from 'react';
import type { Failure } from '../../core/base/failure.ts';
import { useT } from '../messages/i18n.tsx';
import { Icon, type IconName } from './icons.tsx';

/** A button with an icon only; its label is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  hint,
  size,
  className = '',
  ...rest
}: {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same, for the tooltip. */
  readonly hint?: string;
  readonly size?: number;
} & Omit<ComponentProps<'button'>, 'children' | 'aria-label' | 'title'>) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={hint === undefined ? label : `${label}  (${hint})`}
      {...rest}
    >
      <Icon name={icon} {...(size === undefined ? {} : { size })} />
    </button>
  );
}

/** A button with words. */
export function Button({
  icon,
  tone = 'plain',
  className = '',
  children,
  ...rest
}: {
  readonly icon?: IconName;
  readonly tone?: 'plain' | 'primary' | 'quiet' | 'danger';
} & ComponentProps<'button'>) {
  return (
    <button type="button" className={`button button-${tone} ${className}`} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A choice among few, all visible. Radio buttons underneath. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly text: string;
    /** Said by the tooltip. */
    readonly hint?: string;
    readonly disabled?: boolean;
  }[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className="segmented" disabled={disabled}>
      <legend className="field-label">{label}</legend>
      <div className="segmented-options">
        {options.map((option) => (
          <label key={option.value} title={option.hint}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled ?? false}
              onChange={() => {
                onChange(option.value);
              }}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A native select with its label above. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  note,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  /** What has to be known of it; stands below. */
  readonly note?: string;
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="choice">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        {...(note === undefined ? {} : { 'aria-describedby': `${id}-note` })}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {note === undefined ? null : (
        <small id={`${id}-note`} className="field-note">
          {note}
        </small>
      )}
    </div>
  );
}

/** A text that can be changed in place: Enter and leaving it take it over, Escape gives the old one back. */
export function EditableText({
  label,
  value,
  placeholder,
  maxLength,
  className = '',
  readOnly = false,
  onCommit,
}: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly maxLength: number;
  readonly className?: string;
  readonly readOnly?: boolean;
  readonly onCommit: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft.trim() !== value) onCommit(draft.trim());
    setDraft(null);
  };
  return (
    <input
      type="text"
      className={`editable ${className}`}
      aria-label={label}
      title={draft ?? value}
      value={draft ?? value}
      placeholder={placeholder}
      maxLength={maxLength}
      readOnly={readOnly}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        setDraft(event.target.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          setDraft(null);
          event.stopPropagation();
        }
      }}
    />
  );
}

/** A question that is asked where the button was; the safe answer comes first into focus. */
export function Confirm({
  question,
  yes,
  no,
  other,
  onYes,
  onNo,
}: {
  readonly question: string;
  readonly yes: string;
  readonly no: string;
  /** A third answer. */
  readonly other?: {
    readonly text: string;
    readonly tone?: 'plain' | 'danger';
    readonly onClick: () => void;
  };
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    safe.current?.focus();
  }, []);
  return (
    <div
      className="confirm"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // A dialog around it stays: the key has answered the question.
        event.preventDefault();
        event.stopPropagation();
        onNo();
      }}
    >
      <p>{question}</p>
      <div className="confirm-actions">
        <button ref={safe} type="button" className="button button-quiet" onClick={onNo}>
          {no}
        </button>
        {other === undefined ? null : (
          <Button tone={other.tone ?? 'plain'} onClick={other.onClick}>
            {other.text}
          </Button>
        )}
        <Button tone="danger" onClick={onYes}>
          {yes}
        </Button>
      </div>
    </div>
  );
}

/** What went wrong, as a sentence; the technical part can be opened. */
export function FailureNote({
  failure,
  title,
  onDismiss,
  children,
}: {
  readonly failure: Failure;
  readonly title?: string;
  readonly onDismiss?: () => void;
  readonly children?: ReactNode;
}) {
  const t = useT();
  const { name, position } = failure.details ?? {};
  // Which range and which file it is about, where the failure knows.
  const about = [
    typeof position === 'number' ? t('reel.range', { n: position }) : '',
    typeof name === 'string' ? name : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
  return (
    <div className="note note-danger" role="alert">
      <Icon name="warning" />
      <div className="note-body">
        {title !== undefined ? <strong>{title}</strong> : about === '' ? null : <strong>{about}</strong>}
        <p>{t(`failure.${failure.reason}`)}</p>
        <details className="note-technical">
          <summary>{t('app.technical')}</summary>
          <code>
            {failure.code} / {failure.reason}
            {failure.message === '' ? '' : `\n${failure.message}`}
            {Object.entries(failure.details ?? {}).map(([key, value]) => `\n${key}: ${String(value)}`)}
          </code>
        </details>
        {children}
      </div>
      {onDismiss === undefined ? null : (
        <IconButton icon="close" label={t('app.dismiss')} onClick={onDismiss} />
      )}
    </div>
  );
}

/** A bar from 0 to 100. */
export function ProgressBar({ label, percent }: { readonly label: string; readonly percent: number | null }) {
  return (
    <div
      className={percent === null ? 'progress progress-unknown' : 'progress'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': Math.round(percent) })}
    >
      <span style={{ inlineSize: percent === null ? '30%' : `${String(percent)}%` }} />
    </div>
  );
}
