/**
 * Walks a plan: sources, segments, assembly, verification. Everything it makes is either under a content key (and
 * found again after a crash) or below the export's own folder (and removed when the job does not finish).
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { Export, ExportFileRecord, ExportStage, Receipt } from '../../core/schema/export.ts';
import { PLAN_VERSION, type Deviation, type RenderPlan } from '../../core/schema/plan.ts';
import type { AssembleOutcome } from '../contract/assembly.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import { withRetries } from './again.ts';
import { limitsFor } from './limits.ts';
import { meterFor } from './meter.ts';
import { checkFailed, clipsToEncode, deviationsOf, evidenceOf, framesPerClip } from './outcome.ts';
import { assembleRequest } from './pieces.ts';
import type { ProgressMeter } from './progress.ts';
import { cancelled, pauseBefore, recoveryFor } from './recovery.ts';
import { renderAll } from './render-all.ts';
import type { Rendered, StepNews } from './rendered.ts';
import { canStillBeRead, collectSources, unreadable, type SourceBox } from './sources.ts';
import { watched } from './watchdog.ts';

/** What browsers and systems call the containers. */
const MEDIA_TYPE: Readonly<Record<RenderPlan['output']['container'], string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

/** Tries of a stage. Steps have their own; writing and checking the file are the whole work again. */
const TRIES = {
  preparing: 3,
  rendering: 1,
  assembling: 3,
  verifying: 3,
} as const;

/** What a finished run hands back. */
export interface RunResult {
  readonly plan: RenderPlan;
  readonly files: readonly ExportFileRecord[];
  readonly bytes: number;
  readonly receipts: readonly Receipt[];
  readonly deviations: readonly Deviation[];
  readonly certificate: Certificate;
}

/** How the runner reports. Each call is durable before it resolves where it must be. */
export interface RunReporter {
  stage(stage: ExportStage): Promise<void>;
  /** The plan is another one from now on. */
  plan(plan: RenderPlan): Promise<void>;
  step(news: StepNews): Promise<void>;
  /** Waits for the person, without a place in the queue. False when the work is to end here (the signal fires, too). */
  wait(what: 'source' | 'storage', until: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Resolves when it is the job's turn, at once where it is already. False when the work is to end. */
  turn(): Promise<boolean>;
  progress(meter: ProgressMeter): void;
  /** Working time so far, milliseconds. */
  workedMs(): number;
}

/** The folder of an export's files in private storage. */
export function exportFolder(id: Export['id']): string {
  return `exports/${id}`;
}

/** What a run needs. */
export interface RunContext {
  readonly ports: JobPorts;
  readonly record: Export;
  readonly report: RunReporter;
  readonly signal: AbortSignal;
}

/** Runs a job to its end. Never throws for expected failures. */
export async function runExport(context: RunContext): Promise<Result<RunResult, Failure>> {
  const { ports, record, report, signal } = context;
  const current = await currentPlan(context);
  if (!current.ok) return current;
  let plan = current.value;
  const neverCopy = new Set<number>();
  // Twice at most: as planned, and once more with the doubtful copies encoded.
  for (let attempt = 0; ; attempt += 1) {
    const result = await runPlan(context, plan);
    if (signal.aborted) return err(cancelled());
    const certificate = result.ok ? result.value.certificate : null;
    if (result.ok && certificate?.passed === true) return result;
    const error = result.ok ? checkFailed(result.value.certificate) : result.error;
    const doubtful = attempt > 0 ? [] : clipsToEncode(plan, error, certificate);
    if (doubtful.length === 0) return err(error);
    for (const clip of doubtful) neverCopy.add(clip);
    const again = await replanned(context, neverCopy);
    if (!again.ok) return again;
    const replaced = [...neverCopy].map((clip): Deviation => ({ code: 'copy_replaced', clip, params: {} }));
    plan = { ...again.value, deviations: [...again.value.deviations, ...replaced] };
    ports.log({ event: 'step_failed', jobId: record.id, code: error.reason, data: { kind: 'copy-video' } });
    await report.plan(plan);
  }
}

/** The job's plan; made anew where an older build made it in another shape. */
function currentPlan(context: RunContext): Promise<Result<RenderPlan, Failure>> {
  const { plan } = context.record;
  const version: number = plan.version;
  return version === PLAN_VERSION ? Promise.resolve(ok(plan)) : replanned(context, new Set());
}

function replanned(
  { ports, record, signal }: RunContext,
  neverCopy: ReadonlySet<number>,
): Promise<Result<RenderPlan, Failure>> {
  const limits = limitsFor({ part: 'preparing', clips: record.spec.segments.length });
  return withRetries({ ports, signal }, TRIES.preparing, () =>
    watched({ clock: ports.clock, signal, limits, what: 'Planning' }, () =>
      ports.plan(record.spec, neverCopy),
    ),
  );
}

async function runPlan(context: RunContext, wanted: RenderPlan): Promise<Result<RunResult, Failure>> {
  const { ports, record, report, signal } = context;
  await report.stage('preparing');
  const meter = meterFor(wanted, report.workedMs());
  report.progress(meter);
  const sources = await collectSources(
    { ports, signal, wait: (what, until) => report.wait(what, until) },
    wanted,
  );
  if (!sources.ok) return sources;
  if (!(await report.turn()) || !(await waitForSpace(context, wanted))) return err(cancelled());

  await report.stage('rendering');
  let current = wanted;
  const rendered = await recovering(context, sources.value, { stage: 'rendering', bytes: 0 }, () =>
    renderAll({
      ports,
      owner: record.id,
      plan: current,
      sources: sources.value.current,
      meter,
      signal,
      onProgress: () => {
        report.progress(meter);
      },
      onStep: (news) => report.step(news),
      onPlan: (plan) => {
        current = plan;
        return report.plan(plan);
      },
      room: (bytes, failures) => room(context, bytes, failures),
    }),
  );
  if (!rendered.ok) return rendered;
  const { plan } = rendered.value;

  await report.stage('assembling');
  const extension = plan.output.container;
  const name = ports.fileName(record.name, extension);
  const path = `${exportFolder(record.id)}/${name}`;
  const assembled = await recovering(
    context,
    sources.value,
    { stage: 'assembling', bytes: plan.estimate.bytes },
    () => assemble(context, { plan, sources: sources.value, rendered: rendered.value, path, meter }),
  );
  if (!assembled.ok) return assembled;
  meter.set('assemble', 1);

  await report.stage('verifying');
  const clipFrames = framesPerClip(plan, rendered.value);
  const certificate = await recovering(context, sources.value, { stage: 'verifying', bytes: 0 }, () =>
    verify(context, { plan, sources: sources.value, rendered: rendered.value, path, meter }, clipFrames),
  );
  if (!certificate.ok) return certificate;
  meter.set('verify', 1);
  const type = MEDIA_TYPE[plan.output.container];
  return ok({
    plan,
    files: [{ name, type, bytes: assembled.value.bytes, path }],
    bytes: assembled.value.bytes,
    receipts: rendered.value.receipts,
    deviations: deviationsOf(plan, rendered.value, clipFrames),
    certificate: certificate.value,
  });
}

/** What the last two stages work with. */
interface Finishing {
  readonly plan: RenderPlan;
  readonly sources: SourceBox;
  readonly rendered: Rendered;
  readonly path: string;
  readonly meter: ProgressMeter;
}

async function assemble(
  { ports, report, signal }: RunContext,
  { plan, sources, rendered, path, meter }: Finishing,
): Promise<Result<AssembleOutcome, Failure>> {
  const limits = limitsFor({ part: 'assembling', bytes: plan.estimate.bytes });
  const request = assembleRequest(plan, sources.current, rendered, `${ports.files.root}/${path}`);
  const result = await watched(
    { clock: ports.clock, signal, limits, what: 'Writing the file' },
    (bounded, beat) =>
      ports.assembler.assemble(request, {
        signal: bounded,
        limits: limitsFor({ part: 'writing', bytes: plan.estimate.bytes }),
        onProgress: (fraction) => {
          beat(fraction);
          meter.set('assemble', fraction);
          report.progress(meter);
        },
      }),
  );
  // A worker that was ended in the middle leaves what it had written; one that failed has cleared up itself.
  if (!result.ok) await ports.files.remove(path).catch(() => undefined);
  return result;
}

async function verify(
  { ports, report, signal }: RunContext,
  { plan, sources, rendered, path, meter }: Finishing,
  clipFrames: readonly number[],
): Promise<Result<Certificate, Failure>> {
  const file = await ports.files.open(path);
  if (file === null) {
    return err(failure('storage_failed', 'storage_unavailable', 'The finished file is not in storage.'));
  }
  const limits = limitsFor({ part: 'verifying', bytes: file.size, joins: plan.steps.length });
  const evidence = evidenceOf(plan, sources.current, rendered, clipFrames);
  return watched({ clock: ports.clock, signal, limits, what: 'Checking the file' }, (bounded, beat) =>
    ports.verifier.verify(file, plan, evidence, {
      signal: bounded,
      onProgress: (fraction) => {
        beat(fraction);
        meter.set('verify', fraction);
        report.progress(meter);
      },
    }),
  );
}

/** The work of a stage, again after what can be recovered from. */
async function recovering<T>(
  context: RunContext,
  sources: SourceBox,
  { stage, bytes }: { readonly stage: Exclude<keyof typeof TRIES, 'preparing'>; readonly bytes: number },
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const { ports, report, signal, record } = context;
  let failures = 0;
  let refusals = 0;
  for (;;) {
    const result = await work();
    if (signal.aborted) return err(cancelled());
    // The file is written and only read back: what happens to its sources from now on does not touch it.
    if (result.ok && stage === 'verifying') return result;
    const isWhole = await allReadable(sources);
    // A file that changed while it was read: whatever was made of it, some of it may be of the old one.
    if (result.ok && isWhole) return result;
    const error = result.ok || !isWhole ? unreadable() : result.error;
    const recovery = recoveryFor(error);
    if (recovery === 'ask_source') {
      const reopened = await sources.reopen();
      if (!reopened.ok) return reopened;
      if (!(await report.turn())) return err(cancelled());
    } else if (recovery === 'ask_storage') {
      refusals += 1;
      if (!(await room(context, bytes, refusals))) return err(cancelled());
    } else {
      failures += 1;
      const pause = recovery === 'retry' ? pauseBefore(failures, ports.random(), TRIES[stage]) : null;
      if (pause === null) return err(error);
      ports.log({
        event: 'step_failed',
        jobId: record.id,
        code: error.reason,
        data: { stage, attempt: failures },
      });
      if (!(await ports.clock.sleep(pause, signal))) return err(cancelled());
    }
  }
}

async function allReadable({ current }: SourceBox): Promise<boolean> {
  for (const { file } of current.values()) if (!(await canStillBeRead(file))) return false;
  return true;
}

/** After a write that was refused: frees what can be made again, once; then waits until something was freed. */
async function room({ ports, report }: RunContext, bytes: number, failures: number): Promise<boolean> {
  if (failures % 2 === 1 && (await ports.room.make(bytes))) return true;
  if (!(await report.wait('storage', (signal) => ports.room.changes(signal)))) return false;
  return report.turn();
}

/** Waits until there is room for what the plan needs, beside what an earlier take left of it. False when the work is to end. */
async function waitForSpace({ ports, record, report }: RunContext, plan: RenderPlan): Promise<boolean> {
  const there = record.receipts.reduce((sum, receipt) => sum + receipt.bytes, 0);
  const needed = Math.max(plan.estimate.bytes, plan.estimate.storageBytes - there);
  for (;;) {
    const free = await ports.room.free();
    if (free === null || free >= needed || (await ports.room.make(needed))) return report.turn();
    if (!(await report.wait('storage', (signal) => ports.room.changes(signal)))) return false;
  }
}
