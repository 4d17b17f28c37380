/**
 * What a person does to comments, as pure data and one pure function, as `commands.ts` is for the document. Comments are kept
 * by id: each is a record of its own, so that what is saved is what has changed.
 */
import { failure, type Failure } from '../base/failure.ts';
import type { AnnotationId, AssetId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { annotationSchema, byTime, MAX_REPLIES, type Annotation, type Reply } from '../schema/annotation.ts';
import { whereWrong } from '../schema/where-wrong.ts';

/** All comments of a studio, by id. Never changed in place. */
export type Comments = ReadonlyMap<AnnotationId, Annotation>;

/** No comments. */
export const NO_COMMENTS: Comments = new Map();

/** What of a comment can be changed by hand. */
export type CommentChange = Partial<
  Pick<Annotation, 'timeUs' | 'durationUs' | 'text' | 'author' | 'color' | 'category' | 'shapes'>
>;

/** What the person does to comments. Each can be undone. */
export type ReviewCommand =
  | { readonly type: 'addComments'; readonly comments: readonly Annotation[] }
  | { readonly type: 'changeComment'; readonly id: AnnotationId; readonly change: CommentChange }
  | { readonly type: 'removeComments'; readonly ids: readonly AnnotationId[] }
  | { readonly type: 'reply'; readonly id: AnnotationId; readonly reply: Reply }
  | {
      readonly type: 'changeReply';
      readonly id: AnnotationId;
      readonly replyId: string;
      readonly text: string;
    }
  | { readonly type: 'removeReply'; readonly id: AnnotationId; readonly replyId: string }
  /** Null: open again. */
  | { readonly type: 'resolve'; readonly id: AnnotationId; readonly by: string | null };

/**
 * Applies a command. The same map comes back (the same object) when the command changes nothing. Fails with `not_found` for a
 * comment that is not there, with `invalid_spec`/`bad_spec` for values that could not be saved.
 */
export function applyReview(
  comments: Comments,
  command: ReviewCommand,
  isoNow: string,
): Result<Comments, Failure> {
  switch (command.type) {
    case 'addComments': {
      if (command.comments.length === 0) return ok(comments);
      const next = new Map(comments);
      for (const comment of command.comments) {
        const problem = problemOf(comment);
        if (problem !== null) return err(problem);
        next.set(comment.id, comment);
      }
      return ok(next);
    }
    case 'removeComments': {
      const gone = command.ids.filter((id) => comments.has(id));
      if (gone.length === 0) return ok(comments);
      const next = new Map(comments);
      for (const id of gone) next.delete(id);
      return ok(next);
    }
    default: {
      const before = comments.get(command.id);
      if (before === undefined) {
        return err(failure('not_found', 'unknown_comment', 'There is no such comment.', { id: command.id }));
      }
      const changed = changedBy(before, command, isoNow);
      if (!changed.ok) return changed;
      if (changed.value === before) return ok(comments);
      // Answers have times of their own: who answers has not changed the comment.
      const isAnswer = command.type !== 'changeComment' && command.type !== 'resolve';
      const after = isAnswer ? changed.value : { ...changed.value, updatedAt: isoNow };
      const problem = problemOf(after);
      if (problem !== null) return err(problem);
      return ok(new Map(comments).set(command.id, after));
    }
  }
}

type OneComment = Exclude<ReviewCommand, { readonly type: 'addComments' | 'removeComments' }>;

/** The comment after a command; the same object when nothing changes. */
function changedBy(before: Annotation, command: OneComment, isoNow: string): Result<Annotation, Failure> {
  switch (command.type) {
    case 'changeComment': {
      const entries = Object.entries(command.change) as [keyof CommentChange, unknown][];
      // Left out means left as it is, and so does undefined.
      const real = entries.filter(([key, value]) => value !== undefined && !sameValue(before[key], value));
      return ok(real.length === 0 ? before : { ...before, ...Object.fromEntries(real) });
    }
    case 'reply': {
      if (before.replies.length >= MAX_REPLIES) {
        return err(bad(`A comment has at most ${String(MAX_REPLIES)} replies.`, 'replies'));
      }
      if (before.replies.some(({ id }) => id === command.reply.id)) return ok(before);
      return ok({ ...before, replies: [...before.replies, command.reply] });
    }
    case 'changeReply': {
      const replies = before.replies.map((reply) =>
        reply.id === command.replyId && reply.text !== command.text
          ? { ...reply, text: command.text, updatedAt: isoNow }
          : reply,
      );
      return ok(replies.some((reply, at) => reply !== before.replies[at]) ? { ...before, replies } : before);
    }
    case 'removeReply': {
      const replies = before.replies.filter(({ id }) => id !== command.replyId);
      return ok(replies.length === before.replies.length ? before : { ...before, replies });
    }
    case 'resolve': {
      if ((command.by === null) === (before.resolved === null)) return ok(before);
      return ok({ ...before, resolved: command.by === null ? null : { by: command.by, at: isoNow } });
    }
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function bad(message: string, path: string): Failure {
  return failure('invalid_spec', 'bad_spec', message, { path });
}

function problemOf(comment: Annotation): Failure | null {
  const parsed = annotationSchema.safeParse(comment);
  if (parsed.success) return null;
  const path = whereWrong(parsed.error);
  return bad(`The comment is not valid at "${path}": ${parsed.error.issues[0]?.message ?? ''}`, path);
}

/** What has to be written and removed to bring one set of comments to another. */
export interface CommentsDifference {
  readonly put: readonly Annotation[];
  readonly removed: readonly AnnotationId[];
}

/** What differs between two sets. Records that are the same object are the same. */
export function differenceOf(before: Comments, after: Comments): CommentsDifference {
  if (before === after) return { put: [], removed: [] };
  const put = [...after.values()].filter((comment) => before.get(comment.id) !== comment);
  return { put, removed: [...before.keys()].filter((id) => !after.has(id)) };
}

/** The comments of an asset, in the order of the film, legacy ones last. */
export function commentsOfAsset(comments: Comments, assetId: AssetId): readonly Annotation[] {
  return [...comments.values()].filter((comment) => comment.assetId === assetId).sort(byTime);
}
