/** The project document and the comments with one undo for both, saved by themselves shortly after each change. */
import { canonicalJson } from '../../core/base/canonical.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { AnnotationId } from '../../core/base/ids.ts';
import { ok, type Result } from '../../core/base/result.ts';
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
import { applyReview, differenceOf, type Comments } from '../../core/project/review.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import type { ProjectDocument } from '../../core/schema/document.ts';
import { readDocumentMessage, writeDocumentMessage } from '../../core/schema/tab-message.ts';
import type { Stores } from '../../runtime/contract/stores.ts';
import { browserClock } from '../clock.ts';
import { createReviewBus } from '../review-bus.ts';
import { cell } from './cell.ts';
import type { DocumentModel, DocumentState, ReviewModel } from './types.ts';

/** The one document of a database, for now. */
export const DOCUMENT_ID = 'main';
/** Changes within this time are saved together, milliseconds. */
const SAVE_AFTER_MS = 250;

/** The document, and what only the studio's other parts may do. */
export interface OwnedDocumentModel extends DocumentModel {
  /** A change that undo must not take back (an import, the removal of a file). */
  amend(change: (document: ProjectDocument) => ProjectDocument): void;
}

/** What a person works on. */
export interface WorkModel {
  readonly document: OwnedDocumentModel;
  readonly review: ReviewModel;
  /** Saves what is not saved yet. */
  flush(): Promise<void>;
  /** Stops following other tabs. */
  close(): void;
}

/** What one step of the person's leads to. */
interface Work {
  readonly document: ProjectDocument;
  readonly comments: Comments;
}

const byId = (list: readonly Annotation[]): Comments => new Map(list.map((comment) => [comment.id, comment]));

/**
 * Loads document and comments, or starts with none. Tabs of one database follow each other: what one saves, the others show:
 * a document as a step that can be undone, comments (which belong to whoever wrote them) as what has been there all along.
 */
export async function openWork(
  stores: Pick<Stores, 'documents' | 'annotations' | 'readOnly'>,
  database: string,
): Promise<WorkModel> {
  const [loaded, listed] = await Promise.all([stores.documents.load(DOCUMENT_ID), stores.annotations.list()]);
  const readOnly = stores.readOnly || !loaded.ok;
  const initial = (loaded.ok ? loaded.value : null) ?? emptyDocument(DOCUMENT_ID, browserClock.iso());
  /** What is on disk, as far as this tab knows. */
  let stored: Work = { document: initial, comments: byId(listed) };
  let history: History<Work> = createHistory(stored);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`reelkeep:${database}:document`);
  const bus = createReviewBus(database);

  const isSaved = (): boolean =>
    history.present.document === stored.document && history.present.comments === stored.comments;
  const documentState = (saved: DocumentState['saved']): DocumentState => ({
    document: history.present.document,
    canUndo: canUndo(history),
    canRedo: canRedo(history),
    saved,
    readOnly,
  });
  const state = cell<DocumentState>(documentState('saved'));
  const comments = cell<Comments>(stored.comments);
  const show = (saved: DocumentState['saved'] = isSaved() ? 'saved' : 'saving'): void => {
    state.set(documentState(saved));
    comments.set(history.present.comments);
  };

  const saveDocument = async ({ document }: Work): Promise<boolean> => {
    if (document === stored.document) return true;
    const result = await stores.documents.save(document);
    if (!result.ok) return false;
    stored = { ...stored, document };
    channel?.postMessage(writeDocumentMessage({ type: 'saved', savedAt: new Date() }));
    return true;
  };
  const saveComments = async (work: Work): Promise<boolean> => {
    const { put, removed } = differenceOf(stored.comments, work.comments);
    if (put.length + removed.length > 0) {
      const result = await stores.annotations.write(put, removed);
      if (!result.ok) return false;
      bus.changed();
    }
    stored = { ...stored, comments: work.comments };
    return true;
  };

  const save = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // One write at a time and in order, so that an older state never overwrites a newer one.
    writing = writing.then(async () => {
      if (readOnly || isSaved()) return;
      const work = history.present;
      const saved = [await saveDocument(work), await saveComments(work)];
      if (!saved.every(Boolean)) {
        show('failed');
        return;
      }
      // Changed back meanwhile, to what had been stored before.
      if (!isSaved()) timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
      show();
    });
    return writing;
  };

  const become = (next: History<Work>): void => {
    if (readOnly || next === history) return;
    history = next;
    if (!isSaved()) timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    show();
  };

  const follow = async (): Promise<void> => {
    await save();
    const latest = await stores.documents.load(DOCUMENT_ID);
    if (!latest.ok || latest.value === null || history.present.document !== stored.document) return;
    if (canonicalJson(latest.value) === canonicalJson(history.present.document)) return;
    stored = { ...stored, document: latest.value };
    history = pushHistory(history, { ...history.present, document: latest.value });
    show();
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (readDocumentMessage(data) === null) return;
    // Closed meanwhile: nothing to show it in.
    follow().catch(() => undefined);
  });

  const followComments = async (): Promise<void> => {
    await save();
    const latest = byId(await stores.annotations.list());
    const before = stored.comments;
    const changed = [...latest.values()].filter((comment) => {
      const known = before.get(comment.id);
      return known === undefined || canonicalJson(known) !== canonicalJson(comment);
    });
    const gone = [...before.keys()].filter((id) => !latest.has(id));
    if (changed.length + gone.length === 0) return;
    const amended = (map: Comments): Comments => withChanges(map, changed, gone);
    stored = { ...stored, comments: amended(before) };
    // The same map stays the same in all steps that shared it: what is saved is told by identity.
    const known = new Map<Comments, Comments>([[before, stored.comments]]);
    history = amendHistory(history, (work) => {
      const next = known.get(work.comments) ?? amended(work.comments);
      known.set(work.comments, next);
      return { ...work, comments: next };
    });
    show();
  };
  bus.listen(() => {
    followComments().catch(() => undefined);
  });

  const step = (change: Partial<Work>, merge: string | null): void => {
    const { document, comments: shown } = history.present;
    const next = { document: change.document ?? document, comments: change.comments ?? shown };
    if (next.document === document && next.comments === shown) return;
    become(pushHistory(history, next, merge));
  };

  return {
    document: {
      get: () => state.get(),
      subscribe: (listener) => state.subscribe(listener),
      dispatch(command, options) {
        const result = applyCommand(history.present.document, command, browserClock.iso());
        // A command that does not fit (a range dragged inside out) changes nothing.
        if (result.ok) step({ document: result.value }, options?.merge ?? null);
      },
      undo() {
        become(undo(history));
      },
      redo() {
        become(redo(history));
      },
      amend(change) {
        become(amendHistory(history, (work) => ({ ...work, document: change(work.document) })));
      },
    },
    review: {
      get: () => comments.get(),
      subscribe: (listener) => comments.subscribe(listener),
      dispatch(command, options): Result<null, Failure> {
        const result = applyReview(history.present.comments, command, browserClock.iso());
        if (!result.ok) return result;
        step({ comments: result.value }, options?.merge ?? null);
        return ok(null);
      },
    },
    flush: save,
    close() {
      channel?.close();
      bus.close();
    },
  };
}

function withChanges(map: Comments, changed: readonly Annotation[], gone: readonly AnnotationId[]): Comments {
  const next = new Map(map);
  for (const comment of changed) next.set(comment.id, comment);
  for (const id of gone) next.delete(id);
  return next;
}
