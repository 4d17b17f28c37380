import { memo, useEffect, useRef } from 'react';
import type { Rational } from '../../core/base/time.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import { shortMoment, timecode } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, IconButton } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { TimeField } from '../parts/TimeField.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { authorName, colorStyle, CommentText, Written } from './parts.tsx';
import { Replies } from './Replies.tsx';

/** One comment of the list. The selected one has its fields and buttons. */
export const CommentCard = memo(function CommentCard({
  comment,
  number,
  rate,
  selected,
  now,
  ranges,
  editable,
  replying,
  onReply,
}: {
  readonly comment: Annotation;
  readonly number: number | null;
  readonly rate: Rational;
  readonly selected: boolean;
  /** Whether it is on the frame on display. */
  readonly now: boolean;
  /** The ranges of the reel that show it, by number. */
  readonly ranges: string;
  readonly editable: boolean;
  readonly replying: boolean;
  readonly onReply: (id: string | null) => void;
}) {
  const t = useT();
  const language = useLanguage();
  const { desk } = useSurroundings();
  const row = useRef<HTMLLIElement>(null);
  const { timeUs, durationUs, shapes, resolved, category } = comment;
  const author = authorName(comment.author, t);

  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const go = (): void => {
    desk.select(comment.id);
  };
  const place =
    timeUs === null
      ? t('review.untimed')
      : durationUs === null
        ? timecode(timeUs, rate)
        : `${timecode(timeUs, rate)} – ${timecode(timeUs + durationUs, rate)}`;
  return (
    <li
      ref={row}
      className={[
        'comment',
        selected ? 'is-selected' : '',
        now ? 'is-now' : '',
        resolved === null ? '' : 'is-resolved',
      ].join(' ')}
      style={colorStyle(comment.color)}
      data-comment={comment.id}
      onClick={(event) => {
        if (
          event.target instanceof Element &&
          event.target.closest('button, input, textarea') === null &&
          getSelection()?.isCollapsed !== false
        ) {
          go();
        }
      }}
    >
      <div className="comment-head">
        <button
          type="button"
          className="comment-go"
          aria-pressed={selected}
          aria-label={number === null ? `${place}, ${author}` : t('review.go', { n: number, place, author })}
          onClick={go}
        >
          <span className="comment-number">{number ?? '–'}</span>
          <span className="comment-time">{place}</span>
        </button>
        <span className="spring" />
        {shapes.length === 0 ? null : (
          <span className="comment-sign" title={t('review.shapes', { count: shapes.length })}>
            <Icon name="shapes" size={14} />
            <span className="visually-hidden">{t('review.shapes', { count: shapes.length })}</span>
          </span>
        )}
        <IconButton
          icon="check"
          size={14}
          className={resolved === null ? 'comment-resolve' : 'comment-resolve is-on'}
          label={t(resolved === null ? 'review.resolve' : 'review.reopen')}
          aria-pressed={resolved !== null}
          disabled={!editable}
          onClick={() => {
            desk.dispatch({
              type: 'resolve',
              id: comment.id,
              by: resolved === null ? desk.author() : null,
            });
          }}
        />
      </div>
      <p className="comment-by">
        <bdi className="comment-author">{author}</bdi>
        <Written at={comment.createdAt} />
        {category === null ? null : <bdi className="tag comment-tag">{category}</bdi>}
        {ranges === '' ? null : <span className="comment-ranges">{t('review.inRanges', { n: ranges })}</span>}
      </p>
      {comment.text === '' ? null : <CommentText>{comment.text}</CommentText>}
      {resolved === null ? null : (
        <p className="comment-resolved">
          <Icon name="check" size={12} />
          {t('review.resolvedBy', {
            name: authorName(resolved.by, t),
            date: shortMoment(resolved.at, language, new Date()),
          })}
        </p>
      )}
      {selected && editable ? <Place comment={comment} n={number} rate={rate} /> : null}
      <Replies comment={comment} editable={selected && editable} replying={replying} onReply={onReply} />
      {selected && editable ? (
        <Actions
          comment={comment}
          n={number}
          onReply={() => {
            onReply(comment.id);
          }}
        />
      ) : null}
    </li>
  );
});

/** When and how long, typed or taken from the player. */
function Place({
  comment: { id, timeUs, durationUs },
  n,
  rate,
}: {
  readonly comment: Annotation;
  readonly n: number | null;
  readonly rate: Rational;
}) {
  const t = useT();
  const { desk, workspace, announce } = useSurroundings();
  const here = (): void => {
    const { player } = workspace.get();
    if (player === null) return;
    player.pause();
    const us = Math.max(0, Math.round(player.here().timeUs));
    desk.dispatch({ type: 'changeComment', id, change: { timeUs: us } });
    announce(t('review.moved', { time: timecode(us, rate) }), { quiet: timeUs !== null });
  };
  if (timeUs === null || n === null) {
    return (
      <Button icon="here" className="comment-give" onClick={here}>
        {t('review.giveTime')}
      </Button>
    );
  }
  return (
    <div className="comment-place">
      <span className="comment-field">
        <span aria-hidden="true">{t('review.timeShort')}</span>
        <TimeField
          label={t('review.timeOf', { n })}
          valueUs={timeUs}
          rate={rate}
          onCommit={(us) => {
            desk.dispatch({ type: 'changeComment', id, change: { timeUs: desk.frameAt(us) } });
          }}
        />
      </span>
      <span className="comment-field">
        <span aria-hidden="true">{t('review.lengthShort')}</span>
        <TimeField
          label={t('review.lengthOf', { n })}
          valueUs={durationUs ?? 0}
          empty={durationUs === null}
          rate={rate}
          onCommit={(us) => {
            desk.dispatch({
              type: 'changeComment',
              id,
              change: { durationUs: us <= 0 ? null : desk.endAt(timeUs, timeUs + us) - timeUs },
            });
          }}
        />
      </span>
      <IconButton icon="here" size={14} label={t('review.toCurrent')} onClick={here} />
      {durationUs === null ? null : (
        <IconButton
          icon="close"
          size={12}
          label={t('review.noLength')}
          onClick={() => {
            desk.dispatch({ type: 'changeComment', id, change: { durationUs: null } });
          }}
        />
      )}
    </div>
  );
}

function Actions({
  comment: { id, timeUs },
  n,
  onReply,
}: {
  readonly comment: Annotation;
  readonly n: number | null;
  readonly onReply: () => void;
}) {
  const t = useT();
  const { desk, workspace, announce } = useSurroundings();
  return (
    <div className="comment-actions">
      <Button tone="quiet" icon="reply" onClick={onReply}>
        {t('review.reply')}
      </Button>
      <Button
        tone="quiet"
        icon="edit"
        onClick={() => {
          desk.edit(id);
          if (workspace.get().room === 'comments') workspace.showRoom('player');
        }}
      >
        {t('review.edit')}
      </Button>
      <span className="spring" />
      <IconButton
        icon="loop"
        size={14}
        label={t('review.loop')}
        hint="Shift+L"
        disabled={timeUs === null}
        onClick={() => {
          desk.loop(id);
        }}
      />
      <IconButton
        icon="trash"
        size={14}
        label={n === null ? t('review.removeUntimed') : t('review.remove', { n })}
        hint="Delete"
        onClick={() => {
          desk.remove(id);
          announce(n === null ? t('review.removedUntimed') : t('review.removed', { n }));
        }}
      />
    </div>
  );
}
