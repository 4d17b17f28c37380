/** A 2 GB file: imports at once, and a range from its end costs no more memory than one from its start. */
import { statSync } from 'node:fs';
import { test } from '@playwright/test';
import { baseFootage, loopedFootage } from '../support/footage.ts';
import { peakMemory } from '../support/memory.ts';
import { specOf, withOurs } from '../support/ours.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

test('big import', async () => {
  const base = await baseFootage('rich');
  const rounds = Math.ceil((settings.importGigabytes * 1e9) / statSync(base.path).size);
  const source = await loopedFootage(rounds, 'rich');
  await withOurs(async (ours) => {
    // The workers' code is loaded once before the clock starts, as for anybody's second file.
    await ours.importFile(base.path);
    const began = performance.now();
    const imported = await peakMemory(() => ours.importFile(source.path));
    const row = new Row(
      shortened(`a file of ${(statSync(source.path).size / 1e9).toFixed(1)} GB`),
      source.name,
    );
    row.figure('import', (performance.now() - began) / 1000, 's', atMost(3));
    row.figure('import: memory rose by', (imported.peakBytes - imported.startBytes) / 1e6, 'MB');
    const end = imported.value.probe.durationUs / 1e6 - 0.34;
    const made = await ours.run(specOf(imported.value, [{ start: end - 8, end }]));
    row.figure('8 s from its end', made.sample.seconds, 's');
    row.figure(
      '8 s from its end: memory rose by',
      (made.memory.peakBytes - made.memory.startBytes) / 1e6,
      'MB',
      atMost(500),
    );
    await row.hand();
  });
});
