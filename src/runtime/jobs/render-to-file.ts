/** Renders and assembles a plan without a job record: for previews, which nobody has to find again half-made. */
import type { Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { AssembleOutcome } from '../contract/assembly.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import { meterFor } from './meter.ts';
import { assembleRequest } from './pieces.ts';
import type { PlanSources } from './rendered.ts';
import { renderAll } from './render-all.ts';

/** What to render and where to. */
export interface RenderToFileInput {
  readonly ports: JobPorts;
  readonly plan: RenderPlan;
  /** Under whose name segments are kept. */
  readonly owner: ExportId;
  readonly sources: PlanSources;
  /** Full path in private storage. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/** Renders and assembles; nothing is left of the file on failure. */
export async function renderToFile(input: RenderToFileInput): Promise<Result<AssembleOutcome, Failure>> {
  const { ports, sources, signal, onProgress } = input;
  const meter = meterFor(input.plan, 0);
  const rendered = await renderAll({
    ports,
    owner: input.owner,
    plan: input.plan,
    sources,
    meter,
    signal,
    onProgress: () => {
      onProgress(meter.percent() / 100);
    },
    onStep: () => Promise.resolve(),
    onPlan: () => Promise.resolve(),
    // Nobody is asked for room: the preview then fails, and says why.
    room: (bytes, failures) => (failures === 1 ? ports.room.make(bytes) : Promise.resolve(false)),
  });
  if (!rendered.ok) return rendered;
  return ports.assembler.assemble(assembleRequest(rendered.value.plan, sources, rendered.value, input.path), {
    signal,
    onProgress: (fraction) => {
      meter.set('assemble', fraction);
      onProgress(meter.percent() / 100);
    },
  });
}
