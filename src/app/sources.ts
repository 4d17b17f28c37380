/** From an asset to its bytes: handle, private copy, or a file that the person chose while the page lives. */
import { failure, type Failure } from '../core/base/failure.ts';
import type { AssetId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Asset } from '../core/schema/asset.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import { createWaiters } from './waiters.ts';

/** Whether the bytes can be reached now: `ask` wants a click, `missing` wants the file again. */
export type SourceAccess = 'ready' | 'ask' | 'missing';

/** Finds sources. */
export interface Sources {
  /** The file, proven by its fingerprint to be the one imported. `source_missing`, `media_changed`. */
  open(asset: Asset): Promise<Result<File, Failure>>;
  access(asset: Asset): Promise<SourceAccess>;
  /** A file that was chosen: known to all instances of the page over this database, until the page goes. */
  link(id: AssetId, file: File): void;
  /** Asks for permission to read again; needs a click. */
  grant(asset: Asset): Promise<Result<null, Failure>>;
  /** Resolves when any source was linked or granted, or the signal fires. */
  arrives(signal: AbortSignal): Promise<void>;
  forget(id: AssetId): void;
}

const missing = (asset: Asset): Failure =>
  failure('source_missing', 'source_missing', `"${asset.name}" has to be chosen again.`, {
    name: asset.name,
  });

/** What is known of a database's sources for as long as the page lives. */
interface PageSources {
  /** Files that were chosen, whichever instance they were given to. */
  readonly files: Map<AssetId, File>;
  /** Whoever waits for one. */
  readonly waiters: ReturnType<typeof createWaiters>;
}

/** By the name of the database: a page that closes its instance and opens another still has the files that it was given. */
const pageSources = new Map<string, PageSources>();

function sourcesOf(database: string): PageSources {
  let known = pageSources.get(database);
  if (known === undefined) {
    known = { files: new Map(), waiters: createWaiters() };
    pageSources.set(database, known);
  }
  return known;
}

/** Makes the finder over the stores. `fingerprint` proves that a reopened file is the one imported. */
export function createSources(
  database: string,
  stores: Pick<Stores, 'assets' | 'files'>,
  fingerprint: (file: File) => Promise<Result<string, Failure>>,
): Sources {
  const page = sourcesOf(database);
  const { waiters } = page;
  const linked = new Map<AssetId, File>();

  const locate = async (asset: Asset): Promise<File | null> => {
    const here = linked.get(asset.id);
    if (here !== undefined) return here;
    // A way that leads to the file as it is now comes before what another instance of the page was given.
    return (await byStoredWay(asset)) ?? page.files.get(asset.id) ?? null;
  };

  const byStoredWay = async (asset: Asset): Promise<File | null> => {
    const source = await stores.assets.source(asset.id);
    if (source === null || source.kind === 'link') return null;
    if (source.kind === 'copy') return stores.files.open(source.path);
    try {
      if ((await permissionOf(source.handle)) !== 'granted') return null;
      return await source.handle.getFile();
    } catch {
      return null;
    }
  };

  const prove = async (asset: Asset, file: File): Promise<Result<File, Failure>> => {
    // Every time: it reads 768 KiB, and time stamps cannot be trusted (files in private storage keep theirs).
    const print = await fingerprint(file);
    if (!print.ok) {
      // The handle is still there but the file behind it is not: the same as a file that was never chosen.
      return print.error.reason === 'unreadable_file' ? err(missing(asset)) : print;
    }
    if (print.value !== asset.fingerprint) {
      return err(
        failure(
          'media_changed',
          'source_changed',
          `"${asset.name}" is no longer the file that was imported.`,
          {
            name: asset.name,
          },
        ),
      );
    }
    return ok(file);
  };

  return {
    async open(asset) {
      const file = await locate(asset);
      if (file === null) return err(missing(asset));
      return prove(asset, file);
    },
    async access(asset) {
      if (linked.has(asset.id) || page.files.has(asset.id)) return 'ready';
      const source = await stores.assets.source(asset.id);
      if (source === null || source.kind === 'link') return 'missing';
      if (source.kind === 'copy')
        return (await stores.files.open(source.path)) === null ? 'missing' : 'ready';
      const permission = await permissionOf(source.handle).catch(() => 'denied');
      if (permission !== 'granted') return permission === 'prompt' ? 'ask' : 'missing';
      return source.handle.getFile().then(
        () => 'ready',
        () => 'missing',
      );
    },
    link(id, file) {
      linked.set(id, file);
      page.files.set(id, file);
      waiters.wake();
    },
    async grant(asset) {
      const source = await stores.assets.source(asset.id);
      if (source?.kind !== 'handle') return err(missing(asset));
      const answer = await requestPermission(source.handle).catch(() => 'denied');
      if (answer !== 'granted') return err(missing(asset));
      waiters.wake();
      return ok(null);
    },
    arrives: (signal) => waiters.wait(signal),
    forget(id) {
      linked.delete(id);
      page.files.delete(id);
    },
  };
}

/** Handles in private storage (and in browsers without permissions) are always readable. */
async function permissionOf(handle: FileSystemFileHandle): Promise<PermissionState> {
  return 'queryPermission' in handle ? handle.queryPermission({ mode: 'read' }) : 'granted';
}

async function requestPermission(handle: FileSystemFileHandle): Promise<PermissionState> {
  return 'requestPermission' in handle ? handle.requestPermission({ mode: 'read' }) : 'granted';
}
