/** Examples of what crosses for exports of separate clips. */
import { failure } from '../../../src/core/base/failure.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import type { ExportPart } from '../../../src/core/schema/export.ts';
import type { ZipWorkerApi } from '../../../src/runtime/contract/zip.ts';
import type { MethodExamples } from './examples.ts';

const data = new File(['picture and sound'], 'own.mp4', {
  type: 'video/mp4',
  lastModified: 1_700_000_000_000,
});

export const ZIP: MethodExamples<ZipWorkerApi> = {
  ping: { asks: [], answers: ['pong'] },
  digest: {
    asks: [[data], { calls: [[0.5], [1]] }],
    answers: [
      ok(['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']),
      err(failure('storage_failed', 'storage_unavailable', 'It is gone.')),
    ],
  },
  pack: {
    asks: [
      {
        folder: 'reelkeep/exports/export_0011223344556677/zip-1',
        name: '결승전.zip',
        entries: [{ name: '01_골.mp4', data }],
        date: '2026-11-20T10:00:00.123Z',
      },
      { calls: [[0], [0.5], [1]] },
    ],
    answers: [
      ok({
        bytes: 5_368_709_120,
        entries: [{ at: 43, bytes: 17 }],
      }),
      err(failure('quota_exceeded', 'no_space', 'There is not enough storage left.')),
    ],
  },
  list: {
    asks: [data],
    answers: [
      ok([
        { name: 'review.json', bytes: 12, at: 41 },
        { name: 'media/영상', bytes: 5_368_709_120, at: null },
      ]),
      err(failure('invalid_spec', 'bad_spec', 'The ZIP cannot be read.', { path: '' })),
    ],
  },
  read: { asks: [data, 'review.json', 1000], answers: [ok(data)] },
};

const part = {
  position: 0,
  name: '01_골.mp4',
  plan: null,
  status: 'completed',
  error: null,
  deviations: [],
  certificate: null,
  file: null,
  entry: { at: 43, bytes: 17 },
} satisfies ExportPart;

/** Parts of an export, as its record holds them. */
export const PARTS: readonly ExportPart[] = [
  part,
  {
    ...part,
    position: 1,
    status: 'pending',
    file: { path: 'exports/x/parts/02_.mp4', bytes: 5 },
    entry: null,
  },
  {
    ...part,
    position: 2,
    status: 'failed',
    error: failure('unsupported_media', 'damaged', 'It is damaged.', { name: '결승전' }),
    entry: null,
  },
];
