import {
  createContext,
  use,
  useCallback,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { AssetView, ExportView, PlayerState, Studio, Watchable } from '../../app/studio/types.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import type { Result } from '../../core/base/result.ts';
import type { Desk, DeskState } from '../review/desk.ts';
import type { Workspace, WorkspaceState } from './workspace.ts';

/** What every part of the interface can reach. */
export interface Surroundings {
  readonly studio: Studio;
  readonly workspace: Workspace;
  readonly desk: Desk;
  /** Says something to screen readers, and shows it for a moment. */
  readonly announce: (text: string, options?: { readonly quiet?: boolean }) => void;
  /** Opens the file dialog. */
  readonly pickFiles: () => void;
  readonly pickFolder: () => void;
  /** Opens the settings, and the list of all exports. */
  readonly showSettings: () => void;
  readonly showHistory: () => void;
  /** Shows two versions of a film side by side. */
  readonly showVersions: () => void;
}

const SurroundingsContext = createContext<Surroundings | null>(null);

/** Gives the surroundings to everything below. */
export function SurroundingsProvider({
  value,
  children,
}: {
  readonly value: Surroundings;
  readonly children: ReactNode;
}) {
  return <SurroundingsContext value={value}>{children}</SurroundingsContext>;
}

/** The surroundings. */
export function useSurroundings(): Surroundings {
  const value = use(SurroundingsContext);
  if (value === null) throw new Error('Outside of the studio');
  return value;
}

function useSubscribe(watchable: Watchable<unknown>): (listener: () => void) => () => void {
  return useCallback((listener: () => void) => watchable.subscribe(listener), [watchable]);
}

/** A watched value. */
export function useWatch<T>(watchable: Watchable<T>): T {
  return useSyncExternalStore(useSubscribe(watchable), () => watchable.get());
}

/** A part of a watched value; renders only when that part changes. `pick` must answer a primitive or a kept object. */
export function useWatchPart<T, P>(watchable: Watchable<T>, pick: (value: T) => P): P {
  return useSyncExternalStore(useSubscribe(watchable), () => pick(watchable.get()));
}

const NO_PLAYER: PlayerState = {
  status: 'opening',
  preparing: null,
  failure: null,
  timeUs: 0,
  frameEndUs: 0,
  frame: null,
  durationUs: 0,
  playing: false,
  rate: 1,
  volume: 1,
  index: null,
  indexing: null,
  proxy: false,
};
const NOBODY: Watchable<PlayerState> = { get: () => NO_PLAYER, subscribe: () => () => undefined };

/** A part of the interface's own state. */
export function useWorkspace<P>(pick: (state: WorkspaceState) => P): P {
  return useWatchPart(useSurroundings().workspace, pick);
}

/** A part of what lies on the reviewer's desk. */
export function useDesk<P>(pick: (state: DeskState) => P): P {
  return useWatchPart(useSurroundings().desk, pick);
}

/** A part of the open player's state. */
export function usePlayer<P>(pick: (state: PlayerState) => P): P {
  const player = useWorkspace((state) => state.player);
  return useWatchPart(player ?? NOBODY, pick);
}

/** The open file. */
export function useOpenAsset(): AssetView | null {
  const { studio } = useSurroundings();
  const id = useWorkspace((state) => state.assetId);
  const assets = useWatch(studio.assets);
  return assets.find((view) => view.asset.id === id) ?? null;
}

/** A file by its id. */
export function useAssetView(id: AssetId): AssetView | null {
  const { studio } = useSurroundings();
  return useWatchPart(studio.assets, (all) => all.find((view) => view.asset.id === id) ?? null);
}

/** The exports at hand: unfinished ones in the order of the queue, then ended ones, newest first. */
export function useExports(): readonly ExportView[] {
  return useWatch(useSurroundings().studio.exports);
}

/** Runs something that may fail as expected; keeps whether it runs and its failure. */
export function useTask(): {
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly clear: () => void;
  readonly run: <T>(work: () => Promise<Result<T, Failure>>) => Promise<T | null>;
} {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const clear = useCallback(() => {
    setFailure(null);
  }, []);
  const run = useCallback(async <T,>(work: () => Promise<Result<T, Failure>>): Promise<T | null> => {
    setBusy(true);
    setFailure(null);
    try {
      const result = await work();
      if (result.ok) return result.value;
      setFailure(result.error);
      return null;
    } catch (error) {
      setFailure(asFailure(error));
      return null;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, failure, clear, run };
}

/** What was thrown, as a failure: the client's errors carry code, reason and details. */
export function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', reason: 'unexpected', message };
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'reason' in value &&
    typeof value.reason === 'string' &&
    'code' in value &&
    typeof value.code === 'string'
  );
}

/** A value that settles: the last one after `ms` without a change. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [value, ms]);
  return settled;
}

/** The time of day, looked at again from time to time. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return now;
}
