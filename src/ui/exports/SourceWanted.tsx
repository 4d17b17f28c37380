import type { AssetView } from '../../app/studio/types.ts';
import type { Export } from '../../core/schema/export.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatch } from '../workspace/context.tsx';
import { sourcesAway } from './job-text.ts';

/** Names that the sentence lists; the rest is counted. */
const NAMED = 3;

/** A job that waits for its files: which they are, and what brings them back. */
export function SourceWanted({ record }: { readonly record: Export }) {
  const t = useT();
  const { studio, workspace, pickFiles } = useSurroundings();
  const task = useTask();
  const away = sourcesAway(record, useWatch(studio.assets));
  const missing = away.filter(({ access }) => access === 'missing');
  const locked = away.filter(({ access }) => access === 'ask');
  const namesOf = (views: readonly AssetView[]): string =>
    views
      .slice(0, NAMED)
      .map(({ asset }) => `“${asset.name}”`)
      .join(', ');
  const said = (views: readonly AssetView[]) => ({
    names: namesOf(views),
    count: views.length,
    more: Math.max(0, views.length - NAMED),
  });
  return (
    <div className="note note-warning">
      <Icon name="warning" />
      <div className="note-body">
        {missing.length === 0 ? null : <p>{t('job.waitingMissing', said(missing))}</p>}
        {locked.length === 0 ? null : <p>{t('job.waitingAccess', said(locked))}</p>}
        {away.length === 0 ? <p>{t('job.waitingSource')}</p> : null}
        <div className="free-actions">
          {missing.length === 0 ? null : <Button onClick={pickFiles}>{t('access.link')}</Button>}
          {locked.length === 0 ? null : (
            <Button
              disabled={task.busy}
              onClick={() => {
                void task.run(async () => {
                  let last: Awaited<ReturnType<typeof studio.grantAccess>> = { ok: true, value: null };
                  for (const { asset } of locked) {
                    last = await studio.grantAccess(asset.id);
                    if (!last.ok) break;
                  }
                  return last;
                });
              }}
            >
              {t('access.allow')}
            </Button>
          )}
          <Button
            className="only-narrow"
            onClick={() => {
              workspace.showRoom('media');
            }}
          >
            {t('job.showMedia')}
          </Button>
        </div>
        {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
      </div>
    </div>
  );
}
