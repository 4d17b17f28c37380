/** File → asset: recognise it, probe it, make a poster, store it. Also the frame index, made once when first needed. */
import { proxy } from 'comlink';
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { ASSET_VERSION, primaryVideo, type Asset, type Probe } from '../../core/schema/asset.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { AnalysisWorkerApi } from '../contract/analysis.ts';
import type { Clock } from '../contract/clock.ts';
import type { FfmpegEngine } from '../contract/ffmpeg.ts';
import type { SourceRef, Stores } from '../contract/stores.ts';
import type { Supervised } from '../contract/supervised.ts';
import { indexByFfmpeg, posterByFfmpeg, probeByFfmpeg } from './ffprobe.ts';
import { displayName } from './names.ts';

/** What the room needs. */
export interface IngestPorts {
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly ffmpeg: FfmpegEngine;
  readonly stores: Pick<Stores, 'assets' | 'files'>;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * What an import was: a new file; one that is known and can be reached anyway; one that is known and was out of
 * reach until now (jobs that wait for it can go on).
 */
export type ImportOutcome = 'new' | 'known' | 'linked';

/** A finished import. */
export interface Imported {
  readonly asset: Asset;
  readonly outcome: ImportOutcome;
}

/** The room's door. */
export interface Ingest {
  /**
   * Imports a file. `source` says how its bytes are reached after a reload; null when only this session can.
   * Fails with `unsupported_media` and a precise reason, `aborted`, or what storing failed with.
   */
  importFile(
    file: File,
    source: SourceRef | null,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<Imported, Failure>>;
  /** The frame index of an asset's primary picture track: from the store, else made and stored. */
  frameIndex(
    asset: Asset,
    file: File,
    onProgress?: (fraction: number) => void,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<FrameIndex, Failure>>;
}

/** Longer side of a poster, pixels. */
const POSTER_SIDE = 480;
/** Reading a few hundred kilobytes or packet headers takes less, even from a slow disk. */
const READ_STALL_MS = 60_000;
/**
 * A probe reads some headers and the end. Damaged files can send a reader round in circles, and a person waits: with ffmpeg's
 * try after it all of it stays below a minute.
 */
const PROBE_STALL_MS = 20_000;
const POSTER_STALL_MS = 20_000;
/** Between two signs of progress. */
const INDEX_STALL_MS = 30_000;

const mayTryFfmpeg = (error: Failure): boolean =>
  error.details?.['tryFfmpeg'] === true || (error.code === 'engine_failed' && error.reason !== 'cancelled');

/** The failure without what was meant for this room only. */
function forPerson(error: Failure): Failure {
  if (error.details === undefined) return error;
  const { tryFfmpeg: _, ...details } = error.details;
  return Object.keys(details).length === 0
    ? { code: error.code, reason: error.reason, message: error.message }
    : { ...error, details };
}

/** The more precise of two answers to the same question. */
function morePrecise(first: Failure, second: Failure): Failure {
  const vague = (error: Failure): boolean => error.reason === 'not_media' || error.code === 'engine_failed';
  if (second.code === 'aborted' || second.code === 'closed') return second;
  if (vague(second) && !vague(first)) return first;
  // Both engines broke or were stopped: the file did it, but nobody knows why.
  if (vague(second) && second.code === 'engine_failed' && first.reason === 'not_media') return first;
  return second;
}

/** Makes the room. */
export function createIngest(ports: IngestPorts): Ingest {
  const { analysis, ffmpeg, stores, clock } = ports;
  /** Imports under way, so that the same file dropped twice makes one asset. */
  const running = new Map<string, Promise<unknown>>();

  async function probe(file: File, signal: AbortSignal | undefined): Promise<Result<Probe, Failure>> {
    const first = await analysis.call((api) => api.probe(file, file.name), {
      signal,
      stallMs: PROBE_STALL_MS,
    });
    if (first.ok) return first;
    if (!mayTryFfmpeg(first.error)) return err(forPerson(first.error));
    const second = await probeByFfmpeg(ffmpeg, file, first.error.reason === 'truncated', signal);
    return second.ok ? second : err(forPerson(morePrecise(first.error, second.error)));
  }

  /** A missing poster never fails an import. */
  async function poster(file: File, probed: Probe, signal: AbortSignal | undefined): Promise<Blob | null> {
    const track = primaryVideo(probed);
    if (track === null) return null;
    const assetUs = Math.round(probed.durationUs / 10);
    if (probed.reader === 'packets' && track.decodable) {
      const made = await analysis.call(
        (api) => api.poster(file, track.order, probed.originUs + assetUs, POSTER_SIDE),
        { signal, stallMs: POSTER_STALL_MS },
      );
      if (made.ok) return made.value;
      if (made.error.code === 'aborted' || made.error.code === 'closed') return null;
    }
    const made = await posterByFfmpeg(ffmpeg, file, track, assetUs, POSTER_SIDE, signal);
    return made.ok ? made.value : null;
  }

  async function isReachable(source: SourceRef | null): Promise<boolean> {
    if (source === null || source.kind === 'link') return false;
    try {
      if (source.kind === 'copy') return (await stores.files.open(source.path)) !== null;
      await source.handle.getFile();
      return true;
    } catch {
      // The permission went with the last session, or the file is gone.
      return false;
    }
  }

  async function knownAgain(known: Asset, source: SourceRef | null): Promise<Result<Imported, Failure>> {
    const before = await stores.assets.source(known.id);
    const reachable = await isReachable(before);
    // A copy that we hold is the surest way there is: nothing replaces it.
    const keep = reachable && (source === null || source.kind === 'link' || before?.kind === 'copy');
    if (!keep) {
      const set = await stores.assets.setSource(known.id, source ?? { kind: 'link' });
      if (!set.ok) return set;
    }
    const asset = (await stores.assets.get(known.id)) ?? known;
    return ok({ asset, outcome: reachable ? 'known' : 'linked' });
  }

  async function importNew(
    file: File,
    fingerprint: string,
    source: SourceRef | null,
    signal: AbortSignal | undefined,
  ): Promise<Result<Imported, Failure>> {
    const probed = await probe(file, signal);
    if (!probed.ok) return probed;
    const picture = await poster(file, probed.value, signal);
    if (signal?.aborted === true) return err(failure('aborted', 'cancelled', 'The import was cancelled.'));
    const way: SourceRef = source ?? { kind: 'link' };
    const asset: Asset = {
      version: ASSET_VERSION,
      id: ports.newId() as AssetId,
      name: displayName(file.name),
      kind: probed.value.primaryVideo === null ? 'audio' : 'video',
      bytes: file.size,
      fingerprint,
      type: file.type,
      importedAt: clock.iso(),
      source: way.kind,
      probe: probed.value,
    };
    const stored = await stores.assets.put(asset, way, picture);
    return stored.ok ? ok({ asset, outcome: 'new' }) : stored;
  }

  /** One after the other for the same key. */
  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = running.get(key);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    running.set(key, mine);
    try {
      return await mine;
    } finally {
      if (running.get(key) === mine) running.delete(key);
    }
  }

  const importFile: Ingest['importFile'] = async (file, source, options) => {
    const signal = options?.signal;
    const fingerprint = await analysis.call((api) => api.fingerprint(file), {
      signal,
      stallMs: READ_STALL_MS,
    });
    if (!fingerprint.ok) return err(forPerson(fingerprint.error));
    return inTurn(fingerprint.value, async () => {
      const known = await stores.assets.findByFingerprint(fingerprint.value);
      return known === null ? importNew(file, fingerprint.value, source, signal) : knownAgain(known, source);
    });
  };

  const frameIndex: Ingest['frameIndex'] = async (asset, file, onProgress, options) => {
    const track = primaryVideo(asset.probe);
    if (track === null) {
      return err(
        failure('unsupported_media', 'no_tracks', 'The file has no picture track.', { name: asset.name }),
      );
    }
    return inTurn(`index:${asset.id}`, async () => {
      const stored = await stores.assets.frameIndex(asset.id);
      if (stored !== null) return ok(stored);
      const signal = options?.signal;
      const made =
        asset.probe.reader === 'ffmpeg'
          ? await indexByFfmpeg(ffmpeg, file, track, asset.probe.originUs, signal)
          : await analysis.call(
              (api, beat) =>
                api.frameIndex(
                  file,
                  track.order,
                  asset.probe.originUs,
                  proxy((fraction: number) => {
                    beat();
                    onProgress?.(fraction);
                  }),
                ),
              { signal, stallMs: INDEX_STALL_MS, endAfter: true },
            );
      if (!made.ok) return err(forPerson(made.error));
      onProgress?.(1);
      const saved = await stores.assets.setFrameIndex(asset.id, made.value);
      // Not saved is only slower next time; a removed asset is the caller's business.
      return saved.ok || saved.error.code === 'quota_exceeded' ? ok(made.value) : saved;
    });
  };

  return { importFile, frameIndex };
}
