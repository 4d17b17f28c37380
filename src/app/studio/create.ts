/** Puts the studio together: the public client and the page's own stores over one runtime. */
import { assert } from '../../core/base/assert.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { AssetId, ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { exportForbidden, isAllowed, type Access } from '../../core/project/roles.ts';
import { specAgain } from '../../core/project/stale.ts';
import type { Asset } from '../../core/schema/asset.ts';
import { parseExportSpec } from '../../core/schema/spec.ts';
import { saveAllOrDownload, saveOrDownload } from '../../runtime/delivery/save.ts';
import { createClient } from '../api/client.ts';
import { failureOf, unwrap } from '../api/error.ts';
import type { ExportFile } from '../api/types.ts';
import { keepCopy } from '../keep-copy.ts';
import { makeExport } from '../make-export.ts';
import { assetOf, createRuntime, takeUp } from '../runtime.ts';
import { activityOf } from './activity.ts';
import { createDiagnostics } from './diagnostics.ts';
import { openAssetList, type AssetList } from './asset-list.ts';
import { derived } from './cell.ts';
import { DOCUMENT_ID, openWork, type OwnedDocumentModel } from './work-model.ts';
import { filesOfDrop } from './dropped.ts';
import { isUnfinished, openExportList } from './export-list.ts';
import { createExchange } from './exchange-model.ts';
import { createImporter } from './importer.ts';
import { browserAwakePorts, createKeepAwake, type KeepAwake } from './keep-awake.ts';
import { openAssetPlayer } from './player.ts';
import { createReviewFiles } from './review-files.ts';
import { noteRemoved, purgeRemoved } from './removed.ts';
import { loadSample } from './sample.ts';
import { sorted } from './kinds.ts';
import { openSettings } from './settings.ts';
import { createVersions } from './versions.ts';
import { watchStaleness } from './stale-watch.ts';
import { openStorage, watchLoss } from './storage-model.ts';
import type { ExportView, Studio, StudioSettings, Watchable } from './types.ts';

/** A file that another tab imported comes with the document; its record is in the database. */
function listFilesOfOtherTabs(document: OwnedDocumentModel, list: AssetList): void {
  const asked = new Set<AssetId>();
  document.subscribe(() => {
    const listed = new Set(list.get().map(({ asset }) => asset.id));
    const unknown = document.get().document.assetOrder.filter((id) => !listed.has(id) && !asked.has(id));
    if (unknown.length === 0) return;
    for (const id of unknown) asked.add(id);
    void list.refresh();
  });
}

/** While a job of this tab renders, the machine stays awake and leaving the page is asked about. */
function watchWork(
  exports: Watchable<readonly ExportView[]>,
  running: ReadonlySet<ExportId>,
  awake: KeepAwake,
): () => void {
  const look = (): void => {
    awake.set(
      exports
        .get()
        .some(
          ({ record }) =>
            running.has(record.id) && isUnfinished(record) && !record.paused && record.waitingFor === null,
        ),
    );
  };
  look();
  return exports.subscribe(look);
}

/** Whoever opens the page by itself. */
const OWNER: Access = { role: 'owner', guestCsv: false };

/** The database of the page. */
const DATABASE = 'reelkeep';

/** Opens the studio of this page, in a role. Rejects with `ReelkeepError` where it cannot run. */
export async function createStudio(access: Access = OWNER): Promise<Studio> {
  let preferred: Watchable<StudioSettings> | null = null;
  const runtime = unwrap(
    await createRuntime({ database: DATABASE }, () => preferred?.get().language ?? null),
  );
  if (!runtime.stores.readOnly) await purgeRemoved(runtime);
  const client = createClient(runtime, { access, engine: 'auto' });
  const [list, work, exports, settings] = await Promise.all([
    openAssetList(runtime),
    openWork(runtime.stores, DATABASE),
    openExportList(runtime),
    openSettings(runtime.stores.settings),
  ]);
  preferred = settings;
  const { document, review } = work;
  // A removed file is only hidden: undo brings it back. Its record goes when the studio is opened the next time.
  const removed = new Set<AssetId>();
  const shown = derived([list, document], () => {
    const inUse = new Set(document.get().document.assetOrder);
    return list.get().filter(({ asset }) => !removed.has(asset.id) || inUse.has(asset.id));
  });
  listFilesOfOtherTabs(document, list);
  const keep = (
    asset: Asset,
    file: File,
    onProgress?: (fraction: number) => void,
  ): Promise<Result<null, Failure>> => keepCopy(runtime.stores, asset, file, onProgress);
  const importer = createImporter({
    runtime,
    list,
    document,
    settings: () => settings.get(),
    keepCopy: keep,
  });
  const exchange = createExchange(runtime, work, access);
  const reviewFiles = createReviewFiles({ runtime, list, work, author: () => settings.get().author, access });
  const storage = openStorage(runtime);
  const awake = createKeepAwake(browserAwakePorts());
  const stopWork = watchWork(exports, runtime.jobs.running, awake);
  const staleness = await watchStaleness(runtime, document, review);
  takeUp(runtime);
  const flush = (): void => {
    if (globalThis.document.visibilityState === 'hidden') void work.flush();
  };
  globalThis.document.addEventListener('visibilitychange', flush);

  const withAsset = async (
    id: AssetId,
    work: (asset: Asset) => Promise<Result<null, Failure>>,
  ): Promise<Result<null, Failure>> => {
    const asset = await assetOf(runtime, id);
    if (!asset.ok) return asset;
    const result = await work(asset.value);
    const latest = await runtime.stores.assets.get(id);
    if (latest !== null) await list.update(latest);
    return result;
  };

  /** The one file of a finished export. */
  const resultOf = async (id: ExportId): Promise<ExportFile> => {
    const [file] = await client.getExportFiles(id);
    assert(file !== undefined, 'an export whose files are gone has been refused');
    return file;
  };

  return {
    client,
    assets: shown,
    document,
    review,
    reviewFiles,
    exchange,
    versions: createVersions({ runtime, review }),
    role: access.role,
    allows: (capability) => isAllowed(access, capability),
    exports,
    hiddenExports() {
      const hidden = runtime.stores.problems().filter(({ store }) => store === 'exports');
      const newer = hidden.filter(({ reason }) => reason === 'newer_version').length;
      return { newer, damaged: hidden.length - newer };
    },
    imports: importer.items,
    settings,
    diagnostics: createDiagnostics({
      capabilities: () => client.capabilities(),
      known: () => runtime.engines.measures.known(),
      answer: (question) => runtime.engines.measures.answer(question),
      activity: activityOf(runtime),
    }),
    storage,
    storageLoss: watchLoss(runtime),
    readOnly: runtime.stores.readOnly,
    changeSettings: (change) => {
      settings.change(change);
    },
    async importItems(items, textFor = null) {
      const { reviews, texts, footage } = await sorted(items);
      for (const file of reviews) await reviewFiles.open(file);
      // Without a film nobody knows what a text is about: the importer says that it is no footage.
      if (textFor !== null) for (const file of texts) await exchange.open(file, textFor);
      await importer.run(textFor === null ? [...texts, ...footage] : footage);
    },
    filesOfDrop,
    clearImports: () => {
      importer.clear();
    },
    async openSample() {
      const sample = await loadSample();
      if (!sample.ok) return sample;
      const assets = await importer.run(sample.value.files);
      // The sample is small and comes without a handle: a private copy keeps it over a reload.
      for (const [position, asset] of assets.entries()) {
        const file = sample.value.files[position];
        if (file !== undefined && asset.source === 'link')
          await withAsset(asset.id, (known) => keep(known, file));
      }
      importer.clear();
      for (const clip of sample.value.clips(assets))
        document.dispatch({ type: 'addClip', clip }, { merge: 'sample' });
      if (document.get().document.name === '') {
        document.dispatch({ type: 'renameProject', name: sample.value.name }, { merge: 'sample' });
      }
      return ok(null);
    },
    async removeAsset(id) {
      const asset = await assetOf(runtime, id);
      if (!asset.ok) return asset;
      const noted = await noteRemoved(runtime.stores.settings, id);
      if (!noted.ok) return noted;
      removed.add(id);
      document.dispatch({ type: 'removeAsset', assetId: id });
      return ok(null);
    },
    grantAccess: (id) => withAsset(id, (asset) => runtime.sources.grant(asset)),
    keepCopy: (id, onProgress) =>
      withAsset(id, async (asset) => {
        const file = await runtime.sources.open(asset);
        return file.ok ? keep(asset, file.value, onProgress) : file;
      }),
    async createExport(input, clipIds) {
      const spec = parseExportSpec(input);
      if (!spec.ok) return spec;
      const refused = exportForbidden(access, spec.value.type);
      if (refused !== null) return err(refused);
      return makeExport(runtime, spec.value, { documentId: DOCUMENT_ID, clipIds });
    },
    async exportAgain(id) {
      const record = await runtime.jobs.get(id);
      if (!record.ok) return record;
      const refused = exportForbidden(access, record.value.type);
      if (refused !== null) return err(refused);
      // What was not made from this document, or has lost its clips, is made as it was.
      const spec = specAgain(record.value, document.get().document) ?? record.value.spec;
      return makeExport(runtime, spec, record.value.origin);
    },
    openPlayer: (id) =>
      openAssetPlayer(runtime, id, list.get().find((view) => view.asset.id === id)?.asset ?? null),
    async resultUrl(id) {
      try {
        const file = await resultOf(id);
        return ok({ url: URL.createObjectURL(await file.blob()), name: file.name });
      } catch (cause) {
        return err(failureOf(cause));
      }
    },
    async saveExport(id) {
      try {
        const files = await client.getExportFiles(id);
        if (files.length > 1) {
          const all = await Promise.all(
            files.map(async (each) => ({ name: each.name, blob: await each.blob() })),
          );
          return await saveAllOrDownload(all);
        }
        const file = await resultOf(id);
        const blob = await file.blob();
        const extension = file.name.slice(file.name.lastIndexOf('.')) as `.${string}`;
        const accept = { [file.type]: [extension] } as Record<`${string}/${string}`, `.${string}`[]>;
        return await saveOrDownload(blob, file.name, [
          { description: extension.slice(1).toUpperCase(), accept },
        ]);
      } catch (cause) {
        return err(failureOf(cause));
      }
    },
    async dispose() {
      globalThis.document.removeEventListener('visibilitychange', flush);
      await work.flush();
      work.close();
      stopWork();
      awake.dispose();
      staleness.dispose();
      storage.dispose();
      exports.dispose();
      list.dispose();
      await client.close();
    },
  };
}
