/** Files in private storage that a worker writes itself. */

/** A file that is open for writing. */
export interface OpfsFile {
  readonly access: FileSystemSyncAccessHandle;
  /** Removes the file; it has to be closed first. */
  readonly remove: () => Promise<void>;
}

/** The folder of a path, made where it is missing. */
export async function opfsFolder(parts: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let folder = await navigator.storage.getDirectory();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  return folder;
}

/** The names on the way of a path. */
export function pathParts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
}

/** Opens a file and empties it; leaves none behind where that fails: a full disk may refuse even that. */
export async function openEmptyFile(folder: FileSystemDirectoryHandle, name: string): Promise<OpfsFile> {
  const file = await folder.getFileHandle(name, { create: true });
  const remove = (): Promise<void> => folder.removeEntry(name).catch(() => undefined);
  let access: FileSystemSyncAccessHandle | null = null;
  try {
    access = await file.createSyncAccessHandle();
    access.truncate(0);
    return { access, remove };
  } catch (cause) {
    access?.close();
    await remove();
    throw cause;
  }
}

/** Writes; a full disk may also show as a short write. */
export function writeAll(access: FileSystemSyncAccessHandle, data: BufferSource, at: number): void {
  if (access.write(data, { at }) < data.byteLength) {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  }
}
