/** Examples of what goes to the ffmpeg worker and comes back from it. */
import { err, ok } from '../../../src/core/base/result.ts';
import type { FfmpegWorkerApi } from '../../../src/runtime/contract/ffmpeg.ts';
import { blob, BROKEN, encode, file, settings, type MethodExamples } from './examples.ts';
import { FONTS } from './examples-overlay.ts';

export const FFMPEG: MethodExamples<FfmpegWorkerApi> = {
  ping: { asks: [], answers: ['pong'] },
  load: {
    asks: [{ coreUrl: 'core.js', wasmUrl: 'core.wasm', classWorkerUrl: 'worker.js' }],
    answers: [ok(null)],
  },
  run: {
    asks: [
      {
        tool: 'ffmpeg',
        args: ['-i', '/in/결승전.mp4', '-crf', '18', '/out/x.mp4'],
        inputs: [{ name: '결승전.mp4', data: file }],
        outputs: [{ name: 'x.mp4', type: 'video/mp4' }],
        paint: { step: encode, settings, fonts: FONTS },
      },
      { calls: [[{ frames: 3, timeUs: 100_100 }], [{ frames: null, timeUs: null }]] },
    ],
    answers: [
      ok({ exitCode: 1, log: ['Conversion failed!'], outputs: [blob, null], stdout: '{}', wallMs: 81.5 }),
      err(BROKEN),
    ],
  },
};
