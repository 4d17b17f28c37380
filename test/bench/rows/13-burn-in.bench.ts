/** The film with forty comments that overlap, burned in: against native ffmpeg with forty timed overlays. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import type { Annotation } from '../../../src/core/schema/annotation.ts';
import { commentOn } from '../../e2e/support/painted.ts';
import { baseFootage, fromSecondFrame } from '../support/footage.ts';
import {
  nativeContender,
  nativeVersion,
  removeWork,
  runNative,
  workFolder,
  type Range,
} from '../support/native.ts';
import { oursContender, remark, specOf, withOurs, type Made } from '../support/ours.ts';
import { interleave, secondsOf } from '../support/repeat.ts';
import { atMost, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

const COUNT = 40;
const COLORS = ['#ff4d4f', '#36a3ff', '#ffd24d', '#43c463'] as const;

interface Window {
  readonly start: number;
  readonly end: number;
}

/** Evenly over the film, each about seven times as long as the way to the next: some seven are visible at once. */
function windows({ start, end }: Range): readonly Window[] {
  const step = (end - start) / COUNT;
  return Array.from({ length: COUNT }, (_, i) => {
    const from = start + i * step;
    return { start: from, end: Math.min(end, from + step * 7) };
  });
}

function comments(assetId: string, all: readonly Window[]): Annotation[] {
  return all.map(({ start, end }, i) =>
    commentOn(assetId, `c${String(i)}`, {
      timeUs: Math.round(start * 1e6),
      durationUs: Math.round((end - start) * 1e6),
      text:
        i % 2 === 0
          ? 'The sky is too bright here; please bring it down.'
          : '하늘이 너무 밝습니다. 조금 낮춰 주세요.',
      author: 'Dana Kim',
      color: COLORS[i % COLORS.length] ?? '#ff4d4f',
      shapes: [{ kind: 'box', x: 0.05 + (i % 8) * 0.07, y: 0.1 + (i % 5) * 0.15, w: 0.12, h: 0.14 }],
    }),
  );
}

/** A card and a box as pictures, as anybody would prepare them for ffmpeg; none where it is not installed. */
async function drawPictures(folder: string): Promise<readonly string[]> {
  const draw = async (name: string, source: string, filter: string): Promise<string> => {
    const path = join(folder, name);
    await runNative(['-f', 'lavfi', '-i', source, '-vf', `format=rgba,${filter}`, '-frames:v', '1', path]);
    return path;
  };
  const edge = 'if(lt(X,5)+gt(X,224)+lt(Y,5)+gt(Y,146),255,0)';
  return [
    await draw('card.png', 'color=c=black:s=560x100:d=1', 'colorchannelmixer=aa=0.84'),
    await draw('box.png', 'color=c=red:s=230x152:d=1', `geq=r=255:g=0:b=0:a='${edge}'`),
  ];
}

/** One command: each comment's card and box laid over the pictures of its time. */
function nativeArgs(
  source: string,
  { start, end }: Range,
  all: readonly Window[],
  pictures: readonly string[],
  target: string,
): readonly string[] {
  const filters: string[] = [];
  const uses = all.flatMap((_, i) => [`[c${String(i)}]`, `[b${String(i)}]`]);
  const copies = (input: number, name: string): string =>
    `[${String(input)}:v]split=${String(COUNT)}${all.map((_, i) => `[${name}${String(i)}]`).join('')}`;
  filters.push(copies(1, 'c'), copies(2, 'b'));
  let from = '[0:v]';
  for (const [n, picture] of uses.entries()) {
    const i = Math.floor(n / 2);
    const window = all[i] ?? { start, end };
    const place =
      n % 2 === 0
        ? `x=1340:y=${String(20 + (i % 7) * 110)}`
        : `x=${String(96 + (i % 8) * 134)}:y=${String(108 + (i % 5) * 162)}`;
    const enable = `enable='between(t,${(window.start - start).toFixed(3)},${(window.end - start).toFixed(3)})'`;
    const to = `[v${String(n)}]`;
    filters.push(`${from}${picture}overlay=${place}:${enable}${to}`);
    from = to;
  }
  const script = `${target}.filter`;
  writeFileSync(script, filters.join(';'));
  return [
    ...['-ss', start.toFixed(6), '-t', (end - start).toFixed(6), '-i', source],
    ...pictures.flatMap((path) => ['-i', path]),
    ...['-filter_complex_script', script, '-map', from, '-map', '0:a'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-c:a', 'aac', target],
  ];
}

test('burn-in', async () => {
  const source = await baseFootage('rich');
  const range = fromSecondFrame(settings.encodeSeconds);
  const all = windows(range);
  const folder = workFolder();
  try {
    const pictures = nativeVersion() === null ? [] : await drawPictures(folder);
    await withOurs(async (ours) => {
      const asset = await ours.importFile(source.path);
      const options = {
        resolution: '1080p',
        quality: 'medium',
        burnIn: true,
        comments: comments(asset.id, all),
      } as const;
      let last: Made | undefined;
      await ours.warm(specOf(asset, [{ start: 3.1, end: 4.1 }], options));
      const outcomes = await interleave([
        oursContender(ours, specOf(asset, [range], options), (made) => (last = made)),
        oursContender(
          ours,
          specOf(asset, [range], { resolution: '1080p', quality: 'medium' }),
          () => undefined,
          'ours without comments',
        ),
        nativeContender('native with timed overlays', (target) =>
          nativeArgs(source.path, range, all, pictures, target),
        ),
      ]);
      const row = new Row(
        shortened(`${String(settings.encodeSeconds)} s 1080p30 with ${String(COUNT)} comments burned in`),
        source.name,
      );
      const seconds = secondsOf(outcomes.get('ours'));
      const share = seconds === null ? null : seconds.median / settings.encodeSeconds;
      row.figure('ours / length of the film', share, '×', atMost(0.5), remark(last, true));
      row.ratio(outcomes, 'ours', 'native with timed overlays', atMost(1));
      row.ratio(outcomes, 'ours', 'ours without comments');
      row.memory(outcomes, 'ours');
      row.keep(outcomes);
      await row.hand(outcomes);
    });
  } finally {
    removeWork(folder);
  }
});
