/**
 * Undo as a pure structure: whole documents, which share what did not change. Push, undo and redo give a new
 * history; nothing is changed in place.
 */
import type { ProjectDocument } from '../schema/document.ts';

/** How many steps can be undone; older ones are forgotten. */
export const HISTORY_LIMIT = 500;

/** A document with its past and its undone future. */
export interface History {
  /** Oldest first. */
  readonly past: readonly ProjectDocument[];
  readonly present: ProjectDocument;
  /** What redo brings back, the next one first. */
  readonly future: readonly ProjectDocument[];
  /** Key of the newest step: the next push with the same key joins it. */
  readonly merge: string | null;
}

/** A history without steps. */
export function createHistory(document: ProjectDocument): History {
  return { past: [], present: document, future: [], merge: null };
}

/**
 * Makes a document the present one. With the merge key of the step before (a drag), both are one step to undo.
 * The same document again is no step.
 */
export function pushHistory(
  history: History,
  document: ProjectDocument,
  merge: string | null = null,
): History {
  if (document === history.present) return history;
  if (merge !== null && merge === history.merge && history.past.length > 0) {
    return { past: history.past, present: document, future: [], merge };
  }
  const past = [...history.past, history.present].slice(-HISTORY_LIMIT);
  return { past, present: document, future: [], merge };
}

/** Whether there is a step to undo. */
export function canUndo(history: History): boolean {
  return history.past.length > 0;
}

/** Whether there is an undone step. */
export function canRedo(history: History): boolean {
  return history.future.length > 0;
}

/** One step back; the same history when there is none. */
export function undo(history: History): History {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  // No merge key: what follows an undo is a step of its own.
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    merge: null,
  };
}

/** One undone step forward; the same history when there is none. */
export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, merge: null };
}

/**
 * A change that is not a step of the person's and that undo must not take back (an import adds its asset to the
 * list): applied to every document of the history.
 */
export function amendHistory(
  history: History,
  change: (document: ProjectDocument) => ProjectDocument,
): History {
  return {
    past: history.past.map(change),
    present: change(history.present),
    future: history.future.map(change),
    merge: history.merge,
  };
}
