import { Fragment } from 'react';
import { codecName } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { sizeText, type EncoderGroup, type EncoderRow } from './report.ts';

/** Where an encoder runs, as a message. */
export const MODES = { hardware: 'diagnostics.hardware', software: 'diagnostics.software' } as const;

/** Encoders by codec and size: whether they make right pictures, and how fast. */
export function EncoderTable({ groups }: { readonly groups: readonly EncoderGroup[] }) {
  const t = useT();
  return (
    <table className="encoders" aria-labelledby="encoders-title">
      <thead>
        <tr>
          <th scope="col">{t('diagnostics.size')}</th>
          <th scope="col">{t('diagnostics.mode')}</th>
          <th scope="col">{t('diagnostics.result')}</th>
          <th scope="col" className="is-number">
            {t('diagnostics.encode')}
          </th>
          <th scope="col" className="is-number">
            {t('diagnostics.decode')}
          </th>
        </tr>
      </thead>
      {groups.map(({ codec, sizes }) => (
        <tbody key={codec}>
          <tr className="encoders-codec">
            <th scope="rowgroup" colSpan={5}>
              {codecName(codec)}
            </th>
          </tr>
          {sizes.map(({ name, rows }) => (
            <Fragment key={name}>
              {rows.map((row, position) => (
                <tr key={row.question.mode} className={position === 0 ? 'is-first' : ''}>
                  {position === 0 ? (
                    <th scope="row" rowSpan={rows.length}>
                      <Size row={row} />
                    </th>
                  ) : null}
                  <td>{t(MODES[row.question.mode])}</td>
                  <Answer row={row} />
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Size({ row: { question } }: { readonly row: EncoderRow }) {
  const t = useT();
  const size = sizeText(question);
  return question.fps <= 30 ? size : t('diagnostics.atRate', { size, fps: String(Math.round(question.fps)) });
}

function Answer({ row: { answer } }: { readonly row: EncoderRow }) {
  const t = useT();
  const language = useLanguage();
  const rate = (fps: number | null): string =>
    fps === null
      ? '–'
      : new Intl.NumberFormat(language, { maximumFractionDigits: fps < 10 ? 1 : 0 }).format(fps);
  if (answer === null) return null;
  if (!answer.works) {
    return (
      <td className="encoders-result" colSpan={3}>
        <span className="is-broken">
          <Icon name="close" size={12} />
          {t('diagnostics.broken')}
        </span>
        {answer.fault === null ? null : <small>{t(`encoderFault.${answer.fault}`)}</small>}
      </td>
    );
  }
  return (
    <>
      <td className="encoders-result">
        <span className="is-good">
          <Icon name="check" size={12} />
          {t('diagnostics.works')}
        </span>
      </td>
      <td className="is-number">{rate(answer.encodeFps)}</td>
      <td className="is-number">{rate(answer.decodeFps)}</td>
    </>
  );
}
