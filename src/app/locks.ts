/** Locks between tabs, where the browser has them (all current ones, in a secure context). */

function lockManager(): LockManager | null {
  return (navigator as { readonly locks?: LockManager }).locks ?? null;
}

/** The name of a lock of one database. */
export function lockName(database: string, name: string): string {
  return `reelkeep:${database}:${name}`;
}

/** Runs `work` while this tab alone holds the lock; other tabs wait. */
export async function exclusively<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const locks = lockManager();
  if (locks === null) return work();
  return locks.request(name, { signal }, work);
}

/** Whether another tab waits for a lock that this tab holds. */
export async function othersWait(name: string): Promise<boolean> {
  const locks = lockManager();
  if (locks === null) return false;
  const { held = [], pending = [] } = await locks.query();
  // Whoever holds it asks: requests of the same client are of this tab.
  const mine = held.find((lock) => lock.name === name)?.clientId;
  return pending.some((lock) => lock.name === name && lock.clientId !== mine);
}
