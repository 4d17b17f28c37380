/** Progress and changes of exports, in this tab and between tabs. */
import type { ExportId } from '../core/base/ids.ts';
import type { Export, ExportProgress } from '../core/schema/export.ts';

/** Something about an export changed. `record` is null for messages from other tabs: read it again. */
export interface ExportEvent {
  readonly id: ExportId;
  readonly record: Export | null;
  readonly progress: ExportProgress | null;
  readonly removed: boolean;
}

/** What tabs tell each other. */
type TabMessage =
  | {
      readonly type: 'changed';
      readonly id: ExportId;
      readonly progress: ExportProgress;
      readonly isNew: boolean;
    }
  | { readonly type: 'removed'; readonly id: ExportId }
  | { readonly type: 'cancel'; readonly id: ExportId };

/** The bus of one database. */
export interface ExportBus {
  publish(record: Export, progress: ExportProgress): void;
  removed(id: ExportId): void;
  /** Asks the tab that runs a job to stop it. */
  askCancel(id: ExportId): void;
  listen(listener: (event: ExportEvent) => void): () => void;
  onCancelAsked(listener: (id: ExportId) => void): void;
  /** Another tab made a job. */
  onForeignJob(listener: (id: ExportId) => void): void;
  close(): void;
}

/** Name of the channel on which progress of one export is published (DESIGN.md, section 5). */
export function progressChannelName(id: ExportId): string {
  return `export:progress:${id}`;
}

/** Opens the bus. */
export function createExportBus(database: string): ExportBus {
  const listeners = new Set<(event: ExportEvent) => void>();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`reelkeep:${database}`);
  const perExport = new Map<ExportId, BroadcastChannel>();
  const seen = new Set<ExportId>();
  let cancelAsked: (id: ExportId) => void = () => undefined;
  let foreignJob: (id: ExportId) => void = () => undefined;

  const tell = (event: ExportEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    switch (data.type) {
      case 'changed':
        tell({ id: data.id, record: null, progress: data.progress, removed: false });
        if (data.isNew) foreignJob(data.id);
        break;
      case 'removed':
        tell({ id: data.id, record: null, progress: null, removed: true });
        break;
      case 'cancel':
        cancelAsked(data.id);
        break;
    }
  });
  const post = (message: TabMessage): void => {
    channel?.postMessage(message);
  };
  const channelOf = (id: ExportId): BroadcastChannel | null => {
    if (typeof BroadcastChannel === 'undefined') return null;
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
    askCancel(id) {
      post({ type: 'cancel', id });
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onCancelAsked(listener) {
      cancelAsked = listener;
    },
    onForeignJob(listener) {
      foreignJob = listener;
    },
    close() {
      channel?.close();
      for (const own of perExport.values()) own.close();
      perExport.clear();
      listeners.clear();
    },
  };
}
