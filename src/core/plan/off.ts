/** What an export took beside what it was expected to take. Pure. */
import type { Export, ExportActual } from '../schema/export.ts';

/** The share of its time that an export may have worked beside others and still count as alone. */
const SHARED = 0.1;

/** Whether others worked beside an export for so long that its time says something of them. */
export function isShared({ sharedMs = 0, wallMs }: ExportActual): boolean {
  return sharedMs > wallMs * SHARED;
}

/** What of an estimate can be compared with what it came to. */
export type OffWhat = 'time' | 'bytes' | 'storage';

/** An estimate that was off. */
export interface Off {
  readonly what: OffWhat;
  readonly estimated: number;
  readonly actual: number;
  /** How much more (or less, below 0) it was than estimated, as a share of the estimate: 0.5 is half as much again. */
  readonly by: number;
}

/** An estimate is off when it misses by more than this share. */
export const OFF_SHARE = 0.2;

/** Whether what an export took can be held against its estimate: it found the steps that it was told, no others. */
export function isComparable({
  estimate,
  actual,
  receipts,
}: Pick<Export, 'estimate' | 'actual' | 'receipts'>): boolean {
  return actual !== null && receipts.filter(({ reused }) => reused).length === (estimate.reused ?? 0);
}

/**
 * Where an export's estimate was off by more than a fifth. Time and storage are not held against it when other steps were there
 * than it was told; nor is time when other exports worked beside this one: the estimate is of an export alone.
 */
export function isOff(record: Pick<Export, 'estimate' | 'actual' | 'receipts'>): readonly Off[] {
  const { estimate, actual } = record;
  if (actual === null) return [];
  const off = (what: OffWhat, estimated: number, found: number | undefined): Off[] => {
    if (found === undefined || estimated <= 0) return [];
    const by = found / estimated - 1;
    return Math.abs(by) > OFF_SHARE ? [{ what, estimated, actual: found, by }] : [];
  };
  const isWhole = isComparable(record);
  return [
    ...(isWhole && !isShared(actual) ? off('time', estimate.wallMs, actual.wallMs) : []),
    ...off('bytes', estimate.bytes, actual.bytes),
    ...(isWhole ? off('storage', estimate.storageBytes, actual.storageBytes) : []),
  ];
}
