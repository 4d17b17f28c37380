/** Tabs over one real database: real stores, locks, workers and engine. Only what the test counts is looked at. */
import { proxy } from 'comlink';
import { afterEach } from 'vitest';
import { locateAssets } from '../../../src/app/assets.ts';
import { browserClock } from '../../../src/app/clock.ts';
import { createCommentPictures } from '../../../src/app/comment-pictures.ts';
import { SHEET_WORDS } from '../../../src/app/contact-sheet-words.ts';
import { createPacker } from '../../../src/app/writers.ts';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { ok } from '../../../src/core/base/result.ts';
import { planRender } from '../../../src/core/plan/plan.ts';
import { VOLUME_BYTES } from '../../../src/core/plan/volumes.ts';
import type { Asset } from '../../../src/core/schema/asset.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { LogNews } from '../../../src/core/schema/log.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import { createSegmentCache } from '../../../src/runtime/artifacts/segment-cache.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { AssemblyWorkerApi } from '../../../src/runtime/contract/assembly.ts';
import type { JobManager } from '../../../src/runtime/contract/job-manager.ts';
import type { JobPorts } from '../../../src/runtime/contract/job-ports.ts';
import type { ZipWorkerApi } from '../../../src/runtime/contract/zip.ts';
import { createFfmpegEngine } from '../../../src/runtime/engine/ffmpeg/engine.ts';
import { createFfmpegRenderer } from '../../../src/runtime/engine/ffmpeg/renderer.ts';
import { createLadder } from '../../../src/runtime/engine/ladder.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';
import { createIngest } from '../../../src/runtime/ingest/ingest.ts';
import { createJobManager } from '../../../src/runtime/jobs/manager.ts';
import { createVerifier } from '../../../src/runtime/verify/verifier.ts';
import { value } from '../analysis/helpers.ts';
import { open } from '../storage/helpers.ts';

/** A tab: its jobs, what it logged, and its workers by kind. */
export interface Tab {
  readonly jobs: JobManager;
  readonly log: LogNews[];
  readonly workers: { readonly kind: string; readonly worker: Worker }[];
  readonly stores: Awaited<ReturnType<typeof open>>;
  close(): Promise<void>;
}

const tabs = new Set<Tab>();
afterEach(async () => {
  for (const tab of tabs) await tab.close();
  tabs.clear();
});

/** What is exported: a source, in chunks of two seconds. */
export interface Work {
  readonly asset: Asset;
  readonly spec: CheckedSpec;
  readonly plan: RenderPlan;
  readonly index: FrameIndex;
}

const CHUNKS_OF_48 = 1_000_000;

/** Imports a file into a database and plans an export of all of it. */
export async function prepare(database: string, file: File): Promise<Work> {
  const stores = await open(database);
  const assets = locateAssets(undefined);
  const analysis = new WorkerPool<AnalysisWorkerApi>({
    name: 'analysis',
    size: 1,
    spawn: () => assets.spawn('analysis'),
  });
  const ffmpeg = createFfmpegEngine({
    spawn: () => assets.spawn('ffmpeg'),
    assets: assets.ffmpeg,
    concurrency: 1,
  });
  const ingest = createIngest({
    analysis,
    ffmpeg,
    stores,
    clock: browserClock,
    newId: () => crypto.randomUUID(),
  });
  const { asset } = value(await ingest.importFile(file, { kind: 'link' }));
  const index = value(await ingest.frameIndex(asset, file, () => undefined));
  analysis.dispose();
  ffmpeg.dispose();
  const segments = [{ assetId: asset.id, startUs: 0, endUs: index.endUs }];
  const spec = value(parseExportSpec({ version: 1, name: 'job', type: 'combined', segments }));
  return { asset, spec, plan: value(planOf(asset, index, spec)), index };
}

function planOf(asset: Asset, index: FrameIndex, spec: CheckedSpec): ReturnType<typeof planRender> {
  return planRender({
    spec,
    sources: new Map([[asset.id, { asset, index }]]),
    cleanKeys: new Set(),
    neverCopy: new Set([0]),
    canDecode: () => true,
    workers: 2,
    pixelsPerSecond: CHUNKS_OF_48,
  });
}

/** Opens a tab. `source` finds the file as the tab has it. */
export async function openTab(
  database: string,
  work: Work,
  source: JobPorts['source'],
  change: (ports: JobPorts) => Partial<JobPorts> = () => ({}),
): Promise<Tab> {
  const stores = await open(database);
  const assets = locateAssets(undefined);
  const workers: { kind: string; worker: Worker }[] = [];
  const spawn = (kind: 'ffmpeg' | 'assembly' | 'analysis' | 'zip') => (): Worker => {
    const worker = assets.spawn(kind);
    workers.push({ kind, worker });
    return worker;
  };
  const ffmpeg = createFfmpegEngine({ spawn: spawn('ffmpeg'), assets: assets.ffmpeg, concurrency: 2 });
  const assembly = new WorkerPool<AssemblyWorkerApi>({ name: 'assembly', size: 1, spawn: spawn('assembly') });
  const analysis = new WorkerPool<AnalysisWorkerApi>({ name: 'analysis', size: 2, spawn: spawn('analysis') });
  const zip = new WorkerPool<ZipWorkerApi>({ name: 'zip', size: 1, spawn: spawn('zip') });
  const log: LogNews[] = [];
  const ports: JobPorts = {
    clock: browserClock,
    exports: stores.exports,
    files: stores.files,
    cache: createSegmentCache(stores.segments, browserClock),
    engines: createLadder({ rungs: [createFfmpegRenderer(ffmpeg)], concurrency: 2, clock: browserClock }),
    assembler: {
      assemble: (request, { signal, onProgress, limits }) =>
        assembly.call((api) => api.assemble(request, proxy(onProgress)), { signal, ...limits }),
    },
    packer: createPacker(zip),
    pictures: createCommentPictures({ analysis, ffmpeg, fonts: assets.fonts }),
    words: () => SHEET_WORDS.en,
    volumeBytes: VOLUME_BYTES,
    verifier: createVerifier({ analysis, ffmpeg, clock: browserClock }),
    asset: () => Promise.resolve(work.asset),
    source,
    sourceArrives: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      }),
    plan: (spec) => Promise.resolve(planOf(work.asset, work.index, spec)),
    frameIndex: () => Promise.resolve(ok(work.index)),
    newId: () => crypto.randomUUID() as ExportId,
    fileName: (name, extension) => `${name}.${extension}`,
    exclusively: (name, signal, run) => navigator.locks.request(`${database}:${name}`, { signal }, run),
    othersWait: () => Promise.resolve(false),
    room: {
      free: () => Promise.resolve(null),
      make: () => Promise.resolve(false),
      changes: () => new Promise(() => undefined),
      keepDays: () => Promise.resolve(7),
      cacheBytes: () => Promise.resolve(1e9),
    },
    limits: { running: 3, pixels: 1e9 },
    random: Math.random,
    log: (news) => log.push(news),
    readOnly: stores.readOnly,
    publish: () => undefined,
  };
  const jobs = createJobManager({ ...ports, ...change(ports) });
  const tab: Tab = {
    jobs,
    log,
    workers,
    stores,
    async close() {
      tabs.delete(tab);
      await jobs.close();
      ffmpeg.dispose();
      assembly.dispose();
      analysis.dispose();
      zip.dispose();
      stores.close();
    },
  };
  tabs.add(tab);
  return tab;
}

/** A file in private storage: one that can be written to while it is read, as files on disk can. */
export async function fileOnDisk(database: string, content: Blob): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(database, { create: true });
  const handle = await folder.getFileHandle('source.mp4', { create: true });
  await overwrite(handle, content);
  return handle;
}

/** Writes a file anew. */
export async function overwrite(handle: FileSystemFileHandle, content: Blob): Promise<void> {
  const writable = await handle.createWritable();
  await writable.write(content);
  await writable.close();
}

/** SHA-256 of a file, as text. */
export async function digest(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
