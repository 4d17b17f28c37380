/**
 * Undo as a pure structure: whole states, which share what did not change. Push, undo and redo give a new
 * history; nothing is changed in place.
 */

/** How many steps can be undone; older ones are forgotten. */
export const HISTORY_LIMIT = 500;

/** A state (a document, or a document with its comments) with its past and its undone future. */
export interface History<T extends object> {
  /** Oldest first. */
  readonly past: readonly T[];
  readonly present: T;
  /** What redo brings back, the next one first. */
  readonly future: readonly T[];
  /** Key of the newest step: the next push with the same key joins it. */
  readonly merge: string | null;
}

/** A history without steps. */
export function createHistory<T extends object>(present: T): History<T> {
  return { past: [], present, future: [], merge: null };
}

/**
 * Makes a state the present one. With the merge key of the step before (a drag), both are one step to undo.
 * The same state again is no step.
 */
export function pushHistory<T extends object>(
  history: History<T>,
  present: T,
  merge: string | null = null,
): History<T> {
  if (present === history.present) return history;
  if (merge !== null && merge === history.merge && history.past.length > 0) {
    return { past: history.past, present, future: [], merge };
  }
  const past = [...history.past, history.present].slice(-HISTORY_LIMIT);
  return { past, present, future: [], merge };
}

/** Whether there is a step to undo. */
export function canUndo<T extends object>(history: History<T>): boolean {
  return history.past.length > 0;
}

/** Whether there is an undone step. */
export function canRedo<T extends object>(history: History<T>): boolean {
  return history.future.length > 0;
}

/** One step back; the same history when there is none. */
export function undo<T extends object>(history: History<T>): History<T> {
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
export function redo<T extends object>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, merge: null };
}

/**
 * A change that is not a step of the person's and that undo must not take back (an import adds its asset to the
 * list): applied to every state of the history.
 */
export function amendHistory<T extends object>(history: History<T>, change: (state: T) => T): History<T> {
  return {
    past: history.past.map(change),
    present: change(history.present),
    future: history.future.map(change),
    merge: history.merge,
  };
}
