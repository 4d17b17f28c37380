/** What private storage holds and how much may be kept, for the settings and for whoever waits for room. */
import { isUnfinished } from './export-list.ts';
import { err, ok } from '../../core/base/result.ts';
import { storagePolicyOf } from '../../core/schema/storage-policy.ts';
import { askPersistence, knownPersistence } from '../persistence.ts';
import { resultsToDrop } from '../room.ts';
import { browserClock } from '../clock.ts';
import type { Runtime } from '../runtime.ts';
import { cell } from './cell.ts';
import type { StorageLoss, StorageModel, StorageState, Watchable } from './types.ts';

/** Changes within this time are counted together. Milliseconds. */
const SETTLE_MS = 500;

/** Opens the model; it is counted when somebody looks, and again after every end and every removal. */
export function openStorage(runtime: Runtime): StorageModel & { dispose(): void } {
  const { room, stores, bus } = runtime;
  const state = cell<StorageState>({ use: null, policy: storagePolicyOf(null), persistence: null });
  let watched = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let counting: Promise<void> = Promise.resolve();

  const count = async (): Promise<void> => {
    const [use, policy, persistence] = await Promise.all([
      runtime.storageUse(),
      room.policy(),
      knownPersistence(stores),
    ]);
    state.set({ use, policy, persistence });
  };
  const refresh = (): Promise<void> => {
    // One after the other: an older count must not overwrite a newer one. Closed meanwhile: nobody looks.
    counting = counting.then(count).catch(() => undefined);
    return counting;
  };
  const soon = (): void => {
    if (watched === 0) return;
    timer ??= setTimeout(() => {
      timer = null;
      void refresh();
    }, SETTLE_MS);
  };
  const stopListening = bus.listen(({ record, removed }) => {
    if (removed || (record !== null && (!isUnfinished(record) || record.waitingFor === 'storage'))) soon();
  });

  return {
    get: () => state.get(),
    subscribe(listener) {
      watched += 1;
      const stop = state.subscribe(listener);
      if (watched === 1) void refresh();
      return () => {
        watched -= 1;
        stop();
      };
    },
    refresh,
    async changePolicy(change) {
      const saved = await room.setPolicy(change);
      if (!saved.ok) return saved;
      state.set({ ...state.get(), policy: saved.value });
      bus.policyChanged();
      return ok(null);
    },
    async clearSegments() {
      const bytes = await room.evict(Number.MAX_SAFE_INTEGER);
      await refresh();
      return bytes;
    },
    async oldestResults(bytes) {
      const { exports } = await stores.exports.list({ status: 'completed', order: 'oldest' });
      const gone = resultsToDrop(exports, 'oldest', bytes, browserClock.iso());
      return {
        names: gone.map(({ name }) => name),
        bytes: gone.reduce((sum, record) => sum + record.bytes, 0),
      };
    },
    async dropOldestResults(bytes) {
      const went = await room.dropResults('oldest', bytes);
      await refresh();
      return went;
    },
    async askPersistence() {
      if (stores.readOnly) {
        return err({
          code: 'storage_failed',
          reason: 'newer_version',
          message: 'Nothing can be saved here.',
        });
      }
      const persistence = await askPersistence(stores);
      state.set({ ...state.get(), persistence });
      return ok(persistence);
    },
    dispose() {
      if (timer !== null) clearTimeout(timer);
      stopListening();
    },
  };
}

/** Tells when this tab can reach nothing any more. Closing the studio is no loss. */
export function watchLoss({ stores }: Pick<Runtime, 'stores'>): Watchable<StorageLoss | null> {
  const loss = cell<StorageLoss | null>(null);
  const LOSS = { versionchange: 'newer', deleted: 'deleted', terminated: 'closed', closed: null } as const;
  void stores.whenClosed.then((by) => {
    loss.set(LOSS[by]);
  });
  return loss;
}
