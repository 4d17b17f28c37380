/** What the picture of each engine and quality is worth, beside x264 veryfast at the constant rate factor it stands for. */
import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from '@playwright/test';
import { pictureFootage, type Footage } from '../support/footage.ts';
import { countPictures, nativeVersion, removeWork, runNative, ssim, workFolder } from '../support/native.ts';
import { remark, specOf, withOurs } from '../support/ours.ts';
import { atMost, Row } from '../support/report.ts';
import { settings } from '../support/settings.ts';

const QUALITIES = [
  { quality: 'high', crf: 18 },
  { quality: 'medium', crf: 23 },
  { quality: 'low', crf: 28 },
] as const;
const ENGINES = ['ffmpeg', 'webcodecs'] as const;

interface Picture {
  readonly decibels: number;
  readonly bytes: number;
}

/** The part of a source that is judged: from its second picture, so that nothing can be copied whole. */
interface Part {
  readonly source: Footage;
  readonly pictures: number;
  readonly fps: number;
}

const filterOf = ({ pictures }: Part): string => `trim=start_frame=1:end_frame=${String(1 + pictures)}`;

async function partOf(source: Footage, fps: number): Promise<Part> {
  const wanted = Math.floor(settings.pictureSeconds * fps);
  return { source, fps, pictures: Math.min(wanted, (await countPictures(source.path)) - 2) };
}

async function nativePicture(part: Part, crf: number): Promise<Picture> {
  const folder = workFolder();
  try {
    const path = join(folder, 'native.mp4');
    await runNative([
      ...['-i', part.source.path, '-vf', `${filterOf(part)},setpts=PTS-STARTPTS`, '-an'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), path],
    ]);
    return { decibels: await ssim(path, part.source.path, filterOf(part)), bytes: statSync(path).size };
  } finally {
    removeWork(folder);
  }
}

test('picture', async () => {
  const row = new Row('picture', 'nearly lossless copies of real files, without sound');
  const sources = await pictureFootage();
  if (nativeVersion() === null) {
    row.figure('SSIM and size', null, 'dB', atMost(0.5), 'native ffmpeg is not installed');
    await row.hand();
    return;
  }
  const native = new Map<string, Picture>();
  const problems: string[] = [];
  for (const engine of ENGINES) {
    await withOurs(async (ours) => {
      for (const source of sources) {
        const asset = await ours.importFile(source.path);
        const rate = asset.probe.video[0]?.frameRate;
        const { num, den } = rate?.kind === 'constant' ? rate.rate : { num: 30, den: 1 };
        const part = await partOf(source, num / den);
        const range = { start: 1 / part.fps, end: (1 + part.pictures) / part.fps };
        for (const { quality, crf } of QUALITIES) {
          const key = `${source.name} ${quality}`;
          const name = `${engine}, ${quality}, ${source.name}`;
          try {
            const base = native.get(key) ?? (await nativePicture(part, crf));
            native.set(key, base);
            const made = await ours.run(specOf(asset, [range], { quality, audio: 'drop' }));
            const strangers = made.record.receipts.filter(
              (receipt) => receipt.kind === 'encode-video' && receipt.engine !== engine,
            );
            if (strangers.length > 0) {
              await ours.forget(made);
              row.figure(
                `${name}: SSIM and size`,
                null,
                'dB',
                atMost(0.5),
                `made by others: ${remark(made)}`,
              );
              continue;
            }
            const path = await ours.save(made);
            const pictures = await countPictures(path);
            if (pictures !== part.pictures)
              throw new Error(`${String(pictures)} pictures where ${String(part.pictures)} were asked for`);
            const decibels = await ssim(path, source.path, filterOf(part));
            const { size } = statSync(path);
            rmSync(dirname(path), { recursive: true });
            await ours.forget(made);
            row.figure(
              `${name}: SSIM below x264 crf ${String(crf)}`,
              base.decibels - decibels,
              'dB',
              atMost(0.5),
              `${decibels.toFixed(2)} to ${base.decibels.toFixed(2)} dB; ${remark(made, true)}`,
            );
            row.figure(
              `${name}: size / x264's`,
              size / base.bytes,
              '×',
              atMost(2),
              `${(size / 1e6).toFixed(2)} to ${(base.bytes / 1e6).toFixed(2)} MB`,
            );
          } catch (error) {
            const problem = error instanceof Error ? error.message : String(error);
            problems.push(`${name}: ${problem}`);
            row.figure(`${name}: SSIM and size`, null, 'dB', atMost(0.5), `failed: ${problem}`);
          }
        }
      }
    }, engine);
  }
  await row.hand();
  if (problems.length > 0) throw new Error(problems.join('\n'));
});
