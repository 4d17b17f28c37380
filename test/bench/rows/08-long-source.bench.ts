/** The same minute cut out of an hour and out of a minute: the length of a source must cost neither time nor memory. */
import { test } from '@playwright/test';
import { baseFootage, loopedFootage } from '../support/footage.ts';
import { copiedFrames, mustBeCold, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave, median, type Contender } from '../support/repeat.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { BASE_SECONDS, settings } from '../support/settings.ts';

const FROM_LONG = 'ours, from an hour';
const FROM_SHORT = 'ours, from a minute';
/** Off a key frame; the 60 s lie inside one round of the base, so both sources show the same there. */
const OFFSET = 1.3;
const LENGTH = settings.cutSeconds;

test('long source', async () => {
  const short = await baseFootage('lean');
  const long = await loopedFootage(settings.hourRounds);
  let last: Made | undefined;
  /** A browser of its own each time: memory that another run has left behind must not count. */
  const contender = (name: string, path: string, start: number): Contender => ({
    name,
    run: () =>
      withOurs(async (ours) => {
        const asset = await ours.importFile(path);
        await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }]));
        last = await ours.run(specOf(asset, [{ start, end: start + LENGTH }]));
        mustBeCold(last);
        return last.sample;
      }),
  });
  const start = settings.hourRound * BASE_SECONDS + OFFSET;
  const outcomes = await interleave([
    contender(FROM_LONG, long.path, start),
    contender(FROM_SHORT, short.path, OFFSET),
  ]);
  const row = new Row(
    shortened(`${String(LENGTH)} s exact cut at minute ${(start / 60).toFixed(0)}`),
    long.name,
  );
  const copied = last === undefined ? 0 : copiedFrames(last);
  row.ratio(outcomes, FROM_LONG, FROM_SHORT, atMost(1.5), `${remark(last)}; ${String(copied)} frames copied`);
  row.memory(outcomes, FROM_LONG, atMost(700));
  row.memory(outcomes, FROM_SHORT, atMost(700));
  const peaks = [FROM_LONG, FROM_SHORT].map((name) =>
    (outcomes.get(name)?.samples ?? []).map(({ peakBytes }) => peakBytes ?? 0),
  );
  const [of, to] = peaks.map((values) => (values.length === 0 ? null : median(values)));
  row.figure(
    'peak memory, hour and minute apart by',
    of == null || to == null ? null : (100 * Math.abs(of - to)) / Math.min(of, to),
    '%',
    atMost(15),
  );
  await row.hand(outcomes);
});
