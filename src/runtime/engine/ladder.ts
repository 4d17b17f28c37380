/**
 * Which engine does a step: the fastest that can, then the next. A rung that fails again and again for one kind of work
 * is left out for a while (a circuit breaker), so that a broken driver does not cost every step a failed try.
 */
import type { EngineLadder, Renderer, RenderJob } from '../contract/renderer.ts';
import type { Clock } from '../contract/clock.ts';

/** Failures in a row after which a rung is left out. */
const MOST_FAILURES = 2;
/** For how long, milliseconds; then one step tries it again. */
const OPEN_MS = 5 * 60_000;

interface Breaker {
  failures: number;
  openUntilMs: number;
}

/** The kind of work that a breaker is for. */
function kindOf(job: RenderJob): string {
  switch (job.kind) {
    case 'video':
      return `video/${job.settings.codec}`;
    case 'pcm':
      return 'pcm';
    case 'audio':
      return `audio/${job.settings.codec}`;
  }
}

/** Makes the ladder. The last rung is the one that is always there. */
export function createLadder(options: {
  readonly rungs: readonly Renderer[];
  readonly concurrency: number;
  readonly clock: Clock;
}): EngineLadder {
  const { rungs, clock } = options;
  const breakers = new Map<string, Breaker>();
  const nameOf = (rung: Renderer, job: RenderJob): string => `${rung.rung}/${kindOf(job)}`;
  const isOpen = (rung: Renderer, job: RenderJob): boolean =>
    (breakers.get(nameOf(rung, job))?.openUntilMs ?? 0) > clock.now();

  return {
    concurrency: options.concurrency,
    async rungsFor(job) {
      const able: Renderer[] = [];
      for (const [position, rung] of rungs.entries()) {
        const isLast = position === rungs.length - 1;
        if (!isLast && isOpen(rung, job)) continue;
        if (await rung.canRender(job)) able.push(rung);
      }
      const last = rungs.at(-1);
      return able.length > 0 || last === undefined ? able : [last];
    },
    report(rung, job, succeeded) {
      const name = nameOf(rung, job);
      if (succeeded) {
        breakers.delete(name);
        return;
      }
      const breaker = breakers.get(name) ?? { failures: 0, openUntilMs: 0 };
      breaker.failures += 1;
      if (breaker.failures >= MOST_FAILURES) breaker.openUntilMs = clock.now() + OPEN_MS;
      breakers.set(name, breaker);
    },
  };
}
