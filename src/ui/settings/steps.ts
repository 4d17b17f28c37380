/** The sizes and times that the settings offer, and how storage is shared out. Pure. */
import type { StorageUse } from '../../app/studio/types.ts';

const GB = 1_000_000_000;

/** Days that finished files may be kept; null: for ever. */
export const KEEP_DAYS: readonly (number | null)[] = [1, 3, 7, 14, 30, 90, null];
/** Budgets for everything together, bytes. */
export const BUDGETS: readonly number[] = [1, 2, 4, 8, 16, 24, 32, 64, 128, 256, 512, 1024].map(
  (n) => n * GB,
);
/** Budgets for rendered segments, bytes. */
export const CACHES: readonly number[] = [0, 0.5, 1, 2, 4, 8, 16, 32].map((n) => n * GB);

/** The steps, and among them what is chosen now, wherever it came from. */
export function stepsWith(steps: readonly number[], chosen: number): readonly number[] {
  return [...new Set([...steps, chosen])].sort((a, b) => a - b);
}

/** What takes how much of the storage in use. */
export interface Share {
  readonly what: 'results' | 'segments' | 'copies' | 'other';
  readonly bytes: number;
}

/** The shares of what is in use; what is not known of it is "other". */
export function sharesOf({ usedBytes, resultBytes, segmentBytes, copyBytes }: StorageUse): readonly Share[] {
  const known = resultBytes + segmentBytes + copyBytes;
  return [
    { what: 'results', bytes: resultBytes },
    { what: 'segments', bytes: segmentBytes },
    { what: 'copies', bytes: copyBytes },
    { what: 'other', bytes: Math.max(0, (usedBytes ?? known) - known) },
  ];
}
