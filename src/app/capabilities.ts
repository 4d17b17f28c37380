/** What this browser can do, asked of the browser itself. */
import type { FileStore } from '../runtime/contract/stores.ts';
import type { Capabilities } from './api/types.ts';

/** One decoder configuration for each family that footage comes in. */
const DECODERS: readonly (readonly [name: string, codec: string])[] = [
  ['avc', 'avc1.640028'],
  ['hevc', 'hvc1.1.6.L120.B0'],
  ['vp8', 'vp8'],
  ['vp9', 'vp09.00.40.08'],
  ['av1', 'av01.0.08M.08'],
];

/** Asks the browser. */
export async function measureCapabilities(files: FileStore): Promise<Capabilities> {
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
  return {
    cores: navigator.hardwareConcurrency,
    webAssembly: typeof WebAssembly !== 'undefined',
    privateStorage: (await files.free()) !== null,
    fileHandles: 'showOpenFilePicker' in globalThis,
    savePicker: 'showSaveFilePicker' in globalThis,
    webCodecs,
    freeBytes: await files.free(),
    engines: ['ffmpeg'],
    decode,
  };
}
