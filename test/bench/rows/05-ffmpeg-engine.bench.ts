/** The ffmpeg engine alone: the same core as a plain command, on all cores. */
import { test } from '@playwright/test';
import { baseFootage, fromSecondFrame } from '../support/footage.ts';
import { encodeRange, nativeContender } from '../support/native.ts';
import { oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { plainWasmContender } from '../support/plain-wasm.ts';
import { interleave } from '../support/repeat.ts';
import { atLeast, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

test('ffmpeg engine alone', async () => {
  const source = await baseFootage('rich');
  const range = fromSecondFrame(settings.ffmpegSeconds);
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const options = { resolution: '1080p', quality: 'medium' } as const;
    let last: Made | undefined;
    await ours.warm(specOf(asset, [{ start: 3.1, end: 3.6 }], options));
    const outcomes = await interleave([
      oursContender(ours, specOf(asset, [range], options), (made) => (last = made), 'ours (ffmpeg)'),
      plainWasmContender('one plain ffmpeg.wasm command', source.path, [range], 23),
      nativeContender('native x264 veryfast', (target) => encodeRange(source.path, range, 23, target)),
    ]);
    const row = new Row(
      shortened(`${String(settings.ffmpegSeconds)} s 1080p medium, ffmpeg engine alone`),
      source.name,
    );
    row.faster(outcomes, 'ours (ffmpeg)', 'one plain ffmpeg.wasm command', atLeast(1.8), remark(last, true));
    row.ratio(outcomes, 'ours (ffmpeg)', 'native x264 veryfast');
    row.memory(outcomes, 'ours (ffmpeg)');
    await row.hand(outcomes);
  }, 'ffmpeg');
});
