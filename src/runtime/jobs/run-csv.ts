/** Runs an export that is a CSV of comments: nothing is rendered, and no source is read. */
import type { Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { CSV_TYPE, csvFile, filmsOf, NO_SOURCES } from './comment-files.ts';
import { currentPlan } from './make-file.ts';
import { meterForWriting, PACKAGING } from './meter.ts';
import { cancelled } from './recovery.ts';
import { recovering, waitForSpace } from './recovering.ts';
import { exportFolder, type RunContext, type RunResult } from './run-context.ts';

/** Writes the CSV. */
export async function runCsv(context: RunContext): Promise<Result<RunResult, Failure>> {
  const { ports, record, report, signal } = context;
  const { spec } = record;
  await report.stage('preparing');
  const plan = await currentPlan({ ...context, plan: record.plan, spec });
  if (!plan.ok) return plan;
  if (plan.value !== record.plan) await report.plan(plan.value);
  const meter = meterForWriting(plan.value, report.workedMs());
  report.progress(meter);
  const films = await filmsOf(context, false);
  if (!films.ok) return films;
  if (!(await report.turn()) || !(await waitForSpace({ ...context, thereBytes: 0 }, plan.value)))
    return err(cancelled());

  await report.stage('packaging');
  const csv = csvFile(context, films.value);
  if (!csv.ok) return csv;
  const { data, deviations } = csv.value;
  const name = ports.fileName(record.name, 'csv');
  const path = `${exportFolder(record.id)}/${name}`;
  const written = await recovering(context, NO_SOURCES, { stage: 'packaging', bytes: data.size }, () =>
    ports.files.write(path, data, { signal }),
  );
  if (!written.ok) return written;
  meter.set(PACKAGING, 1);
  report.progress(meter);
  return ok({
    plan: plan.value,
    files: [{ name, type: CSV_TYPE, bytes: data.size, path }],
    bytes: data.size,
    receipts: [],
    deviations: [...plan.value.deviations, ...deviations],
    certificate: null,
  });
}
