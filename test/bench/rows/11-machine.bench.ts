/** What this machine and browser can do at best: the limits that the other rows are read against. */
import { cpus } from 'node:os';
import { statSync } from 'node:fs';
import { test } from '@playwright/test';
import { copyToStorage, decodeOnly, encodeOnly, encoderSettingsOf } from '../support/browser-limits.ts';
import { baseFootage, fromSecondFrame } from '../support/footage.ts';
import { nativeContender } from '../support/native.ts';
import { interleave, summarise } from '../support/repeat.ts';
import { Row } from '../support/report.ts';
import { FPS, settings } from '../support/settings.ts';

test('machine', async () => {
  const source = await baseFootage('rich');
  const { size } = statSync(source.path);
  const seconds = settings.quick ? 4 : 20;
  const range = fromSecondFrame(seconds);
  const lanes = [...new Set([1, cpus().length])];
  const [copy, nativeCopy] = ['browser, file to private storage', 'native copy of the file'];
  const outcomes = await interleave([
    copyToStorage(copy, source.path, () => size),
    nativeContender(nativeCopy, (target) => ['-i', source.path, '-c', 'copy', target]),
    ...lanes.map((count) => decodeOnly(`decode only, ${String(count)} at once`, source.path, range, count)),
    ...lanes.map((count) =>
      encodeOnly(`encode only, ${String(count)} at once`, source.path, range, count, () =>
        encoderSettingsOf(undefined),
      ),
    ),
    nativeContender('native decode only', (target) => [
      ...['-ss', range.start.toFixed(6), '-t', String(seconds), '-i', source.path],
      // Nothing but the sound is written; the picture is decoded and thrown away.
      ...['-map', '0:v', '-f', 'null', '-', '-map', '0:a', '-c', 'copy', target],
    ]),
  ]);
  const row = new Row('limits of this machine', source.name);
  for (const [name, outcome] of outcomes) {
    const rates = outcome.samples.map((sample) =>
      [copy, nativeCopy].includes(name) ? size / 1e6 / sample.seconds : (seconds * FPS) / sample.seconds,
    );
    row.figure(
      name,
      summarise(rates),
      [copy, nativeCopy].includes(name) ? 'MB/s' : 'frames/s',
      null,
      outcome.problem,
    );
  }
  row.figure('cores', cpus().length, '');
  row.keep(outcomes);
  await row.hand();
});
