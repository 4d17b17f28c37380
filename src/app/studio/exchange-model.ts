/** Other programs' texts in the studio: comments become comments, cuts become ranges, in one step of undo. */
import type { ClipId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { EXCHANGE_FORMATS, type ExchangeFormat } from '../../core/interchange/model.ts';
import { segmentOf } from '../../core/project/stale.ts';
import { exportForbidden, type Access } from '../../core/project/roles.ts';
import { byTime } from '../../core/schema/annotation.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { readText, writeText } from '../exchange.ts';
import { newId } from '../ids.ts';
import type { Runtime } from '../runtime.ts';
import { cell } from './cell.ts';
import type { ExchangeModel, ImportReport } from './types.ts';
import type { WorkModel } from './work-model.ts';

/** Formats that are only read. */
const ONLY_READ: readonly ExchangeFormat[] = ['premiere-markers', 'fiojson'];

/** Formats that hold cuts and no comments, or the other way round, are offered all the same: the report says what is left out. */
const WRITTEN = EXCHANGE_FORMATS.filter((format) => !ONLY_READ.includes(format));

/** Makes the model. */
export function createExchange(
  runtime: Runtime,
  { document, review }: Pick<WorkModel, 'document' | 'review'>,
  access: Access,
): ExchangeModel {
  const opened = cell<Result<ImportReport, Failure> | null>(null);
  const model: ExchangeModel = {
    formats: WRITTEN,
    opened,
    dismiss: () => {
      opened.set(null);
    },
    async open(file, assetId) {
      opened.set(await model.read(file, assetId));
    },
    async read(file, assetId) {
      const report = await readText(runtime, assetId, file, review.get().values());
      if (!report.ok) return report;
      const merge = newId<string>('import');
      const added = review.dispatch({ type: 'addComments', comments: report.value.comments }, { merge });
      if (!added.ok) return added;
      for (const { assetId: id, startUs, endUs, label } of report.value.cuts) {
        const clip = {
          id: newId<ClipId>('clip'),
          assetId: id as AssetId,
          startUs,
          endUs,
          label: label ?? '',
        };
        document.dispatch({ type: 'addClip', clip }, { merge });
      }
      return report;
    },
    async write(format, of) {
      const refused = exportForbidden(access, 'csv');
      if (refused !== null) return err(refused);
      const { document: project } = document.get();
      const clips = of === 'reel' ? project.clips : [];
      const assetIds = of === 'reel' ? clips.map(({ assetId }) => assetId) : [of];
      const wanted = new Set<AssetId>(assetIds);
      const comments = [...review.get().values()].filter(({ assetId }) => wanted.has(assetId)).sort(byTime);
      const written = await writeText(runtime, format, {
        title: project.name,
        assetIds,
        segments: clips.map(segmentOf),
        comments,
      });
      return written.ok ? ok(written.value) : written;
    },
  };
  return model;
}
