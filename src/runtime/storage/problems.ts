/** Records that could not be read. They are skipped, kept on disk, and listed here for whoever shows them. */

/** A record in the database that this build cannot read. */
export interface StoreProblem {
  readonly store: string;
  readonly key: string;
  /** `newer_version`: a newer build wrote it. `unreadable`: it is broken. */
  readonly reason: 'newer_version' | 'unreadable';
  readonly message: string;
}

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

  list(): readonly StoreProblem[] {
    return [...this.#byKey.values()];
  }
}
