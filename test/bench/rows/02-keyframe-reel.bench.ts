/** The same reel cut at key frames: nothing but copying, so the disk is the limit. */
import { test } from '@playwright/test';
import { copyToStorage } from '../support/browser-limits.ts';
import { loopedFootage, reelRanges } from '../support/footage.ts';
import { copyBytes, copyRanges, nativeContender } from '../support/native.ts';
import { copiedFrames, oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave } from '../support/repeat.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

test('keyframe reel', async () => {
  const source = await loopedFootage(settings.reelRounds);
  const ranges = reelRanges();
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const spec = specOf(asset, ranges, { cut: 'keyframe' });
    // What this warm-up makes also says how many bytes the others have to copy.
    const first = await ours.run(spec);
    const bytes = first.record.bytes;
    await ours.forget(first);
    let last: Made | undefined;
    const outcomes = await interleave([
      oursContender(ours, spec, (made) => (last = made)),
      nativeContender('native copy of as many bytes', (target) => copyBytes(source.path, bytes, target)),
      nativeContender('native copy of the ranges', (target) => copyRanges(source.path, ranges, target)),
      copyToStorage('browser writing as many bytes', source.path, () => bytes),
    ]);
    const row = new Row(
      shortened(`key-frame reel, ${String(ranges.length)} × ${String(settings.rangeSeconds)} s`),
      source.name,
    );
    const behind = [
      `${(bytes / 1e6).toFixed(1)} MB, ${String(last === undefined ? 0 : copiedFrames(last))} frames copied`,
      remark(last),
    ];
    row.ratio(outcomes, 'ours', 'native copy of as many bytes', atMost(3), behind.join('; '));
    row.ratio(outcomes, 'ours', 'native copy of the ranges');
    row.ratio(outcomes, 'ours', 'browser writing as many bytes');
    row.memory(outcomes, 'ours');
    await row.hand(outcomes);
  });
});
