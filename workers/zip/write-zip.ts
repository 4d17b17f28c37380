/** Writes files into a ZIP, piece by piece: memory stays flat however long they are. */
import { makeZip } from 'client-zip';
import type { ZipRequest } from '../../src/runtime/contract/zip.ts';

/**
 * Writes a ZIP with every file stored as it is: pictures and sound do not get smaller. Sizes beyond 4 GiB are ZIP64.
 *
 * @param write puts the next bytes behind those before; throws `QuotaExceededError` when the disk is full
 * @returns how many bytes were written
 */
export async function writeZip(
  { entries, date }: Pick<ZipRequest, 'entries' | 'date'>,
  write: (piece: Uint8Array<ArrayBuffer>, at: number) => void,
): Promise<number> {
  const lastModified = localTime(date);
  const zip = makeZip(
    entries.map(({ name, data }) => ({ name, input: data, size: data.size, lastModified })),
  );
  const reader = zip.getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return at;
      write(value as Uint8Array<ArrayBuffer>, at);
      at += value.byteLength;
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    throw cause;
  }
}

/** ZIPs write down what the clock on the wall shows. Here that is UTC's, or the same export made different bytes elsewhere. */
function localTime(iso: string): Date {
  const utc = new Date(iso);
  return new Date(
    utc.getUTCFullYear(),
    utc.getUTCMonth(),
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  );
}
