import { useEffect, useRef, useState } from 'react';
import { newReply } from '../../app/studio/comments.ts';
import type { Annotation, Reply } from '../../core/schema/annotation.ts';
import { MAX_TEXT } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { useSurroundings } from '../workspace/context.tsx';
import { isComposing } from './Composer.tsx';
import { authorName, CommentText, Written } from './parts.tsx';

/** The answers to a comment, and the field for the next one. */
export function Replies({
  comment,
  editable,
  replying,
  onReply,
}: {
  readonly comment: Annotation;
  readonly editable: boolean;
  readonly replying: boolean;
  readonly onReply: (id: string | null) => void;
}) {
  const t = useT();
  const { desk, announce } = useSurroundings();
  const [changing, setChanging] = useState<string | null>(null);
  const { id, replies } = comment;
  if (replies.length === 0 && !(replying && editable)) return null;
  return (
    <div className="replies">
      {replies.length === 0 ? null : (
        <ul aria-label={t('review.replies', { count: replies.length })}>
          {replies.map((reply) =>
            editable && changing === reply.id ? (
              <li key={reply.id} className="reply">
                <ReplyField
                  label={t('review.editReply')}
                  first={reply.text}
                  onCancel={() => {
                    setChanging(null);
                  }}
                  onSend={(text) => {
                    desk.dispatch({ type: 'changeReply', id, replyId: reply.id, text });
                    setChanging(null);
                  }}
                />
              </li>
            ) : (
              <OneReply
                key={reply.id}
                reply={reply}
                editable={editable}
                onEdit={() => {
                  setChanging(reply.id);
                }}
                onRemove={() => {
                  desk.dispatch({ type: 'removeReply', id, replyId: reply.id });
                  announce(t('review.replyRemoved'));
                }}
              />
            ),
          )}
        </ul>
      )}
      {replying && editable ? (
        <ReplyField
          label={t('review.replyText')}
          first=""
          onCancel={() => {
            onReply(null);
          }}
          onSend={(text) => {
            desk.dispatch({ type: 'reply', id, reply: newReply(desk.author(), text) });
            announce(t('review.replied'), { quiet: true });
            onReply(null);
          }}
        />
      ) : null}
    </div>
  );
}

function OneReply({
  reply,
  editable,
  onEdit,
  onRemove,
}: {
  readonly reply: Reply;
  readonly editable: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const t = useT();
  return (
    <li className="reply">
      <p className="comment-by">
        <bdi className="comment-author">{authorName(reply.author, t)}</bdi>
        <Written at={reply.createdAt} />
        {editable ? (
          <span className="reply-actions">
            <IconButton icon="edit" size={13} label={t('review.editReply')} onClick={onEdit} />
            <IconButton icon="trash" size={13} label={t('review.removeReply')} onClick={onRemove} />
          </span>
        ) : null}
      </p>
      <CommentText>{reply.text}</CommentText>
    </li>
  );
}

/** Enter sends, Shift and Enter break the line, Escape gives up. */
function ReplyField({
  label,
  first,
  onSend,
  onCancel,
}: {
  readonly label: string;
  readonly first: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}) {
  const t = useT();
  const [text, setText] = useState(first);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const send = (): void => {
    if (text.trim() !== '') onSend(text.trim());
  };
  return (
    <div className="reply-field">
      <textarea
        ref={field}
        className="composer-text"
        rows={1}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={MAX_TEXT}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            send();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            onCancel();
          }
        }}
      />
      <IconButton icon="close" size={12} label={t('app.cancel')} hint="Escape" onClick={onCancel} />
      <IconButton
        icon="send"
        className="reply-send"
        label={t('review.send')}
        hint="Enter"
        disabled={text.trim() === ''}
        onClick={send}
      />
    </div>
  );
}
