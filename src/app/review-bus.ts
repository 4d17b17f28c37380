/** Tells everybody who shows comments of a database that some were written: other tabs, and other instances in this one. */
import { reviewMessageSchema } from '../core/schema/tab-message.ts';

/** Who writes comments says so here, and hears of others. */
export interface ReviewBus {
  changed(): void;
  listen(listener: () => void): void;
  close(): void;
}

/** Opens the channel of a database. */
export function createReviewBus(database: string): ReviewBus {
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`reelkeep:${database}:review`);
  return {
    changed: () => channel?.postMessage({ type: 'comments' }),
    listen(listener) {
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (reviewMessageSchema.safeParse(data).success) listener();
      });
    },
    close: () => channel?.close(),
  };
}
