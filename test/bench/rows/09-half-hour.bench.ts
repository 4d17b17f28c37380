/** Half an hour re-encoded: fast enough, and memory that does not grow with what is done. BENCH_LONG=1; else a stand-in. */
import { test } from '@playwright/test';
import { loopedFootage } from '../support/footage.ts';
import { peakWithin } from '../support/memory.ts';
import { remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { summarise } from '../support/repeat.ts';
import { atMost, Row } from '../support/report.ts';
import { BASE_SECONDS, FPS, settings } from '../support/settings.ts';

const MINUTES = settings.longMinutes;
const ROUNDS = Math.ceil((MINUTES * 60 + 1) / BASE_SECONDS);

test('half an hour', async () => {
  const source = await loopedFootage(ROUNDS, 'rich');
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const options = { resolution: '1080p', quality: 'medium' } as const;
    await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }], options));
    const made: Made = await ours.run(
      specOf(asset, [{ start: 1 / FPS, end: 1 / FPS + MINUTES * 60 }], options),
    );
    const standIn = MINUTES === 30 ? '' : ' (stand-in for 30 minutes: BENCH_LONG=1)';
    const row = new Row(`${String(MINUTES)} minutes of 1080p to 1080p medium${standIn}`, source.name);
    // The bar of the stand-in is the same speed.
    row.figure('ours', made.sample.seconds / 60, 'min', atMost(MINUTES / 3), remark(made, true));
    row.figure('ours, times real time', (MINUTES * 60) / made.sample.seconds, '×');
    // The very beginning, when workers start, is left out of the first third.
    const first = peakWithin(made.memory, 0.05, 1 / 3);
    const final = peakWithin(made.memory, 2 / 3, 1);
    row.figure(
      'peak memory of the last third / first third',
      first === 0 ? null : final / first,
      '×',
      atMost(1.15),
      `${(first / 1e6).toFixed(0)} MB, then ${(final / 1e6).toFixed(0)} MB`,
    );
    row.figure('peak memory, all browser processes', made.memory.peakBytes / 1e6, 'MB');
    row.keep(new Map([['ours', { name: 'ours', samples: [made.sample], problem: '' }]]));
    row.figure('memory over time', summarise(made.memory.samples.map(({ bytes }) => bytes / 1e6)), 'MB');
    await row.hand();
  });
});
