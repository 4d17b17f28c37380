/**
 * Walks a plan: sources, segments, assembly, verification. Everything it makes is either under a content key (and
 * found again after a crash) or below the export's own folder (and removed when the job does not finish).
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { clipsAround } from '../../core/plan/certify.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { Export, ExportFileRecord, ExportStage, Receipt } from '../../core/schema/export.ts';
import { PLAN_VERSION, type Deviation, type RenderPlan } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { PictureReference } from '../contract/reference.ts';
import type { VerifyEvidence } from '../contract/verifier.ts';
import { meterFor } from './meter.ts';
import { assembleRequest } from './pieces.ts';
import type { ProgressMeter } from './progress.ts';
import { renderAll } from './render-steps.ts';
import type { PlanSources, Rendered } from './rendered.ts';
import { recoveryFor } from './retry.ts';

/** What browsers and systems call the containers. */
const MEDIA_TYPE: Readonly<Record<RenderPlan['output']['container'], string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

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
  waiting(waitingFor: Export['waitingFor']): Promise<void>;
  receipts(receipts: readonly Receipt[]): Promise<void>;
  progress(meter: ProgressMeter): void;
}

/** The folder of an export's files in private storage. */
export function exportFolder(id: Export['id']): string {
  return `exports/${id}`;
}

interface RunContext {
  readonly ports: JobPorts;
  readonly record: Export;
  readonly report: RunReporter;
  readonly signal: AbortSignal;
}

/** Runs a job to its end. Never throws for expected failures. */
export async function runExport(context: RunContext): Promise<Result<RunResult, Failure>> {
  const current = await currentPlan(context);
  if (!current.ok) return current;
  let plan = current.value;
  const neverCopy = new Set<number>();
  const replaced: Deviation[] = [];
  // Twice at most: as planned, and once more with the doubtful copies encoded.
  for (let attempt = 0; ; attempt += 1) {
    const result = await runPlan(context, plan);
    if (context.signal.aborted) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
    const doubtful = result.ok
      ? doubtfulClips(plan, result.value.certificate)
      : failedCopies(plan, result.error);
    if (doubtful.length === 0 || attempt > 0) {
      if (!result.ok) return result;
      const { certificate } = result.value;
      if (!certificate.passed) return err(checkFailed(certificate));
      return ok({ ...result.value, plan, deviations: [...result.value.deviations, ...replaced] });
    }
    for (const clip of doubtful) {
      neverCopy.add(clip);
      replaced.push({ code: 'copy_replaced', clip, params: {} });
    }
    const again = await context.ports.plan(context.record.spec, neverCopy);
    if (!again.ok) return again;
    plan = again.value;
  }
}

/** The job's plan; made anew where an older build made it in another shape. */
async function currentPlan({ record, ports }: RunContext): Promise<Result<RenderPlan, Failure>> {
  const version: number = record.plan.version;
  return version === PLAN_VERSION ? ok(record.plan) : ports.plan(record.spec, new Set());
}

function checkFailed(certificate: Certificate): Failure {
  const failed = certificate.checks.find((check) => !check.passed);
  return failure(
    'verification_failed',
    'file_check_failed',
    `The finished file did not pass its check "${failed?.name ?? 'unknown'}": expected ${failed?.expected ?? ''}, found ${failed?.found ?? ''}.`,
    { check: failed?.name ?? '', expected: failed?.expected ?? '', found: failed?.found ?? '' },
  );
}

/** Copied clips that a failed check may be the fault of. */
function doubtfulClips(plan: RenderPlan, certificate: Certificate): readonly number[] {
  if (certificate.passed) return [];
  const copied = copiedClips(plan);
  const near = new Set(
    certificate.joins.filter((join) => !join.clean).flatMap((join) => clipsAround(plan, join.atUs)),
  );
  const blamed = copied.filter((clip) => near.has(clip));
  return blamed.length > 0 ? blamed : copied;
}

/** Copied clips to encode instead after a failure in assembly. */
function failedCopies(plan: RenderPlan, error: Failure): readonly number[] {
  if (recoveryFor(error) !== 'encode_instead') return [];
  const stepId = error.details?.['stepId'];
  const step = plan.steps.find((candidate) => candidate.id === stepId);
  if (step?.kind === 'copy-video' || step?.kind === 'copy-audio') return [step.clip];
  return copiedClips(plan);
}

function copiedClips(plan: RenderPlan): readonly number[] {
  return plan.steps.flatMap((step) => (step.kind === 'copy-video' ? [step.clip] : []));
}

async function runPlan(context: RunContext, plan: RenderPlan): Promise<Result<RunResult, Failure>> {
  const { ports, record, report, signal } = context;
  await report.stage('preparing');
  const meter = meterFor(plan, ports.clock);
  report.progress(meter);
  const sources = await collectSources(context, plan);
  if (!sources.ok) return sources;
  const space = await checkSpace(ports, plan);
  if (!space.ok) return space;

  await report.stage('rendering');
  const rendered = await renderAll({
    ports,
    owner: record.id,
    plan,
    sources: sources.value,
    meter,
    signal,
    onProgress: () => {
      report.progress(meter);
    },
    onReceipts: (receipts) => report.receipts(receipts),
  });
  if (!rendered.ok) return rendered;

  await report.stage('assembling');
  const extension = plan.output.container;
  const name = ports.fileName(record.name, extension);
  const path = `${exportFolder(record.id)}/${name}`;
  const clipFrames = framesPerClip(plan, rendered.value);
  const assembled = await ports.assembler.assemble(
    assembleRequest(plan, sources.value, rendered.value, `${ports.files.root}/${path}`),
    {
      signal,
      onProgress: (fraction) => {
        meter.set('assemble', fraction);
        report.progress(meter);
      },
    },
  );
  if (!assembled.ok) return assembled;
  meter.set('assemble', 1);

  await report.stage('verifying');
  const file = await ports.files.open(path);
  if (file === null) {
    return err(failure('storage_failed', 'storage_unavailable', 'The finished file is not in storage.'));
  }
  const certificate = await ports.verifier.verify(
    file,
    plan,
    evidenceOf(plan, sources.value, rendered.value, clipFrames),
    {
      signal,
      onProgress: (fraction) => {
        meter.set('verify', fraction);
        report.progress(meter);
      },
    },
  );
  if (!certificate.ok) return certificate;
  meter.set('verify', 1);
  const type = MEDIA_TYPE[plan.output.container];
  return ok({
    plan,
    files: [{ name, type, bytes: assembled.value.bytes, path }],
    bytes: assembled.value.bytes,
    receipts: rendered.value.receipts,
    deviations: [...plan.deviations, ...lostFrames(plan, clipFrames), ...damage(plan, rendered.value)],
    certificate: certificate.value,
  });
}

/** What the finished file is held against. */
function evidenceOf(
  plan: RenderPlan,
  sources: PlanSources,
  rendered: Rendered,
  clipFrames: readonly number[],
): VerifyEvidence {
  const references = new Map<string, readonly PictureReference[]>();
  const sound: Blob[] = [];
  for (const step of plan.steps) {
    const segment = rendered.segments.get(step.id);
    if (segment === undefined) continue;
    if (step.kind === 'encode-video') references.set(step.id, segment.references);
    if (step.kind === 'decode-audio') sound.push(segment.data);
  }
  return { clipFrames, references, pcm: sound.length === 0 ? null : new Blob(sound), sources };
}

/** Frames that really came out of each clip. */
function framesPerClip(plan: RenderPlan, rendered: Rendered): readonly number[] {
  const frames = plan.clips.map(() => 0);
  for (const step of plan.steps) {
    if (step.kind !== 'copy-video' && step.kind !== 'encode-video') continue;
    const found = step.kind === 'copy-video' ? step.frames : (rendered.segments.get(step.id)?.frames ?? 0);
    frames[step.clip] = (frames[step.clip] ?? 0) + found;
  }
  return frames;
}

function lostFrames(plan: RenderPlan, clipFrames: readonly number[]): Deviation[] {
  return plan.clips.flatMap((clip) => {
    const lost = clip.frames - (clipFrames[clip.position] ?? 0);
    return lost === 0 ? [] : [{ code: 'frames_lost' as const, clip: clip.position, params: { count: lost } }];
  });
}

/** Stretches in which the decoder reported errors: the pictures may be damaged, as they are in the source. */
function damage(plan: RenderPlan, rendered: Rendered): Deviation[] {
  const perClip = new Map<number, number>();
  for (const step of plan.steps) {
    if (step.kind !== 'encode-video' && step.kind !== 'decode-audio') continue;
    const count = rendered.segments.get(step.id)?.complaints ?? 0;
    if (count > 0) perClip.set(step.clip, (perClip.get(step.clip) ?? 0) + count);
  }
  return [...perClip].map(([clip, count]) => ({ code: 'source_damaged', clip, params: { count } }));
}

/** The bytes of every asset of the plan; waits for those that have to be linked again. */
async function collectSources(
  context: RunContext,
  plan: RenderPlan,
): Promise<Result<ReadonlyMap<AssetId, { readonly asset: Asset; readonly file: File }>, Failure>> {
  const { ports, report, signal } = context;
  const sources = new Map<AssetId, { asset: Asset; file: File }>();
  for (const id of new Set(plan.clips.map((clip) => clip.assetId))) {
    const asset = await ports.asset(id);
    if (asset === null) {
      return err(
        failure('not_found', 'unknown_asset', 'A source of this export was removed.', { assetId: id }),
      );
    }
    for (;;) {
      if (signal.aborted) return err(failure('aborted', 'cancelled', 'The export was cancelled.'));
      const file = await ports.source(asset);
      if (file.ok) {
        sources.set(id, { asset, file: file.value });
        break;
      }
      if (recoveryFor(file.error) !== 'ask_source') return file;
      await report.waiting('source');
      await ports.sourceArrives(signal);
      await report.waiting(null);
    }
  }
  return ok(sources);
}

async function checkSpace(ports: JobPorts, plan: RenderPlan): Promise<Result<null, Failure>> {
  const free = await ports.files.free();
  const needed = plan.estimate.storageBytes;
  if (free !== null && needed > free) {
    return err(
      failure(
        'quota_exceeded',
        'no_space',
        `The export needs about ${String(Math.ceil(needed / 1e6))} MB of storage; ${String(Math.floor(free / 1e6))} MB are free.`,
        { neededBytes: needed, freeBytes: free },
      ),
    );
  }
  return ok(null);
}
