/** Our own side: the built site in a browser with a profile on the disk, as a person's is, driven through the public API. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../../../scripts/chromium.mjs';
import type { Asset, Export, ExportSpec } from '../../../src/app/api/types.ts';
import { importFile, must, openHost, saveResult } from '../../e2e/support/host.ts';
import { peakMemory, type MemoryCourse } from './memory.ts';
import type { Range } from './native.ts';
import type { Contender, Sample } from './repeat.ts';
import { settings } from './settings.ts';

/** A finished export and what it took. */
export interface Made {
  readonly record: Export;
  readonly sample: Sample;
  readonly memory: MemoryCourse;
}

/** An open page. */
export interface Ours {
  readonly page: Page;
  importFile(path: string): Promise<Asset>;
  /** From `createExport` to the job's end, by the page's own clock. Throws when it does not complete. */
  run(spec: ExportSpec): Promise<Made>;
  /** Deletes an export and with it the segments that only it uses. */
  forget(made: Made): Promise<void>;
  /** Runs an export that is not counted, so that code and codecs are loaded. */
  warm(spec: ExportSpec): Promise<void>;
  /** Saves the finished file and answers with its path. */
  save(made: Made): Promise<string>;
}

/** Opens a browser of its own for some work. An in-memory profile would keep private storage in memory, too. */
export async function withOurs<T>(
  work: (ours: Ours) => Promise<T>,
  engine: string = settings.engine,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'reelkeep-bench-profile-'));
  const baseURL = process.env['REELKEEP_URL'];
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions(),
    headless: true,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await openHost(page, { engine, database: 'bench' });
    return await work(oursOn(page));
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

function oursOn(page: Page): Ours {
  const ours: Ours = {
    page,
    importFile: (path) => importFile(page, path),
    async run(spec) {
      const { value, ...memory } = await peakMemory(() =>
        page.evaluate(
          (input) =>
            window.attempt(async () => {
              const began = performance.now();
              const created = await window.reelkeep.createExport(input);
              const record = await window.reelkeep.whenExportEnds(created.id);
              return { record, seconds: (performance.now() - began) / 1000 };
            }),
          spec,
        ),
      );
      const { record, seconds } = must(value);
      if (record.status !== 'completed')
        throw new Error(`the export ${record.status}: ${record.error?.message ?? 'no reason given'}`);
      return {
        record,
        memory,
        sample: {
          seconds,
          recordSeconds: (record.actual?.wallMs ?? 0) / 1000,
          peakBytes: memory.peakBytes,
          startBytes: memory.startBytes,
          bytes: record.bytes,
        },
      };
    },
    async forget({ record }) {
      must(await page.evaluate((id) => window.attempt(() => window.reelkeep.deleteExport(id)), record.id));
    },
    async warm(spec) {
      await ours.forget(await ours.run({ ...spec, name: 'warm-up' }));
    },
    save: ({ record }) => saveResult(page, record),
  };
  return ours;
}

/** An export spec of ranges of one asset. */
export function specOf(
  asset: Asset,
  ranges: readonly Range[],
  options: Partial<ExportSpec> = {},
): ExportSpec {
  return {
    version: 1,
    name: 'bench',
    type: ranges.length === 1 ? 'single' : 'combined',
    segments: ranges.map(({ start, end }) => ({
      assetId: asset.id,
      startUs: Math.round(start * 1e6),
      endUs: Math.round(end * 1e6),
    })),
    ...options,
  };
}

/** Throws when anything was there already: a figure of a cold run must come from one. */
export function mustBeCold({ record }: Made): void {
  const reused = record.receipts.filter((receipt) => receipt.reused);
  if (reused.length > 0)
    throw new Error(
      `not cold: ${String(reused.length)} of ${String(record.receipts.length)} steps were reused`,
    );
}

/** Which engines did what, in steps: `copy 8, webcodecs 16`. */
export function enginesOf({ record }: Made): string {
  const counts = new Map<string, number>();
  for (const { engine } of record.receipts) counts.set(engine, (counts.get(engine) ?? 0) + 1);
  return [...counts].map(([engine, count]) => `${engine} ${String(count)}`).join(', ');
}

/** Frames that are copied and not encoded; a full re-encode has none. */
export const copiedFrames = ({ record }: Made): number =>
  record.plan.steps.reduce((sum, step) => sum + (step.kind === 'copy-video' ? step.frames : 0), 0);

/** What a row should say beside its figures: engines, and copies where there should be none. */
export const remark = (made: Made | undefined, wholeEncode = false): string => {
  if (made === undefined) return '';
  const copied = copiedFrames(made);
  return [
    `steps: ${enginesOf(made)}`,
    ...(wholeEncode && copied > 0 ? [`NOT a full re-encode: ${String(copied)} frames were copied`] : []),
  ].join('; ');
};

/** A contender that runs one export cold each time. `last` gets the newest record. */
export function oursContender(
  ours: Ours,
  spec: ExportSpec,
  last: (made: Made) => void,
  name = 'ours',
): Contender {
  return {
    name,
    run: async () => {
      const made = await ours.run(spec);
      try {
        mustBeCold(made);
        last(made);
        return made.sample;
      } finally {
        await ours.forget(made);
      }
    },
  };
}
