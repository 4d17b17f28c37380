import { useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { size, span } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';
import { IconButton } from '../parts/controls.tsx';
import { stepsDone, workOf, type DoneStep, type WorkSummary } from './work.ts';

/** Which engine did what: in one line, and step by step. */
export function Receipts({ record }: { readonly record: Export }) {
  const t = useT();
  const steps = stepsDone(record);
  return (
    <>
      <p className="receipts-sum">{sentenceOf(workOf(steps), t)}</p>
      <ul className="receipts">
        {steps.map((step) => (
          <StepLine key={step.id} step={step} />
        ))}
      </ul>
    </>
  );
}

function sentenceOf({ webcodecs, ffmpeg, copied, reused }: WorkSummary, t: Translate): string {
  return [
    webcodecs === 0 ? null : t('work.webcodecs', { count: webcodecs }),
    ffmpeg === 0 ? null : t('work.ffmpeg', { count: ffmpeg }),
    copied === 0 ? null : t('work.copied', { count: copied }),
    reused === 0 ? null : t('work.reused', { count: reused }),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

const KINDS = ['copy-video', 'encode-video', 'decode-audio', 'encode-audio', 'copy-audio'] as const;

/** What a step was; a kind of another build is shown as it is. */
function whatOf({ kind, clip, piece }: DoneStep, t: Translate): string {
  const known = KINDS.find((one) => one === kind);
  const name = known === undefined ? kind : t(`step.${known}`);
  const what = piece === null ? name : t('job.piece', { what: name, n: piece.n, total: piece.total });
  return clip === null ? what : t('plan.deviationClip', { n: clip + 1, text: what });
}

/** Steps are short: below a second the milliseconds are what is interesting. */
function timeOf(ms: number, t: Translate, language: Language): string {
  if (ms >= 950) return span(ms, t);
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' }).format(Math.round(ms));
}

function StepLine({ step }: { readonly step: DoneStep }) {
  const t = useT();
  const language = useLanguage();
  return (
    <li>
      <div className="receipt-line">
        <b>{whatOf(step, t)}</b>
        {step.cost === null ? null : (
          <>
            <span>{step.reused ? t('job.reused') : timeOf(step.cost.wallMs, t, language)}</span>
            {step.cost.bytes === 0 ? null : <span>{size(step.cost.bytes, language)}</span>}
          </>
        )}
      </div>
      {step.doer === 'copy' ? null : (
        <p className="receipt-who">
          {step.doer === 'ffmpeg' ? 'ffmpeg' : t(`engine.${step.doer}`)}
          {step.attempts > 1 ? ` · ${t('job.attempts', { count: step.attempts })}` : null}
        </p>
      )}
      <Settings step={step} />
    </li>
  );
}

/** ffmpeg's command or the codec's settings, to be read and copied. */
function Settings({ step }: { readonly step: DoneStep }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const isCommand = step.doer === 'ffmpeg';
  const text = isCommand ? step.argv.map(quoted).join(' ') : step.argv.join('; ');
  if (text === '') return null;
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
      },
      // Refused: the text can still be selected by hand.
      () => undefined,
    );
  };
  return (
    <div className="receipt-argv">
      <code
        tabIndex={0}
        role="textbox"
        aria-readonly="true"
        aria-label={t(isCommand ? 'job.argv' : 'job.config', { step: step.id })}
      >
        {text}
      </code>
      <IconButton
        icon={copied ? 'check' : 'duplicate'}
        size={13}
        label={copied ? t('app.copied') : t('app.copy')}
        onClick={copy}
      />
    </div>
  );
}

/** An argument as it would be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
