/** Where the files of an export's parts lie, and what stays of an export that was delivered while the rest of it is made. */
import { failure } from '../../core/base/failure.ts';
import { deviationsOfPart, mergePlans } from '../../core/plan/parts.ts';
import type { Export, ExportPart } from '../../core/schema/export.ts';
import type { FileStore } from '../contract/stores.ts';
import { exportFolder } from './run-context.ts';

/** A part's finished file: its own, or the stretch of the ZIP that it is. Null where neither is there any more. */
export async function partData(
  files: Pick<FileStore, 'open'>,
  record: Pick<Export, 'files'>,
  { file, entry }: ExportPart,
): Promise<Blob | null> {
  if (file !== null) {
    const own = await files.open(file.path);
    return own?.size === file.bytes ? own : null;
  }
  const zip = entry === null ? undefined : record.files[0];
  if (entry === null || zip === undefined) return null;
  const packed = await files.open(zip.path);
  return packed?.size === zip.bytes ? packed.slice(entry.at, entry.at + entry.bytes) : null;
}

/** A folder for the ZIP in which the one that is there does not lie. */
export function zipFolder({ id, files }: Pick<Export, 'id' | 'files'>): string {
  const [one, other] = [`${exportFolder(id)}/zip-1`, `${exportFolder(id)}/zip-2`] as const;
  return files.some(({ path }) => path.startsWith(`${one}/`)) ? other : one;
}

/** Parts that are to be made (again); what is finished stays. Why one failed stays written until it has its file. */
export function partsAgain(parts: readonly ExportPart[]): readonly ExportPart[] {
  return parts.map((part) => (part.status === 'failed' ? { ...part, status: 'pending' } : part));
}

/**
 * An export that was delivered before the rest of it was tried again, as it was: whatever ends that, what was delivered stays.
 * Null for any other.
 */
export function asDelivered(record: Export): Partial<Export> | null {
  const { parts, files, spec } = record;
  if (parts === undefined || files.length === 0) return null;
  const before = parts.map((part): ExportPart => {
    if (part.entry !== null) return part;
    const error = part.error ?? failure('aborted', 'cancelled', 'The clip was not made.');
    return { ...part, status: 'failed', error, certificate: null, file: null };
  });
  return {
    status: 'completed',
    percent: 100,
    waitingFor: null,
    paused: false,
    error: null,
    parts: before,
    plan: mergePlans(spec, before),
    deviations: before.flatMap(deviationsOfPart),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
