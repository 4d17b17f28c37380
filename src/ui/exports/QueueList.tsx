import { useState, type KeyboardEvent, type RefObject } from 'react';
import type { ExportView } from '../../app/studio/types.ts';
import { ok } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { MoveButtons } from '../parts/MoveButtons.tsx';
import { useRowDrag, type RowDrop } from '../reel/useRowDrag.ts';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { ExportCard } from './ExportCard.tsx';
import { beforeAt, jobState } from './job-text.ts';

/** Exports that are to be done, in their order. */
export function QueueList({
  views,
  at,
}: {
  readonly views: readonly ExportView[];
  /** Where it stands, for whoever leads there. */
  readonly at: RefObject<HTMLElement | null>;
}) {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const [drop, setDrop] = useState<RowDrop | null>(null);
  const task = useTask();
  const allPaused = views.every(({ record }) => record.paused);
  const move = (from: number, to: number): void => {
    const view = views[from];
    if (view === undefined || to < 0 || to >= views.length || to === from) return;
    const { id, name } = view.record;
    const before = beforeAt(
      views.map(({ record }) => record.id),
      from,
      to,
    );
    void task
      .run(async () => ok(await studio.client.moveExport(id, before)))
      .then((moved) => {
        if (moved !== null) announce(t('job.movedTo', { name, n: to + 1 }), { quiet: true });
      });
  };
  const holdAll = (): void => {
    void task.run(async () => {
      const { client } = studio;
      // The last first, or each one that is held would let the next one start for a moment.
      for (const { record } of allPaused ? views : [...views].reverse()) {
        if (record.paused === allPaused)
          await (allPaused ? client.resumeExport(record.id) : client.pauseExport(record.id));
      }
      return ok(null);
    });
  };
  return (
    <section
      ref={at}
      tabIndex={-1}
      className="queue"
      aria-label={t('job.queueCount', { count: views.length })}
    >
      <header className="jobs-head">
        <h3>{t('job.queue')}</h3>
        <span className="panel-count">{views.length}</span>
        <span className="spring" />
        {views.length > 1 || allPaused ? (
          <Button tone="quiet" icon={allPaused ? 'play' : 'pause'} disabled={task.busy} onClick={holdAll}>
            {t(allPaused ? 'job.resumeAll' : 'job.pauseAll')}
          </Button>
        ) : null}
      </header>
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
      <ol className="queue-list">
        {views.map((view, position) => (
          <QueueRow
            key={view.record.id}
            view={view}
            position={position}
            total={views.length}
            drop={drop}
            onDrop={setDrop}
            onMove={(to) => {
              move(position, to);
            }}
          />
        ))}
      </ol>
    </section>
  );
}

function QueueRow({
  view,
  position,
  total,
  drop,
  onDrop,
  onMove,
}: {
  readonly view: ExportView;
  readonly position: number;
  readonly total: number;
  readonly drop: RowDrop | null;
  readonly onDrop: (drop: RowDrop | null) => void;
  readonly onMove: (to: number) => void;
}) {
  const t = useT();
  const grip = useRowDrag(position, onDrop, onMove);
  const { name } = view.record;
  // What is being worked on keeps its place: there is nothing to move it before.
  const movable = total > 1 && jobState(view.record) !== 'running';
  const here = drop !== null && drop.to === position && drop.from !== drop.to;
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!event.altKey || by === 0 || !movable) return;
    // The same keys move ranges of the reel elsewhere.
    event.preventDefault();
    event.stopPropagation();
    onMove(position + by);
  };
  return (
    <li
      className={[
        'queue-row',
        drop?.from === position ? 'is-lifted' : '',
        here ? (drop.to > drop.from ? 'drop-after' : 'drop-before') : '',
      ].join(' ')}
      onKeyDown={keys}
    >
      <ExportCard
        view={view}
        grip={
          movable ? (
            <span className="job-grip" aria-hidden="true" title={t('job.drag', { name })} {...grip}>
              <Icon name="grip" />
            </span>
          ) : null
        }
        move={
          movable ? (
            <div className="job-move">
              <span>{t('job.place', { n: position + 1, total })}</span>
              <span className="spring" />
              <MoveButtons
                position={position}
                total={total}
                up={t('job.earlier', { name })}
                down={t('job.later', { name })}
                onMove={onMove}
              />
            </div>
          ) : null
        }
      />
    </li>
  );
}
