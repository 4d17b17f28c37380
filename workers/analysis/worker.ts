/** Entry of the analysis worker: reads files (never whole) and says what is in them. */
import type { AnalysisWorkerApi } from '../../src/runtime/contract/analysis.ts';
import { err, ok } from '../../src/core/base/result.ts';
import { exposeWorker } from '../shared/expose.ts';
import { fingerprintOf } from '../shared/fingerprint.ts';
import { keyFrameIsClean } from '../shared/clean.ts';
import { commentPicture } from './comment-picture.ts';
import { indexFile } from './index-file.ts';
import { readFailure } from '../shared/open.ts';
import { decodeRuns } from './pictures.ts';
import { posterOf } from './poster.ts';
import { probeFile } from './probe.ts';
import { readBack } from './read-back.ts';
import { compareSound } from './sound-levels.ts';

exposeWorker<AnalysisWorkerApi>({
  probe: (file) => probeFile(file),
  fingerprint: async (file) => {
    try {
      return ok(await fingerprintOf(file));
    } catch (cause) {
      return err(await readFailure(file, cause));
    }
  },
  poster: posterOf,
  frameIndex: indexFile,
  keyFrameIsClean,
  readBack,
  decodeRuns,
  compareSound,
  commentPicture,
});
