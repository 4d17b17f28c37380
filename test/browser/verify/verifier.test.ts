import { afterAll, describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/core/schema/certificate.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { FfmpegEngine } from '../../../src/runtime/contract/ffmpeg.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';
import { createVerifier } from '../../../src/runtime/verify/verifier.ts';
import type { VerifyOptions } from '../../../src/runtime/contract/verifier.ts';
import { value } from '../analysis/helpers.ts';
import { COPIED, ENCODED, makeReel } from './reel.ts';

const analysis = new WorkerPool<AnalysisWorkerApi>({
  name: 'analysis',
  size: 2,
  spawn: () =>
    new Worker(new URL('../../../workers/analysis/worker.ts', import.meta.url), { type: 'module' }),
});
afterAll(() => {
  analysis.dispose();
});

const ffmpeg = {
  run: () => Promise.reject(new Error('the browser decodes these files itself')),
} as unknown as FfmpegEngine;
const clock = {
  now: () => performance.now(),
  iso: () => '2026-01-01T00:00:00.000Z',
  sleep: () => Promise.resolve(true),
};
const verifier = createVerifier({ analysis, ffmpeg, clock });

async function check(
  reel: Awaited<ReturnType<typeof makeReel>>,
  options: Partial<VerifyOptions> = {},
): Promise<Certificate> {
  return value(
    await verifier.verify(reel.file, reel.plan, reel.evidence, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...options,
    }),
  );
}

const failed = (certificate: Certificate): readonly string[] =>
  certificate.checks.filter(({ passed }) => !passed).map(({ name, found }) => `${name}: ${found}`);

/** The frame of the scene that belongs at a frame of the output's second clip. */
const right = (frame: number): number => frame - COPIED.frames + ENCODED.first;

describe('certificate of a finished file', () => {
  it('passes a good file, and everything was compared', async () => {
    const reel = await makeReel();
    const certificate = await check(reel);
    expect(failed(certificate)).toEqual([]);
    expect(certificate).toMatchObject({ version: 2, decoder: 'webcodecs', passed: true });
    expect(certificate.checks.map(({ name }) => name)).toEqual([
      'tracks',
      'duration',
      'frame_count',
      'frame_times',
      'sound_start',
      'sound_duration',
      'joins_decode',
      'join_pictures',
      'black_or_frozen',
      'sound_offset',
      'loudness',
    ]);
    expect(certificate.checks.filter(({ skipped }) => skipped === true)).toEqual([]);
    expect(certificate.joins.map(({ atUs, crossed }) => [atUs, crossed])).toEqual([
      [0, false],
      [3_000_000, true],
      [6_000_000, true],
    ]);
    for (const join of certificate.joins) expect(join.difference).toBeLessThan(3);
  });

  it.each([
    [
      'one wrong frame after a join',
      { shows: (f: number) => (f === 75 ? 40 : right(f)) },
      /^join_pictures: 3\.000 s/,
    ],
    [
      'a frame twice, and the rest late',
      { shows: (f: number) => right(f) - (f > 148 ? 12 : 0) },
      /^join_pictures: 6\.000 s/,
    ],
    [
      'a black second',
      { shows: (f: number) => (f >= 90 && f < 120 ? ('black' as const) : right(f)) },
      /^black_or_frozen: .* black/,
    ],
    [
      'a frozen second',
      { shows: (f: number) => right(f >= 90 && f < 120 ? 90 : f) },
      /^black_or_frozen: .* frozen/,
    ],
    ['sound 40 ms late', { soundLateMs: 40 }, /^sound_offset: .*40\.\d ms off/],
    ['sound a quarter of a second late', { soundLateMs: 250 }, /^sound_offset: .*more than/],
    ['other sound', { otherSound: true }, /^sound_offset: /],
    ['sound half as loud', { gainDb: -6 }, /^loudness: -6\.\d dB/],
  ] as const)('finds %s, and nothing else', async (_, defects, expected) => {
    const faults = failed(await check(await makeReel(defects)));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it('asks the source where no encoder said what its pictures look like', async () => {
    const good = await makeReel();
    const certificate = await check({ ...good, evidence: { ...good.evidence, references: new Map() } });
    expect(failed(certificate)).toEqual([]);
    expect(certificate.joins.map(({ difference }) => typeof difference)).toEqual([
      'number',
      'number',
      'object',
    ]);

    const black = await makeReel({ shows: () => 'black' });
    const faults = failed(await check({ ...black, evidence: { ...black.evidence, references: new Map() } }));
    // Told twice: by the picture after the join and by the stretch.
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['join_pictures', 'black_or_frozen']);
  });

  it('says what it could not compare, and fails nothing for it', async () => {
    const reel = await makeReel({ shows: () => 'black' });
    const evidence = { ...reel.evidence, references: new Map(), pcm: null, sources: new Map() };
    const certificate = await check({ ...reel, evidence });
    expect(failed(certificate)).toEqual([]);
    expect(certificate.checks.filter(({ skipped }) => skipped === true).map(({ name }) => name)).toEqual([
      'join_pictures',
      'sound_offset',
      'loudness',
    ]);
    expect(certificate.checks.find(({ name }) => name === 'black_or_frozen')?.found).toMatch(/not compared/);
  });

  it('finds a join that does not decode', async () => {
    const reel = await makeReel();
    const bytes = new Uint8Array(await reel.file.arrayBuffer());
    const back = value(await analysis.call((api) => api.readBack(reel.file)));
    // Noise in the second half of the pictures: about where the second clip lies.
    const sizes = Array.from(back.video?.sizes ?? []);
    const before = sizes.slice(0, COPIED.frames).reduce((sum, size) => sum + size, 0);
    crypto.getRandomValues(bytes.subarray(before + 4000, before + 40_000));
    const certificate = await check({ ...reel, file: new File([bytes], 'broken.mp4') });
    expect(certificate.passed).toBe(false);
    expect(failed(certificate).join()).toMatch(/joins_decode: 3\.000 s/);
    expect(certificate.joins.filter(({ clean }) => !clean).map(({ atUs }) => atUs)).toContain(3_000_000);
  });
});
