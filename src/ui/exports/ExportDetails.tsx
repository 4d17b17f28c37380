import { useState } from 'react';
import type { Export, Receipt } from '../../core/schema/export.ts';
import { size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { Deviations } from './Deviations.tsx';

/** Certificate, differences from the request, and what each step really did. */
export function ExportDetails({ record }: { readonly record: Export }) {
  const t = useT();
  const { certificate, deviations, receipts } = record;
  const off =
    record.actual !== null &&
    Math.abs(record.actual.wallMs - record.estimate.wallMs) > record.estimate.wallMs / 5;
  return (
    <details className="job-details">
      <summary>
        <Icon name="right" size={12} />
        {t('app.details')}
        {certificate?.passed === true ? (
          <span className="tag tag-good">
            <Icon name="check" size={11} />
            {t('job.allPassed', { count: certificate.checks.length })}
          </span>
        ) : null}
      </summary>
      {certificate === null ? null : (
        <section>
          <h4>{t('job.certificate')}</h4>
          <ul className="checks">
            {certificate.checks.map((check) => (
              <li key={check.name} className={check.passed ? 'is-passed' : 'is-failed'}>
                <Icon name={check.passed ? 'check' : 'warning'} size={13} />
                <span className="visually-hidden">{check.passed ? t('job.passed') : t('job.failed')}</span>
                <b>{t(`check.${check.name}`)}</b>
                <span title={t('job.expected', { expected: check.expected, found: check.found })}>
                  {check.passed
                    ? check.found
                    : t('job.expected', { expected: check.expected, found: check.found })}
                </span>
              </li>
            ))}
          </ul>
          {certificate.joins.length === 0 ? null : (
            <p className="job-hint">
              {t('job.joins', { count: certificate.joins.filter((join) => join.clean).length })}
            </p>
          )}
        </section>
      )}
      {record.status === 'completed' ? (
        <section>
          <h4>{t('job.deviations')}</h4>
          {deviations.length === 0 ? (
            <p className="job-hint">{t('job.noDeviations')}</p>
          ) : (
            <Deviations list={deviations} />
          )}
        </section>
      ) : null}
      {receipts.length === 0 ? null : (
        <section>
          <h4>{t('job.receipts')}</h4>
          {off ? (
            <p className="job-hint">{t('job.estimateOff', { time: span(record.estimate.wallMs, t) })}</p>
          ) : null}
          <ul className="receipts">
            {receipts.map((receipt) => (
              <ReceiptLine key={receipt.stepId} receipt={receipt} />
            ))}
          </ul>
        </section>
      )}
    </details>
  );
}

function ReceiptLine({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const language = useLanguage();
  const [copied, setCopied] = useState(false);
  const command = receipt.argv.map(quoted).join(' ');
  const copy = (): void => {
    navigator.clipboard.writeText(command).then(
      () => {
        setCopied(true);
      },
      // Refused: the text can still be selected by hand.
      () => undefined,
    );
  };
  return (
    <li>
      <div className="receipt-line">
        <b>{receipt.kind}</b>
        <span>{receipt.engine}</span>
        <span>{receipt.reused ? t('job.reused') : span(receipt.wallMs, t)}</span>
        <span>{size(receipt.bytes, language)}</span>
        {receipt.attempts > 1 ? <span>{t('job.attempts', { count: receipt.attempts })}</span> : null}
      </div>
      {command === '' ? null : (
        <div className="receipt-argv">
          <code
            tabIndex={0}
            role="textbox"
            aria-readonly="true"
            aria-label={t('job.argv', { step: receipt.stepId })}
          >
            {command}
          </code>
          <IconButton
            icon={copied ? 'check' : 'duplicate'}
            size={13}
            label={copied ? t('app.copied') : t('app.copy')}
            onClick={copy}
          />
        </div>
      )}
    </li>
  );
}

/** An argument as it would be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
