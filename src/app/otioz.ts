/** Bundles of OpenTimelineIO (`.otioz`): a time line and its films in one ZIP. */
import type { Failure } from '../core/base/failure.ts';
import type { AssetId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Loss, WriteInput } from '../core/interchange/model.ts';
import type { ZipEntry } from '../runtime/contract/zip.ts';
import { browserClock } from './clock.ts';
import { assetOf, type Runtime } from './runtime.ts';
import { createPacker } from './writers.ts';

/** Readers and writers are loaded when somebody needs one. */
const bundles = () => import('../core/interchange/otio-bundle.ts');
/** Longest time line that is read, bytes. */
const MAX_CONTENT_BYTES = 256_000_000;
/** Where a bundle lies until the next one is written. */
const FOLDER = 'otioz';

/** Whether a file is a ZIP, by its first bytes. */
export async function isZip(file: Blob): Promise<boolean> {
  const [p, k, three, four] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return p === 0x50 && k === 0x4b && three === 3 && four === 4;
}

/** The time line's text of a bundle. `invalid_spec` for a ZIP that is none. */
export async function readOtioz(runtime: Runtime, file: Blob): Promise<Result<string, Failure>> {
  const { isOtioz, otiozContent, OTIOZ_CONTENT } = await bundles();
  const listing = await runtime.zip.call((api) => api.list(file));
  if (!listing.ok) return listing;
  const names = listing.value.map(({ name }) => name);
  if (!isOtioz(names)) {
    return err({
      code: 'invalid_spec',
      reason: 'unknown_format',
      message: 'The ZIP is neither a review nor a time line.',
    });
  }
  const texts: { name: string; text: string }[] = [];
  for (const name of names.filter((one) => one === OTIOZ_CONTENT || one === 'version.txt')) {
    const entry = await runtime.zip.call((api) => api.read(file, name, MAX_CONTENT_BYTES));
    if (!entry.ok) return entry;
    texts.push({ name, text: await entry.value.text() });
  }
  return otiozContent(texts);
}

/** Writes a bundle with the films in it. `source_missing` for one that is out of reach, `quota_exceeded`. */
export async function writeOtioz(
  runtime: Runtime,
  input: WriteInput,
): Promise<Result<{ readonly blob: Blob; readonly losses: readonly Loss[] }, Failure>> {
  const { otiozLayout } = await bundles();
  const layout = otiozLayout(input);
  if (!layout.ok) return layout;
  const entries: ZipEntry[] = layout.value.texts.map(({ name, text }) => ({ name, data: new Blob([text]) }));
  for (const { name, mediaId } of layout.value.media) {
    const asset = await assetOf(runtime, mediaId as AssetId);
    if (!asset.ok) return asset;
    const file = await runtime.sources.open(asset.value);
    if (!file.ok) return file;
    entries.push({ name, data: file.value });
  }
  const { files } = runtime.stores;
  await files.remove(FOLDER);
  const packed = await createPacker(runtime.zip).pack(
    { folder: `${files.root}/${FOLDER}`, name: 'bundle.zip', entries, date: browserClock.iso() },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
  if (!packed.ok) return packed;
  const file = await files.open(`${FOLDER}/bundle.zip`);
  if (file === null) {
    return err({
      code: 'storage_failed',
      reason: 'storage_unavailable',
      message: 'The bundle is not in storage.',
    });
  }
  return ok({ blob: file.slice(0, file.size, 'application/zip'), losses: layout.value.content.losses });
}
