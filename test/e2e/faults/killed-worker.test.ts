/** Workers die in every stage, with an error or without a word: the export ends well, and no worker is left over. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { armNow, armWorkerDeath, workerDied, type Death, workersOf } from '../support/faults.ts';
import { exportToDisk, importFile, openHost } from '../support/host.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const SPEC: ClipSpec = { clipId: 22, seconds: 12, gop: 24, width: 320, height: 180 };

/** The worker that does the work of a stage, with which of its methods, and the engine. */
const STAGES = [
  ['rendering', 'webcodecs', 'renderPicture', 'auto'],
  ['rendering', 'ffmpeg', 'run', 'ffmpeg'],
  ['assembling', 'assembly', 'assemble', 'auto'],
  ['verifying', 'analysis', 'readBack', 'auto'],
] as const;

/** A worker that says nothing any more is only noticed by its silence, which takes a minute: the soak waits for all of them. */
const DEATHS: readonly Death[] = SOAK ? ['crash', 'silent'] : ['crash'];

for (const [stage, worker, method, engine] of STAGES) {
  for (const death of DEATHS) {
    test(`the ${worker} worker dies while ${stage}, ${death === 'crash' ? 'with an error' : 'without a word'}`, async ({
      page,
    }) => {
      await armWorkerDeath(page, worker, death, method, stage === 'rendering' ? 3 : 1);
      await openHost(page, { engine });
      const asset = await importFile(page, await generateClip(SPEC));
      const range = (first: number, stop: number): FrameRange => ({
        spec: SPEC,
        assetId: asset.id,
        first,
        stop,
      });
      const ranges = [range(7, 110), range(115, 200), range(31, 90)];
      await armNow(page);
      const { made, path } = await exportToDisk(page, {
        version: 1,
        name: `Died ${stage}`,
        type: 'combined',
        quality: 'low',
        segments: segmentsOf(ranges),
      });
      expect(await workerDied(page), 'the worker has died').toBe(true);
      expect(made.certificate?.passed).toBe(true);
      await expectExact(path, ranges);
      await expect.poll(() => workersOf(page), { timeout: 60_000 }).toEqual([]);
    });
  }
}
