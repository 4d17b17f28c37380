/** The smallest watchable value. */
import type { Watchable } from './types.ts';

/** A watchable value that its owner can set. */
export interface Cell<T> extends Watchable<T> {
  set(value: T): void;
}

/** Makes a cell. Setting the same object tells nobody. */
export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
