/**
 * Which engine does a step: the fastest that can, then the next. A rung that fails again and again is left out for a while
 * (a circuit breaker), so that a broken driver does not cost every step a failed try: for the source that it fails on,
 * and for a whole kind of work only when several sources in a row fail, because one odd file says nothing about others.
 */
import type { EngineLadder, Renderer, RenderJob } from '../contract/renderer.ts';
import type { Clock } from '../contract/clock.ts';

/** Failures in a row after which a rung is left out for a source. */
const MOST_FAILURES = 2;
/** Sources in a row on which a rung failed, after which it is left out for all of them. */
const MOST_SOURCES = 3;
/** For how long, milliseconds; then one step tries it again. */
const OPEN_MS = 5 * 60_000;

/** What went wrong with a rung for one kind of work. */
interface Breaker {
  /** By source: failures since its last success, and until when the rung is left out for it. */
  readonly sources: Map<string, { readonly failures: number; readonly openUntilMs: number }>;
  /** Sources that failed since the last success of any. */
  readonly failing: Set<string>;
  openUntilMs: number;
}

/** Work without a source of its own. */
const NO_SOURCE = '';

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

function sourceOf(job: RenderJob): string {
  return job.kind === 'audio' ? NO_SOURCE : (job.source?.fingerprint ?? NO_SOURCE);
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
  const isOpen = (rung: Renderer, job: RenderJob): boolean => {
    const breaker = breakers.get(nameOf(rung, job));
    const source = breaker?.sources.get(sourceOf(job));
    return Math.max(breaker?.openUntilMs ?? 0, source?.openUntilMs ?? 0) > clock.now();
  };

  return {
    concurrency: options.concurrency,
    async rungsFor(job) {
      const able: Renderer[] = [];
      for (const rung of rungs) if (await rung.canRender(job)) able.push(rung);
      const last = rungs.at(-1);
      const closed = able.filter((rung) => rung === last || !isOpen(rung, job));
      // A rung that is left out is still better than one that cannot do the work at all.
      if (closed.length > 0) return closed;
      return able.length > 0 || last === undefined ? able : [last];
    },
    report(rung, job, succeeded) {
      const name = nameOf(rung, job);
      const source = sourceOf(job);
      const breaker: Breaker = breakers.get(name) ?? {
        sources: new Map(),
        failing: new Set(),
        openUntilMs: 0,
      };
      breakers.set(name, breaker);
      if (succeeded) {
        breaker.sources.delete(source);
        breaker.failing.clear();
        breaker.openUntilMs = 0;
        return;
      }
      const failures = (breaker.sources.get(source)?.failures ?? 0) + 1;
      const until = clock.now() + OPEN_MS;
      breaker.sources.set(source, { failures, openUntilMs: failures >= MOST_FAILURES ? until : 0 });
      breaker.failing.add(source);
      if (breaker.failing.size >= MOST_SOURCES) breaker.openUntilMs = until;
    },
  };
}
