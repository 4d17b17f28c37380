/** Makes an export job: planned, weighed against the budget, durable. The API and the studio both go through here. */
import { failure, type Failure } from '../core/base/failure.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Export, ExportOrigin } from '../core/schema/export.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import { budgetOutlook } from './budget.ts';
import { withComments } from './comments.ts';
import { askPersistenceOnce } from './persistence.ts';
import type { Runtime } from './runtime.ts';

/** Plans and makes a job. `quota_exceeded` where it does not fit even after everything was evicted that nothing needs. */
export async function makeExport(
  runtime: Runtime,
  wish: CheckedSpec,
  origin: ExportOrigin | null = null,
): Promise<Result<Export, Failure>> {
  const spec = await withComments(runtime.stores, wish);
  const planned = await runtime.plan(spec);
  if (!planned.ok) return planned;
  const { plan, parts } = planned.value;
  const fits = await checkBudget(runtime, plan.estimate.storageBytes);
  if (!fits.ok) return fits;
  const made = await runtime.jobs.create(spec, plan, origin, parts);
  // Asked when there is something to lose; whatever the answer is, the export goes on.
  if (made.ok) void askPersistenceOnce(runtime.stores);
  return made;
}

async function checkBudget(runtime: Runtime, neededBytes: number): Promise<Result<null, Failure>> {
  // Nothing can be written there anyway; the store says why.
  if (runtime.stores.readOnly) return ok(null);
  const [use, policy] = await Promise.all([runtime.storageUse(), runtime.room.policy()]);
  const { state, missingBytes } = budgetOutlook(use, policy, neededBytes);
  if (state === 'fine' || state === 'soft') return ok(null);
  // Expired results are the one thing that the outlook does not count on.
  if ((await runtime.room.dropResults('expired', missingBytes)) >= missingBytes) return ok(null);
  const mb = (bytes: number): string => String(Math.ceil(bytes / 1e6));
  return err(
    failure(
      'quota_exceeded',
      'no_space',
      `The export needs about ${mb(neededBytes)} MB of storage; ${mb(missingBytes)} MB have to be freed first.`,
      { neededBytes, missingBytes, budget: state },
    ),
  );
}
