import { useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { clock } from '../format/text.ts';
import { hasCheckText, useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { checkWords, inWords } from './check-text.ts';
import { Deviations } from './Deviations.tsx';
import { EstimateActual } from './EstimateActual.tsx';
import { PartList } from './Parts.tsx';
import { PlanSummary } from './PlanView.tsx';
import { Receipts } from './Receipts.tsx';
import { deviationsShown } from './summary.ts';
import { checksOf, joinsOf } from './work.ts';

type Certificate = NonNullable<Export['certificate']>;

/** Plan, certificate, differences from the request, and what each step really did; closed at first. */
export function ExportDetails({ record }: { readonly record: Export }) {
  const t = useT();
  const { certificate } = record;
  const [open, setOpen] = useState(false);
  return (
    <details
      className="job-details"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <Icon name="right" size={12} />
        {t('app.details')}
        <PassedTag certificate={certificate} />
      </summary>
      {open ? <DetailSections record={record} /> : null}
    </details>
  );
}

/** That the finished file passed its checks. */
function PassedTag({ certificate }: { readonly certificate: Export['certificate'] }) {
  if (certificate?.passed !== true) return null;
  return (
    <span className="tag tag-good">
      <Icon name="check" size={11} />
      <Passed certificate={certificate} />
    </span>
  );
}

/** Everything that is known of an export. */
export function DetailSections({ record }: { readonly record: Export }) {
  const t = useT();
  const { certificate, receipts } = record;
  const deviations = deviationsShown(record.plan, record.deviations);
  return (
    <>
      {certificate === null ? null : <CertificateView certificate={certificate} />}
      <PartList record={record} certificate={(of) => <Passed certificate={of} />} />
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
      <EstimateActual record={record} />
      <section>
        <h4>{t('job.plan')}</h4>
        <div className="plan">
          <PlanSummary plan={record.plan} deviations={record.status !== 'completed'} />
        </div>
      </section>
      {receipts.length === 0 && record.status !== 'completed' ? null : (
        <section>
          <h4>{t('job.receipts')}</h4>
          <Receipts record={record} />
        </section>
      )}
    </>
  );
}

/** How many checks passed; those that had nothing to compare are not among them. */
function Passed({ certificate }: { readonly certificate: Certificate }) {
  const t = useT();
  const { passed, skipped } = checksOf(certificate);
  return skipped === 0
    ? t('job.checksPassed', { count: passed })
    : t('job.checksSkipped', { count: passed, skipped });
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
          {joins.problems.map(({ atUs, problem, problemText }) => (
            <li key={atUs}>
              {t('job.joinAt', {
                time: clock(atUs),
                problem:
                  inWords(problemText, { t, language, knows: hasCheckText }) ??
                  problem ??
                  t('job.joinUnclear'),
              })}
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
  const { expected, found } = checkWords(check, { t, language: useLanguage(), knows: hasCheckText });
  const both = t('job.expected', { expected, found });
  return (
    <li className={state}>
      <Icon name={skipped ? 'minus' : check.passed ? 'check' : 'warning'} size={13} />
      <div className="check-said">
        <span className="visually-hidden">{said}</span>
        <b>{t(`check.${check.name}`)}</b>
        <span className="check-found" title={both}>
          {check.passed ? found : both}
        </span>
      </div>
    </li>
  );
}
