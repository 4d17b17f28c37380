/** The project document with undo, saved by itself shortly after each change. */
import { canonicalJson } from '../../core/base/canonical.ts';
import { applyCommand } from '../../core/project/commands.ts';
import { emptyDocument } from '../../core/project/document.ts';
import {
  amendHistory,
  canRedo,
  canUndo,
  createHistory,
  pushHistory,
  redo,
  undo,
  type History,
} from '../../core/project/history.ts';
import type { ProjectDocument } from '../../core/schema/document.ts';
import { readDocumentMessage, writeDocumentMessage } from '../../core/schema/tab-message.ts';
import type { DocumentStore } from '../../runtime/contract/stores.ts';
import { browserClock } from '../clock.ts';
import { cell } from './cell.ts';
import type { DocumentModel, DocumentState } from './types.ts';

/** The one document of a database, for now. */
export const DOCUMENT_ID = 'main';
/** Changes within this time are saved together, milliseconds. */
const SAVE_AFTER_MS = 250;

/** The model, and what only the studio's other parts may do. */
export interface OwnedDocumentModel extends DocumentModel {
  /** A change that undo must not take back (an import, the removal of a file). */
  amend(change: (document: ProjectDocument) => ProjectDocument): void;
  /** Saves what is not saved yet. */
  flush(): Promise<void>;
  /** Stops following other tabs. */
  close(): void;
}

/**
 * Loads the document, or starts an empty one. Tabs of one database follow each other: what one saves, the others show,
 * as a step that can be undone.
 */
export async function openDocument(
  store: DocumentStore,
  database: string,
  storesReadOnly = false,
): Promise<OwnedDocumentModel> {
  const loaded = await store.load(DOCUMENT_ID);
  const readOnly = storesReadOnly || !loaded.ok;
  const initial = (loaded.ok ? loaded.value : null) ?? emptyDocument(DOCUMENT_ID, browserClock.iso());
  let history = createHistory(initial);
  let unsaved: ProjectDocument | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`reelkeep:${database}:document`);

  const stateOf = (saved: DocumentState['saved']): DocumentState => ({
    document: history.present,
    canUndo: canUndo(history),
    canRedo: canRedo(history),
    saved,
    readOnly,
  });
  const state = cell<DocumentState>(stateOf('saved'));

  const save = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // One write at a time and in order, so that an older document never overwrites a newer one.
    writing = writing.then(async () => {
      const document = unsaved;
      if (document === null) return;
      unsaved = null;
      const result = await store.save(document);
      if (!result.ok) unsaved ??= document;
      else channel?.postMessage(writeDocumentMessage({ type: 'saved', savedAt: new Date() }));
      state.set(stateOf(result.ok ? (unsaved === null ? 'saved' : 'saving') : 'failed'));
    });
    return writing;
  };

  const become = (next: History): void => {
    if (readOnly || next === history) return;
    const changed = next.present !== history.present;
    history = next;
    if (changed) {
      unsaved = next.present;
      timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    }
    state.set(stateOf(unsaved === null ? 'saved' : 'saving'));
  };

  const follow = async (): Promise<void> => {
    await save();
    const latest = await store.load(DOCUMENT_ID);
    if (!latest.ok || latest.value === null || unsaved !== null) return;
    if (canonicalJson(latest.value) === canonicalJson(history.present)) return;
    history = pushHistory(history, latest.value);
    state.set(stateOf('saved'));
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (readDocumentMessage(data) === null) return;
    // Closed meanwhile: nothing to show it in.
    follow().catch(() => undefined);
  });

  return {
    get: () => state.get(),
    subscribe: (listener) => state.subscribe(listener),
    dispatch(command, options) {
      const result = applyCommand(history.present, command, browserClock.iso());
      // A command that does not fit (a range dragged inside out) changes nothing.
      if (result.ok) become(pushHistory(history, result.value, options?.merge ?? null));
    },
    undo() {
      become(undo(history));
    },
    redo() {
      become(redo(history));
    },
    amend(change) {
      become(amendHistory(history, change));
    },
    flush: save,
    close() {
      channel?.close();
    },
  };
}
