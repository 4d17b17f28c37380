import type { Export } from '../../core/schema/export.ts';
import { clock, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { Deviations } from './Deviations.tsx';
import { Receipts } from './Receipts.tsx';
import { joinsOf } from './work.ts';

type Certificate = NonNullable<Export['certificate']>;

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
      {certificate === null ? null : <CertificateView certificate={certificate} />}
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
      {receipts.length === 0 && record.status !== 'completed' ? null : (
        <section>
          <h4>{t('job.receipts')}</h4>
          {off ? (
            <p className="job-hint">{t('job.estimateOff', { time: span(record.estimate.wallMs, t) })}</p>
          ) : null}
          <Receipts record={record} />
        </section>
      )}
    </details>
  );
}

function CertificateView({ certificate }: { readonly certificate: Certificate }) {
  const t = useT();
  const language = useLanguage();
  const joins = joinsOf(certificate);
  return (
    <section>
      <h4>{t('job.certificate')}</h4>
      <ul className="checks">
        {certificate.checks.map((check) => (
          <CheckLine key={check.name} check={check} />
        ))}
      </ul>
      {joins.total === 0 ? null : (
        <p className="joins">
          {t('job.joins', { clean: joins.clean, total: joins.total })}
          {joins.difference === null ? null : (
            <span>
              {t('job.joinDifference', {
                difference: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(
                  joins.difference,
                ),
              })}
            </span>
          )}
        </p>
      )}
      {joins.problems.length === 0 ? null : (
        <ul className="deviations">
          {joins.problems.map(({ atUs, problem }) => (
            <li key={atUs}>
              {t('job.joinAt', { time: clock(atUs), problem: problem ?? t('job.joinUnclear') })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function CheckLine({ check }: { readonly check: Certificate['checks'][number] }) {
  const t = useT();
  const skipped = check.passed && check.skipped === true;
  const state = skipped ? 'is-skipped' : check.passed ? 'is-passed' : 'is-failed';
  const said = skipped ? t('job.notCompared') : check.passed ? t('job.passed') : t('job.failed');
  const both = t('job.expected', { expected: check.expected, found: check.found });
  return (
    <li className={state}>
      <Icon name={skipped ? 'minus' : check.passed ? 'check' : 'warning'} size={13} />
      <div className="check-said">
        <span className="visually-hidden">{said}</span>
        <b>{t(`check.${check.name}`)}</b>
        <span className="check-found" title={both}>
          {check.passed ? check.found : both}
        </span>
      </div>
    </li>
  );
}
