/** Progress and changes of exports, in this tab and between tabs. */
import type { ExportId } from '../core/base/ids.ts';
import type { Export, ExportProgress } from '../core/schema/export.ts';
import { readTabMessage, type TabMessage } from '../core/schema/tab-message.ts';

/** Something about an export changed. `record` is null for messages from other tabs: read it again. */
export interface ExportEvent {
  readonly id: ExportId;
  readonly record: Export | null;
  readonly progress: ExportProgress | null;
  readonly removed: boolean;
}

/** What may be asked of the tab that runs a job. */
export type Asked = Extract<TabMessage, { readonly type: 'asked' }>['what'];

/** What other tabs say, for the parts that do something about it. */
export interface ForeignListeners {
  /** The job that this tab may run is to be stopped or held. */
  readonly asked: (id: ExportId, what: Asked) => void;
  /** A job was made, or may have no tab any more. */
  readonly job: (id: ExportId) => void;
  /** A record was changed by a tab that does not run its job. */
  readonly queue: (id: ExportId) => void;
  /** Something was deleted or evicted. */
  readonly freed: () => void;
  /** The storage policy was changed. */
  readonly policy: () => void;
}

/** The bus of one database. */
export interface ExportBus {
  publish(record: Export, progress: ExportProgress): void;
  removed(id: ExportId): void;
  /** Asks the tab that runs a job to stop or hold it. */
  ask(id: ExportId, what: Asked): void;
  /** Tells other tabs that a record was changed here: the one that runs its job holds an older one. */
  queueChanged(id: ExportId): void;
  /** Tells other tabs that something was deleted or evicted. */
  freed(): void;
  /** Tells other tabs that the storage policy was changed. */
  policyChanged(): void;
  listen(listener: (event: ExportEvent) => void): () => void;
  /** Sets what other tabs' messages do; those that come before are lost, as if this tab had been opened later. */
  onForeign(listeners: ForeignListeners): void;
  close(): void;
}

/** Name of the channel on which progress of one export is published (DESIGN.md, section 5). */
export function progressChannelName(id: ExportId): string {
  return `export:progress:${id}`;
}

/** Name of the channel between the tabs of a database. */
export function tabChannelName(database: string): string {
  return `reelkeep:${database}`;
}

/** Opens the bus. */
export function createExportBus(database: string): ExportBus {
  const listeners = new Set<(event: ExportEvent) => void>();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(tabChannelName(database));
  const perExport = new Map<ExportId, BroadcastChannel>();
  const seen = new Set<ExportId>();
  let foreign: ForeignListeners | null = null;
  // Work that ends after the close still tells of it: nobody is there to hear.
  let closed = false;

  const tell = (event: ExportEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const hear = (message: TabMessage): void => {
    switch (message.type) {
      case 'changed':
        tell({ id: message.id, record: null, progress: message.progress, removed: false });
        if (message.isNew) foreign?.job(message.id);
        break;
      case 'removed':
        tell({ id: message.id, record: null, progress: null, removed: true });
        foreign?.freed();
        break;
      case 'asked':
        foreign?.asked(message.id, message.what);
        break;
      case 'queue':
        tell({ id: message.id, record: null, progress: null, removed: false });
        foreign?.queue(message.id);
        break;
      case 'freed':
        foreign?.freed();
        break;
      case 'policy':
        foreign?.policy();
        break;
    }
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readTabMessage(data);
    if (message !== null) hear(message);
  });
  const post = (message: TabMessage): void => {
    if (!closed) channel?.postMessage(message);
  };
  const channelOf = (id: ExportId): BroadcastChannel | null => {
    if (closed || typeof BroadcastChannel === 'undefined') return null;
    let own = perExport.get(id);
    if (own === undefined) {
      own = new BroadcastChannel(progressChannelName(id));
      perExport.set(id, own);
    }
    return own;
  };

  return {
    publish(record, progress) {
      tell({ id: record.id, record, progress, removed: false });
      const isNew = !seen.has(record.id);
      seen.add(record.id);
      post({ type: 'changed', id: record.id, progress, isNew });
      channelOf(record.id)?.postMessage(progress);
      if (record.completedAt !== null) {
        perExport.get(record.id)?.close();
        perExport.delete(record.id);
      }
    },
    removed(id) {
      tell({ id, record: null, progress: null, removed: true });
      post({ type: 'removed', id });
    },
    ask(id, what) {
      post({ type: 'asked', id, what });
    },
    queueChanged(id) {
      post({ type: 'queue', id });
    },
    freed() {
      post({ type: 'freed' });
    },
    policyChanged() {
      post({ type: 'policy' });
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onForeign(next) {
      foreign = next;
    },
    close() {
      closed = true;
      channel?.close();
      for (const own of perExport.values()) own.close();
      perExport.clear();
      listeners.clear();
    },
  };
}
