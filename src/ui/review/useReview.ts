import { useMemo } from 'react';
import type { Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { commentsOfAsset } from '../core.ts';
import {
  useDesk,
  usePlayer,
  useSurroundings,
  useWatch,
  useWatchPart,
  useWorkspace,
} from '../workspace/context.tsx';
import { filterComments, listComments, visibleAt, type CommentList, type Timed } from './comments.ts';
import type { Draft } from './desk.ts';

/** The comments of a file, in the order of the film and numbered. */
export function useCommentsOf(assetId: AssetId | null): CommentList {
  const comments = useWatch(useSurroundings().studio.review);
  return useMemo(
    () => listComments(assetId === null ? [] : commentsOfAsset(comments, assetId)),
    [comments, assetId],
  );
}

/** The comments of the open file, and those of them that are looked for. */
export function useComments(): { readonly all: CommentList; readonly found: CommentList } {
  const all = useCommentsOf(useWorkspace((state) => state.assetId));
  const filter = useDesk((state) => state.filter);
  const found = useMemo(() => filterComments(all, filter), [all, filter]);
  return { all, found };
}

/** How many comments of the open file are still open. */
export function useOpenComments(): number {
  const { timed, legacy } = useCommentsOf(useWorkspace((state) => state.assetId));
  return [...timed, ...legacy].filter(({ comment }) => comment.resolved === null).length;
}

const NOBODY: readonly Timed[] = [];

/** The comments that are on the frame on display; renders only when others are. */
export function useVisible(timed: readonly Timed[]): readonly Timed[] {
  const { shownUs } = useWatch(useSurroundings().studio.settings);
  // The positions as one text: a primitive that changes only when they do.
  const at = usePlayer((state) =>
    state.status === 'ready'
      ? visibleAt(timed, { timeUs: state.timeUs, frameEndUs: state.frameEndUs }, shownUs)
          .map(({ number }) => number)
          .join(' ')
      : '',
  );
  return useMemo(
    () => (at === '' ? NOBODY : at.split(' ').flatMap((number) => timed[Number(number) - 1] ?? [])),
    [at, timed],
  );
}

/** What is being written for the open file. */
export function useDraft(): Draft | null {
  const assetId = useWorkspace((state) => state.assetId);
  return useDesk((state) => (assetId === null ? null : (state.drafts.get(assetId) ?? null)));
}

/** Whether the person may write comments here at all. */
export function useCanAnnotate(): boolean {
  const { studio } = useSurroundings();
  const readOnly = useWatchPart(studio.document, (state) => state.readOnly);
  return !readOnly && studio.allows('can_annotate');
}

/** The player's frame lies in the time of the draft: what is drawn belongs to this picture. */
export function useDraftOnPicture(draft: Draft | null): boolean {
  const from = draft?.timeUs ?? null;
  const floating = draft?.floating ?? false;
  const until = from === null ? 0 : from + (draft?.durationUs ?? 1);
  return usePlayer(
    (state) =>
      from !== null &&
      state.status === 'ready' &&
      (floating || (from < Math.max(state.frameEndUs, state.timeUs + 1) && state.timeUs < until)),
  );
}

/** What a failed command was about; null where it went through. */
export function failureIn(result: { readonly ok: boolean; readonly error?: Failure } | null): Failure | null {
  return result === null || result.ok ? null : (result.error ?? null);
}
