/** The composition root: connects the rooms of the runtime. */
import { failure, type Failure } from '../core/base/failure.ts';
import type { AssetId, ExportId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { VOLUME_BYTES } from '../core/plan/volumes.ts';
import type { Asset } from '../core/schema/asset.ts';
import type { FrameIndex } from '../core/schema/frame-index.ts';
import type { RenderPlan } from '../core/schema/plan.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import { bytesOf } from '../runtime/artifacts/eviction.ts';
import { createSegmentCache } from '../runtime/artifacts/segment-cache.ts';
import type { AnalysisWorkerApi } from '../runtime/contract/analysis.ts';
import type { AssemblyWorkerApi } from '../runtime/contract/assembly.ts';
import type { FfmpegEngine } from '../runtime/contract/ffmpeg.ts';
import type { JobManager } from '../runtime/contract/job-manager.ts';
import type { JobPorts } from '../runtime/contract/job-ports.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import type { ZipWorkerApi } from '../runtime/contract/zip.ts';
import { safeFileName } from '../runtime/delivery/file-name.ts';
import { createFfmpegEngine } from '../runtime/engine/ffmpeg/engine.ts';
import { WorkerPool } from '../runtime/engine/worker-pool.ts';
import { createIngest, type Ingest } from '../runtime/ingest/ingest.ts';
import { createJobManager, progressOfRecord } from '../runtime/jobs/manager.ts';
import { limitsOf } from '../runtime/jobs/queue.ts';
import { reusableSteps } from '../runtime/jobs/reusable.ts';
import { openStores } from '../runtime/storage/stores.ts';
import { createVerifier } from '../runtime/verify/verifier.ts';
import type { ReelkeepOptions } from './api/types.ts';
import { locateAssets, type RuntimeAssets } from './assets.ts';
import { evictableBytes, type StorageUse } from './budget.ts';
import { enginesOf } from './capabilities.ts';
import { browserClock } from './clock.ts';
import { createCommentPictures } from './comment-pictures.ts';
import { SHEET_WORDS, sheetLanguage } from './contact-sheet-words.ts';
import { createExportBus, type ExportBus } from './events.ts';
import { newId } from './ids.ts';
import { connectEngines, IDLE_MS, type Engines } from './engines.ts';
import { openCleanKeys } from './clean-keys.ts';
import { planExport, type PlanningPorts } from './planning.ts';
import { exclusively, lockName, othersWait } from './locks.ts';
import { createLog, type Log } from './log.ts';
import { openPace } from './pace.ts';
import { makePreview } from './preview.ts';
import { planWhole, type PlannedExport } from './plan-parts.ts';
import { createRoom, type OwnedRoom } from './room.ts';
import { createAssembler, createPacker } from './writers.ts';
import { createSources, type Sources } from './sources.ts';

/** Idle analysis workers stay through the few calls of an import or a check, not through the rendering between. Milliseconds. */
const ANALYSIS_IDLE_MS = 1000;

/** Everything behind the API and the studio. */
export interface Runtime {
  /** Name of the database, for locks and channels. */
  readonly database: string;
  readonly stores: Stores;
  readonly assets: RuntimeAssets;
  readonly sources: Sources;
  readonly ingest: Ingest;
  readonly engine: FfmpegEngine;
  readonly engines: Engines;
  readonly analysis: WorkerPool<AnalysisWorkerApi>;
  readonly zip: WorkerPool<ZipWorkerApi>;
  readonly jobs: JobManager;
  readonly bus: ExportBus;
  readonly room: OwnedRoom;
  readonly log: Log;
  /** What private storage holds. */
  storageUse(): Promise<StorageUse>;
  /** Plans an export, with its parts where it has some. */
  plan(spec: CheckedSpec): Promise<Result<PlannedExport, Failure>>;
  /** The preview of a file that the browser cannot decode: made once, kept in private storage. */
  preview(
    asset: Asset,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Result<File, Failure>>;
  /** The frame index of an asset, read once however many ask. */
  frameIndex(asset: Asset, onProgress?: (fraction: number) => void): Promise<Result<FrameIndex, Failure>>;
  close(): Promise<void>;
}

/**
 * Connects everything. `storage_failed`, or `invalid_spec`/`newer_version` for a database of a newer build.
 *
 * @param language that pages in bundles are written in; null for the browser's
 */
export async function createRuntime(
  options: ReelkeepOptions,
  language: () => ReelkeepOptions['language'] | null = () => options.language,
): Promise<Result<Runtime, Failure>> {
  const database = options.database ?? 'reelkeep';
  const concurrency = Math.max(1, Math.min(16, options.concurrency ?? navigator.hardwareConcurrency));
  const opened = await openStores(database);
  if (!opened.ok) return opened;
  const stores = opened.value;
  const assets = locateAssets(options.assetBase);
  const engine = createFfmpegEngine({
    spawn: () => assets.spawn('ffmpeg'),
    assets: assets.ffmpeg,
    concurrency,
  });
  const analysis = new WorkerPool<AnalysisWorkerApi>({
    name: 'analysis',
    size: 2,
    spawn: () => assets.spawn('analysis'),
    idleMs: ANALYSIS_IDLE_MS,
  });
  const assembly = new WorkerPool<AssemblyWorkerApi>({
    name: 'assembly',
    size: 3,
    spawn: () => assets.spawn('assembly'),
    idleMs: IDLE_MS,
  });
  const zip = new WorkerPool<ZipWorkerApi>({
    name: 'zip',
    size: 1,
    spawn: () => assets.spawn('zip'),
    idleMs: IDLE_MS,
  });
  const engines = await connectEngines({
    wanted: options.engine ?? 'auto',
    ffmpeg: engine,
    settings: stores.settings,
    spawn: () => assets.spawn('webcodecs'),
    concurrency,
    fonts: assets.fonts,
  });
  const bus = createExportBus(database);
  const sources = createSources(database, stores, (file) => analysis.call((api) => api.fingerprint(file)));
  const ingest = createIngest({
    analysis,
    ffmpeg: engine,
    stores,
    clock: browserClock,
    newId: () => newId<AssetId>('asset'),
  });
  const frameIndex = sharedFrameIndex({ stores, ingest, sources });
  const pace = await openPace({
    settings: stores.settings,
    workers: concurrency,
    facts: () => ({
      browserCodecs: enginesOf(options.engine ?? 'auto').includes('webcodecs'),
      known: engines.measures.known(),
    }),
  });
  const planning: PlanningPorts = {
    stores,
    sources,
    analysis,
    frameIndex,
    canDecode: (track) => engines.canDecode(track),
    canEncode: (format) => engines.canEncode(format),
    keepsSurround: (format) => engines.keepsSurround(format),
    workers: concurrency,
    pixelsPerSecond: engines.pixelsPerSecond,
    machine: () => pace.machine(),
    reusable: (plan, assets) => reusableSteps({ cache, engines: engines.ladder }, plan, assets),
  };
  const memo = await openCleanKeys(stores.settings);
  const plan = (spec: CheckedSpec, neverCopy: ReadonlySet<number>): Promise<Result<RenderPlan, Failure>> =>
    planExport(planning, memo, spec, neverCopy);
  const cache = createSegmentCache(stores.segments, browserClock);
  const log = createLog({ store: stores.log, clock: browserClock, used: () => stores.files.used() });
  const room = createRoom({
    stores,
    cache,
    clock: browserClock,
    log: (news) => {
      log.log(news);
    },
    changed: (record) => {
      bus.publish(record, progressOfRecord(record, browserClock.iso()));
    },
    freed: () => {
      bus.freed();
    },
  });
  const worked = new Set<ExportId>();
  const jobPorts: JobPorts = {
    clock: browserClock,
    exports: stores.exports,
    files: stores.files,
    cache,
    room,
    limits: limitsOf(deviceMemory(), navigator.hardwareConcurrency),
    random: Math.random,
    log: (news) => {
      log.log(news);
    },
    othersWait: (name) => othersWait(lockName(database, name)),
    engines: engines.ladder,
    assembler: createAssembler(assembly),
    packer: createPacker(zip),
    pictures: createCommentPictures({ analysis, ffmpeg: engine, fonts: assets.fonts }),
    words: () => SHEET_WORDS[sheetLanguage(language())],
    volumeBytes: VOLUME_BYTES,
    verifier: createVerifier({ analysis, ffmpeg: engine, clock: browserClock }),
    asset: (id) => stores.assets.get(id),
    source: (asset) => sources.open(asset),
    sourceArrives: (signal) => sources.arrives(signal),
    plan,
    newId: () => newId<ExportId>('export'),
    frameIndex,
    readOnly: stores.readOnly,
    fileName: safeFileName,
    exclusively: (name, signal, work) => exclusively(lockName(database, name), signal, work),
    publish: (record, progress) => {
      bus.publish(record, progress);
      // Once, when it ends here: records are published again for other reasons.
      if (record.status === 'processing') worked.add(record.id);
      else if (worked.delete(record.id)) void pace.learn(record);
    },
  };
  const jobs = createJobManager(jobPorts);
  log.log({ event: 'opened', data: { workers: concurrency } });
  bus.onForeign({
    asked: (id, what) => {
      jobs.askedHere(id, what);
    },
    // A job of another tab waits here for its lock: if that tab dies, this one goes on.
    job: () => {
      if (!stores.readOnly) void jobs.takeUp();
    },
    queue: (id) => {
      void jobs.changedElsewhere(id);
    },
    freed: () => {
      room.noteFreedElsewhere();
    },
    policy: () => {
      room.noteFreedElsewhere();
    },
  });
  return ok({
    database,
    stores,
    assets,
    sources,
    ingest,
    engine,
    engines,
    analysis,
    zip,
    jobs,
    bus,
    room,
    log,
    storageUse: () => storageUse(stores, room),
    plan: (spec) => planWhole((one) => plan(one, new Set()), spec),
    preview: (asset, signal, onProgress) =>
      makePreview(jobPorts, stores, (spec) => planExport(planning, memo, spec, new Set(), true), asset, {
        signal,
        onProgress,
      }),
    frameIndex,
    async close() {
      await jobs.close();
      engine.dispose();
      engines.dispose();
      analysis.dispose();
      assembly.dispose();
      zip.dispose();
      bus.close();
      stores.close();
    },
  });
}

interface IndexPorts {
  readonly stores: Stores;
  readonly ingest: Ingest;
  readonly sources: Sources;
}

/** A stored index needs no file: plans can be made while a source is out of reach. */
async function readFrameIndex(
  asset: Asset,
  { stores, ingest, sources }: IndexPorts,
  onProgress: (fraction: number) => void,
): Promise<Result<FrameIndex, Failure>> {
  const stored = await stores.assets.frameIndex(asset.id);
  if (stored !== null) return ok(stored);
  const file = await sources.open(asset);
  if (!file.ok) return file;
  return ingest.frameIndex(asset, file.value, onProgress);
}

/** Planning, player and time line may all ask for the same index: it is read once. */
function sharedFrameIndex(ports: IndexPorts): Runtime['frameIndex'] {
  const reading = new Map<
    AssetId,
    { promise: Promise<Result<FrameIndex, Failure>>; listeners: Set<(f: number) => void> }
  >();
  const kept = new Map<AssetId, FrameIndex>();
  return async (asset, onProgress) => {
    const known = kept.get(asset.id);
    if (known !== undefined) return ok(known);
    let entry = reading.get(asset.id);
    if (entry === undefined) {
      const listeners = new Set<(fraction: number) => void>();
      const report = (fraction: number): void => {
        for (const listener of listeners) listener(fraction);
      };
      const promise = readFrameIndex(asset, ports, report).then((result) => {
        reading.delete(asset.id);
        if (result.ok) kept.set(asset.id, result.value);
        return result;
      });
      entry = { promise, listeners };
      reading.set(asset.id, entry);
    }
    if (onProgress !== undefined) entry.listeners.add(onProgress);
    return entry.promise;
  };
}

/** Gigabytes of memory, as far as the browser says. */
function deviceMemory(): number | null {
  return (navigator as { readonly deviceMemory?: number }).deviceMemory ?? null;
}

async function storageUse(stores: Stores, room: OwnedRoom): Promise<StorageUse> {
  const sizeOf = async (folder: string): Promise<number> =>
    (await stores.files.list(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
  const [usedBytes, freeBytes, resultBytes, sources, previews, segments, keep] = await Promise.all([
    stores.files.used(),
    stores.files.free(),
    sizeOf('exports'),
    sizeOf('sources'),
    sizeOf('previews'),
    stores.segments.list(),
    room.keep(),
  ]);
  return {
    usedBytes,
    freeBytes,
    resultBytes,
    segmentBytes: bytesOf(segments),
    evictableBytes: evictableBytes(segments, keep),
    copyBytes: sources + previews,
  };
}

/** Removes what a crash left behind, then takes up unfinished jobs. A database of a newer build is left as it is. */
export function takeUp(runtime: Runtime): void {
  if (runtime.stores.readOnly) return;
  runtime.jobs
    .sweep()
    .then(() => runtime.jobs.takeUp())
    // Closed meanwhile: the next instance does it.
    .catch(() => undefined);
}

/** A failure for calls after `close`. */
export function closedFailure(): Failure {
  return failure('closed', 'instance_closed', 'This studio was closed.');
}

/** Shortens the failing path of calls that need an asset. */
export async function assetOf(runtime: Runtime, id: AssetId): Promise<Result<Asset, Failure>> {
  const asset = await runtime.stores.assets.get(id);
  return asset === null
    ? err(failure('not_found', 'unknown_asset', 'There is no such asset.', { assetId: id }))
    : ok(asset);
}
