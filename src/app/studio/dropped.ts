/** What a drop or a chosen folder holds: files and handles, folders walked. */

/** Something that can be imported or walked. */
export type Importable = File | FileSystemFileHandle | FileSystemDirectoryHandle;
/** Something that can be imported. */
export type ImportableFile = File | FileSystemFileHandle;

/** Deepest folder that is walked: a loop of links must not hang the page. */
const MAX_DEPTH = 12;
/** Most files taken from one drop. */
const MAX_FILES = 5_000;

/** Files that systems leave in every folder. */
function isNoise(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';
}

/** All files below a folder, by name. */
export async function walkFolder(
  folder: FileSystemDirectoryHandle,
  depth = 0,
): Promise<FileSystemFileHandle[]> {
  const entries: (FileSystemFileHandle | FileSystemDirectoryHandle)[] = [];
  for await (const entry of folder.values()) entries.push(entry);
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const files: FileSystemFileHandle[] = [];
  for (const entry of entries) {
    if (isNoise(entry.name) || files.length >= MAX_FILES) continue;
    if (entry.kind === 'file') files.push(entry);
    else if (depth < MAX_DEPTH) files.push(...(await walkFolder(entry, depth + 1)));
  }
  return files;
}

async function walkEntry(entry: FileSystemEntry, depth = 0): Promise<File[]> {
  if (isNoise(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) => {
      (entry as FileSystemFileEntry).file(resolve, () => {
        resolve(null);
      });
    });
    return file === null ? [] : [file];
  }
  if (depth >= MAX_DEPTH) return [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader answers in portions (100 in Chromium) until an empty one.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (portion.length === 0 || files.length >= MAX_FILES) return files;
    portion.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    for (const inner of portion) files.push(...(await walkEntry(inner, depth + 1)));
  }
}

/** What a drop holds. Must be called during the event: the items are gone afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly ImportableFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  // Everything is asked for before the first await.
  const asked = items.map((item) => ({
    handle:
      'getAsFileSystemHandle' in item
        ? item.getAsFileSystemHandle().catch(() => null)
        : Promise.resolve(null),
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found: ImportableFile[] = [];
  for (const { handle, entry, file } of asked) {
    const ready = await handle;
    if (ready?.kind === 'file') found.push(ready as FileSystemFileHandle);
    else if (ready?.kind === 'directory')
      found.push(...(await walkFolder(ready as FileSystemDirectoryHandle)));
    else if (entry?.isDirectory === true) found.push(...(await walkEntry(entry)));
    else if (file !== null) found.push(file);
  }
  return found.slice(0, MAX_FILES);
}

/** Folders walked, files as they are. */
export async function expand(items: readonly Importable[]): Promise<readonly ImportableFile[]> {
  const files: ImportableFile[] = [];
  for (const item of items) {
    if (item instanceof Blob || item.kind === 'file') files.push(item);
    else files.push(...(await walkFolder(item)));
  }
  return files.slice(0, MAX_FILES);
}
