import { useEffect, useState } from 'react';
import type { Failure } from '../../core/base/failure.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { ExportSpec } from '../../core/schema/spec.ts';
import { asFailure, useSettled, useSurroundings } from '../workspace/context.tsx';

/** A plan as the panel shows it. */
export interface PlanState {
  /** The spec that `plan` or `failure` belongs to. */
  readonly spec: ExportSpec | null;
  readonly plan: RenderPlan | null;
  readonly failure: Failure | null;
}

const NOTHING: PlanState = { spec: null, plan: null, failure: null };

/** The plan of a spec; the last one stays on display while the next is made. Null specs have no plan. */
export function usePlan(spec: ExportSpec | null): PlanState & { readonly loading: boolean } {
  const { studio } = useSurroundings();
  const settled = useSettled(spec, 250);
  const [state, setState] = useState<PlanState>(NOTHING);
  useEffect(() => {
    if (settled === null) return;
    let current = true;
    studio.client.planExport(settled).then(
      (plan) => {
        if (current) setState({ spec: settled, plan, failure: null });
      },
      (error: unknown) => {
        if (current) setState({ spec: settled, plan: null, failure: asFailure(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [studio, settled]);
  if (spec === null) return { ...NOTHING, loading: false };
  return { ...state, loading: state.spec !== spec };
}
