/** Private copies and previews that nothing leads to any more: a page that is killed cannot clean up behind itself. */
import type { FileStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { readIn } from './transactions.ts';

/** Folders of files that belong to assets. Those of exports are swept by whoever knows which jobs run. */
const FOLDERS = ['sources', 'previews'] as const;

/** A file is written before its record; one that another tab writes just now changes all the time. Milliseconds. */
const AGE_MS = 24 * 3_600_000;

/**
 * Removes files of assets that no record names and that nobody has written to for a day, unfinished ones of a killed page
 * (Chromium: `.crswap`) among them. Answers the bytes that went.
 */
export async function removeOrphans(
  connection: Connection,
  files: FileStore,
  nowMs: number = Date.now(),
): Promise<number> {
  if (connection.readOnly) return 0;
  // From the stores themselves: records that this build cannot read have files too.
  const named = await readIn(connection, ['sources', 'proxies'], null, async (transaction) => {
    const [sources, proxies] = await Promise.all([
      transaction.objectStore('sources').getAll(),
      transaction.objectStore('proxies').getAll(),
    ]);
    return new Set([
      ...sources.flatMap((source) => (source.kind === 'copy' ? [source.path] : [])),
      ...proxies,
    ]);
  });
  if (named === null) return 0;
  let removed = 0;
  for (const folder of FOLDERS) {
    for (const { path, bytes } of await files.list(folder)) {
      if (named.has(path)) continue;
      const file = await files.open(path);
      // A clock that was set back makes files of the future: they wait.
      if (file === null || nowMs - file.lastModified < AGE_MS) continue;
      if ((await files.remove(path)).ok) removed += bytes;
    }
  }
  return removed;
}
