/** The public client over the runtime. The only place where failures become `ReelkeepError`. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId, ExportId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import {
  annotatingForbidden,
  exportForbidden,
  exportsForbidden,
  type Access,
} from '../../core/project/roles.ts';
import { byTime } from '../../core/schema/annotation.ts';
import { exportQuerySchema, hasEnded, type Export, type ExportProgress } from '../../core/schema/export.ts';
import { parseExportSpec } from '../../core/schema/spec.ts';
import { whereWrong } from '../../core/schema/where-wrong.ts';
import type { SourceRef } from '../../runtime/contract/stores.ts';
import { download } from '../../runtime/delivery/save.ts';
import { measureCapabilities } from '../capabilities.ts';
import { addComments, keepComments, withComments } from '../comments.ts';
import { readText, writeText } from '../exchange.ts';
import { makeExport } from '../make-export.ts';
import { assetOf, closedFailure, type Runtime } from '../runtime.ts';
import { resultGone } from '../../runtime/jobs/records.ts';
import {
  checkedAsset,
  checkedBlob,
  checkedFormat,
  checkedTimeline,
  checkFlag,
  checkId,
  checkImportable,
} from './check.ts';
import { failureOf, ReelkeepError, unwrap } from './error.ts';
import type { ExportFile, Reelkeep, ReelkeepOptions } from './types.ts';

/** How often the state of a job of another tab is read when no message comes, milliseconds, by stage. */
const POLL_MS: Readonly<Record<Export['stage'], number>> = {
  preparing: 2_000,
  rendering: 5_000,
  assembling: 2_000,
  verifying: 2_000,
  packaging: 10_000,
};

/** What an instance was opened with and the client has to know. */
interface ClientOptions {
  readonly access: Access;
  readonly engine: NonNullable<ReelkeepOptions['engine']>;
}

/** The client over a runtime. */
export function createClient(runtime: Runtime, { access, engine }: ClientOptions): Reelkeep {
  let closed = false;
  /** Watchers that wait for news; closing wakes them. */
  const waiting = new Set<() => void>();
  const open = (): Runtime => {
    if (closed) throw new ReelkeepError(closedFailure());
    return runtime;
  };
  const refuse = (refused: Failure | null): void => {
    if (refused !== null) throw new ReelkeepError(refused);
  };
  /** Null: before it is known what. */
  const mayExport = (type: Export['type'] | null): void => {
    refuse(type === null ? exportsForbidden(access) : exportForbidden(access, type));
  };

  const importMedia: Reelkeep['importMedia'] = async (input) => {
    const { ingest, sources } = open();
    checkImportable(input);
    const isHandle = !(input instanceof Blob);
    const file = isHandle ? await fileOf(input) : input;
    const source: SourceRef = isHandle ? { kind: 'handle', handle: input } : { kind: 'link' };
    const { asset } = unwrap(await ingest.importFile(file, source));
    sources.link(asset.id, file);
    return asset;
  };

  const planExport: Reelkeep['planExport'] = async (input) => {
    const here = open();
    const spec = unwrap(parseExportSpec(input));
    return unwrap(await here.plan(await withComments(here.stores, spec))).plan;
  };

  const createExport: Reelkeep['createExport'] = async (input) => {
    const here = open();
    mayExport(null);
    const spec = unwrap(parseExportSpec(input));
    mayExport(spec.type);
    return unwrap(await makeExport(here, spec));
  };

  /** A change of a record that another tab may hold: that tab reads it again. */
  const changed = async (
    id: ExportId,
    change: (jobs: Runtime['jobs']) => Promise<Result<Export, Failure>>,
  ): Promise<Export> => {
    const { jobs, bus } = open();
    const record = unwrap(await change(jobs));
    bus.queueChanged(id);
    return record;
  };

  const getExportProgress: Reelkeep['getExportProgress'] = async (id) =>
    unwrap(await open().jobs.progress(id));

  async function* watchExport(id: ExportId): AsyncGenerator<ExportProgress> {
    const { bus, jobs } = open();
    let wake: () => void = () => undefined;
    const heard: { latest: ExportProgress | null } = { latest: null };
    const stop = bus.listen((event) => {
      if (event.id !== id) return;
      if (event.progress !== null) heard.latest = event.progress;
      wake();
    });
    try {
      let progress = unwrap(await jobs.progress(id));
      for (;;) {
        yield progress;
        if (hasEnded(progress)) return;
        const waitMs = POLL_MS[progress.stage];
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            wake();
          }, waitMs);
          wake = () => {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
          if (heard.latest !== null) wake();
        });
        open();
        progress = heard.latest ?? unwrap(await jobs.progress(id));
        heard.latest = null;
      }
    } finally {
      stop();
    }
  }

  const getExportFiles: Reelkeep['getExportFiles'] = async (id) => {
    const { jobs, stores } = open();
    mayExport(null);
    const record = unwrap(await jobs.get(id));
    mayExport(record.type);
    // One that is tried again for the rest of its clips has its files meanwhile.
    if (record.status !== 'completed' && record.files.length === 0) {
      throw new ReelkeepError(
        failure('not_ready', 'export_not_finished', 'The export has not been completed.', {
          status: record.status,
        }),
      );
    }
    if (record.files.length === 0) throw new ReelkeepError(resultGone(id));
    return record.files.map(({ name, type, bytes, path }): ExportFile => ({
      name,
      type,
      bytes,
      async blob() {
        const file = await stores.files.open(path);
        if (file === null) {
          // Removed by hand, or by the browser: from now on the record says so, too.
          await jobs.lost(id);
          throw new ReelkeepError(resultGone(id));
        }
        // The stored file's own type is guessed from its name; this one is known. Slicing copies nothing.
        return file.slice(0, file.size, type);
      },
    }));
  };

  const client: Reelkeep = {
    capabilities: () => {
      const { stores, engines } = open();
      return measureCapabilities({ files: stores.files, wanted: engine, encoders: engines.measures.known() });
    },
    importMedia,
    async listAssets() {
      return open().stores.assets.list();
    },
    async addAnnotations(assetId, items) {
      const here = open();
      refuse(annotatingForbidden(access));
      return unwrap(await addComments(here, assetId, items));
    },
    async listAnnotations(assetId) {
      const here = open();
      unwrap(await assetOf(here, assetId));
      return [...(await here.stores.annotations.list(assetId))].sort(byTime);
    },
    async importText(assetId, file) {
      const here = open();
      refuse(annotatingForbidden(access));
      const report = unwrap(await readText(here, assetId, file, await here.stores.annotations.list()));
      unwrap(await keepComments(here, report.comments));
      return report;
    },
    async exportText(format, what) {
      const here = open();
      refuse(exportForbidden(access, 'csv'));
      const segments = 'assetId' in what ? [] : what.segments;
      const assetIds = 'assetId' in what ? [what.assetId] : segments.map(({ assetId }) => assetId as AssetId);
      const lists = await Promise.all([...new Set(assetIds)].map((id) => here.stores.annotations.list(id)));
      const title = 'assetId' in what ? unwrap(await assetOf(here, what.assetId)).name : what.name;
      const comments = lists.flat().sort(byTime);
      return unwrap(await writeText(here, format, { title, assetIds, segments, comments }));
    },
    planExport,
    createExport,
    async getExport(id) {
      return unwrap(await open().jobs.get(id));
    },
    getExportProgress,
    watchExport,
    async whenExportEnds(id) {
      for await (const progress of watchExport(id)) {
        if (hasEnded(progress)) break;
      }
      return unwrap(await open().jobs.get(id));
    },
    getExportFiles,
    async downloadExport(id) {
      for (const file of await getExportFiles(id)) download(await file.blob(), file.name);
    },
    async cancelExport(id) {
      const { jobs, bus, room } = open();
      bus.ask(id, 'cancel');
      const record = unwrap(await jobs.cancel(id));
      room.noteFreed();
      return record;
    },
    async pauseExport(id) {
      const { jobs, bus } = open();
      bus.ask(id, 'pause');
      return unwrap(await jobs.pause(id));
    },
    resumeExport: (id) => changed(id, (jobs) => jobs.unpause(id)),
    moveExport: (id, before) => changed(id, (jobs) => jobs.move(id, before)),
    retryExport: async (id) => {
      mayExport(null);
      mayExport(unwrap(await open().jobs.get(id)).type);
      return changed(id, (jobs) => jobs.retry(id));
    },
    async pinExport(id, pinned) {
      checkFlag(pinned, 'pinned');
      return changed(id, (jobs) => jobs.pin(id, pinned));
    },
    async deleteExport(id) {
      const { jobs, bus, room } = open();
      bus.ask(id, 'cancel');
      unwrap(await jobs.remove(id));
      bus.removed(id);
      room.noteFreed();
    },
    async listExports(query) {
      const { jobs } = open();
      const checked = exportQuerySchema.safeParse(query ?? {});
      if (!checked.success) {
        const path = whereWrong(checked.error);
        throw new ReelkeepError(
          failure('invalid_spec', 'bad_spec', `listExports: "${path}" is not valid.`, { path }),
        );
      }
      return jobs.list(query);
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const wake of [...waiting]) wake();
      await runtime.close();
    },
  };
  return guarded(client, () => closed);
}

/** What a call threw, as the error that the API promises. A call under way while the client is closed says so. */
function promised(cause: unknown, isClosed: () => boolean): ReelkeepError {
  if (cause instanceof ReelkeepError) return cause;
  return new ReelkeepError(isClosed() ? closedFailure() : failureOf(cause));
}

/** Makes every method reject with `ReelkeepError` and nothing else. */
function guarded(client: Reelkeep, isClosed: () => boolean): Reelkeep {
  const guard =
    <Args extends readonly unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      try {
        return await call(...args);
      } catch (cause) {
        throw promised(cause, isClosed);
      }
    };
  /** The same for methods that take an id first. */
  const guardId = <Args extends unknown[], T>(
    call: (id: ExportId, ...args: Args) => Promise<T>,
  ): ((id: ExportId, ...args: Args) => Promise<T>) =>
    guard((id: ExportId, ...args: Args) => {
      if (!isClosed()) checkId(id);
      return call(id, ...args);
    });
  async function* watch(id: ExportId): AsyncGenerator<ExportProgress> {
    try {
      if (!isClosed()) checkId(id);
      yield* client.watchExport(id);
    } catch (cause) {
      throw promised(cause, isClosed);
    }
  }
  return {
    capabilities: guard(() => client.capabilities()),
    importMedia: guard((file) => client.importMedia(file)),
    listAssets: guard(() => client.listAssets()),
    addAnnotations: guard((assetId, items) => client.addAnnotations(checkedAsset(assetId), items)),
    listAnnotations: guard((assetId) => client.listAnnotations(checkedAsset(assetId))),
    importText: guard((assetId, file) => client.importText(checkedAsset(assetId), checkedBlob(file))),
    exportText: guard((format, what) => client.exportText(checkedFormat(format), checkedTimeline(what))),
    planExport: guard((spec) => client.planExport(spec)),
    createExport: guard((spec) => client.createExport(spec)),
    getExport: guardId((id) => client.getExport(id)),
    getExportProgress: guardId((id) => client.getExportProgress(id)),
    watchExport: watch,
    whenExportEnds: guardId((id) => client.whenExportEnds(id)),
    getExportFiles: guardId((id) => client.getExportFiles(id)),
    downloadExport: guardId((id) => client.downloadExport(id)),
    cancelExport: guardId((id) => client.cancelExport(id)),
    pauseExport: guardId((id) => client.pauseExport(id)),
    resumeExport: guardId((id) => client.resumeExport(id)),
    moveExport: guardId((id, before: unknown) => {
      // JavaScript callers leave it out for the end of the queue.
      if (before !== null && before !== undefined) checkId(before);
      return client.moveExport(id, (before ?? null) as ExportId | null);
    }),
    retryExport: guardId((id) => client.retryExport(id)),
    pinExport: guardId((id, pinned) => client.pinExport(id, pinned)),
    deleteExport: guardId((id) => client.deleteExport(id)),
    listExports: guard((query) => client.listExports(query)),
    close: guard(() => client.close()),
  };
}

async function fileOf(handle: FileSystemFileHandle): Promise<File> {
  try {
    return await handle.getFile();
  } catch (cause) {
    throw new ReelkeepError(
      failure('unsupported_media', 'unreadable_file', `"${handle.name}" cannot be read.`, {
        name: handle.name,
        cause: String(cause),
      }),
    );
  }
}
