/** Comments as lists: their order and numbers, which are searched for, which are on the picture, which comes next. Pure. */
import type { Clip } from '../../core/schema/document.ts';
import type { Annotation } from '../../core/schema/annotation.ts';

/** A comment with its number in the film; legacy comments have none. */
export interface Listed {
  readonly comment: Annotation;
  readonly number: number | null;
}

/** A comment that has a place in the film. */
export interface Timed extends Listed {
  readonly number: number;
  readonly fromUs: number;
}

/** The comments of one file. */
export interface CommentList {
  readonly timed: readonly Timed[];
  readonly legacy: readonly Listed[];
}

/** What is looked for. */
export interface CommentFilter {
  readonly status: 'all' | 'open' | 'resolved';
  /** Null: whoever wrote it. */
  readonly author: string | null;
  readonly category: string | null;
  /** Only those that have something drawn. */
  readonly shapes: boolean;
  readonly query: string;
}

/** Everything. */
export const NO_FILTER: CommentFilter = {
  status: 'all',
  author: null,
  category: null,
  shapes: false,
  query: '',
};

/** Numbers comments that are in the order of the film. */
export function listComments(ordered: readonly Annotation[]): CommentList {
  const timed: Timed[] = [];
  const legacy: Listed[] = [];
  for (const comment of ordered) {
    if (comment.timeUs === null) legacy.push({ comment, number: null });
    else timed.push({ comment, number: timed.length + 1, fromUs: comment.timeUs });
  }
  return { timed, legacy };
}

/** Texts are compared without regard to case and to how their letters are put together. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

const haystacks = new WeakMap<Annotation, string>();

function haystackOf(comment: Annotation): string {
  let text = haystacks.get(comment);
  if (text === undefined) {
    const replies = comment.replies.flatMap((reply) => [reply.author, reply.text]);
    const drawn = comment.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    text = folded([comment.text, comment.author, comment.category ?? '', ...drawn, ...replies].join('\n'));
    haystacks.set(comment, text);
  }
  return text;
}

/** Whether a comment is among those looked for: all words of the query are somewhere in it. */
export function matches(comment: Annotation, filter: CommentFilter): boolean {
  if (filter.status !== 'all' && (filter.status === 'resolved') !== (comment.resolved !== null)) return false;
  if (filter.author !== null && comment.author !== filter.author) return false;
  if (filter.category !== null && comment.category !== filter.category) return false;
  if (filter.shapes && comment.shapes.length === 0) return false;
  const words = folded(filter.query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = haystackOf(comment);
  return words.every((word) => text.includes(word));
}

/** Those that are looked for; numbers stay what they are. */
export function filterComments(list: CommentList, filter: CommentFilter): CommentList {
  return {
    timed: list.timed.filter(({ comment }) => matches(comment, filter)),
    legacy: list.legacy.filter(({ comment }) => matches(comment, filter)),
  };
}

/** Whether a filter leaves anything out. */
export function isFiltering(filter: CommentFilter): boolean {
  return (
    filter.status !== 'all' ||
    filter.author !== null ||
    filter.category !== null ||
    filter.shapes ||
    filter.query.trim() !== ''
  );
}

/** Authors and categories of a list, each once, in alphabetical order. */
export function choicesIn(ordered: readonly Annotation[]): {
  readonly authors: readonly string[];
  readonly categories: readonly string[];
} {
  const sorted = (names: Iterable<string>): readonly string[] =>
    [...new Set(names)].sort((a, b) => a.localeCompare(b));
  return {
    authors: sorted(ordered.map(({ author }) => author)),
    categories: sorted(ordered.flatMap(({ category }) => (category === null ? [] : [category]))),
  };
}

/** The first moment at which a comment is not shown any more. */
export function untilOf({ comment, fromUs }: Timed, shownUs: number): number {
  return fromUs + (comment.durationUs ?? shownUs);
}

/** A frame: when it appears, and when the next one does. */
export interface Moment {
  readonly timeUs: number;
  readonly frameEndUs: number;
}

/**
 * Those that are on a frame. A comment that begins while a frame is on display (an imported time need not be a frame's own) is on
 * that frame: it is the one that going to its time shows.
 */
export function visibleAt(timed: readonly Timed[], frame: Moment, shownUs: number): readonly Timed[] {
  const endUs = Math.max(frame.frameEndUs, frame.timeUs + 1);
  return timed.filter((one) => one.fromUs < endUs && frame.timeUs < untilOf(one, shownUs));
}

/** The comment to go to from a frame; from the selected one, where it begins there, on to its neighbour. */
export function neighbourOf(
  timed: readonly Timed[],
  frame: Moment,
  selected: string | null,
  direction: 1 | -1,
): Timed | null {
  const endUs = Math.max(frame.frameEndUs, frame.timeUs + 1);
  const at = timed.findIndex(({ comment }) => comment.id === selected);
  const own = timed[at];
  // Several may begin on one frame: those are told apart by which of them is selected.
  if (own !== undefined && own.fromUs >= frame.timeUs && own.fromUs < endUs)
    return timed[at + direction] ?? null;
  if (direction === 1)
    return timed.find(({ fromUs }) => fromUs >= (own === undefined ? frame.timeUs : endUs)) ?? null;
  return timed.findLast(({ fromUs }) => fromUs < frame.timeUs) ?? null;
}

/** Positions in the reel, from 1, of the ranges that show a comment. */
export function rangesWith(one: Timed, shownUs: number, clips: readonly Clip[]): readonly number[] {
  const untilUs = untilOf(one, shownUs);
  return clips.flatMap((clip, position) =>
    clip.assetId === one.comment.assetId && clip.startUs < untilUs && clip.endUs > one.fromUs
      ? [position + 1]
      : [],
  );
}
