/**
 * How the files of a bundle are put into ZIPs. Many unpackers, and the file systems of many sticks, end at 4 GiB: what would be
 * larger becomes numbered volumes, each a ZIP by itself. Pure.
 */

/** Where ZIPs without ZIP64 end, and a margin for what nobody counts to the byte. */
export const VOLUME_BYTES = 4 * 1024 ** 3 - 16 * 1024 ** 2;

/** A file to put in. */
export interface VolumeFile {
  readonly name: string;
  readonly bytes: number;
}

/** What an entry takes in a ZIP beside its bytes and twice its name: headers, descriptor, ZIP64 fields. */
const ENTRY_BYTES = 160;
/** A line of the manifest beside the name, and what stands around the lines. */
const MANIFEST_ROW_BYTES = 220;
const MANIFEST_BYTES = 4096;

/** UTF-8 takes at most three bytes for a unit of text. */
const nameBytes = (name: string): number => 3 * name.length;

/** What the manifest takes, which lies in every volume. Never less than it really is. */
export function manifestBytes(files: readonly VolumeFile[]): number {
  return files.reduce((sum, { name }) => sum + MANIFEST_ROW_BYTES + 2 * nameBytes(name), MANIFEST_BYTES);
}

/**
 * Shares files out among volumes, in their order. None is larger than the limit, but for one that holds a single file which is
 * larger by itself: such a ZIP is ZIP64.
 *
 * @param limit bytes of the largest ZIP
 */
export function planVolumes<F extends VolumeFile>(
  files: readonly F[],
  limit: number = VOLUME_BYTES,
): readonly (readonly F[])[] {
  const room = limit - manifestBytes(files) - ENTRY_BYTES;
  const volumes: F[][] = [];
  let filled = Infinity;
  for (const file of files) {
    const bytes = file.bytes + ENTRY_BYTES + 2 * nameBytes(file.name);
    if (filled + bytes > room) {
      volumes.push([]);
      filled = 0;
    }
    volumes.at(-1)?.push(file);
    filled += bytes;
  }
  return volumes;
}
