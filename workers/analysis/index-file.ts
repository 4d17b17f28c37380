/** The frame index of a picture track, from the file. */
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { FrameIndex } from '../../src/core/schema/frame-index.ts';
import { readRange } from '../shared/bytes.ts';
import { buildFrameIndex } from './frame-index.ts';
import { readFailure, withVideo } from '../shared/open.ts';
import { countThere, head, readAll } from './packets.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { readStructure } from './structure.ts';

/** Reads all packet headers. See `AnalysisWorkerApi.frameIndex`. */
export async function indexFile(
  file: Blob,
  order: number,
  originUs: number,
  onProgress: (fraction: number) => void,
): Promise<Result<FrameIndex, Failure>> {
  return withVideo(file, order, async (track, sink) => {
    const structure = await readStructure(file, sniff(await readRange(file, 0, SNIFF_BYTES)));
    const stream = structure.streams.find((candidate) => candidate.id === track.id) ?? null;
    // Only for the bar: the header's length, which may be wrong or missing.
    const told = await track.getDurationFromMetadata().catch(() => null);
    const lengthUs = (told ?? 0) * 1e6 || (structure.matroska?.durationUs ?? 0);
    let shown = 0;
    const all = await readAll(sink, (timeUs) => {
      const fraction = lengthUs > 0 ? (timeUs - originUs) / lengthUs : 0;
      shown = Math.max(shown, Math.min(0.99, fraction));
      onProgress(shown);
    });
    if (all.table.times.length === 0) {
      if (all.error !== null) return err(await readFailure(file, all.error));
      return err(failure('unsupported_media', 'zero_duration', 'The picture track has no frames.'));
    }
    if (all.error !== null) {
      // A file that is gone is not a damaged file: its index would be saved as if it were all there is.
      const why = await readFailure(file, all.error);
      if (why.reason === 'unreadable_file') return err(why);
    }
    // Headers in one place (moov) promise what a cut file does not hold; in other containers they come with the data.
    const there = structure.iso === null ? all.table.times.length : await countThere(sink, all.table);
    const index = buildFrameIndex(head(all.table, there), {
      originUs,
      editEndUs: stream?.editEndUs ?? null,
      editTickUs: stream?.editTickUs ?? 0,
      complete: all.complete && there === all.table.times.length && structure.matroska?.cut !== true,
    });
    onProgress(1);
    return ok(index);
  });
}
