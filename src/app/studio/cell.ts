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

/** A value computed from others; the same object until the computed items change. */
export function derived<T>(
  sources: readonly Watchable<unknown>[],
  compute: () => readonly T[],
): Watchable<readonly T[]> {
  const value = cell(compute());
  for (const source of sources) {
    source.subscribe(() => {
      const next = compute();
      const before = value.get();
      const same = next.length === before.length && next.every((item, i) => Object.is(item, before[i]));
      if (!same) value.set(next);
    });
  }
  return value;
}
