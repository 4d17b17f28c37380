/** One scene of a re-encoded reel is changed: only that one is made again. */
import { test } from '@playwright/test';
import { loopedFootage } from '../support/footage.ts';
import type { Range } from '../support/native.ts';
import { mustBeCold, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave } from '../support/repeat.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { FPS, settings } from '../support/settings.ts';

const SCENES: readonly Range[] = Array.from({ length: settings.scenes }, (_, position) => {
  const start = (position * 17 * FPS + 11) / FPS;
  return { start, end: start + settings.sceneSeconds };
});
/** The scene in the middle begins and ends a second later. */
const CHANGED = SCENES.map(({ start, end }, position) =>
  position === Math.floor(SCENES.length / 2) ? { start: start + 1, end: end + 1 } : { start, end },
);

test('change one scene', async () => {
  const source = await loopedFootage(settings.reelRounds);
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const options = { resolution: '720p', quality: 'medium' } as const;
    await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }], options));
    let first: Made | undefined;
    let second: Made | undefined;
    const outcomes = await interleave([
      {
        name: 'ours, first export',
        run: async () => {
          first = await ours.run(specOf(asset, SCENES, options));
          mustBeCold(first);
          return first.sample;
        },
      },
      {
        name: 'ours, again with one scene changed',
        run: async () => {
          if (first === undefined) throw new Error('there was no first export');
          second = await ours.run(specOf(asset, CHANGED, options));
          await ours.forget(second);
          await ours.forget(first);
          return second.sample;
        },
      },
    ]);
    const row = new Row(
      shortened(`one of ${String(SCENES.length)} re-encoded scenes changed (720p)`),
      source.name,
    );
    const receipts = second?.record.receipts ?? [];
    const reused = receipts.filter((receipt) => receipt.reused).length;
    row.ratio(
      outcomes,
      'ours, again with one scene changed',
      'ours, first export',
      atMost(0.2),
      `${String(reused)} of ${String(receipts.length)} steps reused; ${remark(first, true)}`,
    );
    await row.hand(outcomes);
  });
});
