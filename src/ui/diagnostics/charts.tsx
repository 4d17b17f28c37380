/** Small charts. Each has its numbers as a table, for whoever cannot or does not want to read a drawing. */
import { useId, type ReactNode } from 'react';
import { useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';

/** A table of numbers: the first column names its row. */
export interface Numbers {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A chart with its title, what it shows in one line, and its numbers. */
export function Chart({
  title,
  said,
  numbers,
  legend,
  children,
}: {
  readonly title: string;
  readonly said: string;
  readonly numbers: Numbers;
  readonly legend?: readonly { readonly name: string; readonly text: string }[];
  readonly children: ReactNode;
}) {
  const t = useT();
  const id = useId();
  return (
    <figure className="chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <h4 id={`${id}-title`}>{title}</h4>
        <p>{said}</p>
      </figcaption>
      <div className="chart-box">{children}</div>
      {legend === undefined ? null : (
        <ul className="chart-legend">
          {legend.map(({ name, text }) => (
            <li key={name}>
              <i className={`is-${name}`} aria-hidden="true" />
              {text}
            </li>
          ))}
        </ul>
      )}
      <details className="chart-numbers">
        <summary>
          <Icon name="right" size={12} />
          {t('activity.asTable')}
          <span className="visually-hidden">: {title}</span>
        </summary>
        <div className="chart-table" role="region" tabIndex={0} aria-label={title}>
          <table>
            <thead>
              <tr>
                {numbers.head.map((text, column) => (
                  <th key={text} scope="col" className={column === 0 ? '' : 'is-number'}>
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {numbers.rows.map(([first = '', ...rest], row) => (
                <tr key={`${first}/${String(row)}`}>
                  <th scope="row">{first}</th>
                  {rest.map((text, column) => (
                    <td key={numbers.head[column + 1] ?? column} className="is-number">
                      {text}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** The drawing of a chart with its axes: numbers at the side, names below. */
export function Plot({
  label,
  top,
  names,
  even = false,
  unit,
  children,
}: {
  readonly label: string;
  /** What the top of the box stands for. */
  readonly top: string;
  /** Below the box, from side to side. */
  readonly names: readonly string[];
  /** Each name stands below the middle of its column. */
  readonly even?: boolean;
  /** What the names count. */
  readonly unit?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="plot">
      <span className="plot-top" aria-hidden="true">
        {top}
      </span>
      <span className="plot-zero" aria-hidden="true">
        0
      </span>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
        {[0, 50, 100].map((y) => (
          <line key={y} className="plot-grid" x1="0" x2="100" y1={y} y2={y} />
        ))}
        {children}
      </svg>
      <div className={even ? 'plot-names is-even' : 'plot-names'} aria-hidden="true">
        {names.map((name, position) => (
          <span key={`${name}/${String(position)}`}>{name}</span>
        ))}
      </div>
      {unit === undefined ? null : (
        <p className="plot-unit" aria-hidden="true">
          {unit}
        </p>
      )}
    </div>
  );
}

/** A row of a chart of bars that lie. */
export interface BarRow {
  readonly name: string;
  /** Said by the tooltip of the name. */
  readonly hint?: string;
  /** Shown behind the bar. */
  readonly text: string;
  readonly value: number;
  /** From and to, for what varies. */
  readonly range?: readonly [low: number, high: number];
  readonly tone?: 'good' | 'bad';
}

/** Bars that lie, one for each name. */
export function Bars({ rows }: { readonly rows: readonly BarRow[] }) {
  const most = Math.max(1e-9, ...rows.map(({ value, range }) => Math.max(value, range?.[1] ?? 0)));
  const part = (value: number): number => (value / most) * 100;
  return (
    <ul className="bars">
      {rows.map(({ name, hint, text, value, range, tone }) => (
        <li key={name}>
          <span className="bars-name" title={hint}>
            {name}
          </span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect className="bars-track" x="0" y="0" width="100" height="10" />
            <rect className={`bars-bar is-${tone ?? 'plain'}`} x="0" y="0" width={part(value)} height="10" />
            {range === undefined ? null : (
              <line className="bars-range" x1={part(range[0])} x2={part(range[1])} y1="5" y2="5" />
            )}
          </svg>
          <span className="bars-value">{text}</span>
        </li>
      ))}
    </ul>
  );
}
