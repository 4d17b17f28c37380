/**
 * Makes one file: sources, segments, assembly, verification. Everything it makes is either under a content key (and
 * found again after a crash) or below the export's own folder (and removed when the job does not finish).
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { ExportFileRecord, Receipt } from '../../core/schema/export.ts';
import { PLAN_VERSION, type Deviation, type RenderPlan } from '../../core/schema/plan.ts';
import type { AssembleOutcome } from '../contract/assembly.ts';
import { withRetries } from './again.ts';
import { limitsFor } from './limits.ts';
import { checkFailed, clipsToEncode, deviationsOf, evidenceOf, framesPerClip } from './outcome.ts';
import { assembleRequest } from './pieces.ts';
import type { ProgressMeter } from './progress.ts';
import { cancelled } from './recovery.ts';
import { recovering, room, TRIES, waitForSpace } from './recovering.ts';
import { renderAll } from './render-all.ts';
import type { Rendered } from './rendered.ts';
import type { FileContext, RunContext } from './run-context.ts';
import { collectSources, type SourceBox } from './sources.ts';
import { watched } from './watchdog.ts';

/** A file that was made and checked. */
export interface MadeFile {
  readonly plan: RenderPlan;
  readonly file: ExportFileRecord;
  readonly receipts: readonly Receipt[];
  readonly deviations: readonly Deviation[];
  readonly certificate: Certificate;
}

/** What browsers and systems call the containers. */
const MEDIA_TYPE: Readonly<Record<RenderPlan['output']['container'], string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

/** Makes one file of one plan. Never throws for expected failures. */
export async function makeFile(context: FileContext): Promise<Result<MadeFile, Failure>> {
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

type Planned = Pick<FileContext, 'ports' | 'spec' | 'signal' | 'plan'>;

/** The job's plan; made anew where an older build made it in another shape. */
export function currentPlan(context: Planned): Promise<Result<RenderPlan, Failure>> {
  const { plan } = context;
  const version: number | undefined = plan?.version;
  return plan !== null && version === PLAN_VERSION
    ? Promise.resolve(ok(plan))
    : replanned(context, new Set());
}

function replanned(
  { ports, spec, signal }: Omit<Planned, 'plan'>,
  neverCopy: ReadonlySet<number>,
): Promise<Result<RenderPlan, Failure>> {
  const limits = limitsFor({ part: 'preparing', clips: spec.segments.length });
  return withRetries({ ports, signal }, TRIES.preparing, () =>
    watched({ clock: ports.clock, signal, limits, what: 'Planning' }, () => ports.plan(spec, neverCopy)),
  );
}

async function runPlan(context: FileContext, wanted: RenderPlan): Promise<Result<MadeFile, Failure>> {
  const { ports, record, report, signal } = context;
  await report.stage('preparing');
  const meter = context.meter(wanted);
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
  const path = `${context.folder}/${context.name}`;
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
    file: { name: context.name, type, bytes: assembled.value.bytes, path },
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
