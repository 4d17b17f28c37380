/** Tells exports that their document, or the comments that they show, have changed, and that the change was taken back. */
import type { ExportId } from '../../core/base/ids.ts';
import type { Comments } from '../../core/project/review.ts';
import { isStale, type MadeFrom } from '../../core/project/stale.ts';
import type { Export } from '../../core/schema/export.ts';
import type { ProjectDocument } from '../../core/schema/document.ts';
import type { Runtime } from '../runtime.ts';
import type { DocumentModel, ReviewModel } from './types.ts';

/** Changes within this time are looked at together: a drag changes the document many times. Milliseconds. */
const SETTLE_MS = 300;

/** What is remembered of an export: its record holds a whole plan, and all of them would be a lot. */
interface Known extends MadeFrom {
  readonly stale: boolean;
}

/** Which exports have to be marked, and how. Cancelled and failed ones have no file that could be out of date. */
export function staleChanges(
  known: ReadonlyMap<ExportId, Known>,
  document: ProjectDocument,
  comments: Comments | null = null,
): readonly (readonly [ExportId, boolean])[] {
  const all = comments === null ? null : [...comments.values()];
  return [...known].flatMap(([id, one]) => {
    const stale = isStale(one, document, all);
    return stale === null || stale === one.stale ? [] : [[id, stale] as const];
  });
}

/** Watches until it is disposed of. */
export async function watchStaleness(
  runtime: Pick<Runtime, 'jobs' | 'bus' | 'stores'>,
  document: DocumentModel,
  review: ReviewModel,
): Promise<{ dispose(): void }> {
  if (runtime.stores.readOnly) return { dispose: () => undefined };
  const known = new Map<ExportId, Known>();
  const learn = ({ id, status, origin, spec, stale }: Export): void => {
    if (origin === null || status === 'failed' || status === 'cancelled') known.delete(id);
    else known.set(id, { origin, spec, stale });
  };
  let timer: ReturnType<typeof setTimeout> | null = null;
  let looking: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    for (const [id, stale] of staleChanges(known, document.get().document, review.get())) {
      const marked = await runtime.jobs.markStale(id, stale);
      if (!marked.ok) known.delete(id);
      else {
        learn(marked.value);
        runtime.bus.queueChanged(id);
      }
    }
  };
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      // One look at a time, and in order. Closed meanwhile: the next start looks again.
      looking = looking.then(look).catch(() => undefined);
    }, SETTLE_MS);
  };

  for (const record of (await runtime.jobs.list()).exports) learn(record);
  const stops = [
    document.subscribe(soon),
    review.subscribe(soon),
    runtime.bus.listen(({ id, record, removed }) => {
      if (removed) known.delete(id);
      if (record === null) return;
      const isNew = !known.has(id);
      learn(record);
      // The document may have changed while the plan was made.
      if (isNew) soon();
    }),
  ];
  soon();
  return {
    dispose() {
      if (timer !== null) clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}
