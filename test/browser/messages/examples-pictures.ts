/** Examples of what crosses for the pictures of comments. */
import { failure } from '../../../src/core/base/failure.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { MethodExamples } from './examples.ts';

const picture = new Blob([new Uint8Array([255, 216, 255, 217])], { type: 'image/jpeg' });

export const COMMENT_PICTURE: MethodExamples<AnalysisWorkerApi>['commentPicture'] = {
  asks: [
    {
      from: { kind: 'frame', file: picture, order: 0, fileUs: 1_001_000 },
      comment: { color: '#ff4d4f', shapes: [{ kind: 'text', x: 0.1, y: 0.2, text: '여기' }] },
      fonts: { regular: '/assets/regular.woff2', bold: '/assets/bold.woff2' },
      maxSide: 640,
    },
  ],
  answers: [ok(picture), err(failure('engine_failed', 'font_missing', 'The font could not be loaded.'))],
};
