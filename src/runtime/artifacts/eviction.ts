/** Which segments leave. Pure: the cache asks the store what there is, and removes what this file names. */
import type { ExportId } from '../../core/base/ids.ts';
import type { SegmentRecord } from '../contract/stores.ts';

/** What of a segment decides whether it stays. */
export type Evictable = Pick<SegmentRecord, 'key' | 'kind' | 'bytes' | 'use' | 'usedBy'>;

/**
 * What is no longer worth its place: sound as PCM, which is large and quickly made again, and then the least recently used
 * above the budget. Encoded segments are what a next export saves time with. What one of `keep` used always stays, also
 * where that alone is more than the budget.
 */
export function toSweep<T extends Evictable>(
  all: readonly T[],
  keep: ReadonlySet<ExportId>,
  budgetBytes: number,
): readonly T[] {
  const free = evictable(all, keep);
  const pcm = free.filter((segment) => segment.kind === 'pcm');
  const over = bytesOf(all) - bytesOf(pcm) - budgetBytes;
  return [
    ...pcm,
    ...firstBytes(
      free.filter((segment) => segment.kind !== 'pcm'),
      over,
    ),
  ];
}

/** The least recently used until so many bytes go, or all that nobody of `keep` used. */
export function toEvict<T extends Evictable>(
  all: readonly T[],
  bytes: number,
  keep: ReadonlySet<ExportId>,
): readonly T[] {
  return firstBytes(evictable(all, keep), bytes);
}

/** Bytes of segments together. */
export function bytesOf(segments: readonly Pick<SegmentRecord, 'bytes'>[]): number {
  return segments.reduce((sum, segment) => sum + segment.bytes, 0);
}

/** Segments that none of `keep` used. */
export function unused<T extends Pick<SegmentRecord, 'usedBy'>>(
  all: readonly T[],
  keep: ReadonlySet<ExportId>,
): T[] {
  return all.filter((segment) => !segment.usedBy.some((id) => keep.has(id)));
}

/** Least recently used first. Those of older builds that have no count yet come before all others. */
function evictable<T extends Evictable>(all: readonly T[], keep: ReadonlySet<ExportId>): T[] {
  return unused(all, keep).sort((a, b) => (a.use ?? 0) - (b.use ?? 0) || (a.key < b.key ? -1 : 1));
}

function firstBytes<T extends Evictable>(segments: readonly T[], bytes: number): T[] {
  const taken: T[] = [];
  let sum = 0;
  for (const segment of segments) {
    if (sum >= bytes) break;
    taken.push(segment);
    sum += segment.bytes;
  }
  return taken;
}
