/** Plans an export: one plan, or for type `clips` one for each range and what they make together. */
import type { Failure } from '../core/base/failure.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { mergePlans, specOfPart } from '../core/plan/parts.ts';
import type { ExportPart } from '../core/schema/export.ts';
import type { RenderPlan } from '../core/schema/plan.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import { partNames } from '../runtime/delivery/part-names.ts';

/** What an export is made by. */
export interface PlannedExport {
  /** Of parts, all of them together. */
  readonly plan: RenderPlan;
  readonly parts?: readonly ExportPart[];
}

/** Plans one file. */
export type PlanOne = (spec: CheckedSpec) => Promise<Result<RenderPlan, Failure>>;

/**
 * Plans an export. A range that cannot be planned does not stop the others: it is a part that has failed from the start.
 * Fails when none can.
 */
export async function planWhole(
  planOne: PlanOne,
  spec: CheckedSpec,
): Promise<Result<PlannedExport, Failure>> {
  if (spec.type !== 'clips') {
    const plan = await planOne(spec);
    return plan.ok ? ok({ plan: plan.value }) : plan;
  }
  const names = partNames(
    spec.segments.map(({ label }) => label),
    spec.name,
    spec.format,
  );
  const parts: ExportPart[] = [];
  for (const position of spec.segments.keys()) {
    const planned = await planOne(specOfPart(spec, position));
    parts.push({
      position,
      name: names[position] ?? '',
      plan: planned.ok ? planned.value : null,
      status: planned.ok ? 'pending' : 'failed',
      error: planned.ok ? null : placed(planned.error, position),
      deviations: planned.ok ? planned.value.deviations : [],
      certificate: null,
      file: null,
      entry: null,
    });
  }
  const first = parts[0]?.error ?? null;
  if (first !== null && parts.every(({ error }) => error !== null)) return err(first);
  return ok({ plan: mergePlans(spec, parts), parts });
}

/** Planned alone, a range is the first one; people count in the whole. */
function placed(error: Failure, position: number): Failure {
  if (error.details?.['position'] === undefined) return error;
  return { ...error, details: { ...error.details, position: position + 1 } };
}
