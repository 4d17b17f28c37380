/** A reel of short exact ranges out of a long file, at the source's own size: what Reelkeep is for. */
import { test } from '@playwright/test';
import { loopedFootage, reelRanges } from '../support/footage.ts';
import { mediabunnyContender } from '../support/mediabunny.ts';
import { copyRanges, encodeRanges, nativeContender } from '../support/native.ts';
import { oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { plainWasmContender } from '../support/plain-wasm.ts';
import { interleave } from '../support/repeat.ts';
import { atLeast, atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

test('exact reel', async () => {
  const source = await loopedFootage(settings.reelRounds);
  const ranges = reelRanges();
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }]));
    let last: Made | undefined;
    const outcomes = await interleave([
      oursContender(ours, specOf(asset, ranges), (made) => (last = made)),
      nativeContender('native re-encode', (target) => encodeRanges(source.path, ranges, 18, target)),
      nativeContender('native copy', (target) => copyRanges(source.path, ranges, target)),
      mediabunnyContender('mediabunny re-encode', source.path, ranges, { quality: 'high' }),
      plainWasmContender('plain ffmpeg.wasm', source.path, ranges, 18),
    ]);
    const row = new Row(
      shortened(`exact reel, ${String(ranges.length)} × ${String(settings.rangeSeconds)} s`),
      source.name,
    );
    row.ratio(outcomes, 'ours', 'native re-encode', atMost(0.3, 0.2), remark(last));
    row.faster(outcomes, 'ours', 'plain ffmpeg.wasm', atLeast(25));
    row.ratio(outcomes, 'ours', 'mediabunny re-encode');
    row.ratio(outcomes, 'ours', 'native copy');
    row.memory(outcomes, 'ours');
    await row.hand(outcomes);
  });
});
