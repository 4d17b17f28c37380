/** Connects a player to its asset: bytes, frame index, and a preview where the browser cannot decode the file. */
import { failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { primaryAudio, primaryVideo, type Asset } from '../../core/schema/asset.ts';
import type { PlaybackSource, PlaybackWorkerApi } from '../../runtime/contract/playback.ts';
import { WorkerPool } from '../../runtime/engine/worker-pool.ts';
import { createPlayer } from '../../runtime/playback/player.ts';
import type { RuntimePlayer } from '../../runtime/playback/types.ts';
import { assetOf, type Runtime } from '../runtime.ts';
import type { Player } from './types.ts';

/** A player's worker stays while the player is open: stopping it would throw away decoded frames. */
const PLAYER_IDLE_MS = 24 * 3_600_000;

/** Which sound track is played. */
interface SoundChoice {
  position: number | null;
  /** The file, once it plays by itself. */
  playable: Playable | null;
}

interface Playable {
  readonly asset: Asset;
  readonly file: File;
}

/**
 * Opens a player; it opens its source by itself and tells by its state what goes wrong. `known`: the asset's record
 * as far as the page has it already, for the length before anything is read.
 */
export function openAssetPlayer(runtime: Runtime, id: AssetId, known: Asset | null): Player {
  const worker = new WorkerPool<PlaybackWorkerApi>({
    name: 'playback',
    size: 1,
    spawn: () => runtime.assets.spawn('playback'),
    idleMs: PLAYER_IDLE_MS,
  });
  const closing = new AbortController();
  const player = createPlayer(
    {
      worker,
      now: () => performance.now(),
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => {
        cancelAnimationFrame(handle);
      },
      audioContext: (sampleRate) => new AudioContext(sampleRate === null ? {} : { sampleRate }),
    },
    {
      durationUs: known?.probe.durationUs ?? 0,
      media: null,
      proxy: false,
      sampleRate: known === null ? null : (primaryAudio(known.probe)?.sampleRate ?? null),
      flip: known === null ? false : (primaryVideo(known.probe)?.flip ?? false),
    },
  );
  const sound: SoundChoice = { position: null, playable: null };
  void open(runtime, id, player, sound, closing.signal).catch((cause: unknown) => {
    player.fail(failure('internal', 'unexpected', `The player could not be opened: ${String(cause)}`));
  });
  return {
    get: () => player.get(),
    subscribe: (listener) => player.subscribe(listener),
    attach: (canvas) => {
      player.attach(canvas);
    },
    seek: (timeUs) => {
      player.seek(timeUs);
    },
    step: (frames) => {
      player.step(frames);
    },
    play: (rate) => {
      player.play(rate);
    },
    pause: () => {
      player.pause();
    },
    toggle: () => {
      player.toggle();
    },
    playRange: (startUs, endUs, loop) => {
      player.playRange(startUs, endUs, loop);
    },
    setVolume: (volume) => {
      player.setVolume(volume);
    },
    setSoundTrack: (position) => {
      if (position === sound.position) return;
      sound.position = position;
      if (sound.playable === null) return;
      const { playing, rate } = player.get();
      player.setSource(mediaOf(sound.playable, position), false);
      if (playing) player.play(rate);
    },
    dispose: () => {
      closing.abort();
      player.dispose();
      worker.dispose();
    },
  };
}

/**
 * Whether the browser itself can show a file. Sound it cannot decode (AC-3) is no reason to make somebody wait for a
 * preview: the picture is shown at once, without sound.
 */
function playsItself(asset: Asset): boolean {
  if (asset.probe.reader !== 'packets') return false;
  const video = primaryVideo(asset.probe);
  return video === null ? (primaryAudio(asset.probe)?.decodable ?? false) : video.decodable;
}

async function open(
  runtime: Runtime,
  id: AssetId,
  player: RuntimePlayer,
  sound: SoundChoice,
  signal: AbortSignal,
): Promise<void> {
  const gone = (): boolean => signal.aborted;
  const found = await assetOf(runtime, id);
  if (!found.ok) {
    player.fail(found.error);
    return;
  }
  const asset = found.value;
  const file = await runtime.sources.open(asset);
  if (gone()) return;
  if (!file.ok) {
    // Who was handed a review has its small copies, and not always the footage.
    const copy = file.error.reason === 'source_missing' ? await keptPreview(runtime, id) : null;
    if (gone()) return;
    if (copy === null) player.fail(file.error);
    else {
      if (primaryVideo(asset.probe) !== null) void readIndex(runtime, asset, player, signal);
      player.setSource(previewOf(asset, copy), true);
    }
    return;
  }
  if (primaryVideo(asset.probe) !== null) void readIndex(runtime, asset, player, signal);
  if (playsItself(asset)) {
    sound.playable = { asset, file: file.value };
    player.setSource(mediaOf(sound.playable, sound.position), false);
    return;
  }
  player.setPreparing(0);
  const preview = await runtime.preview(asset, signal, (fraction) => {
    if (!gone()) player.setPreparing(fraction);
  });
  if (gone()) return;
  if (!preview.ok) {
    player.fail(preview.error);
    return;
  }
  player.setSource(previewOf(asset, preview.value), true);
}

/** The preview that is in storage; null where there is none. */
async function keptPreview(runtime: Runtime, id: AssetId): Promise<File | null> {
  const path = await runtime.stores.assets.proxy(id);
  return path === null ? null : runtime.stores.files.open(path);
}

/** A preview is our own file: its clock starts at asset time 0. */
function previewOf(asset: Asset, file: File): PlaybackSource {
  return {
    file,
    videoOrder: primaryVideo(asset.probe) === null ? null : 0,
    audioOrder: primaryAudio(asset.probe) === null ? null : 0,
    originUs: 0,
  };
}

function mediaOf({ asset, file }: Playable, soundTrack: number | null): PlaybackSource {
  const audio = (soundTrack === null ? null : asset.probe.audio[soundTrack]) ?? primaryAudio(asset.probe);
  return {
    file,
    videoOrder: primaryVideo(asset.probe)?.order ?? null,
    audioOrder: audio?.decodable === true ? audio.order : null,
    originUs: asset.probe.originUs,
  };
}

async function readIndex(
  runtime: Runtime,
  asset: Asset,
  player: RuntimePlayer,
  signal: AbortSignal,
): Promise<void> {
  const gone = (): boolean => signal.aborted;
  player.setIndexing(0);
  const index = await runtime.frameIndex(asset, (fraction) => {
    if (!gone()) player.setIndexing(fraction);
  });
  if (gone()) return;
  player.setIndexing(null);
  if (index.ok) player.setIndex(index.value);
}
