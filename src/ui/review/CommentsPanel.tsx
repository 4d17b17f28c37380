import { useMemo, useState } from 'react';
import { rateOf } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, IconButton } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useDesk, useOpenAsset, useSurroundings, useWatch, useWatchPart } from '../workspace/context.tsx';
import { CommentCard } from './CommentCard.tsx';
import { CommentFilters } from './CommentFilters.tsx';
import { isFiltering, NO_FILTER, rangesWith, type Listed, type Timed } from './comments.ts';
import { useJump } from './useJump.ts';
import { useCanAnnotate, useComments, useVisible } from './useReview.ts';

/** The comments of the open file, in the order of the film; those without a time below. */
export function CommentsPanel() {
  const t = useT();
  const { desk } = useSurroundings();
  const view = useOpenAsset();
  const { all, found } = useComments();
  const filter = useDesk((state) => state.filter);
  const selected = useDesk((state) => state.selected);
  const jump = useJump();
  const total = all.timed.length + all.legacy.length;
  const shown = found.timed.length + found.legacy.length;
  const filtering = isFiltering(filter);

  return (
    <section className="panel comments" aria-labelledby="comments-title">
      <header className="panel-head">
        <h2 id="comments-title">{t('review.title')}</h2>
        {total === 0 ? null : (
          <span className="panel-count" data-testid="comment-count">
            {filtering ? t('review.countOf', { count: shown, total }) : t('review.count', { count: total })}
          </span>
        )}
        <span className="spring" />
        <IconButton
          icon="up"
          label={t('review.previous')}
          hint="["
          disabled={found.timed.length === 0}
          onClick={() => {
            jump(-1);
          }}
        />
        <IconButton
          icon="down"
          label={t('review.next')}
          hint="]"
          disabled={found.timed.length === 0}
          onClick={() => {
            jump(1);
          }}
        />
        <IconButton
          icon="loop"
          label={t('review.loop')}
          hint="Shift+L"
          disabled={!all.timed.some(({ comment }) => comment.id === selected)}
          onClick={() => {
            desk.loop(selected);
          }}
        />
      </header>
      {total === 0 ? null : <CommentFilters all={all} />}
      <div className="panel-scroll comments-scroll">
        {total === 0 ? (
          <div className="panel-empty comments-empty">
            <Icon name="comment" size={22} />
            <strong>{t(view === null ? 'review.noFile' : 'review.emptyTitle')}</strong>
            {view === null ? null : <p>{t('review.emptyBody')}</p>}
          </div>
        ) : shown === 0 ? (
          <div className="panel-empty comments-empty">
            <Icon name="search" size={22} />
            <strong>{t('review.nothingFound')}</strong>
            <Button
              onClick={() => {
                desk.setFilter(NO_FILTER);
              }}
            >
              {t('review.clearFilter')}
            </Button>
          </div>
        ) : (
          <Lists timed={found.timed} legacy={found.legacy} everything={all.timed} />
        )}
      </div>
    </section>
  );
}

function Lists({
  timed,
  legacy,
  everything,
}: {
  readonly timed: readonly Timed[];
  readonly legacy: readonly Listed[];
  readonly everything: readonly Timed[];
}) {
  const t = useT();
  const { studio } = useSurroundings();
  const view = useOpenAsset();
  const rate = rateOf(view?.asset ?? null);
  const selected = useDesk((state) => state.selected);
  const editable = useCanAnnotate();
  const visible = useVisible(everything);
  const now = useMemo(() => new Set(visible.map(({ comment }) => comment.id)), [visible]);
  const clips = useWatchPart(studio.document, (state) => state.document.clips);
  const { shownUs } = useWatch(studio.settings);
  const ranges = useMemo(
    () => new Map(timed.map((one) => [one.comment.id, rangesWith(one, shownUs, clips).join(', ')])),
    [timed, shownUs, clips],
  );
  const [replying, setReplying] = useState<string | null>(null);
  const card = (one: Listed) => (
    <CommentCard
      key={one.comment.id}
      comment={one.comment}
      number={one.number}
      rate={rate}
      selected={one.comment.id === selected}
      now={now.has(one.comment.id)}
      ranges={ranges.get(one.comment.id) ?? ''}
      editable={editable}
      replying={replying === one.comment.id && one.comment.id === selected}
      onReply={setReplying}
    />
  );
  return (
    <>
      {timed.length === 0 ? null : (
        <ol className="comment-list" aria-label={t('review.list')}>
          {timed.map(card)}
        </ol>
      )}
      {legacy.length === 0 ? null : (
        <section className="comments-legacy" aria-labelledby="legacy-title">
          <h3 id="legacy-title">{t('review.legacy', { count: legacy.length })}</h3>
          <p>{t('review.legacyBody')}</p>
          <ul className="comment-list" aria-labelledby="legacy-title">
            {legacy.map(card)}
          </ul>
        </section>
      )}
    </>
  );
}
