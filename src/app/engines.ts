/** The engines as the composition root connects them: which there are, and in what order they are tried. */
import type { VideoTrackProbe } from '../core/schema/asset.ts';
import type { PaintFonts } from '../core/schema/overlay.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import type { FfmpegEngine } from '../runtime/contract/ffmpeg.ts';
import type { EngineLadder } from '../runtime/contract/renderer.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import type { WebcodecsWorkerApi } from '../runtime/contract/webcodecs.ts';
import { createFfmpegRenderer, ffmpegDecodes } from '../runtime/engine/ffmpeg/renderer.ts';
import { createLadder } from '../runtime/engine/ladder.ts';
import { openMeasures, type EncoderMeasures } from '../runtime/engine/webcodecs/measures.ts';
import { createWebcodecsRenderer } from '../runtime/engine/webcodecs/renderer.ts';
import { WorkerPool } from '../runtime/engine/worker-pool.ts';
import { browserClock } from './clock.ts';
import type { ReelkeepOptions } from './api/types.ts';

/** Where answers about encoders are kept. */
const SETTING = 'encoder-measures';

/**
 * An idle worker that moves pictures or files is ended soon, milliseconds: what went through it waits there for a
 * collection, and that is more memory than everything else.
 */
export const IDLE_MS = 300;

/** What one lane of each engine encodes, pixels per second: only the length of chunks depends on it. */
const PACE = { ffmpeg: 14_000_000, webcodecs: 120_000_000 } as const;

/** All engines of a runtime. */
export interface Engines {
  readonly ladder: EngineLadder;
  readonly measures: EncoderMeasures;
  /** Pixels per second that one lane of the preferred engine encodes, roughly. */
  readonly pixelsPerSecond: number;
  /** Whether some engine can decode a track, to encode it again. */
  canDecode(track: VideoTrackProbe): boolean;
  /** Whether some engine encodes what a format holds. */
  canEncode(format: CheckedSpec['format']): boolean;
  /** Whether some engine encodes more than two channels for a format. */
  keepsSurround(format: CheckedSpec['format']): Promise<boolean>;
  dispose(): void;
}

/** What the engines are made of. */
export interface EnginePorts {
  readonly wanted: NonNullable<ReelkeepOptions['engine']>;
  readonly ffmpeg: FfmpegEngine;
  readonly settings: Stores['settings'];
  readonly spawn: () => Worker;
  readonly concurrency: number;
  /** Where the painter's font lies. */
  readonly fonts: PaintFonts;
}

/**
 * Connects the engines. `webcodecs` as the wanted engine still keeps ffmpeg as the last rung: it is what can do the steps
 * that no browser codec can.
 */
export async function connectEngines(ports: EnginePorts): Promise<Engines> {
  const { ffmpeg, settings, concurrency, fonts } = ports;
  const build = navigator.userAgent;
  const workers = new WorkerPool<WebcodecsWorkerApi>({
    name: 'webcodecs',
    size: concurrency,
    spawn: ports.spawn,
    stallMs: 120_000,
    idleMs: IDLE_MS,
  });
  const measures = await openMeasures({
    build,
    load: () => settings.get(SETTING),
    save: (value) => settings.set(SETTING, value),
    measure: async (question) => {
      const answer = await workers.call((api) => api.measureEncoder(question));
      return answer.ok ? answer.value : null;
    },
  });
  const last = createFfmpegRenderer(ffmpeg, fonts);
  const offered = ports.wanted !== 'ffmpeg' && typeof VideoEncoder !== 'undefined';
  const fast = offered
    ? (['hardware', 'software'] as const).map((mode) =>
        createWebcodecsRenderer({ workers, mode, measures, build, fonts }),
      )
    : [];
  return {
    ladder: createLadder({ rungs: [...fast, last], concurrency, clock: browserClock }),
    measures,
    pixelsPerSecond: offered ? PACE.webcodecs : PACE.ffmpeg,
    canDecode: (track) => ffmpegDecodes(track.codec) || (offered && track.decodable),
    canEncode: (format) => format !== 'webm' || (offered && typeof AudioEncoder !== 'undefined'),
    keepsSurround: async (format) => format !== 'webm' || (offered && (await encodesSurroundOpus())),
    dispose: () => {
      workers.dispose();
    },
  };
}

async function encodesSurroundOpus(): Promise<boolean> {
  try {
    const config = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 6, bitrate: 320_000 };
    return (await AudioEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}
