/** Which steps of a plan have their segments already, from an earlier export or an earlier take: for estimates, and to spare the sound's decoding. */
import type { AssetId } from '../../core/base/ids.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { PlanStep, RenderPlan } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import type { Renderer, RenderJob } from '../contract/renderer.ts';
import { jobFor } from './job-for.ts';
import type { PlanSources } from './rendered.ts';

type Ports = Pick<JobPorts, 'cache' | 'engines'>;

/** The sound of a plan, as it would be found. */
export interface SoundKeys {
  readonly step: PlanStep;
  /** The steps that decode it, which need not be done where it is there. */
  readonly decoded: readonly PlanStep[];
  /** By rung, best first. */
  readonly keys: readonly { readonly rung: Renderer; readonly key: string }[];
}

/** Under which keys the encoded sound may lie: those of its pieces are what the first engine for each would give. Null without any. */
export async function soundKeys(
  { cache, engines }: Ports,
  plan: Pick<RenderPlan, 'steps' | 'output'>,
  sources: PlanSources,
): Promise<SoundKeys | null> {
  const step = plan.steps.find((candidate) => candidate.kind === 'encode-audio');
  if (step === undefined || plan.output.audio === null) return null;
  const decoded = plan.steps.filter((candidate) => candidate.kind === 'decode-audio');
  const pieces: string[] = [];
  for (const piece of decoded) {
    const job = jobFor(plan, sources, piece, new Map());
    const [rung] = await engines.rungsFor(job);
    if (rung === undefined) return null;
    pieces.push(cache.keyOf(rung.keyMaterial(job)));
  }
  const job: RenderJob = { kind: 'audio', step, settings: plan.output.audio, pcm: new Blob(), pieces };
  const keys = (await engines.rungsFor(job)).map((rung) => ({
    rung,
    key: cache.keyOf(rung.keyMaterial(job)),
  }));
  return { step, decoded, keys };
}

/**
 * The steps of a plan that are there, with the bytes of their segments. Nothing is read but records: a segment that turns out to be
 * damaged is rendered again after all.
 */
export async function reusableSteps(
  ports: Ports,
  plan: Pick<RenderPlan, 'steps' | 'output'>,
  assets: ReadonlyMap<AssetId, { readonly asset: Asset }>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  // On a machine that has nothing yet no engine has to be asked what it can do.
  if (await ports.cache.isEmpty()) return found;
  const unread = new File([], '');
  const sources: PlanSources = new Map([...assets].map(([id, { asset }]) => [id, { asset, file: unread }]));
  const look = async (keys: readonly string[]): Promise<number | null> => {
    for (const key of keys) {
      const bytes = await ports.cache.sizeOf(key);
      if (bytes !== null) return bytes;
    }
    return null;
  };
  const sound = await soundKeys(ports, plan, sources);
  const encoded = sound === null ? null : await look(sound.keys.map(({ key }) => key));
  if (sound !== null && encoded !== null) {
    found.set(sound.step.id, encoded);
    for (const { id } of sound.decoded) found.set(id, 0);
  }
  for (const step of plan.steps) {
    const isRendered = step.kind === 'encode-video' || step.kind === 'decode-audio';
    if (!isRendered || found.has(step.id)) continue;
    const job = jobFor(plan, sources, step, new Map());
    const rungs = await ports.engines.rungsFor(job);
    const bytes = await look(rungs.map((rung) => ports.cache.keyOf(rung.keyMaterial(job))));
    if (bytes !== null) found.set(step.id, bytes);
  }
  return found;
}
