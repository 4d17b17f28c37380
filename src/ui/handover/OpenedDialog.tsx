/** What a review file that was opened has brought, and what both sides have changed. */
import { useState } from 'react';
import type { Annotation, Conflict, ReviewOpened } from '../../app/studio/types.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';

/** Opens by itself when a review file has been read, or could not be. */
export function OpenedDialog() {
  const t = useT();
  const { studio } = useSurroundings();
  const opened = useWatch(studio.reviewFiles.opened);
  const close = (): void => {
    studio.reviewFiles.dismiss();
  };
  return (
    <Dialog open={opened !== null} name="opened" title={t('handover.openedTitle')} onClose={close}>
      {opened === null ? null : opened.ok ? (
        <Report report={opened.value} onClose={close} />
      ) : (
        <div className="handover-body">
          <FailureNote failure={opened.error} title={t('handover.failed')} />
        </div>
      )}
    </Dialog>
  );
}

function Report({ report, onClose }: { readonly report: ReviewOpened; readonly onClose: () => void }) {
  const t = useT();
  const { studio } = useSurroundings();
  const [settled, setSettled] = useState<ReadonlySet<Conflict>>(new Set());
  const open = report.conflicts.filter((conflict) => !settled.has(conflict));
  const nothing =
    report.added + report.changed + report.clips + report.assets + report.conflicts.length === 0;
  const counts = (['added', 'changed', 'same', 'clips', 'assets', 'homeless'] as const).filter(
    (name) => report[name] > 0,
  );
  return (
    <div className="handover-body">
      <p>
        {report.by === '' ? t('handover.fromNobody') : t('handover.from', { name: report.by })}
        {nothing ? ` ${t('handover.nothingNew')}` : ''}
      </p>
      <ul className="handover-counts">
        {counts.map((name) => (
          <li key={name}>
            <Icon name={name === 'homeless' ? 'warning' : 'check'} />
            {t(`handover.count.${name}`, { count: report[name] })}
          </li>
        ))}
      </ul>
      {open.length === 0 ? null : (
        <section aria-labelledby="conflicts-title">
          <h3 id="conflicts-title">{t('handover.conflicts', { count: open.length })}</h3>
          <p>{t('handover.conflictHint')}</p>
          {open.map((conflict) => (
            <Both
              key={conflict.here.id}
              conflict={conflict}
              onChoice={(choice) => {
                studio.reviewFiles.settle(conflict, choice);
                setSettled(new Set([...settled, conflict]));
              }}
            />
          ))}
        </section>
      )}
      <div className="handover-end">
        <Button tone="primary" onClick={onClose}>
          {t(open.length === 0 ? 'handover.done' : 'handover.later')}
        </Button>
      </div>
    </div>
  );
}

function Both({
  conflict,
  onChoice,
}: {
  readonly conflict: Conflict;
  readonly onChoice: (choice: 'mine' | 'theirs' | 'both') => void;
}) {
  const t = useT();
  return (
    <article className="conflict">
      <Side title={t('handover.here')} comment={conflict.here} />
      <Side title={t('handover.theirs')} comment={conflict.theirs} />
      <div className="conflict-choice" role="group" aria-label={t('handover.choose')}>
        {(['mine', 'theirs', 'both'] as const).map((choice) => (
          <Button
            key={choice}
            onClick={() => {
              onChoice(choice);
            }}
          >
            {t(`handover.choice.${choice}`)}
          </Button>
        ))}
      </div>
    </article>
  );
}

function Side({ title, comment }: { readonly title: string; readonly comment: Annotation }) {
  const t = useT();
  return (
    <div>
      <h4>{title}</h4>
      <p>
        <bdi>{comment.text}</bdi>
      </p>
      <small>
        <bdi>{comment.author}</bdi>
        {comment.resolved === null ? '' : ` · ${t('handover.resolved')}`}
      </small>
    </div>
  );
}
