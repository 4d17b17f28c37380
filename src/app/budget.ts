/** What storage holds, and whether an export still fits. Pure. */
import type { ExportId } from '../core/base/ids.ts';
import { budgetState, type StoragePolicy } from '../core/schema/storage-policy.ts';
import { bytesOf, unused } from '../runtime/artifacts/eviction.ts';
import type { SegmentRecord } from '../runtime/contract/stores.ts';

/** What private storage holds, bytes. */
export interface StorageUse {
  /** Everything together, and what the browser still gives; null where it does not say. */
  readonly usedBytes: number | null;
  readonly freeBytes: number | null;
  /** Finished files. */
  readonly resultBytes: number;
  /** Rendered segments, and how much of them nothing needs any more. */
  readonly segmentBytes: number;
  readonly evictableBytes: number;
  /** Private copies of sources, and previews. */
  readonly copyBytes: number;
}

/** How an export fits: within the budget, above the soft or the hard one, or more than the browser gives. */
export interface BudgetOutlook {
  readonly state: 'fine' | 'soft' | 'hard' | 'full';
  /** What has to be freed before it may start, bytes. */
  readonly missingBytes: number;
}

/** Bytes of segments that may be evicted: those that none of `keep` used. */
export function evictableBytes(
  segments: readonly Pick<SegmentRecord, 'bytes' | 'usedBy'>[],
  keep: ReadonlySet<ExportId>,
): number {
  return bytesOf(unused(segments, keep));
}

/** Whether an export that needs so many bytes fits. Segments that nothing needs make room by themselves. */
export function budgetOutlook(use: StorageUse, policy: StoragePolicy, neededBytes: number): BudgetOutlook {
  const { usedBytes, freeBytes } = use;
  const lacking = freeBytes === null ? 0 : neededBytes - freeBytes - use.evictableBytes;
  if (lacking > 0) return { state: 'full', missingBytes: lacking };
  if (usedBytes === null) return { state: 'fine', missingBytes: 0 };
  const then = Math.max(0, usedBytes - use.evictableBytes) + neededBytes;
  const state = budgetState(policy, then);
  return { state, missingBytes: state === 'hard' ? then - policy.hardBytes : 0 };
}
