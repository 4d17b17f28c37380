/** Turns of this tab's jobs: each waits here until the queue says that it may work. */
import type { ExportId } from '../../core/base/ids.ts';
import type { QueueLimits } from '../contract/queue.ts';
import { toStart, type QueuedJob } from './queue.ts';

/** Hands out turns. */
export interface Turns {
  /** Resolves with true when it is the job's turn (at once when it has it), with false when the signal fires. */
  take(job: Pick<QueuedJob, 'id' | 'order' | 'costMs' | 'pixels'>, signal: AbortSignal): Promise<boolean>;
  /** Gives the place to others. */
  release(id: ExportId): void;
  /** The job has another place in the queue. */
  reorder(id: ExportId, order: number): void;
  /** Jobs that have a place now. */
  readonly running: ReadonlySet<ExportId>;
  /** How many wait. */
  readonly queued: number;
}

interface Place {
  job: QueuedJob;
  readonly started: Set<(started: boolean) => void>;
}

/** Makes the turns of one tab. */
export function createTurns(limits: QueueLimits): Turns {
  const places = new Map<ExportId, Place>();
  const running = new Set<ExportId>();

  const pump = (): void => {
    const jobs = [...places.values()].map((place) => place.job);
    for (const id of toStart(jobs, limits)) {
      const place = places.get(id);
      if (place === undefined) continue;
      place.job = { ...place.job, running: true };
      running.add(id);
      for (const tell of place.started) tell(true);
      place.started.clear();
    }
  };

  const release = (id: ExportId): void => {
    const place = places.get(id);
    if (place === undefined) return;
    places.delete(id);
    running.delete(id);
    for (const tell of place.started) tell(false);
    pump();
  };

  return {
    running,
    get queued() {
      return places.size - running.size;
    },
    take(job, signal) {
      if (signal.aborted) return Promise.resolve(false);
      if (running.has(job.id)) return Promise.resolve(true);
      const place: Place = places.get(job.id) ?? {
        job: { ...job, paused: false, waiting: false, running: false },
        started: new Set(),
      };
      places.set(job.id, place);
      return new Promise((resolve) => {
        const stop = (): void => {
          release(job.id);
        };
        place.started.add((started) => {
          signal.removeEventListener('abort', stop);
          resolve(started);
        });
        signal.addEventListener('abort', stop, { once: true });
        pump();
      });
    },
    release,
    reorder(id, order) {
      const place = places.get(id);
      if (place !== undefined) place.job = { ...place.job, order };
    },
  };
}
