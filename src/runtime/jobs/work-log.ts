/** What a job really took: working time over all its takes, by stage and by rung. Waiting for a turn or the person is not work. */
import type { Export, ExportActual, ExportStage, RungWork } from '../../core/schema/export.ts';
import type { Clock } from '../contract/clock.ts';
import type { StepNews } from './rendered.ts';

/** Counts. */
export interface WorkLog {
  /** Work goes on. */
  start(): void;
  /** Work stands still. */
  stop(): void;
  /** Another stage begins, or none. Answers what the one before took in this take, if there was one and it was another. */
  stage(stage: ExportStage | null): { readonly stage: ExportStage; readonly wallMs: number } | null;
  /** So many other jobs work beside this one from now on. */
  beside(others: number): void;
  /** A step ended; one whose segment was there already is no work. */
  step(news: StepNews): void;
  /** Working time so far, earlier takes included. */
  workedMs(): number;
  /** Everything so far. */
  actual(bytes: number, storageBytes: number): ExportActual;
}

/** Goes on from what earlier takes of the job took. */
export function createWorkLog(earlier: Export['actual'], clock: Clock): WorkLog {
  const stages = new Map<ExportStage, number>(
    Object.entries(earlier?.stages ?? {}) as [ExportStage, number][],
  );
  const work = new Map<string, RungWork>(Object.entries(earlier?.work ?? {}));
  let doneMs = earlier?.wallMs ?? 0;
  let sharedMs = earlier?.sharedMs ?? 0;
  let isShared = false;
  let sinceMs: number | null = null;
  let stage: ExportStage | null = null;
  /** Of the stage under way, in this take. */
  let stageMs = 0;

  const settle = (): void => {
    if (sinceMs === null) return;
    const now = clock.now();
    const passed = Math.max(0, now - sinceMs);
    sinceMs = now;
    doneMs += passed;
    stageMs += passed;
    if (isShared) sharedMs += passed;
    if (stage !== null) stages.set(stage, (stages.get(stage) ?? 0) + passed);
  };

  return {
    start() {
      sinceMs ??= clock.now();
    },
    stop() {
      settle();
      sinceMs = null;
    },
    stage(next) {
      settle();
      if (next === stage) return null;
      const before = stage === null ? null : { stage, wallMs: Math.round(stageMs) };
      stage = next;
      stageMs = 0;
      return before;
    },
    beside(others) {
      settle();
      isShared = others > 0;
    },
    step({ receipt, pixels }) {
      if (receipt.reused) return;
      const rung = receipt.rung ?? receipt.engine;
      const before = work.get(rung) ?? { wallMs: 0, steps: 0, pixels: 0 };
      work.set(rung, {
        wallMs: before.wallMs + Math.round(receipt.wallMs),
        steps: before.steps + 1,
        pixels: before.pixels + pixels,
      });
    },
    workedMs() {
      settle();
      return doneMs;
    },
    actual(bytes, storageBytes) {
      settle();
      return {
        wallMs: Math.round(doneMs),
        sharedMs: Math.round(sharedMs),
        bytes,
        storageBytes,
        stages: Object.fromEntries([...stages].map(([name, ms]) => [name, Math.round(ms)])),
        work: Object.fromEntries(work),
      };
    },
  };
}
