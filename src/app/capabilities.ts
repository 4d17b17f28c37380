/** What this browser can do: asked of the browser itself, and of what was measured of its encoders. */
import type { FileStore } from '../runtime/contract/stores.ts';
import type { EncoderAnswer } from '../core/schema/encoder.ts';
import type { Capabilities, ReelkeepOptions } from './api/types.ts';

/** One decoder configuration for each family that footage comes in. */
const DECODERS: readonly (readonly [name: string, codec: string])[] = [
  ['avc', 'avc1.640028'],
  ['hevc', 'hvc1.1.6.L120.B0'],
  ['vp8', 'vp8'],
  ['vp9', 'vp09.00.40.08'],
  ['av1', 'av01.0.08M.08'],
];

/** What an instance was opened with, and what it has found out. */
export interface CapabilityPorts {
  readonly files: FileStore;
  /** Which engine was asked for. */
  readonly wanted: NonNullable<ReelkeepOptions['engine']>;
  /** What is known of the encoders. */
  readonly encoders: readonly EncoderAnswer[];
}

/** The engines that steps go to, in the order in which they are tried. */
export function enginesOf(wanted: CapabilityPorts['wanted']): Capabilities['engines'] {
  const offered = wanted !== 'ffmpeg' && typeof VideoEncoder !== 'undefined';
  return offered ? ['webcodecs', 'ffmpeg'] : ['ffmpeg'];
}

/** Asks the browser. */
export async function measureCapabilities({
  files,
  wanted,
  encoders,
}: CapabilityPorts): Promise<Capabilities> {
  const webCodecs = typeof VideoDecoder !== 'undefined';
  const decode: string[] = [];
  if (webCodecs) {
    for (const [name, codec] of DECODERS) {
      const support = await VideoDecoder.isConfigSupported({
        codec,
        codedWidth: 1920,
        codedHeight: 1080,
      }).catch(() => null);
      if (support?.supported === true) decode.push(name);
    }
  }
  const freeBytes = await files.free();
  return {
    cores: navigator.hardwareConcurrency,
    webAssembly: typeof WebAssembly !== 'undefined',
    privateStorage: freeBytes !== null,
    fileHandles: 'showOpenFilePicker' in globalThis,
    savePicker: 'showSaveFilePicker' in globalThis,
    webCodecs,
    freeBytes,
    engines: enginesOf(wanted),
    decode,
    encoders,
  };
}
