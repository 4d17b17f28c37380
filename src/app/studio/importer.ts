/** Imports files one after another; a bad file does not stop the rest. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { SourceRef } from '../../runtime/contract/stores.ts';
import { newId } from '../ids.ts';
import type { Runtime } from '../runtime.ts';
import type { AssetList } from './asset-list.ts';
import { cell } from './cell.ts';
import type { OwnedDocumentModel } from './work-model.ts';
import { expand, type Importable, type ImportableFile } from './dropped.ts';
import type { ImportItem, StudioSettings, Watchable } from './types.ts';

/** The importer of a studio. */
export interface Importer {
  readonly items: Watchable<readonly ImportItem[]>;
  /** Answers with the assets of the files that could be read, in order. */
  run(items: readonly Importable[]): Promise<readonly Asset[]>;
  clear(): void;
}

/** What the importer needs of the studio. */
export interface ImporterPorts {
  readonly runtime: Runtime;
  readonly list: AssetList;
  readonly document: OwnedDocumentModel;
  readonly settings: () => StudioSettings;
  readonly keepCopy: (asset: Asset, file: File) => Promise<Result<null, Failure>>;
}

/** Makes the importer. */
export function createImporter(ports: ImporterPorts): Importer {
  const { runtime, list, document } = ports;
  const items = cell<readonly ImportItem[]>([]);
  let queue: Promise<unknown> = Promise.resolve();

  const change = (id: string, next: Partial<ImportItem>): void => {
    items.set(items.get().map((item) => (item.id === id ? { ...item, ...next } : item)));
  };

  const importOne = async (id: string, input: ImportableFile): Promise<Asset | null> => {
    change(id, { state: 'reading' });
    const file = await fileOf(input);
    if (!file.ok) {
      change(id, { state: 'failed', failure: file.error });
      return null;
    }
    const source: SourceRef = input instanceof Blob ? { kind: 'link' } : { kind: 'handle', handle: input };
    const result = await runtime.ingest.importFile(file.value, source);
    if (!result.ok) {
      change(id, { state: 'failed', failure: result.error });
      return null;
    }
    const { asset, outcome } = result.value;
    runtime.sources.link(asset.id, file.value);
    addToDocument(document, asset.id);
    if (asset.source === 'link' && ports.settings().keepCopies === 'always')
      await ports.keepCopy(asset, file.value);
    await list.update(asset);
    change(id, { state: outcome === 'new' ? 'done' : outcome, assetId: asset.id });
    return asset;
  };

  return {
    items,
    async run(input) {
      const files = await expand(input);
      const entries = files.map((file) => ({ id: newId<string>('import'), file }));
      items.set([
        ...items.get(),
        ...entries.map(({ id, file }): ImportItem => ({
          id,
          name: file.name.normalize('NFC'),
          state: 'waiting',
          failure: null,
          assetId: null,
        })),
      ]);
      const done = queue.then(async () => {
        const assets: Asset[] = [];
        for (const { id, file } of entries) {
          const asset = await importOne(id, file);
          if (asset !== null) assets.push(asset);
        }
        return assets;
      });
      queue = done.catch(() => undefined);
      return done;
    },
    clear() {
      items.set(items.get().filter((item) => item.state === 'waiting' || item.state === 'reading'));
    },
  };
}

/** An import is no step of undo: the file stays when a person takes back an edit. */
function addToDocument(document: OwnedDocumentModel, id: AssetId): void {
  document.amend((before) =>
    before.assetOrder.includes(id) ? before : { ...before, assetOrder: [...before.assetOrder, id] },
  );
}

async function fileOf(input: ImportableFile): Promise<Result<File, Failure>> {
  if (input instanceof Blob) return ok(input);
  try {
    return ok(await input.getFile());
  } catch (cause) {
    return err(
      failure('unsupported_media', 'unreadable_file', `"${input.name}" cannot be read.`, {
        name: input.name,
        cause: String(cause),
      }),
    );
  }
}
