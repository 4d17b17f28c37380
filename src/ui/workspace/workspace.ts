/**
 * What the interface itself remembers: which file is open, which range is selected, the in and out marks, and which
 * room is shown on a narrow screen. Nothing of it is saved. Owns the player of the open file.
 */
import type { AssetId, ClipId } from '../../core/base/ids.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Clip } from '../../core/schema/document.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';
import type { AssetView, Studio, Watchable } from '../../app/studio/types.ts';
import { choicesOf, DEFAULT_CHOICES, type Choices } from '../exports/choices.ts';
import { rateOf } from '../format/text.ts';
import { editPoints } from '../timeline/blocks.ts';
import { cutLimits, nearestCut, neighbourCut, type CutGrid } from '../timeline/frames.ts';
import { rememberAsked, type AskedPlayer } from './here.ts';

/** The rooms of the page; beside each other on wide screens, one at a time on narrow ones. */
export type Room = 'media' | 'player' | 'ranges' | 'comments' | 'export';

/** What stands on the right of wide screens: the reel with its export, or the comments. */
export type Side = 'cut' | 'comments';

/** In and out, asset time; out is exclusive. */
export interface Marks {
  readonly inUs: number | null;
  readonly outUs: number | null;
}

/** The mark that a new one has passed and that was therefore dropped. */
export type DroppedMark = 'inUs' | 'outUs' | null;

export interface WorkspaceState {
  readonly assetId: AssetId | null;
  readonly player: AskedPlayer | null;
  readonly clipId: ClipId | null;
  readonly marks: Marks;
  readonly room: Room;
  readonly side: Side;
  /** What the export panel is set to. */
  readonly choices: Choices;
  /** How often the panel was filled from elsewhere: whoever did that wants to see it. */
  readonly filled: number;
}

const NO_MARKS: Marks = { inUs: null, outUs: null };
const RATES = [1, 2, 4, 8];

/** Actions of the interface on its own state, the player and the document. */
export type Workspace = ReturnType<typeof createWorkspace>;

/** A fresh identifier; also where `crypto.randomUUID` is missing because the page came over plain http. */
export function newClipId(): ClipId {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('') as ClipId;
}

/** Makes the workspace of a studio. */
export function createWorkspace(studio: Studio) {
  let state: WorkspaceState = {
    assetId: null,
    player: null,
    clipId: null,
    marks: NO_MARKS,
    room: 'player',
    side: 'cut',
    choices: DEFAULT_CHOICES,
    filled: 0,
  };
  let openAccess: AssetView['access'] | null = null;
  const marksOf = new Map<AssetId, Marks>();
  const listeners = new Set<() => void>();

  /** The player plays the sound that the selected range takes, or else the last one of the file. */
  const syncSound = (): void => {
    const mine = clips().filter(({ assetId }) => assetId === state.assetId);
    const clip = mine.find(({ id }) => id === state.clipId) ?? mine.at(-1);
    state.player?.setSoundTrack(clip?.audioTrack ?? null);
  };
  const set = (change: Partial<WorkspaceState>): void => {
    state = { ...state, ...change };
    syncSound();
    for (const listener of listeners) listener();
  };
  const watch: Watchable<WorkspaceState> = {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  const clips = (): readonly Clip[] => studio.document.get().document.clips;
  const clipOf = (id: ClipId | null): Clip | null => clips().find((clip) => clip.id === id) ?? null;
  const assetOf = (id: AssetId | null): AssetView | null =>
    studio.assets.get().find((view) => view.asset.id === id) ?? null;

  const open = (id: AssetId | null): void => {
    const asset = assetOf(id);
    state.player?.dispose();
    openAccess = asset?.access ?? null;
    const player = asset === null ? null : rememberAsked(studio.openPlayer(asset.asset.id));
    set({
      assetId: asset?.asset.id ?? null,
      player,
      marks: asset === null ? NO_MARKS : (marksOf.get(asset.asset.id) ?? NO_MARKS),
    });
  };

  /** Runs when the open player can show frames; dropped when another file is opened before. */
  const whenReady = (then: (player: AskedPlayer) => void): void => {
    const { player } = state;
    if (player === null) return;
    if (player.get().status === 'ready') {
      then(player);
      return;
    }
    const stop = player.subscribe(() => {
      const { status } = player.get();
      if (status !== 'ready' && status !== 'failed') return;
      stop();
      if (status === 'ready' && state.player === player) then(player);
    });
  };

  const setMarks = (marks: Marks): void => {
    if (state.assetId !== null) marksOf.set(state.assetId, marks);
    set({ marks });
  };
  /** Sets one mark; the other one is dropped where the new one has passed it. */
  const mark = (which: 'inUs' | 'outUs', us: number): DroppedMark => {
    const next = { ...state.marks, [which]: us };
    const crossed = next.inUs !== null && next.outUs !== null && next.inUs >= next.outUs;
    setMarks(crossed ? { ...NO_MARKS, [which]: us } : next);
    return crossed ? (which === 'inUs' ? 'outUs' : 'inUs') : null;
  };

  const grid = (): CutGrid | null => {
    const asset = assetOf(state.assetId);
    if (asset === null || state.player === null) return null;
    const { index, durationUs } = state.player.get();
    return {
      index,
      rate: rateOf(asset.asset),
      durationUs: durationUs > 0 ? durationUs : asset.asset.probe.durationUs,
    };
  };

  const openFor = (clip: Clip): void => {
    if (state.assetId !== clip.assetId) open(clip.assetId);
  };

  const syncAssets = (): void => {
    const view = assetOf(state.assetId);
    if (view === null) {
      const next = studio.assets.get()[0];
      if (next !== undefined) open(next.asset.id);
      else if (state.assetId !== null) open(null);
      return;
    }
    if (openAccess !== 'ready' && view.access === 'ready') open(view.asset.id);
    openAccess = view.access;
  };
  const syncClips = (): void => {
    if (state.clipId !== null && clipOf(state.clipId) === null) set({ clipId: null });
    else syncSound();
  };
  const stops = [studio.assets.subscribe(syncAssets), studio.document.subscribe(syncClips)];
  syncAssets();

  return {
    ...watch,
    clipOf,
    assetOf,
    grid,
    openAsset(id: AssetId): void {
      if (id !== state.assetId) open(id);
      if (state.room === 'media') set({ room: 'player' });
    },
    showRoom(room: Room): void {
      const side =
        room === 'comments' ? 'comments' : room === 'ranges' || room === 'export' ? 'cut' : state.side;
      set({ room, side });
    },
    /** On wide screens; on narrow ones the room on display stays. */
    showSide(side: Side): void {
      set({ side });
    },
    /** Stops at a time of a file; null: opens it only. */
    goTo(id: AssetId, us: number | null): void {
      if (id !== state.assetId) open(id);
      if (us === null) return;
      whenReady((player) => {
        player.pause();
        player.seek(us);
      });
    },
    /** Plays a stretch of a file over and over. */
    loopRange(id: AssetId, startUs: number, endUs: number): void {
      if (id !== state.assetId) open(id);
      whenReady((player) => player.playRange(startUs, Math.min(endUs, player.get().durationUs), true));
    },
    choose(part: Partial<Choices>): void {
      set({ choices: { ...state.choices, ...part } });
    },
    /**
     * Puts the settings of an export into the panel, and its ranges into the reel where that is wanted: one step to undo.
     * Answers whether ranges were put there.
     */
    takeOver(spec: CheckedSpec, ranges: boolean): boolean {
      set({ choices: choicesOf(spec), room: 'export', side: 'cut', filled: state.filled + 1 });
      const known = spec.segments.filter(({ assetId }) => assetOf(assetId) !== null);
      if (!ranges || known.length === 0 || studio.document.get().readOnly) return false;
      const merge = `take-over/${newClipId()}`;
      const before = clips().map(({ id }) => id);
      if (before.length > 0) studio.document.dispatch({ type: 'removeClips', ids: before }, { merge });
      let first: ClipId | null = null;
      for (const { label = '', audioTrack, assetId, startUs, endUs } of known) {
        const id = newClipId();
        first ??= id;
        const clip: Clip = {
          id,
          assetId,
          startUs,
          endUs,
          label,
          ...(audioTrack === undefined ? {} : { audioTrack }),
        };
        studio.document.dispatch({ type: 'addClip', clip }, { merge });
      }
      // A single range is exported by being selected.
      if (spec.type === 'single') set({ clipId: first });
      return true;
    },
    selectClip(id: ClipId | null, options: { readonly seek?: boolean } = {}): void {
      const clip = clipOf(id);
      set({ clipId: clip?.id ?? null });
      if (clip === null) return;
      openFor(clip);
      if (options.seek !== false) whenReady((player) => player.seek(clip.startUs));
    },
    playClip(id: ClipId, loop = false): void {
      const clip = clipOf(id);
      if (clip === null) return;
      set({ clipId: clip.id });
      openFor(clip);
      whenReady((player) => player.playRange(clip.startUs, clip.endUs, loop));
    },
    markIn(): DroppedMark {
      const { player } = state;
      return player === null ? null : mark('inUs', Math.max(0, player.here().timeUs));
    },
    markOut(): DroppedMark {
      const { player } = state;
      return player === null ? null : mark('outUs', player.here().frameEndUs);
    },
    setMark(which: 'inUs' | 'outUs', us: number): DroppedMark {
      const cuts = grid();
      return mark(which, cuts === null ? us : nearestCut(cuts, us));
    },
    clearMarks(): void {
      setMarks(NO_MARKS);
    },
    /** Adds what is marked to the reel; a missing mark means the start or the end of the file. */
    addRange(): { readonly number: number; readonly startUs: number; readonly endUs: number } | null {
      const cuts = grid();
      const { assetId, marks } = state;
      if (cuts === null || assetId === null || studio.document.get().readOnly) return null;
      const { firstUs, lastUs } = cutLimits(cuts);
      const startUs = nearestCut(cuts, marks.inUs ?? firstUs);
      const endUs = Math.max(neighbourCut(cuts, startUs, 1), nearestCut(cuts, marks.outUs ?? lastUs));
      if (endUs <= startUs) return null;
      // Whoever chose a sound track for this file wants it for the next range too.
      const { audioTrack } = clips().findLast((one) => one.assetId === assetId) ?? {};
      const clip: Clip = {
        id: newClipId(),
        assetId,
        startUs,
        endUs,
        label: '',
        ...(audioTrack === undefined ? {} : { audioTrack }),
      };
      const at = clips().length;
      studio.document.dispatch({ type: 'addClip', clip });
      setMarks(NO_MARKS);
      set({ clipId: clip.id });
      return { number: at + 1, startUs, endUs };
    },
    changeClip(id: ClipId, which: 'start' | 'end' | 'length', us: number): void {
      const clip = clipOf(id);
      if (clip === null) return;
      const asset = assetOf(clip.assetId);
      if (asset === null) return;
      const cuts: CutGrid =
        (clip.assetId === state.assetId ? grid() : null) ??
        ({
          index: null,
          rate: rateOf(asset.asset),
          durationUs: asset.asset.probe.durationUs,
        } satisfies CutGrid);
      if (which === 'start') {
        const startUs = Math.min(nearestCut(cuts, us), neighbourCut(cuts, clip.endUs, -1));
        if (startUs !== clip.startUs) studio.document.dispatch({ type: 'changeClip', id, startUs });
        return;
      }
      const wanted = which === 'end' ? us : clip.startUs + us;
      const endUs = Math.max(nearestCut(cuts, wanted), neighbourCut(cuts, clip.startUs, 1));
      if (endUs !== clip.endUs) studio.document.dispatch({ type: 'changeClip', id, endUs });
    },
    /** All ranges of a file take one of its sound tracks; one step to undo. */
    takeSoundTrack(asset: Asset, position: number): void {
      const audioTrack = position === asset.probe.primaryAudio ? null : position;
      const merge = `sound/${newClipId()}`;
      for (const { id, assetId } of clips()) {
        if (assetId === asset.id) studio.document.dispatch({ type: 'changeClip', id, audioTrack }, { merge });
      }
    },
    removeClip(id: ClipId): number | null {
      const position = clips().findIndex((clip) => clip.id === id);
      if (position === -1) return null;
      const next = clips()[position + 1] ?? clips()[position - 1] ?? null;
      studio.document.dispatch({ type: 'removeClips', ids: [id] });
      set({ clipId: next?.id ?? null });
      return position + 1;
    },
    duplicateClip(id: ClipId): void {
      const position = clips().findIndex((clip) => clip.id === id);
      const clip = clips()[position];
      if (clip === undefined) return;
      const copy: Clip = { ...clip, id: newClipId() };
      studio.document.dispatch({ type: 'addClip', clip: copy, at: position + 1 });
      set({ clipId: copy.id });
    },
    /** Moves a clip to a place, from 0; answers the place from 1, null when nothing moved. */
    moveClip(id: ClipId, to: number): number | null {
      const from = clips().findIndex((clip) => clip.id === id);
      const place = Math.min(clips().length - 1, Math.max(0, to));
      if (from === -1 || from === place) return null;
      studio.document.dispatch({ type: 'moveClip', id, to: place });
      return place + 1;
    },
    placeOf(id: ClipId): number {
      return clips().findIndex((clip) => clip.id === id);
    },
    /** Seeks to the previous or next start or end of a range or mark. */
    goToEditPoint(direction: 1 | -1): void {
      const { player, assetId, marks } = state;
      if (player === null) return;
      const { durationUs } = player.get();
      const { timeUs } = player.here();
      const mine = clips().filter((clip) => clip.assetId === assetId);
      const points = editPoints([
        0,
        marks.inUs,
        marks.outUs,
        ...mine.flatMap((clip) => [clip.startUs, clip.endUs]),
        durationUs,
      ]);
      const target =
        direction === 1 ? points.find((us) => us > timeUs) : points.filter((us) => us < timeUs).at(-1);
      if (target !== undefined) player.seek(target);
    },
    /** J and L: starts in a direction, faster each time. */
    shuttle(direction: 1 | -1): void {
      const { player } = state;
      if (player === null) return;
      const { playing, rate } = player.get();
      const same = playing && Math.sign(rate) === direction;
      const speed = same ? (RATES.find((one) => one > Math.abs(rate)) ?? RATES.at(-1) ?? 1) : 1;
      player.play(speed * direction);
    },
    nudge(us: number): void {
      const { player } = state;
      if (player === null) return;
      const { durationUs } = player.get();
      const { timeUs } = player.here();
      player.seek(Math.min(Math.max(0, durationUs - 1), Math.max(0, timeUs + us)));
    },
    dispose(): void {
      for (const stop of stops) stop();
      state.player?.dispose();
    },
  };
}
