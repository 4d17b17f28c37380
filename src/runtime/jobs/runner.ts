/** Runs a job to its end: one file, the files of its parts in a ZIP, a CSV of its comments, or all of it in a bundle. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import { makeFile } from './make-file.ts';
import { meterFor } from './meter.ts';
import { exportFolder, type RunContext, type RunResult } from './run-context.ts';
import { runBundle } from './run-bundle.ts';
import { runCsv } from './run-csv.ts';
import { runParts } from './run-parts.ts';

/** Runs a job to its end. Never throws for expected failures. */
export async function runExport(context: RunContext): Promise<Result<RunResult, Failure>> {
  const { ports, record, report } = context;
  if (record.type === 'csv') return runCsv(context);
  if (record.type === 'bundle') return runBundle(context);
  if (record.parts !== undefined) return runParts(context, record.parts);
  const made = await makeFile({
    ...context,
    plan: record.plan,
    spec: record.spec,
    folder: exportFolder(record.id),
    name: ports.fileName(record.name, record.format),
    thereBytes: record.receipts.reduce((sum, receipt) => sum + receipt.bytes, 0),
    meter: (plan) => meterFor(plan, report.workedMs()),
  });
  if (!made.ok) return made;
  const { file, ...rest } = made.value;
  return ok({ ...rest, files: [file], bytes: file.bytes });
}
