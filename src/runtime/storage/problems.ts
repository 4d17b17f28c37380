/** Records that could not be read. They are skipped, kept on disk, and listed here for whoever shows them. */
import type { StoreProblem } from '../contract/stores.ts';

/** Collects problems; each record once, however often it is read. */
export class Problems {
  readonly #byKey = new Map<string, StoreProblem>();

  add(problem: StoreProblem): void {
    this.#byKey.set(`${problem.store}\n${problem.key}`, problem);
  }

  /** A record that was written anew is no problem any more. */
  clear(store: string, key: string): void {
    this.#byKey.delete(`${store}\n${key}`);
  }

  /** What another tab has removed is no problem any more either: only these keys of a store are there. */
  keep(store: string, isThere: (key: string) => boolean): void {
    for (const { store: of, key } of this.list()) if (of === store && !isThere(key)) this.clear(of, key);
  }

  list(): readonly StoreProblem[] {
    return [...this.#byKey.values()];
  }
}
