/**
 * Everything around the jobs, in memory: stores that can be full, locks between tabs, engines that fail on demand. What is
 * tested is real; these are doubles of the effects at the edge.
 */
import { SHEET_WORDS } from '../../../src/app/contact-sheet-words.ts';
import { canonicalJson } from '../../../src/core/base/canonical.ts';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import { VOLUME_BYTES } from '../../../src/core/plan/volumes.ts';
import type { Export, ExportProgress } from '../../../src/core/schema/export.ts';
import type { LogNews } from '../../../src/core/schema/log.ts';
import type { PaintComment } from '../../../src/core/schema/overlay.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec, type CheckedSpec } from '../../../src/core/schema/spec.ts';
import type { AssembleOutcome, AssembleRequest } from '../../../src/runtime/contract/assembly.ts';
import type { JobManager } from '../../../src/runtime/contract/job-manager.ts';
import type { JobPorts, Room } from '../../../src/runtime/contract/job-ports.ts';
import type { QueueLimits } from '../../../src/runtime/contract/queue.ts';
import type { Renderer } from '../../../src/runtime/contract/renderer.ts';
import type { CachedSegment } from '../../../src/runtime/contract/segment-cache.ts';
import type { ZipRequest } from '../../../src/runtime/contract/zip.ts';
import { createLadder } from '../../../src/runtime/engine/ladder.ts';
import { createJobManager } from '../../../src/runtime/jobs/manager.ts';
import { makeSource, plan, range } from '../plan/helpers.ts';
import { createLocks, orAborted, rung } from './doubles.ts';
import { fakeClock, until, type FakeClock } from './fake-clock.ts';

export { failed, gatedRung, rung } from './doubles.ts';

export interface World {
  readonly clock: FakeClock;
  readonly source: ReturnType<typeof makeSource>;
  readonly records: Map<ExportId, Export>;
  readonly segments: Map<string, { readonly kept: CachedSegment; usedBy: Set<ExportId> }>;
  readonly files: Map<string, number>;
  readonly log: LogNews[];
  readonly shown: { readonly record: Export; readonly progress: ExportProgress }[];
  readonly assembled: AssembleRequest[];
  readonly packed: ZipRequest[];
  readonly contents: ReadonlyMap<string, Blob>;
  readonly painted: { readonly timeUs: number; readonly comment: PaintComment }[];
  readonly locks: ReadonlySet<string>;
  /** What is wrong with the world now. */
  readonly faults: {
    /** Which writes a full disk refuses. */
    full: Set<'record' | 'segment' | 'file'>;
    /** Frees the disk when it is asked to. */
    canMakeRoom: boolean;
    /** Something was freed, it says, and still nothing can be written. */
    saysRoom: boolean;
    free: number | null;
    /** The source cannot be opened. */
    sourceGone: Failure | null;
    /** Opening the source never answers. */
    sourceHangs: boolean;
    file: File;
    assemble: ((signal: AbortSignal) => Failure | null | Promise<Failure | null>) | null;
    verify: (() => Failure | 'doubtful' | null | Promise<null>) | null;
    put: (() => Failure | null) | null;
    pack: ((signal: AbortSignal) => Failure | null | Promise<Failure | null>) | null;
    /** What painting a comment's picture fails with, by its number. */
    paint: ((number: number) => Failure | null) | null;
    /** What planning a range fails with; by where it begins, microseconds. */
    planning: ((startUs: number) => Failure | null) | null;
    readOnly: boolean;
    /** Ids of records that nobody here can read. */
    readonly unreadable: Set<ExportId>;
    keepDays: number | null;
  };
  /** Times that room was asked for, bytes. */
  readonly asked: number[];
  /** Tells those that wait for room, or for their source. */
  freed(): void;
  arrives(): void;
  rungs: readonly Renderer[];
  limits: QueueLimits;
  /** Of the largest ZIP. */
  volumeBytes: number;
  /** Another tab: its own manager over the same world. */
  tab(options?: { readonly hasSource?: boolean }): JobManager;
  spec(frames?: number): CheckedSpec;
  plan(frames?: number): RenderPlan;
}

/** A world with one source of 25 frames per second and room for three jobs. */
export function createWorld(): World {
  const clock = fakeClock();
  const source = makeSource({ frames: 2000, gop: 50, audio: null });
  const records = new Map<ExportId, Export>();
  const segments: World['segments'] = new Map();
  const files = new Map<string, number>();
  const locks = createLocks();
  const roomWaits = new Set<() => void>();
  const sourceWaits = new Set<() => void>();
  const log: LogNews[] = [];
  const shown: World['shown'] = [];
  const assembled: AssembleRequest[] = [];
  const packed: ZipRequest[] = [];
  const contents = new Map<string, Blob>();
  const painted: World['painted'] = [];
  const asked: number[] = [];
  let ids = 0;
  const noSpace = failure('quota_exceeded', 'no_space', 'full');
  const faults: World['faults'] = {
    full: new Set(),
    canMakeRoom: false,
    saysRoom: false,
    free: null,
    sourceGone: null,
    sourceHangs: false,
    file: new File(['bytes of the source'], 'source.mp4', { lastModified: 1 }),
    assemble: null,
    verify: null,
    put: null,
    pack: null,
    paint: null,
    planning: null,
    readOnly: false,
    unreadable: new Set(),
    keepDays: 7,
  };
  const waitIn = (waits: Set<() => void>, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waits.delete(done);
        resolve();
      };
      if (signal.aborted) resolve();
      waits.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  const room: Room = {
    free: () => Promise.resolve(faults.free),
    make: (bytes) => {
      asked.push(bytes);
      if (faults.canMakeRoom) {
        faults.full.clear();
        faults.free = null;
      }
      return Promise.resolve(faults.canMakeRoom || faults.saysRoom);
    },
    changes: (signal) => waitIn(roomWaits, signal),
    keepDays: () => Promise.resolve(faults.keepDays),
    cacheBytes: () => Promise.resolve(1e9),
  };

  const world: World = {
    clock,
    source,
    records,
    segments,
    files,
    log,
    shown,
    assembled,
    packed,
    contents,
    painted,
    locks: locks.held,
    faults,
    asked,
    rungs: [rung('ffmpeg')],
    limits: { running: 3, pixels: 1e9 },
    volumeBytes: VOLUME_BYTES,
    freed: () => {
      for (const wake of [...roomWaits]) wake();
    },
    arrives: () => {
      for (const wake of [...sourceWaits]) wake();
    },
    spec(frames = 200) {
      const spec = parseExportSpec({
        version: 1,
        name: 'test',
        type: 'combined',
        segments: [range('asset-a', 3, 3 + frames)],
        resolution: '720p',
        enlarge: true,
      });
      if (!spec.ok) throw new Error(spec.error.message);
      return spec.value;
    },
    plan: (frames = 200) =>
      plan({ segments: [range('asset-a', 3, 3 + frames)] }, [source], { neverCopy: [0] }),
    tab({ hasSource = true } = {}) {
      const ports: JobPorts = {
        clock,
        exports: {
          put(record) {
            if (faults.full.has('record')) return Promise.resolve(err(noSpace));
            const problem = faults.put?.() ?? null;
            if (problem !== null) return Promise.resolve(err(problem));
            records.set(record.id, structuredClone(record));
            return Promise.resolve(ok(null));
          },
          unreadable: () => Promise.resolve([...faults.unreadable]),
          get: (id) => Promise.resolve(structuredClone(records.get(id) ?? null)),
          list(query = {}) {
            const wanted = query.status === undefined ? null : new Set([query.status].flat());
            const exports = [...records.values()]
              .filter((record) => wanted === null || wanted.has(record.status))
              .map((record) => structuredClone(record));
            return Promise.resolve({ exports, total: exports.length });
          },
          remove(id) {
            records.delete(id);
            return Promise.resolve(ok(null));
          },
        },
        files: {
          root: 'root',
          open: (path) =>
            Promise.resolve(
              files.has(path)
                ? new File([contents.get(path) ?? 'x'.repeat(files.get(path) ?? 0)], path)
                : null,
            ),
          write(path, data) {
            if (faults.full.has('file')) return Promise.resolve(err(noSpace));
            files.set(path, data.size);
            contents.set(path, data);
            return Promise.resolve(ok(null));
          },
          remove(path) {
            for (const each of files.keys())
              if (each === path || each.startsWith(`${path}/`)) files.delete(each);
            return Promise.resolve(ok(null));
          },
          removeEmptyFolders: () => Promise.resolve(),
          list: (folder) =>
            Promise.resolve(
              [...files]
                .filter(([path]) => path.startsWith(`${folder}/`))
                .map(([path, bytes]) => ({ path, bytes })),
            ),
          free: () => Promise.resolve(null),
          used: () => Promise.resolve(null),
          persist: () => Promise.resolve(false),
        },
        cache: {
          keyOf: (material) => canonicalJson(material),
          find(key, usedBy) {
            const found = segments.get(key);
            found?.usedBy.add(usedBy);
            return Promise.resolve(found?.kept ?? null);
          },
          sizeOf: (key) => Promise.resolve(segments.get(key)?.kept.data.size ?? null),
          isEmpty: () => Promise.resolve(segments.size === 0),
          put(key, _kind, kept, usedBy) {
            if (faults.full.has('segment')) return Promise.resolve(err(noSpace));
            segments.set(key, { kept, usedBy: new Set([usedBy]) });
            return Promise.resolve(ok(kept.data));
          },
          release(usedBy) {
            let gone = 0;
            for (const [key, { usedBy: users }] of segments) {
              users.delete(usedBy);
              if (users.size === 0 && segments.delete(key)) gone += 1;
            }
            return Promise.resolve(gone);
          },
          sweep(keep) {
            for (const [key, { usedBy }] of segments)
              if (![...usedBy].some((id) => keep.has(id))) segments.delete(key);
            return Promise.resolve(0);
          },
          evict: () => Promise.resolve(0),
          bytes: () => Promise.resolve(0),
        },
        get engines() {
          return ladder();
        },
        assembler: {
          async assemble(request, { signal, onProgress }): Promise<Result<AssembleOutcome, Failure>> {
            assembled.push(request);
            const path = request.path.slice('root/'.length);
            files.set(path, 10);
            const problem = faults.full.has('file')
              ? noSpace
              : await orAborted(faults.assemble?.(signal) ?? null, signal);
            if (problem !== null) return err(problem);
            onProgress(1);
            return ok({ bytes: 10, videoPackets: 1, audioPackets: 0 });
          },
        },
        verifier: {
          async verify(file, _plan, _evidence, { onProgress }) {
            const problem = (await faults.verify?.()) ?? null;
            if (problem !== null && problem !== 'doubtful') return err(problem);
            onProgress(1);
            return ok({
              version: 2,
              checkedAt: clock.iso(),
              fileName: file.name,
              bytes: file.size,
              fingerprint: 'f',
              decoder: 'webcodecs',
              checks: [{ name: 'frames', passed: problem === null, expected: '1', found: '2' }],
              joins: [],
              wallMs: 1,
              passed: problem === null,
            } as never);
          },
        },
        packer: {
          digest(list, { onProgress }) {
            onProgress(1);
            return Promise.resolve(ok(list.map(({ size }) => `sum of ${String(size)}`)));
          },
          async pack(request, { signal, onProgress }) {
            packed.push(request);
            const problem = await orAborted(faults.pack?.(signal) ?? null, signal);
            if (problem !== null) return err(problem);
            let at = 0;
            const entries = request.entries.map(({ data }) => {
              at += 30 + data.size;
              return { at: at - data.size, bytes: data.size };
            });
            files.set(`${request.folder.slice('root/'.length)}/${request.name}`, at);
            onProgress(1);
            return ok({ bytes: at, entries });
          },
        },
        pictures: {
          async paint({ timeUs, comment }, { signal }) {
            painted.push({ timeUs, comment });
            const problem = await orAborted(faults.paint?.(comment.number) ?? null, signal);
            return problem === null ? ok(new Blob([`picture ${String(comment.number)}`])) : err(problem);
          },
        },
        words: () => SHEET_WORDS.en,
        get volumeBytes() {
          return world.volumeBytes;
        },
        asset: () => Promise.resolve(source.asset),
        source: () => {
          if (faults.sourceHangs) return new Promise(() => undefined);
          const gone = hasSource
            ? faults.sourceGone
            : failure('source_missing', 'source_missing', 'not here');
          return Promise.resolve(gone === null ? ok(faults.file) : err(gone));
        },
        sourceArrives: (signal) => waitIn(sourceWaits, signal),
        plan: (spec, neverCopy) => {
          const [first] = spec.segments;
          const problem = faults.planning?.(first?.startUs ?? 0) ?? null;
          if (problem !== null) return Promise.resolve(err(problem));
          const segments = spec.type === 'single' ? spec.segments : [range('asset-a', 3, 203)];
          return Promise.resolve(ok(plan({ segments }, [source], { neverCopy: [...neverCopy] })));
        },
        frameIndex: () => Promise.resolve(ok(source.index)),
        newId: () => {
          ids += 1;
          return `export-${String(ids).padStart(3, '0')}` as ExportId;
        },
        fileName: (name, extension) => `${name}.${extension}`,
        exclusively: locks.exclusively,
        othersWait: locks.othersWait,
        room,
        limits: world.limits,
        random: () => 0.5,
        log: (news) => log.push(news),
        readOnly: faults.readOnly,
        publish(record, progress) {
          shown.push({ record, progress });
        },
      };
      const made = createLadder({ rungs: world.rungs, concurrency: 2, clock });
      const ladder = (): typeof made => made;
      return createJobManager(ports);
    },
  };
  return world;
}

/** Makes a job of the world. */
export async function make(world: World, jobs: JobManager, frames = 200): Promise<Export> {
  const made = await jobs.create(world.spec(frames), world.plan(frames), null);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

/** What the store says of a job. */
export const statusOf = (world: World, { id }: Export): string => world.records.get(id)?.status ?? 'gone';
/** Waits for it. */
export const reaches = (world: World, job: Export, status: string): Promise<void> =>
  until(`${job.id} is ${status}`, () => statusOf(world, job) === status);
