/**
 * Which engine does a step: the fastest that can, then the next. A rung that fails again and again is left out for a while
 * (a circuit breaker), so that a broken driver does not cost every step a failed try: for the source that it fails on,
 * and for a whole kind of work only when several sources in a row fail, because one odd file says nothing about others.
 */
import type { Clock } from '../contract/clock.ts';
import type { BreakerNews, EngineLadder, Renderer, RenderJob, RungTry } from '../contract/renderer.ts';
import { createBreaker, type Breaker } from './breaker.ts';

/** Failures in a row after which a rung is left out for a source. */
const MOST_FAILURES = 2;
/** Sources in a row on which a rung failed, after which it is left out for all of them. */
const MOST_SOURCES = 3;

/** What went wrong with a rung for one kind of work. */
interface Troubles {
  readonly sources: Map<string, Breaker>;
  /** Counts sources, not steps. */
  readonly all: Breaker;
  /** Sources that failed since the last success of any. */
  readonly failing: Set<string>;
}

/** Which breakers a try is to tell about. */
interface Probes {
  readonly source: boolean;
  readonly all: boolean;
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
  const last = rungs.at(-1);
  const troubles = new Map<string, Troubles>();

  /** The breakers that have a say: of the source, and of the whole kind of work. */
  const breakersOf = (rung: Renderer, job: RenderJob): Troubles & { readonly source: Breaker } => {
    const name = `${rung.rung}/${kindOf(job)}`;
    const known = troubles.get(name) ?? {
      sources: new Map<string, Breaker>(),
      all: createBreaker(MOST_SOURCES),
      failing: new Set<string>(),
    };
    troubles.set(name, known);
    const source = known.sources.get(sourceOf(job)) ?? createBreaker(MOST_FAILURES);
    known.sources.set(sourceOf(job), source);
    return { ...known, source };
  };

  const admits = (rung: Renderer, job: RenderJob): boolean => {
    const { source, all } = breakersOf(rung, job);
    return rung === last || (source.admits(clock.now()) && all.admits(clock.now()));
  };

  const able = async (job: RenderJob): Promise<readonly Renderer[]> => {
    const found: Renderer[] = [];
    for (const rung of rungs) if (await rung.canRender(job)) found.push(rung);
    return found.length > 0 || last === undefined ? found : [last];
  };

  const failed = (rung: Renderer, job: RenderJob, probes: Probes): BreakerNews[] => {
    // The last rung is never left out.
    if (rung === last) return [];
    const { source, all, failing } = breakersOf(rung, job);
    const now = clock.now();
    const news = { rung: rung.rung, work: kindOf(job) };
    const opened: BreakerNews[] = [];
    const openMs = source.fail(now, probes.source);
    if (openMs !== null) opened.push({ ...news, scope: 'source', openMs });
    // The same source once more says nothing new about the others.
    const tells = probes.all || !failing.has(sourceOf(job));
    failing.add(sourceOf(job));
    const allOpenMs = tells ? all.fail(now, probes.all) : null;
    if (allOpenMs !== null) opened.push({ ...news, scope: 'all', openMs: allOpenMs });
    return opened;
  };

  const enter = (rung: Renderer, job: RenderJob, isLast: boolean): RungTry => {
    const { source, all, failing } = breakersOf(rung, job);
    const now = clock.now();
    const probes: Probes = { source: source.enter(now), all: all.enter(now) };
    let open = true;
    return {
      rung,
      isLast,
      end(outcome) {
        if (!open) return [];
        open = false;
        if (outcome === 'failed') return failed(rung, job, probes);
        if (outcome === 'dropped') {
          source.leave(probes.source);
          all.leave(probes.all);
          return [];
        }
        source.close();
        all.close();
        failing.clear();
        return [];
      },
    };
  };

  return {
    concurrency: options.concurrency,
    rungsFor: able,
    async next(job, tried) {
      const rest = (await able(job)).filter((rung) => !tried.has(rung));
      const admitted = rest.filter((rung) => admits(rung, job));
      // A rung that is left out is still better than one that cannot do the work at all.
      const [rung, ...others] = admitted.length > 0 ? admitted : tried.size === 0 ? rest : [];
      return rung === undefined ? null : enter(rung, job, others.length === 0);
    },
  };
}
