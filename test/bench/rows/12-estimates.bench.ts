/** Exports that differ in everything, on a machine of which nothing is known: how good the estimates become. Several machines' worth. */
import { test } from '@playwright/test';
import type { Asset, ExportSpec } from '../../../src/app/api/types.ts';
import { generateClip } from '../../fixtures/generate.ts';
import { baseFootage } from '../support/footage.ts';
import { specOf, withOurs, type Made, type Ours } from '../support/ours.ts';
import { atLeast, Row, shortened } from '../support/report.ts';
import { settings } from '../support/settings.ts';

const JOBS = settings.quick ? 8 : 15;
/** Each is a course of its own, in a profile that knows nothing: one course of ten figures says little. */
const SEEDS = settings.quick ? [20] : [20, 33, 71, 201, 202];
/** Exports that are learned from before estimates are held against what came. */
const LEARNED = 5;

/** Numbers 0..1, the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const one = <T>(list: readonly T[], random: () => number): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('an empty list');
  return found;
};

function specFor(assets: readonly Asset[], random: () => number): ExportSpec {
  const asset = one(assets, random);
  const total = asset.probe.durationUs / 1e6;
  const ranges = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
    const length = Math.min(total * 0.6, 0.7 + random() * (settings.quick ? 2 : 9));
    const start = random() * (total - length - 0.1);
    return { start, end: start + length };
  });
  return specOf(asset, ranges, {
    name: 'estimate',
    resolution: one(['source', '720p', '1080p'] as const, random),
    quality: one(['high', 'medium', 'low'] as const, random),
    cut: random() < 0.2 ? 'keyframe' : 'exact',
    audio: random() < 0.2 ? 'drop' : 'keep',
    format: random() < 0.15 ? 'webm' : random() < 0.3 ? 'mov' : 'mp4',
  });
}

const MEASURES = ['time', 'size', 'storage'] as const;

function offs({ record }: Made): Readonly<Record<(typeof MEASURES)[number], number | null>> {
  const { estimate, actual } = record;
  const off = (expected: number, found: number | undefined): number | null =>
    found === undefined || expected <= 0 ? null : found / expected - 1;
  return {
    time: off(estimate.wallMs, actual?.wallMs),
    size: off(estimate.bytes, actual?.bytes),
    storage: off(estimate.storageBytes, actual?.storageBytes),
  };
}

const signed = (share: number | null): string =>
  share === null ? '–' : `${share > 0 ? '+' : ''}${(share * 100).toFixed(0)} %`;

/** One export after another, each learned from. */
async function course(ours: Ours, files: readonly string[], random: () => number): Promise<Made[]> {
  const assets: Asset[] = [];
  for (const file of files) assets.push(await ours.importFile(file));
  const made: Made[] = [];
  for (let job = 0; job < JOBS; job += 1) {
    const done = await ours.run(specFor(assets, random));
    made.push(done);
    const { record } = done;
    const { time, size, storage } = offs(done);
    console.log(
      `  ${String(job + 1).padStart(2)}  estimate ${String(record.estimate.wallMs).padStart(6)} ms, ` +
        `took ${String(Math.round(record.actual?.wallMs ?? 0)).padStart(6)} ms (${signed(time)}), ` +
        `size ${signed(size)}, storage ${signed(storage)}`,
    );
    // Otherwise segments are found again, and less is done than was estimated.
    await ours.forget(done);
  }
  return made;
}

test('estimates', async () => {
  const files = [
    (await baseFootage('lean')).path,
    (await baseFootage('rich')).path,
    await generateClip({ codec: 'h264', width: 1280, height: 720, frames: 500, rate: { num: 25, den: 1 } }),
  ];
  const courses: Made[][] = [];
  for (const seed of SEEDS) {
    console.log(`  course ${String(seed)}`);
    await withOurs(async (ours) => {
      courses.push(await course(ours, files, seeded(seed)));
    });
  }
  const row = new Row(
    shortened(`estimates of ${String(SEEDS.length)} x ${String(JOBS)} exports that differ`),
    'lean, rich, 720p',
  );
  const judged = courses.flatMap((made) => made.slice(LEARNED)).map(offs);
  for (const what of MEASURES) {
    const found = judged.flatMap((each) => each[what] ?? []);
    const within = (share: number): number | null =>
      found.length === 0 ? null : found.filter((each) => Math.abs(each) <= share).length / found.length;
    const list = found.map(signed).join(', ');
    row.figure(
      `${what}: within 30 % after five`,
      within(0.3),
      '',
      what === 'time' ? atLeast(0.9) : null,
      list,
    );
    row.figure(`${what}: within 20 % after five`, within(0.2), '');
  }
  await row.hand();
});
