/**
 * Random reels (seeded): whatever the ranges, their order, the sources, the format and the engine, every frame of the
 * output is the right one, none is missing or doubled, and the sound is in place. A sample here, hundreds in the soak.
 */
import { expect, test } from '@playwright/test';
import type { ExportSpec } from '../../src/app/api/types.ts';
import { seededRandom } from '../fixtures/bits.ts';
import { generateClip } from '../fixtures/generate.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from './support/expect-exact.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const SPECS = SOAK ? 300 : 20;
/** Reels made on one page before the next one is opened. */
const PER_PAGE = 10;

const SOURCES: readonly ClipSpec[] = [
  { clipId: 1, seconds: 6, gop: 12, bFrames: 2 },
  { clipId: 2, seconds: 6, gop: 60, bFrames: 3 },
  { clipId: 3, seconds: 6, gop: 60, bFrames: 3 },
  { clipId: 4, seconds: 6, gop: 25, rate: { num: 30000, den: 1001 } },
  { clipId: 5, seconds: 5, gop: 24, openGop: true, bFrames: 3 },
  { clipId: 6, frames: 90, gop: 30, rate: 'variable', audio: { clickEveryFrames: 4 } },
  { clipId: 7, seconds: 5, gop: 25, rotation: 90, width: 180, height: 320 },
  { clipId: 8, seconds: 5, gop: 25, editList: { trimStartFrames: 7 } },
  { clipId: 9, seconds: 5, gop: 30, container: 'webm', codec: 'vp9', audio: { codec: 'opus' } },
  { clipId: 10, seconds: 5, gop: 25, container: 'mkv', audio: { sampleRate: 44_100, channels: 1 } },
];

interface Wish {
  readonly sources: readonly { readonly source: number; readonly first: number; readonly stop: number }[];
  readonly format: NonNullable<ExportSpec['format']>;
  readonly quality: NonNullable<ExportSpec['quality']>;
}

function wishFor(seed: number): Wish {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  // Most reels have one source: that is where packets are copied.
  const alone = below(10);
  const mixed = random() < 0.35;
  const sources = Array.from({ length: 1 + below(4) }, () => {
    const source = mixed ? below(SOURCES.length) : alone;
    const count = displayedFrames(SOURCES[source] ?? {}).length;
    const first = below(count - 2);
    const stop = Math.min(count, first + 1 + below(Math.max(2, count - first)));
    return { source, first, stop };
  });
  const format = (['mp4', 'mp4', 'mov', 'webm'] as const)[below(4)] ?? 'mp4';
  const quality = (['high', 'high', 'medium', 'low'] as const)[below(4)] ?? 'high';
  return { sources, format, quality };
}

const firstSeed = Number(process.env['REELKEEP_SEED'] ?? 1);

for (let group = 0; group < SPECS / PER_PAGE; group += 1) {
  // Every third group with ffmpeg alone, which is slower; WebM needs the browser's encoder.
  const engine = group % 3 === 1 ? 'ffmpeg' : 'auto';
  const seed = firstSeed + group * PER_PAGE;
  test(`random reels ${String(seed)} to ${String(seed + PER_PAGE - 1)}, engine ${engine}`, async ({
    page,
  }) => {
    await openHost(page, { engine });
    const assets = new Map<number, string>();
    for (let i = 0; i < PER_PAGE; i += 1) {
      const wish = wishFor(seed + i);
      const ranges: FrameRange[] = [];
      for (const { source, first, stop } of wish.sources) {
        const spec = SOURCES[source] ?? {};
        const assetId = assets.get(source) ?? (await importFile(page, await generateClip(spec))).id;
        assets.set(source, assetId);
        ranges.push({ spec, assetId, first, stop });
      }
      const spec: ExportSpec = {
        version: 1,
        name: `Seed ${String(seed + i)}`,
        type: 'combined',
        segments: segmentsOf(ranges),
        format: engine === 'ffmpeg' && wish.format === 'webm' ? 'mp4' : wish.format,
        quality: wish.quality,
      };
      try {
        const { made, path } = await exportToDisk(page, spec);
        await expectExact(path, ranges, 20_000);
        expect(made.certificate?.passed).toBe(true);
      } catch (error) {
        console.log(`Seed ${String(seed + i)}, engine ${engine}: ${JSON.stringify(wish)}`);
        throw error;
      }
    }
  });
}
