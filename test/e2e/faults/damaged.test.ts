/**
 * Damaged files by a seeded generator: each ends within a minute, in a playable result or a documented error; the page goes on working, no
 * worker is left, and the memory comes back. Fifteen here, three hundred in the soak.
 */
import { expect } from '@playwright/test';
import { FAILURE_CODES, FAILURE_REASONS } from '../../../src/core/base/failure.ts';
import { browserMemory } from '../../bench/support/memory.ts';
import { randomlyDamaged } from '../../fixtures/damage-random.ts';
import { generateClip } from '../../fixtures/generate.ts';
import { readMarks } from '../../fixtures/read.ts';
import type { Export } from '../../../src/app/api/types.ts';
import { workersOf } from '../support/faults.ts';
import {
  exportToDisk,
  importFile,
  must,
  openHost,
  saveResult,
  tryImport,
  type Attempt,
} from '../support/host.ts';
import { test } from '../support/own-profile.ts';

const SOAK = process.env['REELKEEP_SOAK'] === '1';
const SEEDS = Array.from({ length: SOAK ? 300 : 15 }, (_, i) => i + 1);
/** Files given to one page before the next page is opened. */
const PER_PAGE = SOAK ? 50 : 15;
const MINUTE_MS = 60_000;

const groups = Array.from({ length: Math.ceil(SEEDS.length / PER_PAGE) }, (_, i) =>
  SEEDS.slice(i * PER_PAGE, (i + 1) * PER_PAGE),
);

for (const seeds of groups) {
  test(`damaged files ${String(seeds[0])} to ${String(seeds.at(-1))}`, async ({ page }) => {
    const table: string[] = [];
    await openHost(page);
    const good = await importFile(page, await generateClip({ clipId: 30, seconds: 4, gop: 12 }));
    const spec = { version: 1 as const, name: 'Good', type: 'single' as const, quality: 'low' as const };
    await exportToDisk(page, {
      ...spec,
      segments: [{ assetId: good.id, startUs: 500_000, endUs: 3_100_000 }],
    });
    await expect.poll(() => workersOf(page), { timeout: 60_000 }).toEqual([]);
    const before = browserMemory();
    for (const seed of seeds) {
      const { kind, name, bytes, what } = await randomlyDamaged(seed);
      const label = `${String(seed)} ${kind} (${what})`;
      const began = Date.now();
      const imported = await tryImport(page, { name, mimeType: 'video/mp4', buffer: bytes });
      let answer: string;
      if (imported.failure !== undefined) {
        expect(FAILURE_CODES, label).toContain(imported.failure.code);
        expect(FAILURE_REASONS, label).toContain(imported.failure.reason);
        // A bug of ours is no answer.
        expect(imported.failure.reason, `${label}: ${imported.failure.message}`).not.toBe('unexpected');
        answer = `refused: ${imported.failure.reason}`;
      } else {
        const asset = must(imported);
        const { durationUs } = asset.probe;
        const result: Attempt<Export | null> = await page.evaluate(
          ({ input, limit }) =>
            window.attempt(async () => {
              const made = await window.reelkeep.createExport(input);
              const ended = window.reelkeep.whenExportEnds(made.id);
              const late = new Promise<null>((resolve) =>
                setTimeout(() => {
                  resolve(null);
                }, limit),
              );
              const record = await Promise.race([ended, late]);
              if (record === null) await window.reelkeep.cancelExport(made.id);
              return record;
            }),
          {
            input: {
              ...spec,
              name,
              segments: [
                {
                  assetId: asset.id,
                  startUs: Math.floor(durationUs * 0.2),
                  endUs: Math.max(Math.floor(durationUs * 0.2) + 1, Math.floor(durationUs * 0.6)),
                },
              ],
            },
            limit: 3 * MINUTE_MS,
          },
        );
        if (result.failure !== undefined) {
          expect(FAILURE_REASONS, label).toContain(result.failure.reason);
          expect(result.failure.reason, `${label}: ${result.failure.message}`).not.toBe('unexpected');
          answer = `not planned: ${result.failure.reason}`;
        } else {
          const record = result.value;
          expect(record, `${label}: ends`).not.toBeNull();
          if (record?.status === 'completed') {
            const report = await readMarks(await saveResult(page, record));
            const marks = report.frames.length + report.clicks.length;
            // What is left may be no more than a few seconds of silence: it plays, and what is missing is told.
            if (marks === 0)
              expect(record.deviations.length, `${label}: says what is missing`).toBeGreaterThan(0);
            expect(record.certificate?.passed, `${label}: plays`).toBe(true);
            answer = `completed, ${String(report.frames.length)} frames`;
          } else {
            expect(record?.status, label).toBe('failed');
            expect(FAILURE_REASONS, label).toContain(record?.error?.reason);
            expect(record?.error?.reason, `${label}: ${record?.error?.message ?? ''}`).not.toBe('unexpected');
            answer = `failed: ${record?.error?.reason ?? ''}`;
          }
        }
      }
      const tookMs = Date.now() - began;
      table.push(`${label}: ${answer}, ${(tookMs / 1000).toFixed(1)} s`);
      expect(tookMs, `${label}: ${answer}`).toBeLessThan(MINUTE_MS);
    }
    console.log(table.join('\n'));
    // The page works as before.
    await exportToDisk(page, {
      ...spec,
      segments: [{ assetId: good.id, startUs: 300_000, endUs: 2_900_000 }],
    });
    await expect.poll(() => workersOf(page), { timeout: 60_000 }).toEqual([]);
    await page.requestGC();
    // What one export leaves in caches, at most, for a whole group of files.
    await expect.poll(() => browserMemory() / before, { timeout: 60_000 }).toBeLessThan(1.3);
  });
}
