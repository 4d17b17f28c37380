/**
 * The reviewer's desk: which comment is selected, what is being written or drawn and not sent yet, what is looked for. Nothing of it
 * is saved; what is sent goes to the studio's comments. Drafts are kept for each file until they are sent or given up.
 */
import type { ReviewCommand, Studio, Watchable } from '../../app/studio/types.ts';
import { newComment } from '../../app/studio/comments.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { AnnotationId, AssetId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { Annotation, Shape } from '../../core/schema/annotation.ts';
import { commentsOfAsset, DEFAULT_COLOR, ok } from '../core.ts';
import { cutLimits, nearestCut, neighbourCut } from '../timeline/frames.ts';
import type { Workspace } from '../workspace/workspace.ts';
import {
  filterComments,
  listComments,
  neighbourOf,
  NO_FILTER,
  type CommentFilter,
  type Timed,
} from './comments.ts';

/** What is drawn with. */
export type Tool = Shape['kind'];

/** A comment that is being written or changed. */
export interface Draft {
  /** The comment that is changed; null for a new one. */
  readonly id: AnnotationId | null;
  readonly assetId: AssetId;
  readonly timeUs: number | null;
  readonly durationUs: number | null;
  /** Nothing is written yet: it is about whatever frame is on display. */
  readonly floating: boolean;
  /** Whether its place was taken from the in and out marks. */
  readonly marked: boolean;
  readonly text: string;
  readonly color: string;
  readonly category: string;
  readonly shapes: readonly Shape[];
  readonly past: readonly (readonly Shape[])[];
  readonly future: readonly (readonly Shape[])[];
  /** Drawing steps with one key (a drag) are one step back. */
  readonly merge: string | null;
}

/** What the desk holds. */
export interface DeskState {
  readonly selected: AnnotationId | null;
  readonly drafts: ReadonlyMap<AssetId, Draft>;
  readonly tool: Tool | null;
  /** The selected shape of the draft, by its position. */
  readonly shape: number | null;
  readonly filter: CommentFilter;
  /** Whether comments are painted on the picture. */
  readonly painted: boolean;
  /** What the next new comment begins with. */
  readonly color: string;
  readonly category: string;
}

/** The reviewer's desk. */
export type Desk = ReturnType<typeof createDesk>;

/** Makes the desk of a studio. */
export function createDesk(studio: Studio, workspace: Workspace) {
  let state: DeskState = {
    selected: null,
    drafts: new Map(),
    tool: null,
    shape: null,
    filter: NO_FILTER,
    painted: true,
    color: DEFAULT_COLOR,
    category: '',
  };
  let steps = 0;
  const listeners = new Set<() => void>();
  const set = (change: Partial<DeskState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const watch: Watchable<DeskState> = {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  const draftNow = (): Draft | null => {
    const { assetId } = workspace.get();
    return assetId === null ? null : (state.drafts.get(assetId) ?? null);
  };
  const putDraft = (draft: Draft, part: Partial<DeskState> = {}): void => {
    set({ ...part, drafts: new Map(state.drafts).set(draft.assetId, draft) });
  };
  const dropDraft = (assetId: AssetId): void => {
    const drafts = new Map(state.drafts);
    drafts.delete(assetId);
    set({ drafts, tool: null, shape: null });
  };
  const commentOf = (id: AnnotationId): Annotation | null => studio.review.get().get(id) ?? null;
  const timed = (): readonly Timed[] => {
    const { assetId } = workspace.get();
    if (assetId === null) return [];
    return filterComments(listComments(commentsOfAsset(studio.review.get(), assetId)), state.filter).timed;
  };
  const dispatch = (command: ReviewCommand, merge?: string): Result<null, Failure> =>
    studio.review.dispatch(command, merge === undefined ? {} : { merge });

  const select = (id: AnnotationId | null, options: { readonly seek?: boolean } = {}): void => {
    const comment = id === null ? null : commentOf(id);
    set({ selected: comment?.id ?? null });
    if (comment === null || options.seek === false) return;
    workspace.goTo(comment.assetId, comment.timeUs);
  };
  const begin = (): Draft | null => {
    const existing = draftNow();
    if (existing !== null) return existing;
    const { assetId, player, marks } = workspace.get();
    if (assetId === null || player === null || player.get().status !== 'ready') return null;
    if (studio.document.get().readOnly || !studio.allows('can_annotate')) return null;
    player.pause();
    const { inUs, outUs } = marks;
    const over = inUs !== null && outUs !== null;
    const draft: Draft = {
      id: null,
      assetId,
      timeUs: over ? inUs : Math.max(0, Math.round(player.here().timeUs)),
      durationUs: over ? outUs - inUs : null,
      floating: !over,
      marked: over,
      text: '',
      color: state.color,
      category: state.category,
      shapes: [],
      past: [],
      future: [],
      merge: null,
    };
    putDraft(draft, { tool: null, shape: null });
    return draft;
  };
  /** What is begun is about the frame on display, and stays there. */
  const settled = (draft: Draft): Draft => {
    const { player } = workspace.get();
    if (!draft.floating || player === null) return draft;
    player.pause();
    return { ...draft, floating: false, timeUs: Math.max(0, Math.round(player.here().timeUs)) };
  };
  const showDraft = (draft: Draft): void => {
    const { player } = workspace.get();
    if (player === null || draft.timeUs === null) return;
    player.pause();
    const { timeUs, frameEndUs } = player.here();
    const untilUs = draft.timeUs + (draft.durationUs ?? 1);
    if (draft.timeUs < frameEndUs && timeUs < untilUs) return;
    player.seek(draft.timeUs);
  };

  return {
    ...watch,
    commentOf,
    draftNow,
    timed,
    select,
    begin,
    /** Where the draft's shapes are drawn: the player goes there if it is elsewhere. */
    showDraft,
    setFilter(part: Partial<CommentFilter>): void {
      set({ filter: { ...state.filter, ...part } });
    },
    setPainted(painted: boolean): void {
      set({ painted });
    },
    /** Goes to the comment before or after the frame on display. */
    step(direction: 1 | -1): Timed | null {
      const { player } = workspace.get();
      if (player === null) return null;
      const next = neighbourOf(timed(), player.here(), state.selected, direction);
      if (next !== null) select(next.comment.id);
      return next;
    },
    /** Plays what a comment is about, over and over. */
    loop(id: AnnotationId | null): boolean {
      const comment = id === null ? null : commentOf(id);
      if (comment?.timeUs == null) return false;
      set({ selected: comment.id });
      const { timeUs, durationUs } = comment;
      workspace.loopRange(comment.assetId, timeUs, timeUs + (durationUs ?? studio.settings.get().shownUs));
      return true;
    },
    /** Opens a comment in the field below the picture. */
    edit(id: AnnotationId): void {
      const comment = commentOf(id);
      if (comment === null) return;
      select(id);
      workspace.get().player?.pause();
      const { assetId, timeUs, durationUs, text, color, category, shapes } = comment;
      putDraft(
        {
          ...{ id, assetId, timeUs, durationUs, text, color, shapes },
          ...{ category: category ?? '', floating: false, marked: false, past: [], future: [], merge: null },
        },
        { tool: null, shape: null },
      );
    },
    change(part: Partial<Pick<Draft, 'text' | 'color' | 'category' | 'timeUs' | 'durationUs'>>): void {
      const draft = begin();
      if (draft === null) return;
      const begins = part.text !== undefined || part.timeUs !== undefined;
      putDraft({ ...(begins ? settled(draft) : draft), ...part });
    },
    setColor(color: string): void {
      const draft = draftNow();
      if (draft === null) set({ color });
      else putDraft({ ...draft, color });
    },
    pickTool(tool: Tool | null): void {
      const draft = tool === null ? draftNow() : begin();
      if (draft === null || draft.timeUs === null) return;
      if (tool !== null) {
        const own = settled(draft);
        putDraft(own);
        showDraft(own);
      }
      set({ tool, shape: tool === null ? state.shape : null });
    },
    selectShape(shape: number | null): void {
      set({ shape });
    },
    /** The draft's shapes from now on; steps with the same merge key are one to take back. */
    draw(
      shapes: readonly Shape[],
      part: { readonly merge?: string; readonly shape?: number | null } = {},
    ): void {
      const begun = draftNow();
      if (begun === null) return;
      const draft = settled(begun);
      const merge = part.merge ?? null;
      const joins = merge !== null && merge === draft.merge;
      const past = joins ? draft.past : [...draft.past, draft.shapes].slice(-100);
      putDraft(
        { ...draft, shapes, past, future: [], merge },
        part.shape === undefined ? {} : { shape: part.shape },
      );
    },
    /** Takes the last stroke back; false when there is none, so that the step is the studio's. */
    undoShape(): boolean {
      const draft = draftNow();
      const before = draft?.past.at(-1);
      if (draft === null || before === undefined) return false;
      const { shapes, past, future } = draft;
      putDraft(
        { ...draft, shapes: before, past: past.slice(0, -1), future: [shapes, ...future], merge: null },
        { shape: null },
      );
      return true;
    },
    redoShape(): boolean {
      const draft = draftNow();
      const [next, ...future] = draft?.future ?? [];
      if (draft === null || next === undefined) return false;
      const { shapes, past } = draft;
      putDraft({ ...draft, shapes: next, past: [...past, shapes], future, merge: null }, { shape: null });
      return true;
    },
    cancel(): void {
      const draft = draftNow();
      if (draft !== null) dropDraft(draft.assetId);
    },
    /** Sends what was written: a new comment, or the changes of one. Null when there is nothing to send. */
    send(): Result<AnnotationId, Failure> | null {
      const draft = draftNow();
      if (draft === null) return null;
      const text = draft.text.trim();
      // A text that nobody wrote shows nothing and could not be found again.
      const shapes = draft.shapes.filter((shape) => shape.kind !== 'text' || shape.text.trim() !== '');
      if (text === '' && shapes.length === 0) return null;
      const { assetId, timeUs, durationUs, color } = draft;
      const category = draft.category.trim() === '' ? null : draft.category.trim();
      const author = studio.settings.get().author.trim();
      let { id } = draft;
      if (id === null) {
        const comment = newComment(assetId, {
          ...{ timeUs, text, author, color, shapes },
          ...(durationUs === null ? {} : { durationUs }),
          ...(category === null ? {} : { category }),
        });
        ({ id } = comment);
        const added = dispatch({ type: 'addComments', comments: [comment] });
        if (!added.ok) return added;
        if (draft.marked) workspace.clearMarks();
      } else {
        const change = { timeUs, durationUs, text, color, category, shapes };
        const changed = dispatch({ type: 'changeComment', id, change });
        if (!changed.ok) {
          // Another tab has deleted it: what was written can still be sent, as a comment of its own.
          if (changed.error.code === 'not_found') putDraft({ ...draft, id: null });
          return changed;
        }
      }
      set({ color, category: category ?? '' });
      dropDraft(assetId);
      select(id, { seek: false });
      return ok(id);
    },
    /** The start of the frame nearest to a time of the open file: where a comment can begin. */
    frameAt(us: number): number {
      const grid = workspace.grid();
      if (grid === null) return Math.max(0, Math.round(us));
      const last = neighbourCut(grid, cutLimits(grid).lastUs, -1);
      return Math.min(last, nearestCut(grid, us));
    },
    /** The end of a comment nearest to a time: between two frames, at least one after its start. */
    endAt(fromUs: number, us: number): number {
      const grid = workspace.grid();
      if (grid === null) return Math.max(fromUs + 1, Math.round(us));
      return Math.max(neighbourCut(grid, fromUs, 1), nearestCut(grid, us), fromUs + 1);
    },
    /** A name for what is one step to take back: a stroke, a drag. */
    stepKey(): string {
      steps += 1;
      return `review-${String(steps)}`;
    },
    /** Who signs. */
    author: (): string => studio.settings.get().author.trim(),
    /** Deletes a comment and selects its neighbour, so that the next key has something to do. */
    remove(id: AnnotationId): void {
      const listed = timed();
      const at = listed.findIndex(({ comment }) => comment.id === id);
      const next = at < 0 ? null : (listed[at + 1] ?? listed[at - 1] ?? null);
      if (!dispatch({ type: 'removeComments', ids: [id] }).ok) return;
      const draft = draftNow();
      if (draft?.id === id) dropDraft(draft.assetId);
      set({ selected: next?.comment.id ?? null });
    },
    dispatch,
  };
}
