import type { Export } from '../../core/schema/export.ts';
import { clock } from '../format/text.ts';
import { hasCheckText, useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { checkWords, inWords } from './check-text.ts';
import { checksOf, joinsOf } from './work.ts';

type Certificate = NonNullable<Export['certificate']>;

/** How many checks passed; those that had nothing to compare are not among them. */
export function Passed({ certificate }: { readonly certificate: Certificate }) {
  const t = useT();
  const { passed, skipped } = checksOf(certificate);
  return skipped === 0
    ? t('job.checksPassed', { count: passed })
    : t('job.checksSkipped', { count: passed, skipped });
}

/** What was checked, check by check, and how the joins are. */
export function CertificateChecks({ certificate }: { readonly certificate: Certificate }) {
  const t = useT();
  const language = useLanguage();
  const joins = joinsOf(certificate);
  return (
    <>
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
    </>
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
