/** What the page's interface works with: the public client and the studio's own stores. `ui` imports only this room. */
import type { AssetId, ClipId, ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { DocumentCommand } from '../../core/project/commands.ts';
import type { LostReason } from '../../core/project/carry.ts';
import type { Conflict } from '../../core/project/merge-review.ts';
import type { Comments, ReviewCommand } from '../../core/project/review.ts';
import type { Capability } from '../../core/project/roles.ts';
import type { ProjectDocument } from '../../core/schema/document.ts';
import type { Export, ExportProgress } from '../../core/schema/export.ts';
import type { ExportSpec } from '../../core/schema/spec.ts';
import type { StoragePolicy } from '../../core/schema/storage-policy.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../core/schema/encoder.ts';
import type { PlayerState, RuntimePlayer } from '../../runtime/playback/types.ts';
import type {
  Capabilities,
  ExchangeFormat,
  ExportedText,
  ImportReport,
  Reelkeep,
  Role,
} from '../api/types.ts';
import type { BudgetOutlook, StorageUse } from '../budget.ts';
import type { Persistence } from '../persistence.ts';
import type { Activity } from './activity.ts';

export type { Conflict, ExchangeFormat, ExportedText, ImportReport };
export type { Activity, Annotation, Capabilities, EncoderAnswer, EncoderQuestion, PlayerState };

export type {
  BudgetOutlook,
  Comments,
  DocumentCommand,
  Persistence,
  ReviewCommand,
  StoragePolicy,
  StorageUse,
};

/** A value that can be watched; fits React's useSyncExternalStore. `get` answers the same object until it changes. */
export interface Watchable<T> {
  get(): T;
  subscribe(listener: () => void): () => void;
}

/** What a review file has brought. */
export interface ReviewOpened {
  readonly title: string;
  /** Who has handed it over. */
  readonly by: string;
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Comments on files that nobody has. */
  readonly homeless: number;
  /** Comments that both sides have changed: the person is asked. */
  readonly conflicts: readonly Conflict[];
  /** Files that were not here. */
  readonly assets: number;
  readonly clips: number;
}

/** A review as one file, to hand to somebody and to take back. */
export interface ReviewFiles {
  /** Puts everything of the project into one file. `video`: what of the footage goes with it. */
  write(options: {
    readonly video: 'none' | 'preview' | 'original';
    readonly signal: AbortSignal;
    readonly onProgress: (fraction: number) => void;
  }): Promise<Result<{ readonly blob: Blob; readonly name: string; readonly comments: number }, Failure>>;
  /** Takes a review file in. Both sides' comments are kept; the same file twice changes nothing. `invalid_spec`. */
  open(file: Blob): Promise<Result<ReviewOpened, Failure>>;
  /** Saves what `write` made. Must be called by a click. */
  save(file: {
    readonly blob: Blob;
    readonly name: string;
  }): Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>>;
  /** What the last review file that came in with `importItems` has brought, until it is dismissed. */
  readonly opened: Watchable<Result<ReviewOpened, Failure> | null>;
  dismiss(): void;
  /** What the person says of a conflict. */
  settle(conflict: Conflict, choice: 'mine' | 'theirs' | 'both'): Result<null, Failure>;
}

/** Texts of other programs. */
export interface ExchangeModel {
  /** Formats that are written. */
  readonly formats: readonly ExchangeFormat[];
  /**
   * Takes comments, subtitles and cuts out of a text: one step of undo. `invalid_spec` for what is no known format.
   *
   * @param assetId the film that times without a name are of
   */
  read(file: Blob, assetId: AssetId): Promise<Result<ImportReport, Failure>>;
  /** As `read`, for files that come in with `importItems`; what it came to is in `opened`. */
  open(file: Blob, assetId: AssetId): Promise<void>;
  /** What the last text that came in has brought, until it is dismissed. */
  readonly opened: Watchable<Result<ImportReport, Failure> | null>;
  dismiss(): void;
  /** Writes the comments of a film, or the reel with the comments that its ranges show. */
  write(format: ExchangeFormat, of: AssetId | 'reel'): Promise<Result<ExportedText, Failure>>;
}

/** What carrying comments from one version of a film to another came to. */
export interface CarriedComments {
  /** As they stand in the new version. */
  readonly carried: readonly Annotation[];
  /** Those whose moment was not found again, and why. They stay where they were. */
  readonly lost: readonly { readonly comment: Annotation; readonly reason: LostReason }[];
}

/** Two versions of a film. */
export interface Versions {
  /**
   * Carries the comments of one asset to another by the pictures they are on: one step of undo. What was carried before is left as it
   * is. `no_browser_decoder`, `source_missing`, `aborted`.
   */
  carry(
    from: AssetId,
    to: AssetId,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<Result<CarriedComments, Failure>>;
  /** Takes lost comments over all the same, as comments on no frame. */
  keepWithoutFrame(lost: CarriedComments['lost'], to: AssetId): Result<null, Failure>;
}

/** The project document with undo; saves itself. */
export interface DocumentModel extends Watchable<DocumentState> {
  /** `merge`: consecutive commands with the same key (a drag) make one undo step. */
  dispatch(command: DocumentCommand, options?: { readonly merge?: string }): void;
  undo(): void;
  redo(): void;
}

/** All comments; undone and saved together with the document. */
export interface ReviewModel extends Watchable<Comments> {
  /** `not_found` for a comment that is not there, `invalid_spec` for what could not be saved. `merge` as for the document. */
  dispatch(command: ReviewCommand, options?: { readonly merge?: string }): Result<null, Failure>;
}

/** The document as the interface sees it. */
export interface DocumentState {
  readonly document: ProjectDocument;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly saved: 'saved' | 'saving' | 'failed';
  /** Set when a newer build saved the document: shown, not changed. */
  readonly readOnly: boolean;
}

/** One imported file as the interface shows it. */
export interface AssetView {
  readonly asset: Asset;
  /** Object URL of the poster, null when there is none. */
  readonly posterUrl: string | null;
  /** Whether the bytes can be reached now: `ask` wants a click (permission), `missing` wants the file again. */
  readonly access: 'ready' | 'ask' | 'missing';
}

/** One file of an import under way or ended. */
export interface ImportItem {
  readonly id: string;
  readonly name: string;
  readonly state: 'waiting' | 'reading' | 'done' | 'known' | 'linked' | 'failed';
  readonly failure: Failure | null;
  readonly assetId: AssetId | null;
}

/** A player of one asset: the runtime's, without what only the composition root tells it. */
export type Player = Omit<
  RuntimePlayer,
  'setSource' | 'setIndex' | 'setIndexing' | 'setPreparing' | 'fail'
> & {
  /** Plays another of the file's sound tracks, by its position; null for the primary one. A preview holds that one alone. */
  setSoundTrack(position: number | null): void;
};

/** An export as the interface shows it. */
export interface ExportView {
  readonly record: Export;
  readonly progress: ExportProgress | null;
}

/** Exports that this build cannot read: kept, and in no list. */
export interface HiddenExports {
  /** Made with a newer build. */
  readonly newer: number;
  /** Broken. */
  readonly damaged: number;
}

/** What the person prefers; kept over a reload. */
export interface StudioSettings {
  readonly language: 'en' | 'ko' | null;
  readonly theme: 'dark' | 'light' | null;
  readonly keepCopies: 'ask' | 'always' | 'never';
  /** Who comments are signed with; empty until the person has said. */
  readonly author: string;
  /** How long a comment without a duration is shown, microseconds. */
  readonly shownUs: number;
}

/** What private storage holds and how much may be kept. */
export interface StorageState {
  /** Null until it was counted for the first time. */
  readonly use: StorageUse | null;
  readonly policy: StoragePolicy;
  readonly persistence: Persistence;
}

/** Why nothing can be read or saved in this tab any more. `newer`: another tab runs a newer build and has upgraded what is stored. */
export type StorageLoss = 'newer' | 'deleted' | 'closed';

/** Storage as the settings and the exports see it. It is counted while somebody watches. */
export interface StorageModel extends Watchable<StorageState> {
  refresh(): Promise<void>;
  changePolicy(change: Partial<StoragePolicy>): Promise<Result<null, Failure>>;
  /** Removes the rendered segments that nothing needs. Answers the bytes that went. */
  clearSegments(): Promise<number>;
  /** Which results would go, oldest first, until so many bytes are free. Pinned ones are not among them. */
  oldestResults(bytes: number): Promise<{ readonly names: readonly string[]; readonly bytes: number }>;
  /** Removes their files; what they were stays in the history. Answers the bytes that went. */
  dropOldestResults(bytes: number): Promise<number>;
  /** Asks the browser not to clear the page's storage by itself. */
  askPersistence(): Promise<Result<Persistence, Failure>>;
}

/** How far a measurement has come. */
export interface MeasureProgress {
  readonly done: number;
  readonly total: number;
  /** What is being measured now. */
  readonly question: EncoderQuestion;
}

/** What this browser can do, for the person who wants to know or to report a bug. */
export interface Diagnostics {
  /** What the table of encoders asks. */
  readonly questions: readonly EncoderQuestion[];
  /** Everything that has been measured so far, by exports too. */
  known(): readonly EncoderAnswer[];
  capabilities(): Promise<Capabilities>;
  /** Measures what is not known yet, one after another. `aborted`; what was measured until then is kept. */
  measureAll(
    onProgress: (progress: MeasureProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<null, Failure>>;
  /** What the machine did, out of the local log and the finished exports. */
  activity(): Promise<Activity>;
  /** Saves the log as JSON Lines: names of files and texts are not in it. */
  saveLog(): Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>>;
  clearLog(): Promise<void>;
}

/** The studio: everything the interface may use. */
export interface Studio {
  readonly client: Reelkeep;
  readonly assets: Watchable<readonly AssetView[]>;
  readonly document: DocumentModel;
  readonly review: ReviewModel;
  readonly reviewFiles: ReviewFiles;
  readonly versions: Versions;
  readonly exchange: ExchangeModel;
  /** As whom the studio was opened, and what that allows. */
  readonly role: Role;
  allows(capability: Capability): boolean;
  readonly exports: Watchable<readonly ExportView[]>;
  /** What lists of exports leave out, as far as they were listed. */
  hiddenExports(): HiddenExports;
  readonly imports: Watchable<readonly ImportItem[]>;
  readonly settings: Watchable<StudioSettings>;
  readonly diagnostics: Diagnostics;
  readonly storage: StorageModel;
  /** Null while storage can be reached, which is nearly always. */
  readonly storageLoss: Watchable<StorageLoss | null>;
  /** A newer build has upgraded the database: everything is shown, nothing can be changed. */
  readonly readOnly: boolean;
  changeSettings(change: Partial<StudioSettings>): void;

  /** Imports files, handles and folders one after another; a bad file does not stop the rest. */
  importItems(
    items: readonly (File | FileSystemFileHandle | FileSystemDirectoryHandle)[],
    textFor?: AssetId | null,
  ): Promise<void>;
  /** What a drop holds, folders walked. Must be called during the drop event. */
  filesOfDrop(transfer: DataTransfer): Promise<readonly (File | FileSystemFileHandle)[]>;
  clearImports(): void;
  /** Imports the sample project that ships with the page. */
  openSample(): Promise<Result<null, Failure>>;
  removeAsset(id: AssetId): Promise<Result<null, Failure>>;
  /** Asks the browser for permission to read again (needs a click). */
  grantAccess(id: AssetId): Promise<Result<null, Failure>>;
  /** Makes a private copy of an asset that is only linked; quota is checked first. */
  keepCopy(id: AssetId, onProgress?: (fraction: number) => void): Promise<Result<null, Failure>>;

  /** Makes an export of the document's clips (null: the whole reel) and remembers which they were. */
  createExport(spec: ExportSpec, clipIds: readonly ClipId[] | null): Promise<Result<Export, Failure>>;
  /** The same export once more, of what the document says now; only what has changed is rendered. */
  exportAgain(id: ExportId): Promise<Result<Export, Failure>>;

  openPlayer(id: AssetId): Player;
  /** The finished file of an export as an object URL that can be played, to be revoked by the caller. */
  resultUrl(id: ExportId): Promise<Result<{ readonly url: string; readonly name: string }, Failure>>;
  /** Saves through the browser's save dialog (for several files: into a folder) where there is one, else by download. */
  saveExport(id: ExportId): Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>>;
  dispose(): Promise<void>;
}
