/**
 * Every real file of the shared folder either imports, exports a cut from 20 % to 60 % of its length and passes its
 * check, or gets a sentence that names the true reason. Prints the table. The folder is not part of the project.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { FAILURE_REASONS } from '../../src/core/base/failure.ts';
import { exportToDisk, must, openHost, tryImport } from './support/host.ts';
import { readMarks } from '../fixtures/read.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/media', import.meta.url));
const present = existsSync(FOLDER);
const files = present
  ? readdirSync(FOLDER).filter((name) => name !== 'MANIFEST.tsv' && name !== 'README.md')
  : [];

/** Files that cannot be cut, with the only reason that is true of them. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'Landscape_6.jpg': ['still_image'],
  'Portrait_3.jpg': ['still_image'],
  'Portrait_8.jpg': ['still_image'],
  'typical_bad_timestamps.srt': ['text_file'],
  'typical_utf16le.srt': ['text_file'],
  'typical_with_bad_timestamps.vtt': ['text_file'],
  'with_positioning.vtt': ['text_file'],
  'invalid-bitstream.webm': ['damaged', 'no_decoder'],
  // ffmpeg here has no AV1 decoder, and the browser would show HDR washed out.
  'hdr10-av1.mp4': ['no_decoder', 'hdr_unsupported'],
};

test.describe(present ? 'real files' : 'real files (the folder of real files is not there)', () => {
  test.skip(!present, 'the folder of real files is not there');
  const table: string[] = [];
  test.afterAll(() => {
    console.log(['', 'Real files: import, cut 20 % to 60 %, check', ...table].join('\n'));
  });

  for (const [name, engine] of files.flatMap((name) => [
    [name, 'auto'] as const,
    [name, 'ffmpeg'] as const,
  ])) {
    test(`${name}, engine ${engine}`, async ({ page }) => {
      await openHost(page, { engine });
      const imported = await tryImport(page, join(FOLDER, name));
      const refuse = (failure: { reason: string; message: string }): void => {
        table.push(
          `${name.padEnd(42)} ${engine.padEnd(6)} refused: ${failure.reason} — ${failure.message}`,
          ...('details' in failure ? [`    ${JSON.stringify(failure.details)}`] : []),
        );
        expect(FAILURE_REASONS).toContain(failure.reason);
        expect(REFUSED[name] ?? [], `${name}: ${failure.message}`).toContain(failure.reason);
      };
      if (imported.failure !== undefined) {
        refuse(imported.failure);
        return;
      }
      const asset = must(imported);
      const { durationUs } = asset.probe;
      const startUs = Math.round(durationUs * 0.2);
      const endUs = Math.round(durationUs * 0.6);
      const attempt = await page.evaluate(
        (spec) =>
          window.attempt(async () => {
            const made = await window.reelkeep.createExport(spec);
            return window.reelkeep.whenExportEnds(made.id);
          }),
        {
          version: 1,
          name: `cut of ${name}`,
          type: 'single',
          segments: [{ assetId: asset.id, startUs, endUs }],
        } as const,
      );
      const failed = 'failure' in attempt ? attempt.failure : attempt.value.error;
      if (failed !== null) {
        refuse(failed);
        return;
      }
      expect(REFUSED[name], `${name} was expected to be refused`).toBeUndefined();
      const record = 'value' in attempt ? attempt.value : null;
      expect(record?.certificate?.passed).toBe(true);
      const { path } = await exportToDisk(page, {
        version: 1,
        name: 'again',
        type: 'single',
        segments: [{ assetId: asset.id, startUs, endUs }],
      });
      const report = await readMarks(path);
      const ends = report.frames.at(-1);
      const lengthUs = Math.max(
        report.audio === null ? 0 : report.audio.startUs + report.audio.durationUs,
        (ends?.ptsUs ?? 0) + 1,
      );
      table.push(
        `${name.padEnd(42)} ${engine.padEnd(6)} ${((record?.actual?.wallMs ?? 0) / 1000).toFixed(1).padStart(6)} s  ${String(report.frames.length).padStart(5)} frames  ` +
          `${(lengthUs / 1e6).toFixed(3)} of ${((endUs - startUs) / 1e6).toFixed(3)} s  ${(record?.deviations ?? []).map((entry) => entry.code).join(', ')}`,
      );
      expect(report.log, 'what an independent decoder complained of').toEqual([]);
      if (asset.kind === 'video') expect(report.video).not.toBeNull();
      // The last frame is held for its own length, which a decoder's list of times does not show.
      expect(Math.abs(lengthUs - (endUs - startUs))).toBeLessThan(
        asset.probe.video[0]?.frameRate.kind === 'variable' ? 1_600_000 : 120_000,
      );
    });
  }
});
