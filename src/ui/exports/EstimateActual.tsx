import type { Export } from '../../core/schema/export.ts';
import { isOff } from '../core.ts';
import { size, span } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';

type What = 'time' | 'bytes' | 'storage';

const NAMES = { time: 'estimate.time', bytes: 'estimate.size', storage: 'estimate.storage' } as const;

/** What was expected and what it took, side by side; what was off by more than a fifth is marked. */
export function EstimateActual({ record }: { readonly record: Export }) {
  const t = useT();
  const language = useLanguage();
  const { estimate, actual } = record;
  // A job that has not ended says how far it has come, not what it took.
  if (actual === null || record.status !== 'completed') return null;
  const off = new Set(isOff(record).map(({ what }) => what));
  const rows: readonly (readonly [What, number, number])[] = [
    ['time', estimate.wallMs, actual.wallMs],
    ['bytes', estimate.bytes, actual.bytes],
    ...(actual.storageBytes === undefined
      ? []
      : [['storage', estimate.storageBytes, actual.storageBytes] as const]),
  ];
  return (
    <section>
      <h4>{t('estimate.title')}</h4>
      <table className="estimates">
        <thead>
          <tr>
            <th scope="col">{t('estimate.what')}</th>
            <th scope="col">{t('estimate.expected')}</th>
            <th scope="col">{t('estimate.actual')}</th>
            <th scope="col">{t('estimate.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, expected, took]) => (
            <tr key={what} className={off.has(what) ? 'is-off' : ''}>
              <th scope="row">{t(NAMES[what])}</th>
              <td>{amount(what, expected, t, language)}</td>
              <td>{amount(what, took, t, language)}</td>
              <td {...(off.has(what) ? { title: t('estimate.off') } : {})}>
                {differenceOf(expected, took, language)}
                {off.has(what) ? <span className="visually-hidden">, {t('estimate.off')}</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function amount(what: What, value: number, t: Translate, language: Language): string {
  return what === 'time' ? span(value, t) : size(value, language);
}

/** How much more or less it was, as a share of the estimate. */
function differenceOf(expected: number, took: number, language: Language): string {
  if (expected <= 0) return '–';
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  }).format((took - expected) / expected);
}
