/** Review files: a review as one file to hand to somebody, and what comes back put together with what is here. */
import type { Failure } from '../../core/base/failure.ts';
import type { AnnotationId, AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { mergeReview, newClips } from '../../core/project/merge-review.ts';
import { footageForbidden, type Access } from '../../core/project/roles.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import { byTime } from '../../core/schema/annotation.ts';
import type { Asset } from '../../core/schema/asset.ts';
import {
  MAX_MANIFEST_BYTES,
  readFrameIndex,
  readReviewManifest,
  REVIEW_EXTENSION,
  REVIEW_FILE_VERSION,
  REVIEW_MANIFEST,
  writeFrameIndex,
  type ReviewManifest,
} from '../../core/schema/review-file.ts';
import type { ZipEntry, ZipListing } from '../../runtime/contract/zip.ts';
import { safeFileName } from '../../runtime/delivery/file-name.ts';
import { saveOrDownload } from '../../runtime/delivery/save.ts';
import { browserClock } from '../clock.ts';
import { keepCopy } from '../keep-copy.ts';
import { newId } from '../ids.ts';
import type { Runtime } from '../runtime.ts';
import { createPacker } from '../writers.ts';
import type { AssetList } from './asset-list.ts';
import { cell } from './cell.ts';
import type { ReviewFiles, ReviewOpened } from './types.ts';
import type { WorkModel } from './work-model.ts';

/** Where the file that is handed over lies until the page is opened the next time. */
const FOLDER = 'handover';
/** Posters and indexes that are taken out of a review, bytes at most. */
const MAX_POSTER_BYTES = 20_000_000;
const MAX_INDEX_BYTES = 200_000_000;

/** What review files need of the studio. */
export interface ReviewFilePorts {
  readonly runtime: Runtime;
  readonly list: AssetList;
  readonly work: Pick<WorkModel, 'document' | 'review' | 'flush'>;
  readonly author: () => string;
  readonly access: Access;
}

type AssetEntry = ReviewManifest['assets'][number];

/** Makes the reader and writer. */
export function createReviewFiles({ runtime, list, work, author, access }: ReviewFilePorts): ReviewFiles {
  const { stores } = runtime;

  const partsOf = async (
    asset: Asset,
    video: 'none' | 'preview' | 'original',
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Result<{ readonly entry: AssetEntry; readonly files: readonly ZipEntry[] }, Failure>> => {
    const files: ZipEntry[] = [];
    const add = (name: string, data: Blob): string => {
      files.push({ name, data });
      return name;
    };
    const poster = await stores.assets.poster(asset.id);
    const index = await stores.assets.frameIndex(asset.id);
    let preview: string | null = null;
    let media: string | null = null;
    if (video === 'original') {
      const file = await runtime.sources.open(asset);
      if (!file.ok) return file;
      media = add(`media/${asset.id}`, file.value);
    }
    if (video === 'preview') {
      const file = await runtime.preview(asset, signal, onProgress);
      if (!file.ok) return file;
      preview = add(`previews/${asset.id}.mp4`, file.value);
    }
    return ok({
      entry: {
        record: asset,
        poster: poster === null ? null : add(`posters/${asset.id}.jpg`, poster),
        index: index === null ? null : add(`indexes/${asset.id}.json`, new Blob([writeFrameIndex(index)])),
        preview,
        media,
      },
      files,
    });
  };

  const write: ReviewFiles['write'] = async ({ video, signal, onProgress }) => {
    const refused = video === 'none' ? null : footageForbidden(access);
    if (refused !== null) return err(refused);
    await work.flush();
    const { document } = work.document.get();
    const assets = list.get().flatMap(({ asset }) => (document.assetOrder.includes(asset.id) ? [asset] : []));
    const entries: AssetEntry[] = [];
    const files: ZipEntry[] = [];
    for (const [position, asset] of assets.entries()) {
      const parts = await partsOf(asset, video, signal, (fraction) => {
        onProgress(((position + fraction) / assets.length) * 0.8);
      });
      if (!parts.ok) return parts;
      entries.push(parts.value.entry);
      files.push(...parts.value.files);
    }
    const known = new Set<AssetId>(assets.map(({ id }) => id));
    const now = browserClock.iso();
    const manifest: ReviewManifest = {
      kind: 'reelkeep-review',
      version: REVIEW_FILE_VERSION,
      title: document.name,
      exportedAt: now,
      by: author(),
      assets: entries,
      clips: document.clips.filter(({ assetId }) => known.has(assetId)),
      comments: [...work.review.get().values()].filter(({ assetId }) => known.has(assetId)).sort(byTime),
    };
    await stores.files.remove(FOLDER);
    const name = safeFileName(document.name === '' ? 'Review' : document.name, REVIEW_EXTENSION);
    const packed = await createPacker(runtime.zip).pack(
      {
        folder: `${stores.files.root}/${FOLDER}`,
        name: 'review.zip',
        entries: [{ name: REVIEW_MANIFEST, data: new Blob([JSON.stringify(manifest)]) }, ...files],
        date: now,
      },
      {
        signal,
        onProgress: (fraction) => {
          onProgress(0.8 + fraction * 0.2);
        },
      },
    );
    if (!packed.ok) return packed;
    const file = await stores.files.open(`${FOLDER}/review.zip`);
    if (file === null) return err(gone());
    return ok({
      blob: file.slice(0, file.size, 'application/zip'),
      name,
      comments: manifest.comments.length,
    });
  };

  /** An asset of a review that is not here: its record, without the footage unless the review brings it. */
  const adopt = async (
    file: Blob,
    listing: ZipListing,
    { record, poster, index, preview, media }: AssetEntry,
  ): Promise<Result<Asset, Failure>> => {
    const slice = (name: string | null, type: string): Blob | null => {
      const found = listing.find((one) => one.name === name);
      return found?.at === undefined || found.at === null
        ? null
        : file.slice(found.at, found.at + found.bytes, type);
    };
    const footage = slice(media, record.type);
    if (footage !== null) {
      const whole = new File([footage], record.name, { type: record.type });
      const imported = await runtime.ingest.importFile(whole, { kind: 'link' });
      if (!imported.ok) return imported;
      runtime.sources.link(imported.value.asset.id, whole);
      const kept = await keepCopy(stores, imported.value.asset, whole);
      return kept.ok ? ok(imported.value.asset) : kept;
    }
    // Its id is somebody else's word, and ids become names of files.
    const asset: Asset = {
      ...record,
      id: newId<AssetId>('asset'),
      source: 'link',
      importedAt: browserClock.iso(),
    };
    const read = async (name: string | null, most: number): Promise<Blob | null> => {
      if (name === null) return null;
      const found = await runtime.zip.call((api) => api.read(file, name, most));
      return found.ok ? found.value : null;
    };
    const picture = await read(poster, MAX_POSTER_BYTES);
    const put = await stores.assets.put(
      asset,
      { kind: 'link' },
      picture === null ? null : picture.slice(0, picture.size, 'image/jpeg'),
    );
    if (!put.ok) return put;
    const saved = await read(index, MAX_INDEX_BYTES);
    const frames = saved === null ? null : readFrameIndex(await saved.text());
    if (frames !== null) await stores.assets.setFrameIndex(asset.id, frames);
    const copy = slice(preview, 'video/mp4');
    if (copy !== null) {
      const path = `previews/${asset.id}.mp4`;
      const written = await stores.files.write(path, copy);
      if (!written.ok) return written;
      await stores.assets.setProxy(asset.id, path);
    }
    return ok(asset);
  };

  const open: ReviewFiles['open'] = async (file) => {
    const listing = await runtime.zip.call((api) => api.list(file));
    if (!listing.ok) return listing;
    const text = await runtime.zip.call((api) => api.read(file, REVIEW_MANIFEST, MAX_MANIFEST_BYTES));
    if (!text.ok) return text;
    const manifest = readReviewManifest(await text.value.text());
    if (!manifest.ok) return manifest;
    const { assets, clips, comments, title, by } = manifest.value;
    const ours = new Map<AssetId, AssetId>();
    let adopted = 0;
    for (const entry of assets) {
      const known = await stores.assets.findByFingerprint(entry.record.fingerprint);
      const asset = known === null ? await adopt(file, listing.value, entry) : ok(known);
      if (!asset.ok) return asset;
      if (known === null) adopted += 1;
      ours.set(entry.record.id, asset.value.id);
      await list.update(asset.value);
    }
    const assetOf = (id: AssetId): AssetId | null => ours.get(id) ?? null;
    const missing = [...ours.values()].filter((id) => !work.document.get().document.assetOrder.includes(id));
    if (missing.length > 0) {
      work.document.amend((before) => ({
        ...before,
        assetOrder: [...new Set([...before.assetOrder, ...missing])],
      }));
    }
    const merged = mergeReview(work.review.get(), comments, assetOf);
    const merge = newId<string>('merge');
    const added = work.review.dispatch(
      { type: 'addComments', comments: [...merged.added, ...merged.changed] },
      { merge },
    );
    if (!added.ok) return added;
    const fresh = newClips(work.document.get().document.clips, clips, assetOf);
    for (const clip of fresh) work.document.dispatch({ type: 'addClip', clip }, { merge });
    if (work.document.get().document.name === '' && title !== '') {
      work.document.dispatch({ type: 'renameProject', name: title }, { merge });
    }
    await work.flush();
    const report: ReviewOpened = {
      title,
      by,
      added: merged.added.length,
      changed: merged.changed.length,
      same: merged.same,
      homeless: merged.homeless,
      conflicts: merged.conflicts,
      assets: adopted,
      clips: fresh.length,
    };
    return ok(report);
  };

  const settle: ReviewFiles['settle'] = ({ here, theirs }, choice) => {
    const basis = theirs.updatedAt;
    const now = work.review.get().get(here.id) ?? here;
    const comments: Record<typeof choice, readonly Annotation[]> = {
      mine: [{ ...now, basis }],
      theirs: [{ ...theirs, replies: now.replies }],
      // Theirs stands beside ours as a comment of its own.
      both: [
        { ...now, basis },
        { ...theirs, id: newId<AnnotationId>('annotation'), replies: [], basis: undefined },
      ],
    };
    return work.review.dispatch({ type: 'addComments', comments: comments[choice] });
  };

  const opened = cell<Result<ReviewOpened, Failure> | null>(null);
  return {
    write,
    async open(file) {
      const result = await open(file);
      opened.set(result);
      return result;
    },
    save: ({ blob, name }) =>
      saveOrDownload(blob, name, [
        { description: 'Reelkeep', accept: { 'application/zip': [`.${REVIEW_EXTENSION}`] } },
      ]),
    opened,
    dismiss: () => {
      opened.set(null);
    },
    settle,
  };
}

function gone(): Failure {
  return {
    code: 'storage_failed',
    reason: 'storage_unavailable',
    message: 'The review file is not in storage.',
  };
}

/** The first entry of a ZIP, at its very start: `review.json` for our files, whatever they are called. */
export async function isReviewFile(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 30 + REVIEW_MANIFEST.length).arrayBuffer());
  const [p, k, three, four] = head;
  if (p !== 0x50 || k !== 0x4b || three !== 3 || four !== 4) return false;
  return new TextDecoder().decode(head.slice(30)) === REVIEW_MANIFEST;
}
