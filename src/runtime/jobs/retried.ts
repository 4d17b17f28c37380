/** An export that goes back into the queue. Pure. */
import { mergePlans } from '../../core/plan/parts.ts';
import type { Export } from '../../core/schema/export.ts';
import { partsAgain } from './part-files.ts';
import { isGone } from './records.ts';

/** What a job has that nothing was done of yet. */
export const FRESH = {
  stage: 'preparing',
  percent: 0,
  startedAt: null,
  completedAt: null,
  bytes: 0,
  files: [],
  waitingFor: null,
  error: null,
  receipts: [],
  actual: null,
  certificate: null,
  expiresAt: null,
} as const;

/**
 * The record of an export that is tried again; null where there is nothing to try. One whose file is no longer kept is made anew. Of one that was delivered without some of its
 * parts, the file and what is known of it stay until there is a better one.
 */
export function retried(stored: Export): Export | null {
  const { parts, spec, files, bytes, receipts, actual } = stored;
  const isDelivered = stored.status === 'completed' && !isGone(stored);
  if (isDelivered && parts?.some(({ status }) => status === 'failed') !== true) return null;
  const kept = isDelivered ? { files, bytes, receipts, actual } : {};
  const fresh: Export = { ...stored, status: 'pending', ...FRESH, ...kept };
  if (parts === undefined) return { ...fresh, deviations: stored.plan.deviations };
  const again = partsAgain(parts);
  const plan = mergePlans(spec, again);
  return { ...fresh, parts: again, plan, deviations: plan.deviations };
}
