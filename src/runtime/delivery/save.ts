/** Handing a finished file to the person: by the browser's download, or into a file that they pick. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { uniqueFileName } from './file-name.ts';

/** What of the page a download needs; tests put in their own. */
export interface DownloadPage {
  readonly document: Pick<Document, 'createElement' | 'body'>;
  readonly URL: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
}

/** Browsers read a download's address some time after the click; none needs longer. */
const KEEP_URL_MS = 60_000;

/** Starts the browser's download of a blob. Nobody can know whether the person kept it. */
export function download(blob: Blob, name: string, page: DownloadPage = window): void {
  const url = page.URL.createObjectURL(blob);
  const anchor = page.document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.rel = 'noopener';
  anchor.style.display = 'none';
  // Firefox follows a click only on an anchor that is in the page.
  page.document.body.append(anchor);
  anchor.click();
  anchor.remove();
  page.setTimeout(() => page.URL.revokeObjectURL(url), KEEP_URL_MS);
}

/** A kind of file for the save dialog, e.g. `{ description: 'Video', accept: { 'video/mp4': ['.mp4'] } }`. */
export interface SaveType {
  readonly description: string;
  readonly accept: Readonly<Record<`${string}/${string}`, `.${string}`[]>>;
}

/** The browser's save dialog, as far as it is used. */
export type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: SaveType[];
}) => Promise<Pick<FileSystemFileHandle, 'createWritable'>>;

/** What bounds a save. */
export interface SaveOptions {
  readonly signal?: AbortSignal;
  /** 0..1. */
  readonly onProgress?: (fraction: number) => void;
  /** Tests put in their own. */
  readonly picker?: SavePicker | undefined;
}

/** How a save ended; `unavailable`: this browser, frame or moment has no save dialog, so download instead. */
export type SaveOutcome = 'saved' | 'dismissed' | 'unavailable';

/** Whether there is a save dialog. It may still refuse inside a frame of another origin. */
export function hasSavePicker(): boolean {
  return browserPicker() !== undefined;
}

/**
 * Asks for a place and streams the blob to it. Must be called by a click. Fails with `quota_exceeded` on a full
 * disk, `aborted` when the signal fires, `storage_failed` when the place cannot be written; the chosen file then
 * is as it was, because the browser puts the new one in its place only at the end.
 */
export async function saveWithPicker(
  blob: Blob,
  name: string,
  types: readonly SaveType[],
  options: SaveOptions = {},
): Promise<Result<SaveOutcome, Failure>> {
  const picker = 'picker' in options ? options.picker : browserPicker();
  if (picker === undefined) return ok('unavailable');
  const asked = await ask(() => picker({ suggestedName: name, types: [...types] }));
  if (!asked.ok) return asked;
  if (asked.value === 'dismissed' || asked.value === 'unavailable') return ok(asked.value);
  return stream(blob, asked.value, options);
}

/** Saves by the dialog where there is one and it may be shown, else by the browser's download. Must be called by a click. */
export async function saveOrDownload(
  blob: Blob,
  name: string,
  types: readonly SaveType[],
): Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>> {
  const outcome = await saveWithPicker(blob, name, types);
  if (!outcome.ok) return outcome;
  if (outcome.value !== 'unavailable') return ok(outcome.value);
  download(blob, name);
  return ok('downloaded');
}

/** The browser's dialog for a folder, as far as it is used. */
export type FolderPicker = (options: {
  readonly mode: 'readwrite';
}) => Promise<Pick<FileSystemDirectoryHandle, 'getFileHandle' | 'keys'>>;

/** A file to save. */
export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/**
 * Saves several files into a folder that the person picks, where that can be asked, else by one download each. What is in the folder
 * already stays: a new file of the same name gets a number. Must be called by a click.
 */
export async function saveAllOrDownload(
  files: readonly NamedBlob[],
  options: { readonly picker?: FolderPicker | undefined; readonly page?: DownloadPage } = {},
): Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>> {
  const picker = 'picker' in options ? options.picker : browserFolderPicker();
  const asked =
    picker === undefined ? ok('unavailable' as const) : await ask(() => picker({ mode: 'readwrite' }));
  if (!asked.ok) return asked;
  if (asked.value === 'dismissed') return ok('dismissed');
  if (asked.value === 'unavailable') {
    for (const { blob, name } of files) download(blob, name, options.page);
    return ok('downloaded');
  }
  const folder = asked.value;
  try {
    const taken: string[] = [];
    for await (const name of folder.keys()) taken.push(name);
    for (const { blob, name } of files) {
      const extension = name.slice(name.lastIndexOf('.') + 1);
      const free = uniqueFileName(name, extension, taken);
      taken.push(free);
      const saved = await stream(blob, await folder.getFileHandle(free, { create: true }), {});
      if (!saved.ok || saved.value === 'dismissed') return saved.ok ? ok('dismissed') : saved;
    }
    return ok('saved');
  } catch (error) {
    const { name, message } = asError(error);
    return err(
      failure('storage_failed', 'storage_unavailable', `The folder could not be written: ${message}`, {
        error: name,
      }),
    );
  }
}

/** Shows a dialog; it may be dismissed, or not be there to be shown. */
async function ask<T>(show: () => Promise<T>): Promise<Result<T | 'dismissed' | 'unavailable', Failure>> {
  try {
    return ok(await show());
  } catch (error) {
    const { name: kind, message } = asError(error);
    if (kind === 'AbortError') return ok('dismissed');
    // No click, or a frame of another origin. A TypeError says that the name or the types are not to its liking.
    if (kind === 'SecurityError' || kind === 'NotAllowedError' || kind === 'TypeError')
      return ok('unavailable');
    return err(
      failure('storage_failed', 'storage_unavailable', `The save dialog failed: ${message}`, { error: kind }),
    );
  }
}

async function stream(
  blob: Blob,
  handle: Pick<FileSystemFileHandle, 'createWritable'>,
  { signal, onProgress }: SaveOptions,
): Promise<Result<SaveOutcome, Failure>> {
  let done = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      done += chunk.byteLength;
      onProgress?.(Math.min(1, done / blob.size));
    },
  });
  try {
    signal?.throwIfAborted();
    const writable = await handle.createWritable();
    // A pipe that fails or is stopped aborts the writable, and with it what was written.
    await blob
      .stream()
      .pipeThrough(counter)
      .pipeTo(writable, signal === undefined ? {} : { signal });
    return ok('saved');
  } catch (error) {
    if (signal?.aborted === true) return err(failure('aborted', 'cancelled', 'Saving was stopped.'));
    const { name, message } = asError(error);
    if (name === 'QuotaExceededError') {
      return err(
        failure('quota_exceeded', 'no_space', 'There is not enough room at that place.', { error: name }),
      );
    }
    if (name === 'NotAllowedError') {
      // The person chose a place and then refused to let the page write there.
      return ok('dismissed');
    }
    return err(
      failure('storage_failed', 'storage_unavailable', `The file could not be written: ${message}`, {
        error: name,
      }),
    );
  }
}

function browserPicker(): SavePicker | undefined {
  const { showSaveFilePicker } = globalThis as { readonly showSaveFilePicker?: SavePicker };
  // Called as a method of the window: otherwise it is an illegal invocation.
  return typeof showSaveFilePicker === 'function'
    ? (options) => showSaveFilePicker.call(globalThis, options)
    : undefined;
}

function browserFolderPicker(): FolderPicker | undefined {
  const { showDirectoryPicker } = globalThis as { readonly showDirectoryPicker?: FolderPicker };
  return typeof showDirectoryPicker === 'function'
    ? (options) => showDirectoryPicker.call(globalThis, options)
    : undefined;
}

function asError(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: '', message: String(error) };
}
