/** The charts of the activity. */
import type { Activity } from '../../app/studio/types.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { lastDays, lineOf, roundUp, stackOf, thinned } from './chart-data.ts';
import { Bars, Chart, Plot } from './charts.tsx';
import { dayText, rungName, short, stamp, took } from './words.ts';

type Statistics = Activity['statistics'];

/** All charts; those without anything to show say so. */
export function ActivityCharts({ statistics }: { readonly statistics: Statistics }) {
  return (
    <div className="charts">
      <Days days={statistics.days} />
      <StepTimes times={statistics.stepTimes} />
      <Speeds speeds={statistics.speeds} />
      <Failures failures={statistics.failures} />
      <Queue points={statistics.queue} />
      <Storage points={statistics.storage} />
    </div>
  );
}

function Nothing({ text }: { readonly text: string }) {
  return <p className="chart-nothing">{text}</p>;
}

function Days({ days }: { readonly days: Statistics['days'] }) {
  const t = useT();
  const language = useLanguage();
  const shown = lastDays(days);
  const count = days.reduce((sum, day) => sum + day.completed + day.failed + day.cancelled, 0);
  const top = roundUp(
    Math.max(0, ...shown.map(({ completed, failed, cancelled }) => completed + failed + cancelled)),
  );
  const said = t('activity.daysSaid', { count, days: days.length });
  const legend = [
    { name: 'completed', text: t('activity.completed') },
    { name: 'failed', text: t('activity.failedJobs') },
    { name: 'cancelled', text: t('activity.cancelled') },
  ];
  const width = 100 / Math.max(1, shown.length);
  return (
    <Chart
      title={t('activity.days')}
      said={said}
      legend={legend}
      numbers={{
        head: [t('activity.day'), ...legend.map(({ text }) => text)],
        rows: [...days]
          .reverse()
          .map((one) => [
            dayText(one.day, language),
            short(one.completed, language),
            short(one.failed, language),
            short(one.cancelled, language),
          ]),
      }}
    >
      {days.length === 0 ? (
        <Nothing text={t('activity.nothing')} />
      ) : (
        <Plot
          label={`${t('activity.days')}: ${said}`}
          top={short(top, language)}
          even
          names={shown.map(({ day }, i) =>
            i % Math.ceil(shown.length / 5) === 0 ? dayText(day, language) : '',
          )}
        >
          {shown.flatMap((day, i) =>
            stackOf(day, top).map(({ name, y, height }) => (
              <rect
                key={`${day.day}/${name}`}
                className={`is-${name}`}
                x={i * width + width * 0.16}
                width={width * 0.68}
                y={y}
                height={height}
              />
            )),
          )}
        </Plot>
      )}
    </Chart>
  );
}

function StepTimes({ times }: { readonly times: Statistics['stepTimes'] }) {
  const t = useT();
  const language = useLanguage();
  const { columns, count, median } = times;
  const top = roundUp(Math.max(0, ...columns.map((column) => column.count)));
  const width = 100 / Math.max(1, columns.length);
  const said =
    median === null
      ? t('activity.nothing')
      : t('activity.stepTimesSaid', { count, median: took(median, t, language) });
  const bound = (ms: number): string => short(ms / 1000, language);
  return (
    <Chart
      title={t('activity.stepTimes')}
      said={said}
      numbers={{
        head: [t('activity.from'), t('activity.steps')],
        rows: columns.map((column) => [
          column.to === null ? `≥ ${bound(column.from)}` : `${bound(column.from)} – ${bound(column.to)}`,
          short(column.count, language),
        ]),
      }}
    >
      {count === 0 ? (
        <Nothing text={t('activity.nothing')} />
      ) : (
        <Plot
          label={`${t('activity.stepTimes')}: ${said}`}
          top={short(top, language)}
          even
          names={columns.map(({ from }) => bound(from))}
          unit={t('activity.axisSeconds')}
        >
          {columns.map((column, i) => (
            <rect
              key={column.from}
              className="is-plain"
              x={i * width + width * 0.08}
              width={width * 0.84}
              y={100 - (column.count / top) * 100}
              height={(column.count / top) * 100}
            />
          ))}
        </Plot>
      )}
    </Chart>
  );
}

function Speeds({ speeds }: { readonly speeds: Statistics['speeds'] }) {
  const t = useT();
  const language = useLanguage();
  return (
    <Chart
      title={t('activity.speeds')}
      said={t('activity.speedsSaid')}
      numbers={{
        head: [
          t('activity.engine'),
          t('activity.median'),
          t('activity.low'),
          t('activity.high'),
          t('activity.steps'),
        ],
        rows: speeds.map(({ rung, median, low, high, steps }) => [
          rungName(rung, t),
          ...[median, low, high, steps].map((value) => short(value, language)),
        ]),
      }}
    >
      {speeds.length === 0 ? (
        <Nothing text={t('activity.nothing')} />
      ) : (
        <Bars
          rows={speeds.map(({ rung, median, low, high }) => ({
            name: rungName(rung, t),
            text: t('activity.speedValue', { value: short(median, language) }),
            value: median,
            range: [low, high],
          }))}
        />
      )}
    </Chart>
  );
}

/** Reasons that are drawn; the table has them all. */
const MOST_REASONS = 6;

function Failures({ failures }: { readonly failures: Statistics['failures'] }) {
  const t = useT();
  const language = useLanguage();
  return (
    <Chart
      title={t('activity.failures')}
      said={t('activity.failuresSaid')}
      numbers={{
        head: [t('activity.reason'), t('activity.count')],
        rows: failures.map(({ name, count }) => [t(`failureShort.${name}`), short(count, language)]),
      }}
    >
      {failures.length === 0 ? (
        <Nothing text={t('activity.noFailures')} />
      ) : (
        <Bars
          rows={failures.slice(0, MOST_REASONS).map(({ name, count }) => ({
            name: t(`failureShort.${name}`),
            hint: t(`failure.${name}`),
            text: short(count, language),
            value: count,
            tone: 'bad',
          }))}
        />
      )}
    </Chart>
  );
}

function Over({
  title,
  points,
  value,
  saidOf,
  head,
}: {
  readonly title: string;
  readonly points: Statistics['queue'];
  readonly value: (value: number) => string;
  readonly saidOf: (most: string, now: string) => string;
  readonly head: string;
}) {
  const t = useT();
  const language = useLanguage();
  const line = lineOf(points);
  const [first] = points;
  const last = points.at(-1);
  const said =
    line === null
      ? t('activity.nothing')
      : saidOf(value(Math.max(...points.map((point) => point.value))), value(last?.value ?? 0));
  return (
    <Chart
      title={title}
      said={said}
      numbers={{
        head: [t('activity.time'), head],
        rows: [...thinned(points, 60)]
          .reverse()
          .map((point) => [stamp(point.time, language), value(point.value)]),
      }}
    >
      {line === null || first === undefined || last === undefined ? (
        <Nothing text={t('activity.nothing')} />
      ) : (
        <Plot
          label={`${title}: ${said}`}
          top={value(line.top)}
          names={[stamp(first.time, language), stamp(last.time, language)]}
        >
          <path className="plot-area" d={line.area} />
          <path className="plot-line" d={line.line} />
        </Plot>
      )}
    </Chart>
  );
}

function Queue({ points }: { readonly points: Statistics['queue'] }) {
  const t = useT();
  const language = useLanguage();
  return (
    <Over
      title={t('activity.queue')}
      points={points}
      head={t('activity.jobs')}
      value={(value) => short(value, language)}
      saidOf={(most, now) => t('activity.queueSaid', { most, now })}
    />
  );
}

function Storage({ points }: { readonly points: Statistics['storage'] }) {
  const t = useT();
  const language = useLanguage();
  return (
    <Over
      title={t('activity.storageOver')}
      points={points}
      head={t('activity.used')}
      value={(value) => size(value, language)}
      saidOf={(most, now) => t('activity.storageSaid', { most, now })}
    />
  );
}
