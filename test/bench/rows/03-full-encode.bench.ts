/** A full re-encode at the same size, against native ffmpeg and against the browser's own decoders and encoders alone. */
import { cpus } from 'node:os';
import { test } from '@playwright/test';
import { decodeOnly, encodeOnly, encoderSettingsOf } from '../support/browser-limits.ts';
import { baseFootage, fromSecondFrame } from '../support/footage.ts';
import { mediabunnyContender } from '../support/mediabunny.ts';
import { encodeRange, nativeContender } from '../support/native.ts';
import { oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave, ratioOf, type Outcome } from '../support/repeat.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

const DECODE = 'decode only';
const ENCODE = 'encode only';

/** Of each repetition, what both give: the slower one, or both one after the other. */
function together(
  name: string,
  left: Outcome | undefined,
  right: Outcome | undefined,
  join: (a: number, b: number) => number,
): Outcome {
  const count = Math.min(left?.samples.length ?? 0, right?.samples.length ?? 0);
  return {
    name,
    samples: Array.from({ length: count }, (_, turn) => ({
      seconds: join(left?.samples[turn]?.seconds ?? 0, right?.samples[turn]?.seconds ?? 0),
    })),
    problem: left?.problem === '' ? (right?.problem ?? '') : (left?.problem ?? ''),
  };
}

test('full encode', async () => {
  const source = await baseFootage('rich');
  const range = fromSecondFrame(settings.encodeSeconds);
  const lanes = cpus().length;
  await withOurs(async (ours) => {
    const asset = await ours.importFile(source.path);
    const options = { resolution: '1080p', quality: 'medium' } as const;
    let last: Made | undefined;
    await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }], options));
    const outcomes = await interleave([
      oursContender(ours, specOf(asset, [range], options), (made) => (last = made)),
      nativeContender('native x264 veryfast', (target) => encodeRange(source.path, range, 23, target)),
      decodeOnly(DECODE, source.path, range, lanes),
      encodeOnly(ENCODE, source.path, range, lanes, () => encoderSettingsOf(last)),
      mediabunnyContender('mediabunny', source.path, [range], { quality: 'medium', height: 1080 }),
    ]);
    const row = new Row(
      shortened(`${String(settings.encodeSeconds)} s 1080p30 to 1080p medium`),
      source.name,
    );
    row.ratio(outcomes, 'ours', 'native x264 veryfast', atMost(1), remark(last, true));
    const [decode, encode] = [outcomes.get(DECODE), outcomes.get(ENCODE)];
    const limit = new Map(outcomes)
      .set('the slower of decode and encode only', together('slower', decode, encode, Math.max))
      .set(
        'decode and encode only, added',
        together('added', decode, encode, (a, b) => a + b),
      );
    row.ratio(limit, 'ours', 'the slower of decode and encode only', atMost(1.2));
    // Where both run on the same cores, no pipeline can do better than their sum.
    row.ratio(limit, 'ours', 'decode and encode only, added');
    row.ratio(outcomes, 'ours', 'mediabunny');
    row.figure(
      'decode only / encode only',
      ratioOf(decode, encode),
      '×',
      null,
      JSON.stringify(encoderSettingsOf(last)),
    );
    row.memory(outcomes, 'ours');
    row.keep(outcomes);
    await row.hand(outcomes);
  });
});
