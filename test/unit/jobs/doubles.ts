/** Doubles of faults: engines that fail on demand, and locks that all tabs of a test share. */
import { failure, type Failure, type FailureReason } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { JobPorts } from '../../../src/runtime/contract/job-ports.ts';
import type {
  Renderer,
  RenderJob,
  RenderOptions,
  RenderOutcome,
} from '../../../src/runtime/contract/renderer.ts';

/** What an engine does with a job; null: it renders it. A promise that never resolves hangs. */
export type Fault = (job: RenderJob, options: RenderOptions) => Failure | null | Promise<Failure | null>;

export const failed = (reason: FailureReason): Failure => failure('engine_failed', reason, reason);

/** A rung that renders what it is told and fails where it is told. */
export function rung(
  name: string,
  fault: Fault = () => null,
): Renderer & { readonly calls: string[]; readonly options: RenderOptions[] } {
  const calls: string[] = [];
  const seen: RenderOptions[] = [];
  return {
    name: name === 'ffmpeg' ? 'ffmpeg' : 'webcodecs',
    rung: name,
    calls,
    options: seen,
    canRender: () => Promise.resolve(true),
    keyMaterial: (job) => ({
      name,
      step: { ...job.step, id: '' },
      source: job.kind === 'audio' ? job.pieces : (job.source?.fingerprint ?? ''),
    }),
    async render(job, options): Promise<Result<RenderOutcome, Failure>> {
      calls.push(job.step.id);
      seen.push(options);
      const problem = await orAborted(fault(job, options), options.signal);
      if (problem !== null) return err(problem);
      options.onProgress(1);
      const frames = job.kind === 'video' ? job.step.frames : 0;
      return ok({
        data: new Blob([`${name} ${job.step.id}`]),
        frames,
        complaints: 0,
        argv: ['argv'],
        wallMs: 100,
        references: [],
      });
    },
  };
}

/** What comes of a promise, or `aborted` as soon as the signal fires. */
export async function orAborted(
  work: Failure | null | Promise<Failure | null>,
  signal: AbortSignal,
): Promise<Failure | null> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<Failure>((resolve) => {
    stop = () => {
      resolve(failure('aborted', 'cancelled', 'cancelled'));
    };
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Waiter {
  readonly run: () => void;
}

/** Locks that all tabs of a world share. */
export function createLocks(): {
  exclusively: JobPorts['exclusively'];
  othersWait: JobPorts['othersWait'];
  readonly held: ReadonlySet<string>;
} {
  const held = new Set<string>();
  const waiting = new Map<string, Waiter[]>();
  const release = (name: string): void => {
    held.delete(name);
    waiting.get(name)?.shift()?.run();
  };
  return {
    held,
    othersWait: (name) => Promise.resolve((waiting.get(name)?.length ?? 0) > 0),
    async exclusively(name, signal, work) {
      if (signal.aborted) throw new DOMException('gave up', 'AbortError');
      if (held.has(name)) {
        await new Promise<void>((resolve, reject) => {
          const queue = waiting.get(name) ?? [];
          waiting.set(name, queue);
          const waiter: Waiter = {
            run: () => {
              signal.removeEventListener('abort', giveUp);
              held.add(name);
              resolve();
            },
          };
          const giveUp = (): void => {
            queue.splice(queue.indexOf(waiter), 1);
            reject(new DOMException('gave up', 'AbortError'));
          };
          signal.addEventListener('abort', giveUp, { once: true });
          queue.push(waiter);
        });
      }
      held.add(name);
      try {
        return await work();
      } finally {
        release(name);
      }
    },
  };
}

/** An engine that renders when it is told to. */
export function gatedRung(): { readonly ffmpeg: ReturnType<typeof rung>; open(): void } {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  return {
    ffmpeg: rung('ffmpeg', () =>
      isOpen
        ? null
        : new Promise((resolve) => {
            waiting.push(() => {
              resolve(null);
            });
          }),
    ),
    open() {
      isOpen = true;
      for (const go of waiting) go();
    },
  };
}
