/** A studio in memory, for the interface's tests and for looking at it: nothing is read, cut or saved. */
import type {
  Player,
  PlayerState,
  Studio,
  StorageState,
  StudioSettings,
  Watchable,
} from '../../../src/app/studio/types.ts';
import type {
  AssetView,
  Capabilities,
  DocumentState,
  EncoderAnswer,
  EncoderQuestion,
  ExportView,
  ImportItem,
} from '../../../src/app/studio/types.ts';
import { createDiagnostics } from '../../../src/app/studio/diagnostics.ts';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import { failure } from '../../../src/core/base/failure.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import type { ProjectDocument } from '../../../src/core/schema/document.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import type { ExportSpec } from '../../../src/core/schema/spec.ts';
import { storagePolicyOf } from '../../../src/core/schema/storage-policy.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import { applyCommand } from './fake-commands.ts';
import { fakeHandover, fakeReview } from './fake-review.ts';
import { fakeActivity, fakeLog } from './fake-activity.ts';
import { FAKE_ASSETS, FAKE_CLIPS, FAKE_IMPORTS } from './fake-data.ts';
import { FAKE_EXPORTS, fakeExport, fakePlan } from './fake-exports.ts';

export interface Box<T> extends Watchable<T> {
  set(value: T): void;
}

export function box<T>(first: T): Box<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Frames at 29.97 with a key frame every two seconds. */
export function fakeIndex(durationUs: number, frameUs = 1_001_000 / 30, every = 60): FrameIndex {
  const count = Math.round(durationUs / frameUs);
  const timesUs = Float64Array.from({ length: count }, (_, frame) => Math.round(frame * frameUs));
  const flags = Uint8Array.from({ length: count }, (_, frame) =>
    frame % every === 0 ? FRAME_KEY | FRAME_CLOSED : 0,
  );
  return { version: 1, timesUs, flags, endUs: Math.round(count * frameUs), complete: true };
}

function fakePlayer(durationUs: number, paint: Paint | null, hear: (track: number | null) => void): Player {
  const index = fakeIndex(durationUs);
  const state = box<PlayerState>({
    status: 'ready',
    preparing: null,
    failure: null,
    timeUs: 0,
    frameEndUs: index.timesUs[1] ?? durationUs,
    frame: 0,
    durationUs,
    playing: false,
    rate: 1,
    volume: 1,
    index,
    indexing: null,
    proxy: false,
  });
  let canvas: HTMLCanvasElement | null = null;
  let timer: ReturnType<typeof setInterval> | null = null;
  const show = (frame: number): void => {
    const at = Math.min(index.timesUs.length - 1, Math.max(0, frame));
    state.set({
      ...state.get(),
      frame: at,
      timeUs: index.timesUs[at] ?? 0,
      frameEndUs: index.timesUs[at + 1] ?? index.endUs,
    });
    if (canvas !== null) paint?.(canvas, at);
  };
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    state.set({ ...state.get(), playing: false, rate: 1 });
  };
  const play = (rate = 1): void => {
    if (timer !== null) clearInterval(timer);
    state.set({ ...state.get(), playing: true, rate });
    timer = setInterval(() => {
      show((state.get().frame ?? 0) + Math.round(rate * 1.5));
    }, 50);
  };
  return {
    ...state,
    attach: (element) => {
      canvas = element;
      if (canvas !== null) paint?.(canvas, state.get().frame ?? 0);
    },
    seek: (us) => {
      let frame = Math.floor(us / (1_001_000 / 30));
      if ((index.timesUs[frame + 1] ?? Infinity) <= us) frame += 1;
      show(frame);
    },
    step: (frames) => {
      stop();
      show((state.get().frame ?? 0) + frames);
    },
    play,
    pause: stop,
    toggle: () => {
      if (state.get().playing) stop();
      else play();
    },
    playRange: (startUs) => {
      show(Math.round(startUs / (1_001_000 / 30)));
      play();
    },
    setVolume: (volume) => {
      state.set({ ...state.get(), volume });
    },
    setSoundTrack: hear,
    dispose: () => {
      if (timer !== null) clearInterval(timer);
    },
  };
}

const FAKE_CAPABILITIES: Capabilities = {
  cores: 8,
  webAssembly: true,
  privateStorage: true,
  fileHandles: true,
  savePicker: true,
  webCodecs: true,
  freeBytes: 212_000_000_000,
  engines: ['webcodecs', 'ffmpeg'],
  decode: ['avc', 'vp8', 'vp9', 'av1'],
  encoders: [],
};

/** No hardware, and odd sizes fail: what the tests' own Chromium says. */
export function fakeAnswer(question: EncoderQuestion): EncoderAnswer {
  const problem =
    question.mode === 'hardware'
      ? 'The browser has no hardware encoder for this.'
      : question.width % 2 === 1 && question.codec === 'avc'
        ? 'Odd sizes cannot be encoded: H264 only supports even sized frames.'
        : null;
  const pixels = question.width * question.height;
  return {
    question,
    works: problem === null,
    fault: problem === null ? null : question.mode === 'hardware' ? 'not_offered' : 'failed',
    problem,
    encodeFps: problem === null ? 172_000_000 / pixels : null,
    decodeFps: problem === null ? 460_000_000 / pixels : null,
  };
}

export type Paint = (canvas: HTMLCanvasElement, frame: number) => void;

export interface FakeStudio extends Studio {
  readonly assets: Box<readonly AssetView[]>;
  readonly exports: Box<readonly ExportView[]>;
  readonly imports: Box<readonly ImportItem[]>;
  readonly settings: Box<StudioSettings>;
  readonly storageState: Box<StorageState>;
  /** Every spec that was planned or exported. */
  readonly asked: ExportSpec[];
  /** Sound tracks that the open player was told to play, one after the other. */
  readonly heard: (number | null)[];
}

export function createFakeStudio(
  options: {
    readonly full?: boolean;
    readonly posters?: readonly string[];
    readonly paint?: Paint;
    readonly settings?: Partial<StudioSettings>;
    /** How long measuring one encoder takes. */
    readonly measureMs?: number;
  } = {},
): FakeStudio {
  const full = options.full ?? true;
  const withPosters = FAKE_ASSETS.map((view, position) => ({
    ...view,
    posterUrl: options.posters?.[position] ?? null,
  }));
  const assets = box<readonly AssetView[]>(full ? withPosters : []);
  const exports = box<readonly ExportView[]>(full ? FAKE_EXPORTS : []);
  const imports = box<readonly ImportItem[]>(full ? FAKE_IMPORTS : []);
  const storageState = box<StorageState>({
    use: {
      usedBytes: 3_400_000_000,
      freeBytes: 212_000_000_000,
      resultBytes: 1_200_000_000,
      segmentBytes: 640_000_000,
      evictableBytes: 410_000_000,
      copyBytes: 1_500_000_000,
    },
    policy: storagePolicyOf(null),
    persistence: null,
  });
  const change = (id: ExportId, part: Partial<Export>): Export => {
    const found = exports.get().find(({ record }) => record.id === id);
    const record = { ...(found?.record ?? fakeExport(id, {})), ...part };
    exports.set(exports.get().map((view) => (view.record.id === id ? { ...view, record } : view)));
    return record;
  };
  const make = (spec: ExportSpec): Export => {
    asked.push(spec);
    const record = fakeExport(`e${String(exports.get().length + 1)}`, {
      name: spec.name,
      percent: 0,
      stage: 'preparing',
    });
    exports.set([{ record, progress: null }, ...exports.get()]);
    return record;
  };
  const settings = box<StudioSettings>({
    language: null,
    theme: null,
    keepCopies: 'ask',
    author: '',
    shownUs: 3_000_000,
    ...options.settings,
  });
  const empty: ProjectDocument = {
    version: 2,
    id: 'p',
    name: full ? 'Cup final highlights' : '',
    assetOrder: [],
    clips: full ? [...FAKE_CLIPS] : [],
    updatedAt: '2025-03-04T10:00:00.000Z',
  };
  const state = box<DocumentState>({
    document: empty,
    canUndo: false,
    canRedo: false,
    saved: 'saved',
    readOnly: false,
  });
  let past: ProjectDocument[] = [];
  let future: ProjectDocument[] = [];
  let merging: string | null = null;
  const show = (document: ProjectDocument): void => {
    state.set({ ...state.get(), document, canUndo: past.length > 0, canRedo: future.length > 0 });
  };
  const asked: ExportSpec[] = [];
  const heard: (number | null)[] = [];
  let measured: readonly EncoderAnswer[] = [];
  const unavailable = err(failure('not_found', 'unknown_asset', 'Not in the fake studio.'));

  return {
    asked,
    heard,
    assets,
    exports,
    imports,
    settings,
    review: fakeReview(),
    ...fakeHandover(),
    role: 'owner',
    allows: () => true,
    storageState,
    storageLoss: box(null),
    readOnly: false,
    hiddenExports: () => ({ newer: 0, damaged: 0 }),
    storage: {
      ...storageState,
      refresh: async () => undefined,
      changePolicy: async (part) => {
        const { policy } = storageState.get();
        storageState.set({ ...storageState.get(), policy: storagePolicyOf({ ...policy, ...part }) });
        return ok(null);
      },
      clearSegments: async () => 410_000_000,
      oldestResults: async () => ({ names: ['Goals only'], bytes: 48_220_114 }),
      dropOldestResults: async () => 48_220_114,
      askPersistence: async () => {
        storageState.set({ ...storageState.get(), persistence: 'granted' });
        return ok('granted');
      },
    },
    createExport: async (spec) => ok(make(spec)),
    exportAgain: async (id) => ok(make(change(id, {}).spec)),
    document: {
      ...state,
      dispatch: (command, { merge } = {}) => {
        const before = state.get().document;
        if (merge === undefined || merge !== merging) past.push(before);
        merging = merge ?? null;
        future = [];
        show(applyCommand(before, command));
      },
      undo: () => {
        const last = past.pop();
        if (last === undefined) return;
        future.push(state.get().document);
        show(last);
      },
      redo: () => {
        const next = future.pop();
        if (next === undefined) return;
        past.push(state.get().document);
        show(next);
      },
    },
    diagnostics: createDiagnostics({
      capabilities: async () => FAKE_CAPABILITIES,
      known: () => measured,
      answer: async (question) => {
        const answer = fakeAnswer(question);
        await new Promise((resolve) => setTimeout(resolve, options.measureMs ?? 0));
        measured = [...measured, answer];
        return answer;
      },
      activity: fakeActivity(full ? fakeLog() : [], () =>
        exports
          .get()
          .map(({ record }) => record)
          .filter(({ status }) => status === 'completed'),
      ),
    }),
    changeSettings: (change) => {
      settings.set({ ...settings.get(), ...change });
    },
    importItems: async () => undefined,
    filesOfDrop: async () => [],
    clearImports: () => {
      imports.set([]);
    },
    openSample: async () => {
      assets.set(withPosters.slice(0, 1));
      past = [];
      show({ ...state.get().document, clips: FAKE_CLIPS.filter((clip) => clip.assetId === 'a1') });
      return ok(null);
    },
    removeAsset: async (id) => {
      assets.set(assets.get().filter((view) => view.asset.id !== id));
      return ok(null);
    },
    grantAccess: async (id: AssetId) => {
      assets.set(
        assets.get().map((view) => (view.asset.id === id ? { ...view, access: 'ready' as const } : view)),
      );
      return ok(null);
    },
    keepCopy: async () => ok(null),
    openPlayer: (id) =>
      fakePlayer(
        assets.get().find((view) => view.asset.id === id)?.asset.probe.durationUs ?? 0,
        options.paint ?? null,
        (track) => heard.push(track),
      ),
    resultUrl: async () => unavailable,
    saveExport: async () => ok('downloaded'),
    dispose: async () => undefined,
    client: {
      planExport: async (spec: ExportSpec) => {
        asked.push(spec);
        return fakePlan(spec);
      },
      createExport: async (spec: ExportSpec) => make(spec),
      cancelExport: async (id: ExportId) => change(id, { status: 'cancelled' }),
      pauseExport: async (id: ExportId) => change(id, { paused: true, status: 'pending' }),
      resumeExport: async (id: ExportId) => change(id, { paused: false }),
      retryExport: async (id: ExportId) => change(id, { status: 'pending', error: null }),
      pinExport: async (id: ExportId, pinned: boolean) => change(id, { pinned }),
      moveExport: async (id: ExportId) => change(id, {}),
      listExports: async () => {
        const records = exports.get().map(({ record }) => record);
        return { exports: records, total: records.length };
      },
      deleteExport: async (id: ExportId) => {
        exports.set(exports.get().filter((view) => view.record.id !== id));
      },
    } as unknown as Studio['client'],
  };
}
