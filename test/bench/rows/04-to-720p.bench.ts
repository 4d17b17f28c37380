/** 1080p made smaller: decode, scale, encode. */
import { test } from '@playwright/test';
import { baseFootage, fromSecondFrame } from '../support/footage.ts';
import { mediabunnyContender } from '../support/mediabunny.ts';
import { encodeRange, nativeContender } from '../support/native.ts';
import { oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave, summarise } from '../support/repeat.ts';
import { atLeast, atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

test('1080p to 720p', async () => {
  const source = await baseFootage('rich');
  const range = fromSecondFrame(settings.encodeSeconds);
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const options = { resolution: '720p', quality: 'medium' } as const;
    let last: Made | undefined;
    await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }], options));
    const outcomes = await interleave([
      oursContender(ours, specOf(asset, [range], options), (made) => (last = made)),
      nativeContender('native x264 veryfast', (target) => encodeRange(source.path, range, 23, target, 720)),
      mediabunnyContender('mediabunny', source.path, [range], { quality: 'medium', height: 720 }),
    ]);
    const row = new Row(shortened(`${String(settings.encodeSeconds)} s 1080p30 to 720p medium`), source.name);
    const speeds = (outcomes.get('ours')?.samples ?? []).map(
      ({ seconds }) => settings.encodeSeconds / seconds,
    );
    row.figure('ours, times real time', summarise(speeds), '×', atLeast(3), remark(last, true));
    row.ratio(outcomes, 'ours', 'native x264 veryfast', atMost(1.2));
    row.ratio(outcomes, 'ours', 'mediabunny');
    row.memory(outcomes, 'ours');
    await row.hand(outcomes);
  });
});
