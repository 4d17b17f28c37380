/** The browser's own codecs behind Comlink. */
import type { WebcodecsWorkerApi } from '../../src/runtime/contract/webcodecs.ts';
import { ok } from '../../src/core/base/result.ts';
import { exposeWorker } from '../shared/expose.ts';
import { measureEncoder } from './measure.ts';
import { renderPicture } from './picture.ts';
import { decodeSound } from './sound/decode.ts';
import { encodeSound } from './sound/encode.ts';

exposeWorker<WebcodecsWorkerApi>({
  renderPicture,
  decodeSound,
  encodeSound,
  measureEncoder: async (question) => ok(await measureEncoder(question)),
});
