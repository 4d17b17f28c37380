/** What exports write of comments: the films that they are of, and their CSV. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { commentsCsv } from '../../core/interchange/comments-csv.ts';
import type { ExchangeMedia } from '../../core/interchange/model.ts';
import { exchangeMedia } from '../../core/interchange/of-project.ts';
import { isCounted, primaryVideo, type Asset } from '../../core/schema/asset.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import { listComments } from '../../core/schema/listed-comments.ts';
import type { Deviation } from '../../core/schema/plan.ts';
import { withRetries } from './again.ts';
import { cancelled, recoveryFor } from './recovery.ts';
import { TRIES } from './recovering.ts';
import type { RunContext } from './run-context.ts';
import type { SourceBox } from './sources.ts';

/** Of a stage that reads no source. */
export const NO_SOURCES: SourceBox = { current: new Map(), reopen: () => Promise.resolve(ok(null)) };

/** A film that comments are of. */
export interface Film {
  readonly asset: Asset;
  /** Null for sound alone, and where it was not needed and the file is away. */
  readonly index: FrameIndex | null;
}

/** Films by asset, in the order in which the ranges use them. */
export type Films = ReadonlyMap<AssetId, Film>;

/**
 * The films of a job's ranges. Their indexes were stored when it was planned; one that is gone is read from its file again, and the
 * file waited for, unless frames can be told by their rate.
 *
 * @param framesNeeded whether pictures are made, for which the rate does not do
 */
export async function filmsOf(
  { ports, record, report, signal }: RunContext,
  framesNeeded: boolean,
): Promise<Result<Films, Failure>> {
  const films = new Map<AssetId, Film>();
  for (const { assetId } of record.spec.segments) {
    if (films.has(assetId)) continue;
    const asset = await ports.asset(assetId);
    if (asset === null) {
      return err(failure('not_found', 'unknown_asset', 'A source of this export was removed.', { assetId }));
    }
    if (primaryVideo(asset.probe) === null) {
      films.set(assetId, { asset, index: null });
      continue;
    }
    for (;;) {
      if (signal.aborted) return err(cancelled());
      const stop = new AbortController();
      // Listening begins before it is looked for: a file that arrives in between must not be missed.
      const arrived = ports.sourceArrives(AbortSignal.any([signal, stop.signal]));
      try {
        const index = await withRetries({ ports, signal }, TRIES.preparing, () => ports.frameIndex(asset));
        if (index.ok) {
          films.set(assetId, { asset, index: index.value });
          break;
        }
        if (recoveryFor(index.error) !== 'ask_source') return index;
        if (!framesNeeded && isCounted(asset)) {
          films.set(assetId, { asset, index: null });
          break;
        }
        if (!(await report.wait('source', () => arrived))) return err(cancelled());
      } finally {
        stop.abort();
      }
    }
  }
  return ok(films);
}

/** Films as formats speak of them. */
export function mediaOf(films: Films): readonly ExchangeMedia[] {
  return [...films.values()].map(({ asset, index }) => exchangeMedia(asset, index));
}

/** The CSV of a job's comments, and what has to be said of it. */
export function csvFile(
  { record: { spec } }: RunContext,
  films: Films,
): Result<{ readonly data: Blob; readonly deviations: readonly Deviation[] }, Failure> {
  const written = commentsCsv({
    title: spec.name,
    comments: listComments(spec).listed,
    media: mediaOf(films),
    profile: spec.csv ?? 'spreadsheet',
  });
  if (!written.ok) return written;
  const long = written.value.losses.find(({ code }) => code === 'rule_broken')?.count ?? 0;
  const deviations: readonly Deviation[] =
    long === 0 ? [] : [{ code: 'csv_cells_long', clip: null, params: { count: long } }];
  return ok({ data: new Blob([written.value.text], { type: CSV_TYPE }), deviations });
}

/** What browsers and systems call a CSV. */
export const CSV_TYPE = 'text/csv';
