/**
 * Runs an export of parts: each range made and checked as a file of its own, one after another; what fails says why and the
 * others go on. At the end all files go into one ZIP. What is finished is kept over every end of the page, and taken out of the
 * ZIP again where only the rest is to be made.
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { mergePlans, partPrefix, specOfPart } from '../../core/plan/parts.ts';
import type { ExportFileRecord, ExportPart, Receipt } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { ZipEntry, ZipOutcome } from '../contract/zip.ts';
import { limitsFor } from './limits.ts';
import { makeFile } from './make-file.ts';
import { meterUnder, meterForParts, PACKAGING } from './meter.ts';
import { partData, zipFolder } from './part-files.ts';
import type { ProgressMeter } from './progress.ts';
import { cancelled } from './recovery.ts';
import { recovering } from './recovering.ts';
import { exportFolder, type RunContext, type RunReporter, type RunResult } from './run-context.ts';
import { watched } from './watchdog.ts';

/** Failures that are none of a part: nothing of the job can go on here. */
const OF_THE_JOB = new Set<Failure['reason']>(['cancelled', 'instance_closed', 'newer_version', 'no_space']);

/** The job as it stands. */
interface Work {
  readonly context: RunContext;
  readonly meter: ProgressMeter;
  parts: readonly ExportPart[];
  /** By step, counted as in the whole plan. */
  readonly receipts: Map<string, Receipt>;
}

/** Runs the parts that have no file yet, and packs all that have one. */
export async function runParts(
  context: RunContext,
  parts: readonly ExportPart[],
): Promise<Result<RunResult, Failure>> {
  const { record, report, signal } = context;
  const work: Work = {
    context,
    parts,
    meter: meterForParts(parts, record.estimate.wallMs, report.workedMs()),
    receipts: new Map(record.receipts.map((receipt) => [receipt.stepId, receipt])),
  };
  for (const part of parts) {
    const ended = await runPart(work, part);
    if (signal.aborted) return err(cancelled());
    if (!ended.ok) return ended;
  }
  const made = work.parts.filter(({ status }) => status === 'completed');
  const first = work.parts.find(({ error }) => error !== null)?.error;
  if (made.length === 0 && first !== undefined && first !== null) return err(first);
  // Tried again, and nothing came of it: the ZIP that is there is the one.
  if (made.every(({ entry }) => entry !== null)) return ok(resultOf(work, record.files));
  return pack(work, made);
}

/** Makes one part, unless it is there. Fails only with what ends the whole job. */
async function runPart(work: Work, part: ExportPart): Promise<Result<null, Failure>> {
  const { context, meter } = work;
  const { ports, record, report } = context;
  const own = meterUnder(meter, part);
  const isThere = part.status === 'completed' && (await partData(ports.files, record, part)) !== null;
  if (isThere || part.status === 'failed') {
    own.skipAll();
    report.progress(meter);
    return ok(null);
  }
  const prefix = partPrefix(part.position);
  const folder = `${exportFolder(record.id)}/parts`;
  const made = await makeFile({
    ...context,
    report: reporterOf(work, part.position),
    plan: part.plan,
    spec: specOfPart(record.spec, part.position),
    folder,
    name: part.name,
    thereBytes: [...work.receipts.values()]
      .filter(({ stepId }) => stepId.startsWith(prefix))
      .reduce((sum, { bytes }) => sum + bytes, 0),
    meter: (plan) => own.of(plan),
  });
  if (made.ok) {
    const { plan, deviations, certificate, file } = made.value;
    await change(work, part.position, {
      status: 'completed',
      plan,
      deviations,
      certificate,
      error: null,
      file: { path: file.path, bytes: file.bytes },
      entry: null,
    });
    return ok(null);
  }
  const { error } = made;
  if (context.signal.aborted || OF_THE_JOB.has(error.reason)) return made;
  await ports.files.remove(`${folder}/${part.name}`).catch(() => undefined);
  // What was made of a source before it changed is of no use any more, and its key does not tell.
  if (error.reason === 'source_changed') await ports.cache.release(record.id);
  ports.log({
    event: 'step_failed',
    jobId: record.id,
    code: error.reason,
    data: { kind: 'clips', step: part.position + 1 },
  });
  await change(work, part.position, {
    status: 'failed',
    error,
    certificate: null,
    file: null,
    entry: null,
  });
  own.skipAll();
  report.progress(meter);
  return ok(null);
}

/** Reports of a part, as those of the whole. */
function reporterOf(work: Work, position: number): RunReporter {
  const { report } = work.context;
  const prefix = partPrefix(position);
  return {
    ...report,
    plan: (plan) => change(work, position, { plan, deviations: plan.deviations }),
    step(news) {
      const receipt = { ...news.receipt, stepId: `${prefix}${news.receipt.stepId}` };
      work.receipts.set(receipt.stepId, receipt);
      return report.step({ ...news, receipt });
    },
    progress() {
      report.progress(work.meter);
    },
  };
}

/** Durable when it resolves. */
async function change(work: Work, position: number, news: Partial<ExportPart>): Promise<void> {
  work.parts = work.parts.map((part) => (part.position === position ? { ...part, ...news } : part));
  await work.context.report.parts(work.parts, wholePlan(work));
}

function wholePlan({ context, parts }: Work): RenderPlan {
  return mergePlans(context.record.spec, parts);
}

/** Puts all files into a ZIP beside the one that is there, if one is: until the record says so, that one counts. */
async function pack(work: Work, made: readonly ExportPart[]): Promise<Result<RunResult, Failure>> {
  const { context, meter } = work;
  const { ports, record, report, signal } = context;
  await report.stage('packaging');
  const bytes = made.reduce((sum, { file, entry }) => sum + ((file ?? entry)?.bytes ?? 0), 0);
  const folder = zipFolder(record);
  const name = ports.fileName(record.name, 'zip');
  const packed = await recovering(
    context,
    { current: new Map(), reopen: () => Promise.resolve(ok(null)) },
    { stage: 'packaging', bytes },
    async (): Promise<Result<ZipOutcome, Failure>> => {
      const entries: ZipEntry[] = [];
      for (const part of made) {
        const data = await partData(ports.files, record, part);
        if (data === null)
          return err(failure('storage_failed', 'storage_unavailable', 'A clip is not in storage.'));
        entries.push({ name: part.name, data });
      }
      const limits = limitsFor({ part: 'packaging', bytes });
      return watched({ clock: ports.clock, signal, limits, what: 'Writing the ZIP' }, (bounded, beat) =>
        ports.packer.pack(
          {
            folder: `${ports.files.root}/${folder}`,
            name,
            entries,
            date: record.createdAt,
          },
          {
            signal: bounded,
            limits,
            onProgress: (fraction) => {
              beat(fraction);
              meter.set(PACKAGING, fraction);
              report.progress(meter);
            },
          },
        ),
      );
    },
  );
  if (!packed.ok) return packed;
  const { entries, bytes: size } = packed.value;
  const file: ExportFileRecord = { name, type: 'application/zip', bytes: size, path: `${folder}/${name}` };
  const places = new Map(made.map(({ position }, at) => [position, entries[at]]));
  work.parts = work.parts.map((part) => {
    const place = places.get(part.position);
    if (place === undefined) return part;
    return { ...part, file: null, entry: place };
  });
  return ok(resultOf(work, [file]));
}

/** What the job hands back: all that is known of the parts, and the ZIP that they are in. */
function resultOf(work: Work, files: RunResult['files']): RunResult {
  const plan = wholePlan(work);
  const steps = new Set(plan.steps.map(({ id }) => id));
  return {
    plan,
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    receipts: [...work.receipts.values()].filter(({ stepId }) => steps.has(stepId)),
    deviations: plan.deviations,
    certificate: null,
    parts: work.parts,
  };
}
