import { useState } from 'react';
import type { Export } from '../../core/schema/export.ts';
import { useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { CertificateChecks, Passed } from './Certificate.tsx';
import { Deviations } from './Deviations.tsx';
import { EstimateActual } from './EstimateActual.tsx';
import { PartList } from './Parts.tsx';
import { PlanSummary } from './PlanView.tsx';
import { Receipts } from './Receipts.tsx';
import { deviationsShown } from './summary.ts';

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
      {certificate === null ? null : (
        <section>
          <h4>{t('job.certificate')}</h4>
          <CertificateChecks certificate={certificate} />
        </section>
      )}
      <PartList record={record} />
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
          <PlanSummary
            plan={record.plan}
            type={record.type}
            parts={record.parts ?? null}
            deviations={record.status !== 'completed'}
          />
        </div>
      </section>
      {receipts.length === 0 && (record.status !== 'completed' || record.type === 'csv') ? null : (
        <section>
          <h4>{t('job.receipts')}</h4>
          <Receipts record={record} />
        </section>
      )}
    </>
  );
}
