/**
 * Made-up machines that "run" exports: what a step takes there is known, so that what is learned can be held against it.
 * Written apart from the model that learns: lanes are walked in small steps of time, costs have parts that the model
 * knows nothing of.
 */
import type { ExportId } from '../../../src/core/base/ids.ts';
import type { Export, Receipt } from '../../../src/core/schema/export.ts';
import type { PlanStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { EXPORT_VERSION } from '../../../src/core/schema/export.ts';
import type { CheckedSpec } from '../../../src/core/schema/spec.ts';

export interface Machine {
  readonly lanes: number;
  readonly rung: string;
  /** Millions of pixels per second of one worker alone. */
  readonly encodes: number;
  readonly decodes: number;
  readonly startMs: number;
  /** Seconds of sound per second. */
  readonly sound: number;
  /** Throughput of all lanes together, in workers. */
  readonly worth: number;
  /** Megabytes written or read per second, and what comes on top. */
  readonly disk: number;
  readonly besideMs: number;
  /** Steps differ by this share either way, and so do whole jobs. */
  readonly noise: number;
  /** How much slower the machine is at job `n`. */
  readonly slower?: (n: number) => number;
}

/** Random numbers 0..1 that are the same every time. */
export function seeded(seed: number): () => number {
  let state = (seed * 2654435761 + 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a step takes on a worker that has the machine to itself. */
function stepMs(machine: Machine, step: PlanStep, plan: RenderPlan): number {
  const settings = plan.output.video?.settings;
  if (step.kind === 'encode-video' && settings !== undefined) {
    const source = plan.clips[step.clip]?.source?.pixels ?? 0;
    const lead = (Math.max(0, step.firstFrameUs - step.seekUs) / 1e6) * settings.fps;
    const slower = settings.codec === 'vp9' ? 2.5 : 1;
    const encoded = (settings.width * settings.height * step.frames * slower) / machine.encodes;
    const decoded = (source * (step.frames + lead)) / machine.decodes;
    // Small pictures cost a little each, whatever their size.
    return machine.startMs + (encoded + decoded) / 1000 + step.frames * 0.15;
  }
  if (step.kind === 'decode-audio') return machine.startMs + (step.samples / 48 / machine.sound) * 0.3;
  if (step.kind === 'encode-audio') return 2 * machine.startMs + step.samples / 48 / machine.sound;
  return 0;
}

interface Task {
  readonly step: PlanStep;
  left: number;
  wallMs: number;
}

/** Walks the lanes. Answers when all is done; each task then knows how long its worker had it. */
function walk(machine: Machine, tasks: readonly Task[]): number {
  const tick = Math.max(1, tasks.reduce((sum, { left }) => sum + left, 0) / 4000);
  const isDecode = ({ step }: Task): boolean => step.kind === 'decode-audio';
  const last = tasks.find(({ step }) => step.kind === 'encode-audio');
  const queue = [
    ...tasks.filter(isDecode),
    ...tasks.filter(({ step }) => step.kind === 'encode-video').sort((a, b) => b.left - a.left),
  ];
  let running: Task[] = [];
  let decodes = tasks.filter(isDecode).length;
  let waits = last;
  let now = 0;
  while (queue.length > 0 || running.length > 0 || waits !== undefined) {
    while (running.length < machine.lanes) {
      const task = decodes === 0 && waits !== undefined ? waits : queue.shift();
      if (task === undefined) break;
      if (task === waits) waits = undefined;
      running.push(task);
    }
    const share = running.length / machine.lanes;
    const worth = running.length === 1 ? 1 : 1 + (machine.worth - 1) * share;
    for (const task of running) {
      task.left -= (tick * worth) / running.length;
      task.wallMs += tick;
    }
    now += tick;
    decodes -= running.filter((task) => isDecode(task) && task.left <= 0).length;
    running = running.filter(({ left }) => left > 0);
  }
  return now;
}

/** Runs a plan as the n-th export of a machine: the record as it would be kept. */
export function runOn(machine: Machine, plan: RenderPlan, n: number, random: () => number): Export {
  const vary = (): number => 1 + machine.noise * (2 * random() - 1);
  const today = (machine.slower?.(n) ?? 1) * vary();
  const tasks = plan.steps
    .filter((step) => step.kind !== 'copy-video' && step.kind !== 'copy-audio')
    .map((step): Task => ({ step, left: stepMs(machine, step, plan) * today * vary(), wallMs: 0 }));
  const rendering = tasks.length === 0 ? 1 : walk(machine, tasks) + 10 + 3 * tasks.length;
  const receipts = tasks.map(({ step, wallMs }): Receipt => ({
    stepId: step.id,
    kind: step.kind,
    engine: machine.rung === 'ffmpeg' ? 'ffmpeg' : 'webcodecs',
    rung: machine.rung,
    reused: false,
    wallMs: Math.round(wallMs),
    bytes: step.kind === 'encode-video' ? step.frames * 9000 : 40_000,
    argv: [],
    attempts: 1,
  }));
  const bytes = plan.estimate.bytes;
  const copies = plan.steps.filter(({ kind }) => kind === 'copy-video').length;
  const joins = plan.steps.filter(({ kind }) => kind === 'encode-video').length + copies;
  const assembling = today * vary() * (machine.besideMs * 0.4 + bytes / 1000 / machine.disk + 25 * copies);
  const pixels = (plan.output.video?.width ?? 0) * (plan.output.video?.height ?? 0);
  const verifying =
    today *
    vary() *
    (machine.besideMs + bytes / 800 / machine.disk + (8 * joins * pixels) / machine.decodes / 1000);
  const wallMs = Math.round(rendering + assembling + verifying + 30);
  return {
    version: EXPORT_VERSION,
    id: `export_${String(n)}` as ExportId,
    name: 'test',
    type: 'combined',
    format: 'mp4',
    status: 'completed',
    stage: 'verifying',
    percent: 100,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    completedAt: '2026-01-01T00:01:00.000Z',
    bytes,
    files: [],
    waitingFor: null,
    error: null,
    spec: {} as CheckedSpec,
    plan,
    receipts,
    estimate: plan.estimate,
    actual: {
      wallMs,
      bytes,
      storageBytes: plan.estimate.storageBytes,
      stages: { preparing: 20, rendering, assembling, verifying },
    },
    deviations: [],
    certificate: null,
    stale: false,
    expiresAt: null,
    order: n,
    paused: false,
    pinned: false,
    origin: null,
  };
}
